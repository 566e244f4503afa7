// Any text: parse, compile, format; what compiles runs on a fixed document with and without its explanation.
#include <cstdint>
#include <cstdlib>

#include "transforms/codecs/json_codec.hpp"
#include "transforms/mapping/formatter.hpp"
#include "transforms/mapping/mapping.hpp"

namespace {

using tongqu::FieldNode;
using tongqu::FieldType;

FieldNode field(std::string name, FieldType type) {
  FieldNode node;
  node.name = std::move(name);
  node.type = type;
  return node;
}

// The same fields on both sides: a scalar of each type, an object, lists.
FieldNode record() {
  FieldNode root = field("", FieldType::kObject);
  for (int type = 0; type < static_cast<int>(FieldType::kList); ++type)
    root.members.push_back(field(std::string(1, static_cast<char>('a' + type)), static_cast<FieldType>(type)));
  FieldNode object = field("o", FieldType::kObject);
  object.members = root.members;
  FieldNode texts = field("texts", FieldType::kList);
  texts.element.push_back(field("", FieldType::kText));
  FieldNode list = field("list", FieldType::kList);
  list.element.push_back(object);
  list.element[0].members.push_back(texts);
  root.members.push_back(std::move(object));
  root.members.push_back(std::move(texts));
  root.members.push_back(std::move(list));
  return root;
}

class OneSchema final : public tongqu::SchemaLookup {
 public:
  const FieldNode* find_fields(std::string_view schema) const override { return schema == "r@1" ? &record_ : nullptr; }

 private:
  FieldNode record_ = record();
};

class OneTable final : public tongqu::CodeTable, public tongqu::TableSet {
 public:
  const Hit* find(std::string_view from) const override { return from == "1" ? &hit_ : nullptr; }
  const std::string& name() const override { return name_; }
  const std::string& version() const override { return name_; }
  const tongqu::CodeTable* find_table(std::string_view name) const override { return name == name_ ? this : nullptr; }

 private:
  Hit hit_{"01", "质量"};
  std::string name_ = "p";
};

constexpr std::string_view kDocument =
    R"({"a":"壹仟陆佰元,2026-03-15,<b>𠮷&amp;","b":7,"c":12.50,"d":true,"e":"2026-03-15T00:00:00Z","texts":["x",null,"2"],)"
    R"("o":{"a":"","b":"x"},"list":[{"a":"1","texts":["y"]},{},{"a":{"x":[1]},"b":1e3}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const OneSchema kSchema;
  static const OneTable kTable;
  static const auto kIn = tongqu::decode_json(kDocument);
  if (kIn.has_error()) std::abort();
  const auto formatted = tongqu::format_mapping(text);
  if (formatted.has_value()) {
    const auto twice = tongqu::format_mapping(formatted.value());
    if (twice.has_error() || twice.value() != formatted.value()) std::abort();
  }
  const auto mapping = tongqu::compile_mapping(text, "fuzz.map", kSchema, kTable);
  if (mapping.has_error()) return mapping.error().faults.empty() ? (std::abort(), 0) : 0;
  tongqu::Document plain, explained;
  tongqu::MapOutcome outcome;
  std::vector<tongqu::MapTrace> trace;
  mapping.value()->map(kIn.value().root(), plain, outcome, nullptr);
  mapping.value()->map(kIn.value().root(), explained, outcome, &trace);
  std::string first, second;
  const tongqu::JsonCodec codec;
  if (codec.encode(plain.root(), first).has_error() || codec.encode(explained.root(), second).has_error()) std::abort();
  if (first != second) std::abort();
  return 0;
}
