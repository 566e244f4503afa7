#include "transforms/schema/rule.hpp"

#include <bit>
#include <functional>

namespace tongqu::schema {

Property& PropertyTable::add(std::string_view name) {
  for (Property& property : all_) {
    if (property.name == name) return property;
  }
  return all_.emplace_back(Property{name, nullptr, -1});
}

void PropertyTable::seal() {
  slots_.assign(std::bit_ceil(all_.size() * 2 + 1), 0);
  for (std::size_t i = 0; i < all_.size(); ++i) {
    std::size_t slot = std::hash<std::string_view>{}(all_[i].name) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

const Property* PropertyTable::find(std::string_view name, std::size_t& hint) const {
  if (all_.empty()) return nullptr;
  if (hint < all_.size() && all_[hint].name == name) return &all_[hint++];
  std::size_t slot = std::hash<std::string_view>{}(name) & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const std::size_t index = slots_[slot] - 1;
    if (all_[index].name != name) continue;
    hint = index + 1;
    return &all_[index];
  }
  return nullptr;
}

}  // namespace tongqu::schema
