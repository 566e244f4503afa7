// Keywords that look at one value.
#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"
#include "transforms/schema/labels.hpp"
#include "transforms/schema/node_equal.hpp"
#include "transforms/schema/rule_compiler.hpp"
#include "transforms/schema/schema_codes.hpp"

namespace tongqu::schema {
namespace {

constexpr std::string_view kDialect = "https://json-schema.org/draft/2020-12/schema";
constexpr std::size_t kMaxValueNamesBytes = 120;
constexpr std::int64_t kMaxPatternMemoryBytes = std::int64_t{4} << 20U;

struct TypeName {
  std::string_view name;
  unsigned bits;
};
constexpr std::array<TypeName, 7> kTypeNames{{{"null", bit_of(Kind::kNull)},
                                              {"boolean", bit_of(Kind::kBoolean)},
                                              {"integer", kIntegerBit},
                                              {"number", bit_of(Kind::kNumber)},
                                              {"string", bit_of(Kind::kText)},
                                              {"array", bit_of(Kind::kList)},
                                              {"object", bit_of(Kind::kObject)}}};

// Appends " / value", cut when the whole becomes too long for a message.
void append_value_name(std::string& names, const Node& value) {
  if (names.ends_with("…")) return;
  if (!names.empty()) names += " / ";
  const std::string next =
      value.is_scalar() && value.kind != Kind::kNull ? std::string(value.text) : canonical_text(value);
  if (names.size() + next.size() > kMaxValueNamesBytes) {
    names += "…";
  } else {
    names += next;
  }
}

void add_value(Rule& rule, const Node& value) {
  rule.has_values = true;
  append_value_name(rule.value_names, value);
  if (value.kind == Kind::kText) {
    rule.texts.push_back(value.text);
  } else {
    rule.values.push_back(&value);
  }
}

}  // namespace

void RuleCompiler::read_text(Rule&, const Node& value, const Where& where) {
  expect(Kind::kText, value, where, "string");
}

void RuleCompiler::read_schema(Rule&, const Node& value, const Where& where) {
  if (where.path == "$" && value.kind == Kind::kText &&
      (value.text == kDialect || value.text == std::string(kDialect) + "#"))
    return;
  fault(codes::kSchemaKeywordValue, value, where, "$schema: " + std::string(kDialect));
}

void RuleCompiler::read_id(Rule&, const Node& value, const Where& where) {
  if (!expect(Kind::kText, value, where, "string") || where.path == "$") return;
  fault(codes::kSchemaKeywordValue, value, where, "$id: at the root only");
}

void RuleCompiler::read_title(Rule& rule, const Node& value, const Where& where) {
  if (expect(Kind::kText, value, where, "string")) rule.title = value.text;
}

void RuleCompiler::read_type(Rule& rule, const Node& value, const Where& where) {
  rule.types = 0;
  const auto add = [&](const Node& name) {
    for (const TypeName& type : kTypeNames) {
      if (name.kind != Kind::kText || type.name != name.text) continue;
      rule.types |= type.bits;
      rule.type_names += (rule.type_names.empty() ? "" : " / ") + std::string(type.name);
      return;
    }
    fault(codes::kSchemaKeywordValue, name, where, "type: null / boolean / integer / number / string / array / object");
  };
  if (value.kind != Kind::kList) return add(value);
  for (const Node& name : children(value)) add(name);
  if (value.count == 0) fault(codes::kSchemaKeywordValue, value, where, "type: [string, …]");
}

void RuleCompiler::read_enum(Rule& rule, const Node& value, const Where& where) {
  if (!expect(Kind::kList, value, where, "[…]")) return;
  for (const Node& one : children(value)) add_value(rule, one);
  if (value.count == 0) fault(codes::kSchemaKeywordValue, value, where, "enum: [value, …]");
}

void RuleCompiler::read_const(Rule& rule, const Node& value, const Where&) {
  rule.constant = &value;
  append_value_name(rule.constant_name, value);
}

void RuleCompiler::read_min_length(Rule& rule, const Node& value, const Where& where) {
  read_count(rule.min_length, value, where);
}
void RuleCompiler::read_max_length(Rule& rule, const Node& value, const Where& where) {
  read_count(rule.max_length, value, where);
}
void RuleCompiler::read_min_items(Rule& rule, const Node& value, const Where& where) {
  read_count(rule.min_items, value, where);
}
void RuleCompiler::read_max_items(Rule& rule, const Node& value, const Where& where) {
  read_count(rule.max_items, value, where);
}
void RuleCompiler::read_min_properties(Rule& rule, const Node& value, const Where& where) {
  read_count(rule.min_properties, value, where);
}
void RuleCompiler::read_max_properties(Rule& rule, const Node& value, const Where& where) {
  read_count(rule.max_properties, value, where);
}
void RuleCompiler::read_minimum(Rule& rule, const Node& value, const Where& where) {
  read_bound(rule.minimum, value, where);
}
void RuleCompiler::read_maximum(Rule& rule, const Node& value, const Where& where) {
  read_bound(rule.maximum, value, where);
}
void RuleCompiler::read_above(Rule& rule, const Node& value, const Where& where) {
  read_bound(rule.above, value, where);
}
void RuleCompiler::read_below(Rule& rule, const Node& value, const Where& where) {
  read_bound(rule.below, value, where);
}

void RuleCompiler::read_multiple_of(Rule& rule, const Node& value, const Where& where) {
  read_bound(rule.multiple_of, value, where);
  if (!rule.multiple_of) return;
  const DecimalText& divisor = rule.multiple_of->value;
  if (!divisor.is_zero() && !divisor.is_negative() && divisor.digit_count() <= DecimalText::kMaxDivisorDigits) return;
  rule.multiple_of.reset();
  fault(codes::kSchemaKeywordValue, value, where, "multipleOf: number > 0, at most 18 digits");
}

void RuleCompiler::read_count(std::uint64_t& out, const Node& value, const Where& where) {
  const auto number = value.kind == Kind::kNumber ? DecimalText::parse(value.text) : std::nullopt;
  const auto count = number ? number->to_count() : std::nullopt;
  if (count) {
    out = *count;
  } else {
    fault(codes::kSchemaKeywordValue, value, where, std::string(value.name) + ": integer ≥ 0");
  }
}

void RuleCompiler::read_bound(std::optional<Bound>& out, const Node& value, const Where& where) {
  const auto number = value.kind == Kind::kNumber ? DecimalText::parse(value.text) : std::nullopt;
  if (number) {
    out = Bound{*number, value.text};
  } else {
    fault(codes::kSchemaKeywordValue, value, where, std::string(value.name) + ": number");
  }
}

void RuleCompiler::read_pattern(Rule& rule, const Node& value, const Where& where) {
  if (!expect(Kind::kText, value, where, "string")) return;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kMaxPatternMemoryBytes);
  auto pattern = std::make_unique<RE2>(value.text, options);
  if (pattern->ok()) {
    rule.pattern = std::move(pattern);
  } else {
    fault(codes::kSchemaBadPattern, value, where, pattern->error());
  }
}

void RuleCompiler::read_pattern_name(Rule& rule, const Node& value, const Where& where) {
  if (expect(Kind::kText, value, where, "string")) rule.pattern_name = value.text;
}

void RuleCompiler::read_format(Rule& rule, const Node& value, const Where& where) {
  if (!expect(Kind::kText, value, where, "string")) return;
  std::vector<std::string_view> names;
  for (const auto& group : {built_in_formats(), formats_}) {
    for (const FormatCheck& check : group) {
      names.push_back(check.name);
      if (check.name != value.text) continue;
      rule.format = {value.text, check.fits};
      return;
    }
  }
  const std::string near = nearest_word(value.text, names.data(), names.size());
  fault(codes::kSchemaUnknownFormat, value, where, std::string(value.text) + (near.empty() ? "" : " (" + near + "?)"));
}

void RuleCompiler::read_unique_items(Rule& rule, const Node& value, const Where& where) {
  if (expect(Kind::kBoolean, value, where, "true / false")) rule.unique_items = value.text == "true";
}

void RuleCompiler::read_privacy(Rule&, const Node& value, const Where& where) {
  Label label;
  if (const std::string expected = read_label(value, label); !expected.empty()) {
    fault(codes::kSchemaLabel, value, where, expected);
  }
}

void RuleCompiler::read_grade(Rule& rule, const Node& value, const Where& where) {
  for (const Grade grade : {Grade::kError, Grade::kWarning, Grade::kHint}) {
    if (value.kind == Kind::kText && value.text == name_of(grade)) {
      rule.grade = grade;
      return;
    }
  }
  fault(codes::kSchemaKeywordValue, value, where, "x-grade: error / warning / hint");
}

void RuleCompiler::read_field_type(Rule&, const Node& value, const Where& where) {
  for (const std::string_view type : {"integer", "decimal", "instant", "text"}) {
    if (value.kind == Kind::kText && value.text == type) return;
  }
  fault(codes::kSchemaKeywordValue, value, where, "x-type: integer / decimal / instant / text");
}

}  // namespace tongqu::schema
