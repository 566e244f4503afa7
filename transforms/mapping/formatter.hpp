#pragma once
// One layout for all .map files.
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

// The same mapping in the one layout: a statement a line, '=' aligned within a group of lines, blank lines and comments
// kept (a comment from inside a statement stands above it), blocks of each on one line if they were. Formatting twice
// gives the same as once. Fails with mapping.invalid when the text does not parse; schemas are not looked at.
[[nodiscard]] Result<std::string> format_mapping(std::string_view text);

}  // namespace tongqu
