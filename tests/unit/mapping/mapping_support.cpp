#include "tests/unit/mapping/mapping_support.hpp"

#include <sstream>

#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::test {
namespace {

FieldType type_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(FieldType::kAny); ++i) {
    if (name_of(static_cast<FieldType>(i)) == name) return static_cast<FieldType>(i);
  }
  ADD_FAILURE() << "no type " << name;
  return FieldType::kAny;
}

std::size_t indent_of(const std::string& line) { return line.find_first_not_of(' '); }

std::vector<FieldNode> members(const std::vector<std::string>& lines, std::size_t& at, std::size_t indent);

FieldNode field(const std::vector<std::string>& lines, std::size_t& at, std::size_t indent) {
  std::istringstream words(lines[at++]);
  FieldNode node;
  std::string type, element;
  words >> node.name >> type >> element;
  node.name.pop_back();
  for (std::string* word : {&type, &element}) {
    for (; !word->empty() && (word->back() == '!' || word->back() == '?'); word->pop_back()) {
      if (word->back() == '!') node.required = true;
      if (word->back() == '?') node.empty_absent = true;
    }
  }
  node.title_zh = "题" + node.name;
  node.type = type_of(type);
  auto below = members(lines, at, indent + 2);
  if (node.type == FieldType::kList) {
    FieldNode& one = node.element.emplace_back();
    one.type = element.empty() ? FieldType::kObject : type_of(element);
    one.members = std::move(below);
  } else {
    node.members = std::move(below);
  }
  return node;
}

std::vector<FieldNode> members(const std::vector<std::string>& lines, std::size_t& at, std::size_t indent) {
  std::vector<FieldNode> nodes;
  while (at < lines.size() && indent_of(lines[at]) == indent) nodes.push_back(field(lines, at, indent));
  return nodes;
}

constexpr std::string_view kIn =
    "t: text\n"
    "u: text\n"
    "empty: text?\n"
    "i: integer\n"
    "j: integer\n"
    "d: decimal\n"
    "b: boolean\n"
    "at: instant\n"
    "texts: list text\n"
    "numbers: list integer\n"
    "any: any\n"
    "o: object\n"
    "  t: text\n"
    "  deep: object\n"
    "    t: text\n"
    "items: list\n"
    "  no: text\n"
    "  n: integer\n"
    "  subs: list\n"
    "    x: text\n"
    "el: object\n"
    "  @id: text\n"
    "  #text: text\n"
    "  in: text\n"
    "  a-b: text\n";

constexpr std::string_view kOut =
    "t: text\n"
    "u: text\n"
    "i: integer\n"
    "d: decimal\n"
    "b: boolean\n"
    "at: instant\n"
    "texts: list text\n"
    "numbers: list integer\n"
    "any: any\n"
    "o: object\n"
    "  t: text\n"
    "  i: integer\n"
    "  deep: object\n"
    "    t: text\n"
    "items: list\n"
    "  t: text\n"
    "  i: integer\n"
    "  o: object\n"
    "    t: text\n"
    "  subs: list\n"
    "    t: text\n"
    "    u: text\n"
    "in: text\n";

void add_documented(FixedSchemas& schemas) {
  schemas.add("city-a.workorder@1", fields_of("type: text\norderNum: text\ncallTime: text\ncallerName: text\n"
                                              "callerPhone: text\ncompany: object\n  code: text\nmoney: text\n"
                                              "questionCode: text\nfiles: text\n"));
  schemas.add(
      "workorder.transfer@1",
      fields_of("source_no: text!\nreceived_at: instant\nprovider: object\n  name: text\n  phone: text\n"
                "target: object\n  uscc: text\namount: integer\nproblem_category: text\nattachments: list\n"
                "  url: text\n  name: text\nlinked: list\n  no: text\n  kind: text\n  tags: list\n    text: text\n"));
  schemas.add("city-b.workorder@1",
              fields_of("head: object\n  no: text\ntype: text\nfiles: object\n  file: list\n    @href: text\n"
                        "    #text: text\nrelated: list\n  no: text\n  kind: text\n  labels: list text\n"));
  schemas.add("penalty.view@1", fields_of("party: object\n  name: text\n  uscc: text\nfine_fen: integer\n"
                                          "decided_at: instant\nkind: text\npublic_until: instant\n"));
  schemas.add("credit.penalty@1", fields_of("xdr_mc: text!\nxdr_shxym: text\nfk_je: decimal\njdrq: text\ncf_zl: text\n"
                                            "gs_bz: text\n"));
}

}  // namespace

FieldNode fields_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  FieldNode root;
  root.type = FieldType::kObject;
  std::size_t at = 0;
  root.members = members(lines, at, 0);
  EXPECT_EQ(at, lines.size());
  return root;
}

FixedTables::FixedTables() {
  tables_.push_back(
      std::make_unique<FixedTable>("city-a/problem", "2024-01",
                                   std::map<std::string, CodeTable::Hit, std::less<>>{
                                       {"0", {"00", "解决"}}, {"1", {"01", "质量"}}, {"02", {"0200", "广告"}}}));
  tables_.push_back(std::make_unique<FixedTable>(
      "credit/penalty-kind", "2026", std::map<std::string, CodeTable::Hit, std::less<>>{{"1", {"1", "警告"}}}));
}

const CodeTable* FixedTables::find_table(std::string_view name) const {
  for (const auto& table : tables_) {
    if (table->name() == name) return table.get();
  }
  return nullptr;
}

FixedSchemas::FixedSchemas() {
  add("in@1", fields_of(kIn));
  add("out@1", fields_of(kOut));
  add_documented(*this);
}

const FieldNode* FixedSchemas::find_fields(std::string_view schema) const {
  const auto found = trees_.find(schema);
  return found == trees_.end() ? nullptr : &found->second;
}

std::vector<std::string> FixedSchemas::names() const {
  std::vector<std::string> names;
  for (const auto& tree : trees_) names.push_back(tree.first);
  return names;
}

const FixedTables& tables() {
  static const FixedTables kTables;
  return kTables;
}

const FixedSchemas& schemas() {
  static const FixedSchemas kSchemas;
  return kSchemas;
}

std::string with_header(const std::string& rules) { return "mapping test/m\nfrom in@1\nto out@1\n" + rules; }

std::vector<std::string> load_faults(const std::string& text) {
  const auto result = compile_mapping(text, "test.map", schemas(), tables());
  std::vector<std::string> shown;
  if (!result.has_error()) return shown;
  EXPECT_EQ(result.error().code, &codes::kMappingInvalid);
  EXPECT_FALSE(result.error().faults.empty());
  for (const Fault& fault : result.error().faults) {
    shown.push_back(std::to_string(fault.position.line) + ":" + std::to_string(fault.position.column) + " " +
                    std::string(fault.code->id) + (fault.param.empty() ? "" : " " + fault.param));
  }
  return shown;
}

std::unique_ptr<Mapping> compiled(const std::string& text) {
  auto result = compile_mapping(text, "test.map", schemas(), tables());
  if (result.has_error()) {
    for (const std::string& fault : load_faults(text)) ADD_FAILURE() << fault << " in\n" << text;
    return nullptr;
  }
  return std::move(result.value());
}

Mapped run(const Mapping& mapping, const std::string& json) {
  Mapped mapped;
  auto in = decode_json(json);
  if (in.has_error()) {
    ADD_FAILURE() << "not JSON: " << json;
    return mapped;
  }
  Document plain;
  MapOutcome outcome;
  mapping.map(in.value().root(), plain, outcome, nullptr);
  mapping.map(in.value().root(), mapped.document, mapped.outcome, &mapped.trace);
  std::string without_trace;
  EXPECT_FALSE(JsonCodec().encode(mapped.document.root(), mapped.json).has_error());
  EXPECT_FALSE(JsonCodec().encode(plain.root(), without_trace).has_error());
  EXPECT_EQ(mapped.json, without_trace) << "tracing changed the result";
  EXPECT_EQ(outcome.flags.size(), mapped.outcome.flags.size());
  for (const Fault& flag : mapped.outcome.flags)
    mapped.flags.push_back(std::string(flag.code->id) + " " + flag.path + " " + std::string(name_of(flag.grade)));
  return mapped;
}

Mapped run(const std::string& rules, const std::string& json) {
  const auto mapping = compiled(with_header(rules));
  return mapping == nullptr ? Mapped{} : run(*mapping, json);
}

const MapTrace* trace_of(const Mapped& mapped, std::string_view output) {
  for (const MapTrace& trace : mapped.trace) {
    if (trace.output == output) return &trace;
  }
  return nullptr;
}

}  // namespace tongqu::test
