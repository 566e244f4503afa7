#include "transforms/schema/json_schema.hpp"

#include <algorithm>
#include <deque>
#include <tuple>
#include <vector>

#include "transforms/schema/checker.hpp"
#include "transforms/schema/field_builder.hpp"
#include "transforms/schema/rule_compiler.hpp"
#include "transforms/schema/schema_codes.hpp"

namespace tongqu {

namespace {

// A missing member is found after the members that are there, and $ref after the keywords beside it. Faults of one
// place keep their order.
void sort_by_place(std::vector<Fault>& faults, std::size_t from) {
  struct Key {
    Position position;
    std::size_t index;
    bool operator<(const Key& other) const {
      return std::tuple(position.line, position.column, index) <
             std::tuple(other.position.line, other.position.column, other.index);
    }
  };
  std::vector<Key> keys;
  for (std::size_t i = from; i < faults.size(); ++i) keys.push_back({faults[i].position, i});
  std::sort(keys.begin(), keys.end());
  std::vector<Fault> sorted;
  sorted.reserve(keys.size());
  for (const Key& key : keys) sorted.push_back(std::move(faults[key.index]));
  std::move(sorted.begin(), sorted.end(), faults.begin() + static_cast<std::ptrdiff_t>(from));
}

}  // namespace

struct JsonSchema::Parts {
  std::string name;
  Document source;  // what the rules point into
  std::deque<schema::Rule> rules;
  const schema::Rule* root = nullptr;
  FieldNode fields;
};

JsonSchema::JsonSchema(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JsonSchema::~JsonSchema() = default;

Result<std::unique_ptr<Schema>> JsonSchema::compile(std::string name, const Node& schema_document,
                                                    std::span<const FormatCheck> formats, const Node* shared) {
  auto parts = std::make_unique<Parts>();
  parts->name = std::move(name);
  const Node* document = parts->source.clone(schema_document);
  const Node* shared_copy = shared == nullptr ? nullptr : parts->source.clone(*shared);
  const schema::Definitions definitions{schema::definitions_of(document), schema::definitions_of(shared_copy)};
  schema::RuleCompiler compiler(definitions, formats);
  parts->root = compiler.compile_document(*document);
  if (!compiler.faults().empty()) {
    Error error = make_error(codes::kSchemaLoad, parts->name);
    error.faults = std::move(compiler.faults());
    return error;
  }
  parts->rules = compiler.take_rules();
  parts->fields = schema::build_fields(*document, definitions);
  return std::unique_ptr<Schema>(new JsonSchema(std::move(parts)));
}

bool JsonSchema::validate(const Node& root, std::vector<Fault>& faults, std::size_t max_faults) const {
  const std::size_t before = faults.size();
  schema::Checker checker(&faults, max_faults);
  const schema::Rule& rule = *parts_->root;
  checker.check(rule, root, {nullptr, &root, 0, rule.title, rule.grade});
  if (faults.size() > before + 1) sort_by_place(faults, before);
  return !checker.has_error();
}

const FieldNode& JsonSchema::fields() const { return parts_->fields; }
const std::string& JsonSchema::name() const { return parts_->name; }

}  // namespace tongqu
