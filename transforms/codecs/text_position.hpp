#pragma once
// Offsets in UTF-8 → lines and columns.
#include <cstddef>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

// Line and column of the byte at `offset`.
[[nodiscard]] Position position_at(std::string_view text, std::size_t offset);

// Positions of rising offsets in one pass.
class PositionCounter {
 public:
  explicit PositionCounter(std::string_view text) : text_(text) {}
  // `offset` is not below the one asked for before.
  [[nodiscard]] Position at(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_{1, 1};
};

}  // namespace tongqu
