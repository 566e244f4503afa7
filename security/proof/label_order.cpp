#include "security/proof/label_order.hpp"

#include <algorithm>

namespace tongqu {
namespace {

void add_leaves(const FieldNode& field, Shape& out) {
  for (const FieldNode& member : field.members) add_leaves(member, out);
  for (const FieldNode& one : field.element) add_leaves(one, out);
  if (field.members.empty() && field.element.empty()) out.push_back(field.label);
}

}  // namespace

bool is_open(const MaybeLabel& label) { return label && label->kind == "none" && label->subject.empty(); }

bool covers(const MaybeLabel& holder, const MaybeLabel& value) {
  if (!holder || is_open(value)) return true;
  if (!value) return false;
  return holder->kind == value->kind && (holder->subject == value->subject || holder->subject == "informant");
}

Shape shape_of(const FieldNode& field) {
  Shape leaves;
  add_leaves(field, leaves);
  Shape least;
  for (const MaybeLabel& one : leaves) {
    if (std::find(least.begin(), least.end(), one) != least.end()) continue;
    const bool above = std::any_of(leaves.begin(), leaves.end(), [&](const MaybeLabel& other) {
      return other != one && covers(one, other) && !covers(other, one);
    });
    if (!above) least.push_back(one);
  }
  return least;
}

bool covers(const Shape& holder, const Shape& value) {
  return std::all_of(holder.begin(), holder.end(), [&](const MaybeLabel& h) {
    return std::any_of(value.begin(), value.end(), [&](const MaybeLabel& v) { return covers(h, v); });
  });
}

bool is_open(const Shape& shape) {
  return std::any_of(shape.begin(), shape.end(), [](const MaybeLabel& label) { return is_open(label); });
}

std::string text_of(const MaybeLabel& label) {
  if (!label) return "secret";
  return label->subject.empty() ? label->kind : label->kind + "/" + label->subject;
}

std::string text_of(const Shape& shape) {
  std::string out;
  for (const MaybeLabel& label : shape) out += (out.empty() ? "" : "+") + text_of(label);
  return out.empty() ? "none" : out;
}

}  // namespace tongqu
