#include "transforms/schema/definitions.hpp"

#include "gateway/core/text.hpp"

namespace tongqu::schema {
namespace {
constexpr std::string_view kPrefix = "#/$defs/";
}

std::string definition_name(std::string_view reference) {
  if (!reference.starts_with(kPrefix) || reference.find('/', kPrefix.size()) != std::string_view::npos) return {};
  std::string name;
  for (std::size_t i = kPrefix.size(); i < reference.size(); ++i) {
    const std::string_view rest = reference.substr(i);
    if (rest.starts_with("~0") || rest.starts_with("~1")) {
      name.push_back(rest[1] == '0' ? '~' : '/');
      ++i;
    } else if (rest.starts_with('%')) {
      const auto byte = from_hex(rest.substr(1, 2));
      if (!byte || byte->size() != 1) return {};
      name += *byte;
      i += 2;
    } else {
      name.push_back(reference[i]);
    }
  }
  return name;
}

const Node* definitions_of(const Node* document) {
  const Node* found = document == nullptr ? nullptr : document->find("$defs");
  return found != nullptr && found->kind == Kind::kObject ? found : nullptr;
}

const Node* Definitions::find(std::string_view reference) const {
  const std::string name = definition_name(reference);
  if (name.empty()) return nullptr;
  for (const Node* group : {own, shared}) {
    if (group == nullptr) continue;
    if (const Node* found = group->find(name); found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace tongqu::schema
