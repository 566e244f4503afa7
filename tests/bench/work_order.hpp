#pragma once
// The work order that the benchmark sends: city A's fields without long free text, valid, so that nothing is held.
#include <cstddef>
#include <cstdint>
#include <string>

#include "gateway/core/clock.hpp"

namespace tongqu::bench {

inline constexpr std::size_t kOrderBytes = 1024;

// JSON of exactly kOrderBytes. `run` (at most 12 characters of A–Z, 0–9) and `number` make the order's number; the call
// was an hour before `now`. The same arguments give the same bytes.
[[nodiscard]] std::string work_order(const std::string& run, std::uint64_t number, Instant now);

}  // namespace tongqu::bench
