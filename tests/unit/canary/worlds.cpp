#include "tests/unit/canary/worlds.hpp"

#include <array>

#include "connectors/all_connectors.hpp"
#include "gateway/app/config_open.hpp"

namespace tongqu::canary_test {
namespace {

using proof_test::FieldText;
using proof_test::PolicyLine;
using proof_test::Random;
using proof_test::Recipient;
using proof_test::RuleText;
using proof_test::World;

template <class List>
auto& pick(Random& random, List& list) {
  return list[random() % list.size()];
}

bool is_flag(const FieldText& field) { return field.name.starts_with("flag"); }

// A text expression over one field, or over two.
std::string expression(Random& random, const std::string& a, const std::string& b) {
  const std::string one = "$." + a;
  const std::string two = "$." + b;
  const std::array<std::string, 22> all{"half_width(" + one + ")",
                                        "replace(" + one + ", \"-\", \"\")",
                                        "phone(" + one + ")",
                                        "phone(" + one + ") on fault keep, flag",
                                        "basename(concat(\"/a/\", " + one + "))",
                                        "html_to_text(concat(\"<p>\", " + one + ", \"</p>\"))",
                                        "join(split(" + one + ", \",\"), \";\")",
                                        "first(split(" + one + ", \"、\"))",
                                        "concat(" + one + ", \" \", " + two + ")",
                                        one + " otherwise " + two,
                                        "if exists(" + one + ") then \"有\" else \"无\"",
                                        "if " + one + " == " + two + " then \"1\" else \"2\"",
                                        "if $.n0 in [\"1\", \"2\"] then " + one + " else " + two,
                                        "text(length(" + one + "))",
                                        "lookup(demo/codes, " + one + ")",
                                        "lookup(demo/codes, " + one + ") on fault keep, flag",
                                        "lower(upper(" + one + "))",
                                        "substring(" + one + ", 1, 40)",
                                        "uscc(" + one + ") on fault keep, flag",
                                        "text(integer(" + one + ")) on fault keep, flag",
                                        "format_datetime(datetime(" + one + ", \"yyyy-MM-dd\"), \"yyyyMMdd\")",
                                        "text(fen(" + one + ", unit: yuan)) on fault keep, flag"};
  return all[random() % all.size()];
}

const FieldText& text_field(Random& random, const std::vector<FieldText>& fields) {
  for (;;) {
    const FieldText& field = pick(random, fields);
    if (!is_flag(field)) return field;
  }
}

// Another expression in a rule, mostly over the field that it read.
void change_rule(std::vector<RuleText>& rules, const std::vector<FieldText>& fields, Random& random,
                 const std::string& prefix) {
  RuleText& rule = pick(random, rules);
  if (rule.target == "items" || rule.target == "code" || rule.target.starts_with("flag")) return;
  const bool own = random() % 4 != 0 && rule.target.starts_with(prefix);
  const std::string a = own ? rule.target.substr(prefix.size()) : text_field(random, fields).name;
  rule.expression = expression(random, a, random() % 2 == 0 ? a : text_field(random, fields).name);
}

void change_treatment(Recipient& recipient, Random& random) {
  static constexpr std::array<const char*, 7> kAll{
      "clear", "mask", "ref", "drop", "token", "seal, to: archive", "seal, to: chief"};
  PolicyLine& line = pick(random, recipient.policy);
  line.treatment = pick(random, kAll);
  if (line.subject == "informant" && line.treatment == "token") line.treatment = "ref";
}

void change_label(std::vector<FieldText>& fields, Random& random) {
  FieldText& field = pick(random, fields);
  if (is_flag(field) || field.name == "n0" || field.name == "no") return;
  switch (random() % 4) {
    case 0: field.subject = "informant"; break;
    case 1: field = {field.name, "none", ""}; break;
    case 2: field = {field.name, "", ""}; break;
    default: field = {field.name, "phone", "agent"};
  }
  if (field.kind == "none" || field.kind.empty()) field.subject.clear();
}

void add_output(Recipient& recipient, const World& world, Random& random) {
  const FieldText& from = text_field(random, world.record);
  const std::string target = "x" + std::to_string(recipient.document.size());
  FieldText to{target, from.kind, from.subject};
  if (random() % 3 == 0) to = {target, "none", ""};
  recipient.document.push_back(to);
  const std::string& other = random() % 3 == 0 ? text_field(random, world.record).name : from.name;
  recipient.map.rules.push_back({target, expression(random, from.name, other)});
}

void change(World& world, Random& random) {
  Recipient& recipient = pick(random, world.recipients);
  const std::string mapping = recipient.how == proof_test::How::kAnswered ? "src/out" : recipient.id + "/out";
  switch (random() % 12) {
    case 0:
    case 1:
    case 2: return change_treatment(recipient, random);
    case 3:
    case 4: return add_output(recipient, world, random);
    case 5: return change_rule(recipient.map.rules, world.record, random, "o_");
    case 6: return change_rule(world.in.rules, world.received, random, "");
    case 7: return change_label(world.received, random);
    case 8: return change_label(recipient.document, random);
    case 9: world.declassified.push_back({mapping, "$." + text_field(random, world.record).name}); return;
    case 10:
      recipient.map.whens.push_back("$." + (random() % 2 == 0 ? "n0" : text_field(random, world.record).name) +
                                    " == \"7\"");
      return;
    default:
      world.in.whens.push_back("$." + (random() % 2 == 0 ? "n0" : text_field(random, world.received).name) +
                               " == \"9\"");
  }
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// What the proof's own tests do not need: keys to seal to, and messages that are no matter's versions of each other.
ConfigImage completed(const ConfigImage& image) {
  std::vector<ConfigFile> files = image.files();
  for (ConfigFile& file : files) {
    if (file.path == "gateway.yaml") file.bytes += "officers:\n  chief: {title_zh: 处长, key: \"${file:chief.pub}\"}\n";
    if (!file.path.starts_with("partners/") || !file.path.ends_with(".yaml")) continue;
    replace_all(file.bytes, "  networks:", "  rate_per_second: 20000\n  burst: 20000\n  networks:");
    replace_all(file.bytes, "dedup: {number: n0}", "dedup: {number: no}");
    file.bytes += "sealing_keys:\n  archive: {title_zh: 档案室, key: \"${file:archive.pub}\"}\n";
  }
  return {image.directory(), std::move(files)};
}

}  // namespace

Worlds::Worlds(std::filesystem::path directory, std::uint32_t seed) : directory_(std::move(directory)), random_(seed) {
  proof_test::write_tables(directory_.string());
}

CompileReport Worlds::compile(const World& world) const {
  const ConfigSource source(directory_, all_specs(), app::config_hash(), clock_);
  ConfigSource::Loaded loaded = source.load(completed(proof_test::image_of(world, directory_.string())));
  if (!loaded.snapshot) return {nullptr, loaded.faults};
  return compile_config(*loaded.snapshot, json_, "2026-11-26");
}

WorldConfig Worlds::next() {
  for (;;) {
    World world = proof_test::make_world(random_);
    world.received.push_back({"no", "none", ""});  // each message is a matter of its own
    const std::size_t changes = random_() % 6;
    for (std::size_t i = 0; i < changes; ++i) change(world, random_);
    if (random_() % 16 == 0) (void)pick(random_, proof_test::leak_kinds()).spoil(world, random_);
    CompileReport report = compile(world);
    if (report.config == nullptr) {
      ++refused_;
      continue;
    }
    ++passed_;
    return {std::move(world), report.config};
  }
}

}  // namespace tongqu::canary_test
