#pragma once
// Equality of values as JSON Schema means it: 1 equals 1.0, the order of members does not matter.
#include <string>

#include "gateway/core/document.hpp"

namespace tongqu {

// Allocates only when both are lists or both are objects.
[[nodiscard]] bool equal_nodes(const Node& a, const Node& b);

// Same text for equal values, different texts for others. Time n log n in the size of the value.
[[nodiscard]] std::string canonical_text(const Node& node);

}  // namespace tongqu
