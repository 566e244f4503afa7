#pragma once
// What the names of files say. No I/O.
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"

namespace tongqu::file {

// True when the whole of `name` is as `pattern` says: * and ? as of fnmatch, alternatives parted by "|".
[[nodiscard]] bool fits(std::string_view pattern, const std::string& name);

// The first eight digits in a row (no more, no fewer) of `name` that are a day, yyyyMMdd from 1900 on, at Beijing
// midnight; empty when there are none.
[[nodiscard]] std::optional<Instant> day_in_name(std::string_view name);

}  // namespace tongqu::file
