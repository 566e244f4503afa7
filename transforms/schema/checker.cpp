#include "transforms/schema/checker.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/schema/node_equal.hpp"
#include "transforms/schema/schema_codes.hpp"

namespace tongqu::schema {
namespace {

void append_path(std::string& path, const Place& place) {
  if (place.parent == nullptr) {
    path += '$';
    return;
  }
  append_path(path, *place.parent);
  if (place.parent->node->kind == Kind::kList) {
    append_path_index(path, place.index);
  } else {
    const std::string_view name = place.node->name;
    place.undeclared ? append_sent_member(path, name) : append_path_member(path, name);
  }
}

bool counts_as_absent(const Rule& rule, const Node& member) {
  if (rule.null_absent && member.kind == Kind::kNull) return true;
  return rule.empty_absent && member.kind == Kind::kText && member.text.empty();
}

// The same value seen through a rule that applies in place: the outer rule's title and grade go first.
Place in_place(const Place& place, const Rule& rule) {
  Place same = place;
  if (same.title.empty()) same.title = rule.title;
  if (!same.grade) same.grade = rule.grade;
  return same;
}

bool fits(const Rule& rule, const Node& node, const Place& place) {
  return Checker(nullptr, 0).check(rule, node, place);
}

bool has_duplicates(const Node& list) {
  std::vector<std::string> elements;
  elements.reserve(list.count);
  for (const Node& element : children(list)) elements.push_back(canonical_text(element));
  std::sort(elements.begin(), elements.end());
  return std::adjacent_find(elements.begin(), elements.end()) != elements.end();
}

}  // namespace

Checker::Checker(std::vector<Fault>* sink, std::size_t max_faults) : sink_(sink) {
  if (sink != nullptr) full_at_ = sink->size() + max_faults;
}

bool Checker::is_done() const { return sink_ == nullptr || (has_error_ && sink_->size() >= full_at_); }

void Checker::write_down(const ErrorCode& code, const Place& place, Grade grade, std::string_view param) {
  if (sink_ == nullptr) return;
  has_error_ = has_error_ || grade == Grade::kError;
  if (sink_->size() >= full_at_) return;
  Fault& fault = sink_->emplace_back();
  fault.code = &code;
  append_path(fault.path, place);
  fault.field_zh = place.title;
  fault.param = param;
  fault.position = place.node->position;
  fault.grade = grade;
}

bool Checker::report(const ErrorCode& code, const Rule& rule, const Place& place, std::string_view param) {
  write_down(code, place, place.grade.value_or(rule.grade.value_or(Grade::kError)), param);
  return false;
}

bool Checker::report_limit(const ErrorCode& code, const Rule& rule, const Place& place, std::uint64_t limit) {
  return sink_ == nullptr ? false : report(code, rule, place, std::to_string(limit));
}

bool Checker::check(const Rule& rule, const Node& node, const Place& place) {
  if (rule.never) return report(codes::kSchemaForbidden, rule, place);
  // A value of another type breaks its other rules too; to say so helps nobody.
  if (!check_type(rule, node, place)) return false;
  bool ok = check_values(rule, node, place);
  if (!ok && is_done()) return false;
  switch (node.kind) {
    case Kind::kNull:
    case Kind::kBoolean: break;
    case Kind::kText: ok = check_text(rule, node, place) && ok; break;
    case Kind::kNumber: ok = check_number(rule, node, place) && ok; break;
    case Kind::kList: ok = check_list(rule, node, place) && ok; break;
    case Kind::kObject: ok = check_object(rule, node, place) && ok; break;
  }
  if (!rule.has_applicators || (!ok && is_done())) return ok;
  return check_applicators(rule, node, place) && ok;
}

bool Checker::check_type(const Rule& rule, const Node& node, const Place& place) {
  if ((rule.types & bit_of(node.kind)) != 0) return true;
  if ((rule.types & kIntegerBit) != 0 && node.kind == Kind::kNumber) {
    const auto number = DecimalText::parse(node.text);
    if (number && number->is_integer()) return true;
  }
  return report(codes::kSchemaType, rule, place, rule.type_names);
}

bool Checker::check_values(const Rule& rule, const Node& node, const Place& place) {
  bool ok = true;
  if (rule.constant != nullptr && !equal_nodes(*rule.constant, node)) {
    ok = report(codes::kSchemaConst, rule, place, rule.constant_name);
    if (is_done()) return false;
  }
  if (!rule.has_values) return ok;
  const bool found = node.kind == Kind::kText
                         ? std::binary_search(rule.texts.begin(), rule.texts.end(), node.text)
                         : std::any_of(rule.values.begin(), rule.values.end(),
                                       [&node](const Node* value) { return equal_nodes(*value, node); });
  return found ? ok : report(codes::kSchemaEnum, rule, place, rule.value_names);
}

bool Checker::check_length(const Rule& rule, const Node& node, const Place& place) {
  // Between 1 and 4 bytes a code point: most texts need no counting.
  const std::size_t bytes = node.text.size();
  if (bytes <= rule.max_length && (bytes + 3) / 4 >= rule.min_length) return true;
  const std::size_t length = count_code_points(node.text);
  if (length < rule.min_length) return report_limit(codes::kSchemaMinLength, rule, place, rule.min_length);
  if (length > rule.max_length) return report_limit(codes::kSchemaMaxLength, rule, place, rule.max_length);
  return true;
}

bool Checker::check_text(const Rule& rule, const Node& node, const Place& place) {
  bool ok = check_length(rule, node, place);
  if (!ok && is_done()) return false;
  if (rule.pattern != nullptr && !RE2::PartialMatch(node.text, *rule.pattern)) {
    ok = report(codes::kSchemaPattern, rule, place, rule.pattern_name);
    if (is_done()) return false;
  }
  if (rule.format.fits == nullptr || rule.format.fits(node.text)) return ok;
  return report(codes::kSchemaFormat, rule, place, rule.format.name);
}

bool Checker::check_number(const Rule& rule, const Node& node, const Place& place) {
  if (!rule.minimum && !rule.maximum && !rule.above && !rule.below && !rule.multiple_of) return true;
  const auto number = DecimalText::parse(node.text);
  if (!number) return report(codes::kSchemaType, rule, place, "number");
  bool ok = true;
  const auto expect = [&](bool fitting, const ErrorCode& code, const std::optional<Bound>& bound) {
    if (fitting || (!ok && is_done())) return;
    ok = report(code, rule, place, bound->text);
  };
  expect(!rule.minimum || *number >= rule.minimum->value, codes::kSchemaMinimum, rule.minimum);
  expect(!rule.maximum || *number <= rule.maximum->value, codes::kSchemaMaximum, rule.maximum);
  expect(!rule.above || *number > rule.above->value, codes::kSchemaExclusiveMinimum, rule.above);
  expect(!rule.below || *number < rule.below->value, codes::kSchemaExclusiveMaximum, rule.below);
  expect(!rule.multiple_of || number->is_multiple_of(rule.multiple_of->value), codes::kSchemaMultipleOf,
         rule.multiple_of);
  return ok;
}

bool Checker::check_list(const Rule& rule, const Node& node, const Place& place) {
  bool ok = true;
  if (node.count < rule.min_items) ok = report_limit(codes::kSchemaMinItems, rule, place, rule.min_items);
  if (node.count > rule.max_items) ok = report_limit(codes::kSchemaMaxItems, rule, place, rule.max_items);
  if (!ok && is_done()) return false;
  if (rule.unique_items && has_duplicates(node)) ok = report(codes::kSchemaUniqueItems, rule, place);
  if (rule.items == nullptr) return ok;
  std::size_t index = 0;
  for (const Node& element : children(node)) {
    if (!ok && is_done()) return false;
    const Place here{&place, &element, index++, rule.items->title, rule.items->grade};
    ok = check(*rule.items, element, here) && ok;
  }
  return ok;
}

bool Checker::check_object(const Rule& rule, const Node& node, const Place& place) {
  std::array<std::uint64_t, kMaxRequired / 64> present{};
  std::size_t hint = 0;
  std::uint64_t members = 0;
  bool ok = true;
  for (const Node& member : children(node)) {
    const Property* property = rule.properties.find(member.name, hint);
    const Rule* inner = property == nullptr ? nullptr : property->rule;
    if (inner != nullptr && counts_as_absent(*inner, member)) continue;
    ++members;
    if (property != nullptr && property->required_bit >= 0) {
      const auto bit = static_cast<unsigned>(property->required_bit);
      present[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
    if (!ok && is_done()) return false;
    ok = (inner != nullptr ? check(*inner, member, Place{&place, &member, 0, inner->title, inner->grade})
                           : check_undeclared(rule, member, place)) &&
         ok;
  }
  for (std::size_t bit = 0; bit < rule.required.size(); ++bit) {
    if ((present[bit / 64] >> bit % 64 & 1U) != 0) continue;
    if (!ok && is_done()) return false;
    ok = report_missing(rule, *rule.required[bit], place);
  }
  if (members < rule.min_properties) ok = report_limit(codes::kSchemaMinProperties, rule, place, rule.min_properties);
  if (members > rule.max_properties) ok = report_limit(codes::kSchemaMaxProperties, rule, place, rule.max_properties);
  return ok;
}

bool Checker::check_undeclared(const Rule& rule, const Node& member, const Place& place) {
  if (rule.additional == nullptr) return true;
  const Rule& inner = *rule.additional;
  const Place here{&place, &member, 0, inner.title, inner.grade, true};
  if (inner.never) return report(codes::kSchemaUnknownField, rule, here);
  return check(inner, member, here);
}

bool Checker::report_missing(const Rule& rule, const Property& property, const Place& place) {
  if (sink_ == nullptr) return false;
  // The missing member stands where the object begins.
  Node missing;
  missing.name = property.name;
  missing.position = place.node->position;
  Place here{&place, &missing, 0, {}, {}};
  if (property.rule != nullptr) {
    here.title = property.rule->title;
    here.grade = property.rule->grade;
  } else {
    here.grade = place.grade;
  }
  return report(codes::kSchemaRequired, rule, here);
}

bool Checker::check_applicators(const Rule& rule, const Node& node, const Place& place) {
  bool ok = true;
  for (const Rule* part : rule.all_of) {
    if (!ok && is_done()) return false;
    ok = check(*part, node, in_place(place, *part)) && ok;
  }
  if (!ok && is_done()) return false;
  const auto fitting = [&](const Values& parts) {
    return std::count_if(parts.begin(), parts.end(), [&](const Rule* part) { return fits(*part, node, place); });
  };
  if (!rule.any_of.empty() && std::none_of(rule.any_of.begin(), rule.any_of.end(),
                                           [&](const Rule* part) { return fits(*part, node, place); })) {
    ok = report(codes::kSchemaAnyOf, rule, place);
  }
  if (!rule.one_of.empty() && fitting(rule.one_of) != 1) ok = report(codes::kSchemaOneOf, rule, place);
  if (rule.excluded != nullptr && fits(*rule.excluded, node, place)) ok = report(codes::kSchemaNot, rule, place);
  if (!ok && is_done()) return false;
  return check_condition(rule, node, place) && ok;
}

bool Checker::check_condition(const Rule& rule, const Node& node, const Place& place) {
  if (rule.condition == nullptr) return true;
  const Rule* chosen = fits(*rule.condition, node, place) ? rule.then_rule : rule.else_rule;
  return chosen == nullptr || check(*chosen, node, in_place(place, *chosen));
}

}  // namespace tongqu::schema
