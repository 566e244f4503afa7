#include "gateway/core/http.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tongqu {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// `count` digits at `at`; -1 when they are not.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  const char* begin = text.data() + at;
  const auto [end, failed] = std::from_chars(begin, begin + count, value);
  return failed == std::errc{} && end == begin + count && value >= 0 ? value : -1;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::size_t header_count(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [name](const auto& h) { return same_name(h.first, name); }));
}

std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return type;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  constexpr std::size_t kLength = 29;
  constexpr std::int64_t kBeijingAheadMs = 8 * 3'600'000;
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != kLength || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
      text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT")
    return std::nullopt;
  const auto* month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  CivilTime civil;
  civil.year = digits(text, 12, 4);
  civil.month = static_cast<int>(month - kMonths.begin()) + 1;
  civil.day = digits(text, 5, 2);
  civil.hour = digits(text, 17, 2);
  civil.minute = digits(text, 20, 2);
  civil.second = digits(text, 23, 2);
  const auto at = from_beijing(civil);
  if (!at) return std::nullopt;
  return Instant{at->ms + kBeijingAheadMs};
}

}  // namespace tongqu
