#include "tests/unit/proof/world.hpp"

#include <array>
#include <filesystem>
#include <fstream>

namespace tongqu::proof_test {
namespace {

constexpr std::array<const char*, 5> kKinds{"name", "phone", "id", "address", "email"};
constexpr std::array<const char*, 5> kSubjects{"complainant", "informant", "agent", "respondent", "officer"};

template <class List>
auto pick(Random& random, const List& list) {
  return list[random() % list.size()];
}

std::string mask_of(const std::string& kind) { return kind == "id" ? "citizen-id" : kind; }

std::string label_of(const FieldText& field) {
  if (field.kind.empty()) return "";
  if (field.kind == "none") return R"(,"x-privacy":{"kind":"none"})";
  return R"(,"x-privacy":{"kind":")" + field.kind + R"(","subject":")" + field.subject + "\"}";
}

std::string schema_of(const std::vector<FieldText>& fields, const std::string& more = {},
                      const std::string& who_kind = "name") {
  std::string out = R"({"title":"模式","type":"object","properties":{)" + more;
  for (const FieldText& field : fields) {
    const bool flag = field.name.starts_with("flag");
    out += "\"" + field.name + R"(":{"title":"字段","type":")" + (flag ? "boolean" : "string") + "\"" +
           label_of(field) + "},";
  }
  const FieldText who{"who", who_kind, who_kind == "none" ? "" : "complainant"};
  return out +
         R"("items":{"title":"列表","type":"array","items":{"type":"object","properties":{"who":{"title":"人","type":"string")" +
         label_of(who) + "}}}}}}";
}

std::string map_of(const std::string& name, const std::string& from, const std::string& to, const MapTextFile& map) {
  std::string out = "# Made by a test.\nmapping " + name + "\nfrom " + from + "\nto   " + to + "\n\n";
  for (const std::string& when : map.whens) out += "when " + when + " hold \"等待\"\n";
  for (const RuleText& rule : map.rules) out += rule.target + " = " + rule.expression + "\n";
  return out;
}

std::string partner_of(const std::string& id, const std::string& more) {
  return "title_zh: 接入方\ntitle_en: partner\nbasis: \"assumed: a test\"\ntested_against: nothing, it is a test of " +
         id + "\n" + more;
}
constexpr const char* kOutbound =
    "outbound:\n  connector: http\n  url: https://127.0.0.1:1/x\n  method: POST\n  sign:\n    scheme: none\n"
    "  envelope:\n    success_path: code\n    success_value: \"0\"\n    code_path: code\n";
constexpr const char* kTerms = "purpose: 测试\n__legal_basis: 测试\n__onward: false\n";

std::string terms(const std::string& indent) {
  std::string out = kTerms;
  for (std::size_t at = out.find("__"); at != std::string::npos; at = out.find("__")) out.replace(at, 2, indent);
  return indent + out;
}

std::string policy_of(const Recipient& recipient) {
  std::string out = "title_zh: 可见范围\nrules:\n";
  for (const PolicyLine& line : recipient.policy) {
    out += "  - {kind: " + line.kind + ", subject: " + line.subject + ", treatment: " + line.treatment +
           (line.when.empty() ? "" : ", when: " + line.when + ", otherwise: " + line.otherwise) +
           (line.treatment == "mask" || line.otherwise == "mask" ? ", format: " + mask_of(line.kind) : "") + "}\n";
  }
  return out;
}

std::string random_expression(Random& random, const std::string& field) {
  const std::array<std::string, 7> all{"$." + field,
                                       "trim($." + field + ")",
                                       "concat($." + field + ", \"x\")",
                                       "upper(trim($." + field + "))",
                                       "if $.n0 == \"1\" then $." + field,
                                       "$." + field + " otherwise \"无\"",
                                       "substring($." + field + ", 0, 3)"};
  return all[random() % all.size()];
}

Recipient make_recipient(Random& random, const std::vector<FieldText>& record, std::size_t number) {
  Recipient out;
  out.id = "r" + std::to_string(number);
  out.how = number == 0 ? How::kAnswered : number % 2 == 0 ? How::kPulled : How::kPushed;
  if (out.how == How::kAnswered) out.id = "src";
  const std::array<const char*, 4> treatments{"clear", "mask", "ref", "drop"};
  for (const char* kind : kKinds) {
    for (const char* subject : kSubjects) out.policy.push_back({kind, subject, pick(random, treatments)});
  }
  const auto set = [&out](const std::string& kind, const std::string& subject, const std::string& treatment) {
    for (PolicyLine& line : out.policy) {
      if (line.kind == kind && line.subject == subject) line = {kind, subject, treatment};
    }
  };
  // Some of what is clear is so on a condition, or after a release; nobody waits with a question for one.
  for (PolicyLine& line : out.policy) {
    if (line.treatment != "clear" || random() % 2 == 0) continue;
    if (random() % 3 == 0) {
      if (out.how != How::kAnswered) line.treatment = "release";
    } else if (line.subject != "informant") {
      line.when = random() % 2 == 0 ? "approved" : "danger";
      line.otherwise = random() % 2 == 0 ? "mask" : "drop";
    }
  }
  set("name", "complainant", "clear");   // field s and items[].who are always seen
  set("phone", "informant", "mask");     // field i
  set("address", "respondent", "drop");  // field d
  for (const FieldText& field : record) {
    std::string treatment = "clear";
    for (const PolicyLine& line : out.policy) {
      if (line.kind == field.kind && line.subject == field.subject) treatment = line.treatment;
    }
    if (field.name.starts_with("flag")) continue;
    FieldText to{"o_" + field.name, field.kind, field.subject};
    if (field.kind != "none" && random() % 6 == 0) to.kind.clear();
    if (field.kind != "none" && random() % 6 == 0) to.subject = "informant";
    // What is dropped may be read by anything: it is not there.
    if (treatment == "drop" && (field.name == "d" || random() % 2 == 0)) to = {"o_" + field.name, "none", ""};
    out.document.push_back(to);
    out.map.rules.push_back({to.name, random_expression(random, field.name)});
  }
  out.document.push_back({"code", "none", ""});
  out.map.rules.push_back({"code", "lookup(demo/codes, $.n0)"});
  out.map.rules.push_back({"items", "each $.items { who = trim($.who) }"});
  return out;
}

}  // namespace

World make_world(Random& random) {
  World world;
  world.record = {{"n0", "none", ""},
                  {"flag0", "none", ""},
                  {"s", "name", "complainant"},
                  {"i", "phone", "informant"},
                  {"d", "address", "respondent"}};
  const std::size_t more = 2 + random() % 8;
  for (std::size_t i = 0; i < more; ++i) {
    const bool open = random() % 4 == 0;
    world.record.push_back(
        {"f" + std::to_string(i), open ? "none" : pick(random, kKinds), open ? "" : pick(random, kSubjects)});
  }
  world.received = world.record;
  for (const FieldText& field : world.record) {
    if (field.name == "flag0") {
      world.in.rules.push_back({"flag0", "$.n0 == \"1\""});
    } else {
      world.in.rules.push_back({field.name, random_expression(random, field.name)});
    }
  }
  world.in.rules.push_back({"items", "each $.items { who = $.who }"});
  const std::size_t recipients = 2 + random() % 3;
  for (std::size_t i = 0; i <= recipients; ++i) world.recipients.push_back(make_recipient(random, world.record, i));
  if (random() % 2 == 0) world.condition = "n0";
  return world;
}

namespace {

void add_query(const World& world, const Recipient& asker, std::vector<ConfigFile>& files) {
  const std::string result = R"("result":{"title":"结果","type":"string","x-privacy":{"kind":"none"}},)";
  const std::vector<FieldText> question{{"n0", "none", ""}};
  files.push_back(
      {"services/q.ask.yaml",
       "title_zh: 查询\ntitle_en: ask\nversion: 1\nschema: q.ask@1\npattern: query\nanswer_schema: q.answer@1\n"});
  files.push_back({"services/q.ask@1.json", schema_of(question)});
  files.push_back({"services/q.answer@1.json", schema_of(world.record, result)});
  files.push_back({"partners/src.ask@1.json", schema_of(question)});
  files.push_back({"partners/reg.ask@1.json", schema_of(question)});
  files.push_back({"partners/reg.answer@1.json", schema_of(world.record, result)});
  files.push_back({"partners/reg.yaml", partner_of("reg", kOutbound)});
  const MapTextFile ask{{}, {{"n0", "$.n0"}}};
  files.push_back({"mappings/src/ask-in.map", map_of("src/ask-in", "src.ask@1", "q.ask@1", ask)});
  files.push_back({"mappings/reg/ask-out.map", map_of("reg/ask-out", "q.ask@1", "reg.ask@1", ask)});
  MapTextFile answer{{}, {{"result", "$.result"}}};
  for (const FieldText& field : world.record) answer.rules.push_back({field.name, "$." + field.name});
  answer.rules.push_back({"items", "each $.items { who = $.who }"});
  files.push_back({"mappings/reg/answer-in.map", map_of("reg/answer-in", "reg.answer@1", "q.answer@1", answer)});
  files.push_back({"policies/none.yaml", "title_zh: 无\nrules: []\n"});
  files.push_back({"routes/ask.yaml",
                   "service: q.ask\nrecipients:\n  - partner: reg\n    service: q.ask\n    mapping: "
                   "reg/ask-out\n    policy: none\n" +
                       terms("    ") + "    answer:\n      schema: reg.answer@1\n      mapping: reg/answer-in\n"});
  files.push_back({"partners/src.doc@1.json", schema_of(asker.document, {}, asker.who_kind)});
  files.push_back({"mappings/src/out.map", map_of("src/out", "q.answer@1", "src.doc@1", asker.map)});
  files.push_back({"policies/p-src.yaml", policy_of(asker)});
}

}  // namespace

ConfigImage image_of(const World& world, const std::string& directory) {
  std::vector<ConfigFile> files;
  files.push_back(
      {"gateway.yaml",
       "state_dir: ../state\nlisteners:\n  - {name: partners, kind: partner, port: 0}\naudit: {origin: "
       "test/log, key: \"${file:a}\"}\nseal: {master_key: \"${file:m}\"}\nadmin: {token: \"${file:t}\"}\n"});
  files.push_back({"services/m.send.yaml", "title_zh: 报送\ntitle_en: send\nversion: 1\nschema: m.send@1\n"});
  files.push_back({"services/m.send@1.json", schema_of(world.record)});
  files.push_back({"partners/src.in@1.json", schema_of(world.received)});
  files.push_back({"mappings/src/in.map", map_of("src/in", "src.in@1", "m.send@1", world.in)});
  files.push_back(
      {"partners/src.yaml",
       partner_of("src",
                  "inbound:\n  connector: http\n  auth: {scheme: api-key, key: \"${file:k}\"}\n  networks: "
                  "[10.1.2.0/24]\n  services:\n    - service: m.send\n      schema: src.in@1\n      mapping: "
                  "src/in\n      dedup: {number: n0}\n    - service: q.ask\n      schema: src.ask@1\n      "
                  "mapping: src/ask-in\n      answer:\n        mapping: src/out\n        policy: p-src\n" +
                      terms("        "))});
  std::string route = "service: m.send\n";
  if (!world.condition.empty()) route += "when:\n  - {path: " + world.condition + ", equals: \"1\"}\n";
  route += "recipients:\n";
  for (const Recipient& recipient : world.recipients) {
    if (recipient.how == How::kAnswered) {
      add_query(world, recipient, files);
      continue;
    }
    const std::string& id = recipient.id;
    route += "  - partner: " + id + "\n    service: m.send\n    mapping: " + id + "/out\n    policy: p-" + id + "\n" +
             terms("    ");
    files.push_back({"partners/" + id + ".yaml",
                     partner_of(id, recipient.how == How::kPushed ? kOutbound : "pull:\n  enabled: true\n")});
    files.push_back({"partners/" + id + ".doc@1.json", schema_of(recipient.document, {}, recipient.who_kind)});
    files.push_back({"mappings/" + id + "/out.map", map_of(id + "/out", "m.send@1", id + ".doc@1", recipient.map)});
    files.push_back({"policies/p-" + id + ".yaml", policy_of(recipient)});
  }
  files.push_back({"routes/main.yaml", route});
  const auto lines = [](const std::string& head, const std::vector<DeclassifyLine>& all) {
    std::string text = all.empty() ? "" : head + ":\n";
    for (const DeclassifyLine& line : all) {
      text += "  - {mapping: " + line.mapping + ", field: \"" + line.field + "\", reason: a reason of this test}\n";
    }
    return text;
  };
  const std::string declassify = lines("entries", world.declassified) + lines("roles", world.roles);
  if (!declassify.empty()) files.push_back({"declassify/all.yaml", "title_zh: 放行\n" + declassify});
  return {directory, std::move(files)};
}

void write_tables(const std::string& directory) {
  std::filesystem::create_directories(directory + "/tables/demo");
  std::ofstream(directory + "/tables/demo/codes.csv")
      << "#table,demo/codes\n#title,示例\n#version,1\n#direction,in\n#key,code\n#valid_from,2020-01-01\n#source,test\n"
         "from_code,from_name,to_code,to_name,lossy,note\n1,一,A,甲,,\n2,二,B,乙,,\n";
}

}  // namespace tongqu::proof_test
