#include "gateway/core/clock.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace tongqu {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::month;
using std::chrono::steady_clock;
using std::chrono::sys_days;
using std::chrono::system_clock;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::int64_t kBeijingOffsetMs = 8LL * 3600 * 1000;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

void put_digits(std::string& text, std::size_t from, std::size_t count, int value) {
  for (std::size_t i = from + count; i-- > from; value /= 10) text[i] = static_cast<char>('0' + value % 10);
}

std::optional<std::int64_t> to_ms(const CivilTime& c) {
  const year_month_day date{year{c.year}, month{static_cast<unsigned>(c.month)}, day{static_cast<unsigned>(c.day)}};
  if (c.month < 1 || c.day < 1 || !date.ok()) return std::nullopt;
  if (c.hour > 23 || c.minute > 59 || c.second > 59 || c.hour < 0 || c.minute < 0 || c.second < 0) return std::nullopt;
  const std::int64_t days = sys_days{date}.time_since_epoch().count();
  return ((days * 24 + c.hour) * 60 + c.minute) * 60000 + c.second * 1000LL + c.millisecond;
}

// Reads "Z" or "+hh:mm" that ends the text; the offset in milliseconds.
std::optional<std::int64_t> parse_offset(std::string_view rest) {
  if (rest == "Z" || rest == "z") return 0;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  const auto hours = digits(rest, 1, 2);
  const auto minutes = digits(rest, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t offset = (*hours * 60LL + *minutes) * 60000;
  return rest[0] == '-' ? -offset : offset;
}

}  // namespace

Instant SystemClock::now() const {
  return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

std::int64_t SystemClock::steady_ms() const {
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

CivilTime to_beijing(Instant at) {
  const std::int64_t local = at.ms + kBeijingOffsetMs;
  std::int64_t days_count = local / kDayMs;
  std::int64_t rest = local % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    --days_count;
  }
  const year_month_day date{sys_days{days{days_count}}};
  CivilTime c;
  c.year = static_cast<int>(date.year());
  c.month = static_cast<int>(static_cast<unsigned>(date.month()));
  c.day = static_cast<int>(static_cast<unsigned>(date.day()));
  c.hour = static_cast<int>(rest / 3600000);
  c.minute = static_cast<int>(rest / 60000 % 60);
  c.second = static_cast<int>(rest / 1000 % 60);
  c.millisecond = static_cast<int>(rest % 1000);
  return c;
}

std::optional<Instant> from_beijing(const CivilTime& civil) {
  const auto ms = to_ms(civil);
  if (!ms) return std::nullopt;
  return Instant{*ms - kBeijingOffsetMs};
}

std::string to_beijing_text(Instant at) {
  const CivilTime c = to_beijing(at);
  // By hand: every audit entry has a time, and snprintf took longer than the calendar.
  std::string text = "0000-00-00T00:00:00.000+08:00";
  put_digits(text, 0, 4, c.year);
  put_digits(text, 5, 2, c.month);
  put_digits(text, 8, 2, c.day);
  put_digits(text, 11, 2, c.hour);
  put_digits(text, 14, 2, c.minute);
  put_digits(text, 17, 2, c.second);
  put_digits(text, 20, 3, c.millisecond);
  return text;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  CivilTime c{*year, *month, *day, *hour, *minute, *second, 0};
  std::size_t at = 19;
  if (text[at] == '.') {
    const std::size_t begin = ++at;
    int scale = 100;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      c.millisecond += (text[at] - '0') * scale;
      scale /= 10;
      ++at;
    }
    if (at == begin || at - begin > 9) return std::nullopt;
  }
  const auto offset = parse_offset(text.substr(at));
  const auto ms = to_ms(c);
  if (!offset || !ms) return std::nullopt;
  return Instant{*ms - *offset};
}

}  // namespace tongqu
