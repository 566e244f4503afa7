// Keywords that hold schemas.
#include <algorithm>

#include "transforms/schema/rule_compiler.hpp"
#include "transforms/schema/schema_codes.hpp"

namespace tongqu::schema {

void RuleCompiler::read_defs(Rule&, const Node& value, const Where& where) {
  if (!expect(Kind::kObject, value, where, "{…}")) return;
  if (where.path != "$") return fault(codes::kSchemaKeywordValue, value, where, "$defs: at the root only");
  for (const Node& definition : children(value)) {
    open_references_.push_back(&definition);
    compile(definition, Where{"$.$defs", false, false, where.depth}.below(definition.name));
    open_references_.pop_back();
  }
}

void RuleCompiler::read_ref(Rule& rule, const Node& value, const Where& where) {
  if (!expect(Kind::kText, value, where, "#/$defs/…")) return;
  const Node* target = definitions_.find(value.text);
  if (target == nullptr) return fault(codes::kSchemaReference, value, where, std::string(value.text));
  if (std::find(open_references_.begin(), open_references_.end(), target) != open_references_.end()) {
    return fault(codes::kSchemaRecursiveReference, value, where, std::string(value.text));
  }
  Where there = where.below("$ref");
  there.path = "$.$defs";
  there = there.below(target->name);
  open_references_.push_back(target);
  rule.all_of.push_back(compile(*target, there));
  open_references_.pop_back();
}

void RuleCompiler::read_items(Rule& rule, const Node& value, const Where& where) {
  rule.items = compile(value, where.below("items"));
}

void RuleCompiler::read_properties(Rule& rule, const Node& value, const Where& where) {
  if (!expect(Kind::kObject, value, where, "{…}")) return;
  const Where inside = where.below("properties");
  for (const Node& property : children(value)) {
    rule.properties.add(property.name).rule = compile(property, inside.below(property.name));
  }
}

void RuleCompiler::read_required(Rule& rule, const Node& value, const Where& where) {
  if (!expect(Kind::kList, value, where, "[string, …]")) return;
  int bit = 0;
  for (const Node& name : children(value)) {
    if (name.kind != Kind::kText) {
      fault(codes::kSchemaKeywordValue, name, where, "required: [string, …]");
      continue;
    }
    Property& property = rule.properties.add(name.text);
    if (property.required_bit >= 0) continue;
    if (bit == static_cast<int>(kMaxRequired)) {
      return fault(codes::kSchemaTooLarge, name, where, "required: " + std::to_string(kMaxRequired));
    }
    property.required_bit = bit++;
  }
}

void RuleCompiler::read_additional(Rule& rule, const Node& value, const Where& where) {
  if (value.kind == Kind::kBoolean && value.text == "true") return;
  rule.additional = compile(value, where.below("additionalProperties"));
}

void RuleCompiler::read_rules(std::vector<const Rule*>& out, const Node& value, const Where& where) {
  if (value.kind != Kind::kList || value.count == 0) {
    return fault(codes::kSchemaKeywordValue, value, where, std::string(value.name) + ": [schema, …]");
  }
  std::size_t index = 0;
  for (const Node& part : children(value)) out.push_back(compile(part, where.below(value.name, index++)));
}

void RuleCompiler::read_all_of(Rule& rule, const Node& value, const Where& where) {
  read_rules(rule.all_of, value, where);
}
void RuleCompiler::read_any_of(Rule& rule, const Node& value, const Where& where) {
  read_rules(rule.any_of, value, where);
}
void RuleCompiler::read_one_of(Rule& rule, const Node& value, const Where& where) {
  read_rules(rule.one_of, value, where);
}
void RuleCompiler::read_not(Rule& rule, const Node& value, const Where& where) {
  rule.excluded = compile(value, where.below("not"));
}
void RuleCompiler::read_if(Rule& rule, const Node& value, const Where& where) {
  rule.condition = compile(value, where.below("if"));
}
void RuleCompiler::read_then(Rule& rule, const Node& value, const Where& where) {
  rule.then_rule = compile(value, where.below("then"));
}
void RuleCompiler::read_else(Rule& rule, const Node& value, const Where& where) {
  rule.else_rule = compile(value, where.below("else"));
}

}  // namespace tongqu::schema
