#pragma once
// The Range header (RFC 9110 section 14.2), one range of bytes. No I/O.
#include <cstdint>
#include <optional>
#include <string_view>

namespace tongqu {

struct ByteRange {
  enum class Kind : std::uint8_t {
    kWhole,  // no such header, another unit, several ranges, or no form: the whole is sent, as the RFC permits
    kPart,
    kOutside  // 416
  };
  Kind kind = Kind::kWhole;
  std::uint64_t first = 0;  // of kPart: first ≤ last < size
  std::uint64_t last = 0;
};

// `header` is empty when there is none; `size_bytes` is at least 1.
[[nodiscard]] ByteRange parse_byte_range(std::string_view header, std::uint64_t size_bytes);

// A plain decimal number of up to 18 digits.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace tongqu
