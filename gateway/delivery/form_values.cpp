#include "gateway/delivery/form_values.hpp"

namespace tongqu {
namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;

void add(const FieldNode& field, const std::string& path, const std::string& title, Columns& out) {
  for (const FieldNode& member : field.members) {
    const std::string below = path.empty() ? member.name : path + '.' + member.name;
    const std::string& own = member.title_zh.empty() ? member.name : member.title_zh;
    const std::string shown = title.empty() ? own : title + " · " + own;
    if (member.members.empty()) {
      out.emplace_back(below, shown);
    } else {
      add(member, below, shown, out);
    }
  }
}

void append_value(const Node& node, std::string_view between, std::string& out) {
  if (node.is_scalar()) {
    out += node.text;
    return;
  }
  bool first = true;
  for (const Node& child : children(node)) {
    if (!first) out += between;
    first = false;
    if (node.kind == Kind::kObject) out.append(child.name).append(": ");
    append_value(child, "; ", out);
  }
}

}  // namespace

Columns form_columns(const FieldNode& fields) {
  Columns out;
  add(fields, {}, {}, out);
  return out;
}

Columns form_columns(const Node& root) {
  Columns out;
  for (const Node& member : children(root)) out.emplace_back(member.name, member.name);
  return out;
}

std::string form_value(const Node& root, std::string_view path) {
  const Node* node = &root;
  while (node != nullptr && !path.empty()) {
    const auto dot = path.find('.');
    node = node->find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  std::string out;
  if (node != nullptr) append_value(*node, "\n", out);
  return out;
}

}  // namespace tongqu
