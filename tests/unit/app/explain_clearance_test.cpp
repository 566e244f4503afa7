// An explanation shows a reader no value that the reader's clearance hides: with every case of the shipped
// configuration, whoever sends it and whoever receives it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "gateway/app/config_open.hpp"
#include "gateway/app/explain.hpp"
#include "gateway/app/rehearsal.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kTellingBytes = 6;  // two Chinese characters: shorter values are in many fields by chance

// Values of the record that the reader may not see as they are, and those that it may.
struct Values {
  std::set<std::string> hidden;
  std::set<std::string> open;
};

void sort_values(const ViewPolicy& reader, const Node& node, const std::string& path, const FieldNode& fields,
                 Values& out) {
  if (!node.is_scalar()) {
    for (const Node& child : children(node)) {
      const std::string below = node.kind == Kind::kList ? path + "[]"
                                : path.empty()           ? std::string(child.name)
                                                         : path + "." + std::string(child.name);
      sort_values(reader, child, below, fields, out);
    }
    return;
  }
  if (node.kind != Kind::kText) return;
  const FieldNode* field = field_at(fields, path);
  const Treatment form = field == nullptr ? Treatment::kDrop : reader.decide(path, *field).form;
  if (form == Treatment::kScrub) return;  // a text that names nobody stays as it is; what it names is in other fields
  (form == Treatment::kClear ? out.open : out.hidden).insert(std::string(node.text));
}

void find_shown(const Node& node, std::vector<std::string>& out) {
  if (node.is_scalar()) {
    if (node.name == "value") out.emplace_back(node.text);
    return;
  }
  for (const Node& child : children(node)) find_shown(child, out);
}

struct Message {
  PartnerId partner;
  ServiceId service;
  std::string name;
  std::string bytes;
};

// Each case whose mapping takes in what a partner sends, as the partner would send it.
std::vector<Message> messages_of(const CompiledConfig& config, const std::filesystem::path& cases) {
  const JsonCodec json;
  std::vector<Message> out;
  for (const auto& [id, partner] : config.plan->partners) {
    for (const auto& [name, service] : partner.services) {
      const std::filesystem::path folder = cases / service.mapping->name();
      if (service.answer || !std::filesystem::is_directory(folder)) continue;
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.path().string().ends_with(".in.json")) continue;
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        Document document;
        std::string bytes;
        if (json.decode(text.str(), {}, document).has_error()) continue;
        if (service.codec->encode(document.root(), bytes).has_error()) continue;
        out.push_back({PartnerId(id), ServiceId(name), entry.path().string(), std::move(bytes)});
      }
    }
  }
  return out;
}

TEST(ExplainClearance, ShowsNothingThatTheClearanceHides) {
  const JsonCodec json;
  const auto opened = app::open_config(test::source_folder() / "config", json);
  ASSERT_NE(opened.config, nullptr);
  const CompiledConfig& config = *opened.config;
  ASSERT_GE(config.plan->clearances.size(), 2U);
  auto suite = make_suite(SuiteId::kGm);
  ASSERT_TRUE(suite.has_value());
  std::size_t looked = 0;
  std::size_t shown_at_all = 0;
  for (const Message& message : messages_of(config, test::source_folder() / "config" / "cases")) {
    Exchange exchange;
    if (app::rehearse(exchange, config, message.partner, message.service, message.bytes, **suite).has_error()) continue;
    for (const auto& [name, reader] : config.plan->clearances) {
      auto explained =
          app::explain(config, message.partner, message.service, message.bytes, Lang::kEnglish, reader.get());
      if (explained.has_error()) continue;
      ++looked;
      // A body is what the recipient gets; the explanation of a stored exchange leaves it out.
      Values values;
      sort_values(*reader, exchange.record.root(), "", exchange.service->canonical->fields(), values);
      std::vector<std::string> shown;
      find_shown(explained->root(), shown);
      shown_at_all += shown.size();
      for (const std::string& secret : values.hidden) {
        if (secret.size() < kTellingBytes || values.open.contains(secret)) continue;
        for (const std::string& value : shown) {
          EXPECT_FALSE(value.find(secret) != std::string::npos && !values.open.contains(value))
              << name << " is shown a hidden value: " << message.name;
        }
      }
    }
  }
  EXPECT_GT(looked, 100U);
  EXPECT_GT(shown_at_all, 1000U) << "an explanation that shows nothing proves nothing";
}

}  // namespace
}  // namespace tongqu
