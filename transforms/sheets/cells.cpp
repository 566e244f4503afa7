#include "transforms/sheets/cells.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "gateway/core/clock.hpp"

namespace tongqu::sheets {
namespace {

constexpr double kMaxExact = 1e15;      // whole numbers below it have all their digits
constexpr double kMaxSerial = 2958466;  // 10000-01-01
constexpr std::int64_t kDayMs = 86'400'000;

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

// Without what stands in quotes or brackets: text and colours of a format hold letters that mean nothing.
std::string bare(std::string_view code) {
  std::string out;
  char closing = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (closing != 0) {
      if (c == closing) closing = 0;
    } else if (c == '"') {
      closing = '"';
    } else if (c == '[') {
      closing = ']';
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else {
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    }
  }
  return out;
}

}  // namespace

bool is_date_format(std::uint32_t id, std::string_view code) {
  if (code.empty())
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
  const std::string letters = bare(code);
  return letters != "general" && letters.find_first_of("ymdhs") != std::string::npos;
}

std::optional<std::string> number_text(std::string_view stored) {
  const auto value = number(stored);
  if (!value || std::abs(*value) >= kMaxExact) return std::nullopt;
  std::array<char, 64> room{};
  if (std::trunc(*value) == *value) {
    const auto end = std::to_chars(room.data(), room.data() + room.size(), static_cast<std::int64_t>(*value)).ptr;
    return std::string(room.data(), end);
  }
  // Fifteen digits are what the spreadsheet shows; the rest is the noise of binary fractions.
  std::snprintf(room.data(), room.size(), "%.15g", *value);
  const auto shown = number(room.data());
  const auto end = std::to_chars(room.data(), room.data() + room.size(), *shown, std::chars_format::fixed).ptr;
  return std::string(room.data(), end);
}

std::optional<std::string> date_text(std::string_view stored, bool from_1904) {
  const auto serial = number(stored);
  if (!serial || *serial < 0 || *serial >= kMaxSerial) return std::nullopt;
  // Serial 60 is the 29th of February 1900, a day that never was; nobody enters dates before it here.
  const double days = from_1904 ? *serial - 24107 : *serial - 25569;
  if (!from_1904 && *serial < 61) return std::nullopt;
  const auto ms = static_cast<std::int64_t>(std::llround(days * 86'400.0)) * 1000;
  const std::int64_t whole = ms >= 0 ? ms / kDayMs : -((-ms + kDayMs - 1) / kDayMs);
  // A serial date is civil time without a zone, so it is read as Beijing's.
  const std::string text = to_beijing_text({ms - 8 * 3'600'000});
  if (ms == whole * kDayMs) return text.substr(0, 10);
  return text.substr(0, 10) + " " + text.substr(11, 8);
}

std::size_t column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (column > 16'384) return 0;
  }
  return column;
}

std::size_t row_of(std::string_view reference) {
  const auto digits = reference.find_first_of("0123456789");
  std::size_t row = 0;
  if (digits == std::string_view::npos) return 0;
  (void)std::from_chars(reference.data() + digits, reference.data() + reference.size(), row);
  return row;
}

}  // namespace tongqu::sheets
