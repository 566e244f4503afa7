#include "transforms/codecs/json_scan.hpp"

#include <cstdint>
#include <cstring>

#include "gateway/core/text.hpp"

namespace tongqu::json {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
constexpr std::uint64_t kSpaces = 0x2020202020202020ULL;

// True when all eight bytes are within U+0020..U+007F.
bool is_plain(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return ((word | (word - kSpaces)) & kHighBits) == 0;
}

bool is_continuation(char c) { return static_cast<signed char>(c) < -64; }

// Three bytes that are neither overlong nor a surrogate: nearly all Chinese text.
bool is_three_byte(const char* at) {
  const auto lead = static_cast<unsigned char>(at[0]);
  const auto second = static_cast<unsigned char>(at[1]);
  if ((lead & 0xF0U) != 0xE0U || !is_continuation(at[1]) || !is_continuation(at[2])) return false;
  return !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second >= 0xA0);
}

}  // namespace

ScanResult scan(std::string_view bytes, std::size_t& offset) {
  const char* const data = bytes.data();
  const std::size_t size = bytes.size();
  std::size_t at = 0;
  while (at < size) {
    if (size - at >= 8 && is_plain(data + at)) {
      at += 8;
      continue;
    }
    const auto c = static_cast<unsigned char>(data[at]);
    if (c < 0x80) {
      if (c < 0x20 && c != '\n' && c != '\r' && c != '\t') {
        offset = at;
        return ScanResult::kControl;
      }
      ++at;
      continue;
    }
    while (size - at >= 3 && is_three_byte(data + at)) at += 3;
    if (at < size && static_cast<unsigned char>(data[at]) >= 0x80 && !next_code_point(bytes, at)) {
      offset = at;
      return ScanResult::kMalformed;
    }
  }
  return ScanResult::kClean;
}

}  // namespace tongqu::json
