#include "connectors/http/byte_range.hpp"

#include <algorithm>

namespace tongqu {

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  constexpr std::size_t kMaxDigits = 18;
  if (text.empty() || text.size() > kMaxDigits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

ByteRange parse_byte_range(std::string_view header, std::uint64_t size_bytes) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return {};
  const std::string_view range = header.substr(kUnit.size());
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = range.substr(0, dash);
  const std::string_view to = range.substr(dash + 1);
  const auto last = parse_decimal(to);
  if (!to.empty() && !last) return {};
  if (from.empty()) {
    if (!last) return {};
    if (*last == 0) return {ByteRange::Kind::kOutside, 0, 0};
    return {ByteRange::Kind::kPart, size_bytes - std::min(*last, size_bytes), size_bytes - 1};
  }
  const auto first = parse_decimal(from);
  if (!first || (last && *last < *first)) return {};
  if (*first >= size_bytes) return {ByteRange::Kind::kOutside, 0, 0};
  return {ByteRange::Kind::kPart, *first, last ? std::min(*last, size_bytes - 1) : size_bytes - 1};
}

}  // namespace tongqu
