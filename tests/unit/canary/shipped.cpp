#include "tests/unit/canary/shipped.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/app/config_open.hpp"

namespace tongqu::canary_test {
namespace {

// One rule of a policy with another treatment.
void change_rule(std::string& policy, proof_test::Random& random) {
  std::vector<std::size_t> rules;
  for (std::size_t at = policy.find("- {kind: "); at != std::string::npos; at = policy.find("- {kind: ", at + 1))
    rules.push_back(at);
  if (rules.empty()) return;
  const std::size_t from = rules[random() % rules.size()];
  const std::size_t to = policy.find('}', from);
  std::string rule = policy.substr(from, to - from);
  rule.erase(rule.find(", treatment: "));
  const bool text = rule.find("kind: free-text") != std::string::npos;
  static constexpr std::array<const char*, 5> kAny{"clear", "mask, format: all", "ref", "drop", "token"};
  static constexpr std::array<const char*, 3> kText{"clear", "drop", "scrub"};
  rule += std::string(", treatment: ") + (text ? kText[random() % kText.size()] : kAny[random() % kAny.size()]);
  policy.replace(from, to - from, rule);
}

// Labelled texts below `node`, with their labels.
struct Place {
  Node* node;
  Label label;
  std::string path;
};
void collect(Node& node, const FieldNode* field, const std::string& path, std::vector<Place>& out) {
  if (node.is_scalar()) {
    const bool labelled = field != nullptr && (!field->label || field->label->kind != "none");
    if (node.kind == Kind::kText && labelled) out.push_back({&node, field->label.value_or(Label{}), path});
    return;
  }
  for (Node& child : children(node)) {
    const FieldNode* below = nullptr;
    if (field != nullptr && node.kind == Kind::kList)
      below = field->element.empty() ? nullptr : &field->element.front();
    if (field != nullptr && node.kind == Kind::kObject) below = field->find(child.name);
    // A single value where the schema says list is a list of one.
    if (below != nullptr && below->type == FieldType::kList && child.kind != Kind::kList && !below->element.empty())
      below = &below->element.front();
    collect(child, below, path + "." + std::string(child.name), out);
  }
}

std::vector<std::filesystem::path> cases_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  if (!std::filesystem::is_directory(folder)) return out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().find(".in.") != std::string::npos) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Shipped::Shipped(std::filesystem::path directory, std::uint32_t seed)
    : directory_(std::move(directory)), random_(seed) {
  const ConfigSource source(directory_, all_specs(), app::config_hash(), clock_);
  const auto loaded = source.load();
  if (loaded.snapshot) image_ = loaded.snapshot->settings.image();
}

ConfigImage Shipped::changed() {
  std::vector<ConfigFile> files = image_.files();
  std::vector<ConfigFile*> policies;
  for (ConfigFile& file : files) {
    if (file.path.starts_with("policies/")) policies.push_back(&file);
  }
  if (passed_ > 0) {
    for (std::size_t i = 1 + random_() % 4; i > 0; --i)
      change_rule(policies[random_() % policies.size()]->bytes, random_);
  }
  return {image_.directory(), std::move(files)};
}

std::shared_ptr<const CompiledConfig> Shipped::next() {
  const ConfigSource source(directory_, all_specs(), app::config_hash(), clock_);
  for (;;) {
    ConfigSource::Loaded loaded = source.load(changed());
    if (loaded.snapshot) {
      CompileReport report = compile_config(*loaded.snapshot, json_, "2026-11-26");
      if (report.config != nullptr) {
        ++passed_;
        find_ways(*report.config);
        return report.config;
      }
    }
    if (passed_ == 0) throw std::runtime_error("the shipped configuration does not pass");
    ++refused_;
  }
}

std::string Shipped::fill(const InboundService& service, const std::filesystem::path& file, std::uint32_t& next_number,
                          std::vector<Canary>& canaries) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  Document document;
  const Codec& reader = file.extension() == ".json" ? static_cast<const Codec&>(json_) : *service.codec;
  if (reader.decode(bytes.str(), DecodeLimits{}, document).has_error()) return {};
  std::vector<Place> places;
  collect(document.root(), &service.received->fields(), "$", places);
  for (const bool text : {false, true}) {
    const std::size_t structured = canaries.size();
    for (const Place& place : places) {
      if ((place.label.kind == "free-text") != text) continue;
      Canary canary = make_canary(place.label, next_number++);
      canary.field = place.path;
      std::string value = canary.value;
      if (text) {
        for (std::size_t i = 0; i < structured && i < 3; ++i) {
          Canary& guest = canaries[random_() % structured];
          if (guest.label.kind.empty()) continue;
          guest.in_text = true;
          value += "，" + guest.value;
        }
        value += "，请依法处理。";
      }
      place.node->text = document.copy(value);
      canaries.push_back(std::move(canary));
    }
  }
  // A member that no contract has; its name is the sender's word as much as its value.
  if (document.root().kind == Kind::kObject && random_() % 4 == 0) {
    static constexpr std::array<const char*, 4> kKinds{"name", "phone", "id", "address"};
    Canary name = make_canary({kKinds[random_() % kKinds.size()], ""}, next_number++);
    name.label = {};
    Canary value = make_canary({"phone", ""}, next_number++);
    value.label = {};
    name.field = "(name of an unknown member)";
    value.field = "(unknown member)";
    document.add_text(document.root(), name.value, value.value);
    canaries.push_back(std::move(name));
    canaries.push_back(std::move(value));
  }
  std::string out;
  if (service.codec->encode(document.root(), out).has_error()) return {};
  return out;
}

void Shipped::find_ways(const CompiledConfig& config) {
  ways_.clear();
  for (const auto& [id, partner] : config.plan->partners) {
    for (const auto& [name, service] : partner.services) {
      if (service.answer) continue;
      for (const auto& [mapping, compiled] : config.mappings) {
        if (compiled.get() != service.mapping) continue;
        auto cases = cases_of(directory_ / "cases" / mapping);
        if (!cases.empty()) ways_.push_back({&partner, &service, std::move(cases)});
      }
    }
  }
  std::sort(ways_.begin(), ways_.end(), [](const Way& a, const Way& b) {
    return std::pair(a.partner->id, a.service->service) < std::pair(b.partner->id, b.service->service);
  });
}

Message Shipped::message(std::uint32_t& next_number) {
  for (;;) {
    const Way& way = ways_[random_() % ways_.size()];
    Message out;
    out.body = fill(*way.service, way.cases[random_() % way.cases.size()], next_number, out.canaries);
    if (out.body.empty()) continue;
    out.partner = way.partner->id.str();
    out.target = "/exchange/v1/" + way.service->service.str();
    out.content_type = way.service->codec->content_type();
    return out;
  }
}

}  // namespace tongqu::canary_test
