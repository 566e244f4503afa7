#include "transforms/schema/rule_compiler.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/schema/schema_codes.hpp"

namespace tongqu::schema {

RuleCompiler::Where RuleCompiler::Where::below(std::string_view step) const {
  Where where{path, null_absent, empty_absent, depth + 1};
  append_path_member(where.path, step);
  return where;
}

RuleCompiler::Where RuleCompiler::Where::below(std::string_view step, std::size_t index) const {
  Where where = below(step);
  append_path_index(where.path, index);
  return where;
}

std::span<const RuleCompiler::Keyword> RuleCompiler::keywords() {
  using C = RuleCompiler;
  static constexpr std::array<Keyword, 46> kAll{{{"$schema", &C::read_schema},
                                                 {"$id", &C::read_id},
                                                 {"$defs", &C::read_defs},
                                                 {"$ref", &C::read_ref},
                                                 {"$comment", &C::read_text},
                                                 {"title", &C::read_title},
                                                 {"description", &C::read_text},
                                                 {"default", &C::read_nothing},
                                                 {"examples", &C::read_nothing},
                                                 {"deprecated", &C::read_nothing},
                                                 {"type", &C::read_type},
                                                 {"enum", &C::read_enum},
                                                 {"const", &C::read_const},
                                                 {"minLength", &C::read_min_length},
                                                 {"maxLength", &C::read_max_length},
                                                 {"pattern", &C::read_pattern},
                                                 {"format", &C::read_format},
                                                 {"minimum", &C::read_minimum},
                                                 {"maximum", &C::read_maximum},
                                                 {"exclusiveMinimum", &C::read_above},
                                                 {"exclusiveMaximum", &C::read_below},
                                                 {"multipleOf", &C::read_multiple_of},
                                                 {"items", &C::read_items},
                                                 {"minItems", &C::read_min_items},
                                                 {"maxItems", &C::read_max_items},
                                                 {"uniqueItems", &C::read_unique_items},
                                                 {"properties", &C::read_properties},
                                                 {"required", &C::read_required},
                                                 {"additionalProperties", &C::read_additional},
                                                 {"minProperties", &C::read_min_properties},
                                                 {"maxProperties", &C::read_max_properties},
                                                 {"allOf", &C::read_all_of},
                                                 {"anyOf", &C::read_any_of},
                                                 {"oneOf", &C::read_one_of},
                                                 {"not", &C::read_not},
                                                 {"if", &C::read_if},
                                                 {"then", &C::read_then},
                                                 {"else", &C::read_else},
                                                 {"x-privacy", &C::read_privacy},
                                                 {"x-grade", &C::read_grade},
                                                 {"x-empty", &C::read_nothing},
                                                 {"x-null", &C::read_nothing},
                                                 {"x-type", &C::read_field_type},
                                                 {"x-pattern-name", &C::read_pattern_name},
                                                 {"readOnly", &C::read_nothing},
                                                 {"writeOnly", &C::read_nothing}}};
  return kAll;
}

std::span<const std::string_view> RuleCompiler::keyword_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const Keyword& keyword : keywords()) names.push_back(keyword.name);
    return names;
  }();
  return kNames;
}

const Rule* RuleCompiler::compile_document(const Node& document) {
  Where root{"$", false, false, 0};
  if (definitions_.own != nullptr && definitions_.shared != nullptr) {
    for (const Node& definition : children(*definitions_.own)) {
      if (definitions_.shared->find(definition.name) == nullptr) continue;
      fault(codes::kSchemaKeywordValue, definition, root.below("$defs").below(definition.name),
            "a name that the shared $defs do not have");
    }
  }
  return compile(document, root);
}

void RuleCompiler::fault(const ErrorCode& code, const Node& node, const Where& where, std::string param) {
  // A definition is compiled once for each reference to it; its faults count once.
  const bool known = std::any_of(faults_.begin(), faults_.end(), [&](const Fault& other) {
    return other.code == &code && other.position == node.position && other.param == param &&
           (node.position.line != 0 || other.path == where.path);
  });
  if (known || faults_.size() >= kMaxLoadFaults) return;
  faults_.push_back(Fault{&code, where.path, {}, std::move(param), node.position, Grade::kError});
}

bool RuleCompiler::expect(Kind kind, const Node& value, const Where& where, std::string_view what) {
  if (value.kind == kind) return true;
  fault(codes::kSchemaKeywordValue, value, where, std::string(value.name) + ": " + std::string(what));
  return false;
}

const Rule* RuleCompiler::compile(const Node& node, const Where& where) {
  if (too_large_) return nullptr;
  if (rules_.size() >= kMaxRules || where.depth > kMaxRuleDepth) {
    too_large_ = true;
    fault(codes::kSchemaTooLarge, node, where, std::to_string(kMaxRules) + " / " + std::to_string(kMaxRuleDepth));
    return nullptr;
  }
  Rule& rule = rules_.emplace_back();
  rule.null_absent = where.null_absent;
  rule.empty_absent = where.empty_absent;
  if (node.kind == Kind::kBoolean) {
    rule.never = node.text == "false";
    return &rule;
  }
  if (node.kind != Kind::kObject) {
    fault(codes::kSchemaKeywordValue, node, where, "{…} / true / false");
    return &rule;
  }
  Where here = where;
  read_flags(rule, node, here);
  read_keywords(rule, node, here);
  finish(rule, node);
  return &rule;
}

void RuleCompiler::read_flags(Rule& rule, const Node& node, Where& where) {
  const auto read = [&](std::string_view keyword, bool& flag) {
    const Node* value = node.find(keyword);
    if (value == nullptr) return;
    if (value->kind != Kind::kText || (value->text != "absent" && value->text != "value")) {
      fault(codes::kSchemaKeywordValue, *value, where, std::string(keyword) + ": absent / value");
      return;
    }
    flag = value->text == "absent";
  };
  read("x-null", where.null_absent);
  read("x-empty", where.empty_absent);
  rule.null_absent = where.null_absent;
  rule.empty_absent = where.empty_absent;
}

void RuleCompiler::read_keywords(Rule& rule, const Node& node, const Where& where) {
  for (const Node& value : children(node)) {
    const auto all = keywords();
    const auto known = std::find_if(all.begin(), all.end(), [&](const Keyword& k) { return k.name == value.name; });
    if (known != all.end()) {
      (this->*known->read)(rule, value, where);
    } else if (!value.name.starts_with("x-")) {
      const auto names = keyword_names();
      const std::string near = nearest_word(value.name, names.data(), names.size());
      fault(codes::kSchemaUnknownKeyword, value, where,
            std::string(value.name) + (near.empty() ? "" : " (" + near + "?)"));
    }
  }
}

void RuleCompiler::finish(Rule& rule, const Node& node) {
  rule.properties.seal();
  for (const Property& property : rule.properties.all()) {
    if (property.required_bit < 0) continue;
    if (rule.required.size() <= static_cast<std::size_t>(property.required_bit)) {
      rule.required.resize(static_cast<std::size_t>(property.required_bit) + 1);
    }
    rule.required[static_cast<std::size_t>(property.required_bit)] = &property;
  }
  std::sort(rule.texts.begin(), rule.texts.end());
  for (const Rule* part : rule.all_of) {
    if (part == nullptr) continue;
    if (rule.title.empty()) rule.title = part->title;
    if (!rule.grade) rule.grade = part->grade;
    if (node.find("x-null") == nullptr) rule.null_absent = rule.null_absent || part->null_absent;
    if (node.find("x-empty") == nullptr) rule.empty_absent = rule.empty_absent || part->empty_absent;
  }
  if (rule.pattern != nullptr && rule.pattern_name.empty()) rule.pattern_name = node.find("pattern")->text;
  rule.has_applicators = !rule.all_of.empty() || !rule.any_of.empty() || !rule.one_of.empty() ||
                         rule.excluded != nullptr || rule.condition != nullptr;
}

}  // namespace tongqu::schema
