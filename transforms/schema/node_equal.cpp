#include "transforms/schema/node_equal.hpp"

#include <algorithm>
#include <vector>

#include "gateway/core/jcs.hpp"
#include "transforms/schema/decimal_text.hpp"

namespace tongqu {
namespace {

void append_canonical(std::string& out, const Node& node);

void append_members(std::string& out, const Node& node) {
  std::vector<const Node*> members;
  members.reserve(node.count);
  for (const Node& member : children(node)) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const Node* a, const Node* b) { return a->name < b->name; });
  out.push_back('{');
  for (const Node* member : members) {
    append_json_string(out, member->name);
    out.push_back(':');
    append_canonical(out, *member);
    out.push_back(',');
  }
  out.push_back('}');
}

void append_canonical(std::string& out, const Node& node) {
  switch (node.kind) {
    case Kind::kNull: out += "null"; return;
    case Kind::kBoolean: out += node.text; return;
    case Kind::kNumber: {
      const auto number = DecimalText::parse(node.text);
      out += number ? number->to_canonical() : std::string(node.text);
      return;
    }
    case Kind::kText: append_json_string(out, node.text); return;
    case Kind::kList:
      out.push_back('[');
      for (const Node& element : children(node)) {
        append_canonical(out, element);
        out.push_back(',');
      }
      out.push_back(']');
      return;
    case Kind::kObject: append_members(out, node); return;
  }
}

}  // namespace

std::string canonical_text(const Node& node) {
  std::string out;
  append_canonical(out, node);
  return out;
}

bool equal_nodes(const Node& a, const Node& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::kNumber) {
    const auto x = DecimalText::parse(a.text);
    const auto y = DecimalText::parse(b.text);
    return x && y ? *x == *y : a.text == b.text;
  }
  if (a.is_scalar()) return a.text == b.text;
  return a.count == b.count && canonical_text(a) == canonical_text(b);
}

}  // namespace tongqu
