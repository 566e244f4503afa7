#include "gateway/core/field_tree.hpp"

#include <array>

namespace tongqu {

const FieldNode* FieldNode::find(std::string_view member) const {
  for (const FieldNode& child : members) {
    if (child.name == member) return &child;
  }
  return nullptr;
}

const FieldNode* field_at(const FieldNode& root, std::string_view path) {
  const FieldNode* field = &root;
  while (!path.empty() && field != nullptr) {
    if (path[0] == '[') {
      const auto close = path.find(']');
      if (close == std::string_view::npos || field->element.empty()) return nullptr;
      field = &field->element.front();
      path.remove_prefix(close + 1);
      if (path.starts_with('.')) path.remove_prefix(1);
      continue;
    }
    const auto stop = path.find_first_of(".[");
    field = field->find(path.substr(0, stop));
    path.remove_prefix(stop == std::string_view::npos ? path.size() : stop + (path[stop] == '.' ? 1 : 0));
  }
  return field;
}

std::string_view name_of(FieldType type) {
  static constexpr std::array<std::string_view, 8> kNames{"text",    "integer", "decimal", "boolean",
                                                          "instant", "list",    "object",  "any"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace tongqu
