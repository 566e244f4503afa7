#pragma once
// What is looked at before the parser runs: the bytes as a whole.
#include <cstddef>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu::json {

enum class ScanResult : unsigned char { kClean, kMalformed, kControl };

// The first place where the bytes are malformed UTF-8 (kMalformed) or hold a control character that JSON allows
// nowhere, that is below U+0020 other than tab, line feed and carriage return (kControl). `offset` is set to it.
[[nodiscard]] ScanResult scan(std::string_view bytes, std::size_t& offset);

// Line and column of the byte at `offset`.
[[nodiscard]] Position position_at(std::string_view bytes, std::size_t offset);

// Positions of rising offsets in one pass.
class PositionCounter {
 public:
  explicit PositionCounter(std::string_view bytes) : bytes_(bytes) {}
  // `offset` is not below the one asked for before.
  [[nodiscard]] Position at(std::size_t offset);

 private:
  std::string_view bytes_;
  std::size_t offset_ = 0;
  Position position_{1, 1};
};

}  // namespace tongqu::json
