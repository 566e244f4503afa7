#include "gateway/casework/civil_days.hpp"

#include <chrono>

namespace tongqu {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int kFirstYear = 1900;
constexpr std::int64_t kBeijingOffsetMs = 8LL * 3600 * 1000;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

DayNumber day_number(CivilDate date) {
  return sys_days{year_month_day{std::chrono::year{date.year}, std::chrono::month{static_cast<unsigned>(date.month)},
                                 std::chrono::day{static_cast<unsigned>(date.day)}}}
      .time_since_epoch()
      .count();
}

CivilDate date_of_day(DayNumber day) {
  const year_month_day date{sys_days{std::chrono::days{day}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

DayNumber beijing_day(Instant at) {
  const std::int64_t local = at.ms + kBeijingOffsetMs;
  return local / kDayMs - (local % kDayMs < 0 ? 1 : 0);
}

Instant day_begin(DayNumber day) { return {day * kDayMs - kBeijingOffsetMs}; }

// 1970-01-01 was a Thursday.
int weekday_of(DayNumber day) { return static_cast<int>(((day + 4) % 7 + 7) % 7); }

bool is_weekend(DayNumber day) { return weekday_of(day) % 6 == 0; }

DayNumber add_months(DayNumber day, std::int64_t months) {
  const CivilDate date = date_of_day(day);
  const std::int64_t all = date.year * 12LL + (date.month - 1) + months;
  const std::chrono::year year{static_cast<int>(all / 12)};
  const std::chrono::month month{static_cast<unsigned>(all % 12 + 1)};
  const unsigned last = static_cast<unsigned>((year / month / std::chrono::last).day());
  const unsigned wanted = std::min(static_cast<unsigned>(date.day), last);
  return sys_days{year / month / std::chrono::day{wanted}}.time_since_epoch().count();
}

std::string to_text(CivilDate date) {
  std::string text = "0000-00-00";
  const auto put = [&](std::size_t from, std::size_t count, int value) {
    for (std::size_t i = from + count; i-- > from; value /= 10) text[i] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, date.year);
  put(5, 2, date.month);
  put(8, 2, date.day);
  return text;
}

std::optional<CivilDate> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)), day = digits(text.substr(8, 2));
  if (!year || !month || !day || *year < kFirstYear || !from_beijing({*year, *month, *day})) return std::nullopt;
  return CivilDate{*year, *month, *day};
}

std::optional<Moment> parse_moment(std::string_view text) {
  const auto date = parse_date(text.substr(0, 10));
  if (!date) return std::nullopt;
  if (text.size() == 10) return Moment{day_begin(day_number(*date)), false};
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  // RFC 3339 wants the seconds and the offset, which people leave out.
  std::string full(text);
  full[10] = 'T';
  const std::size_t offset = full.find_first_of("Zz+-", 11);
  std::string zone = offset == std::string::npos ? "+08:00" : full.substr(offset);
  full.resize(std::min(offset, full.size()));
  if (full.size() == 16) full += ":00";
  const auto at = parse_rfc3339(full + zone);
  if (!at) return std::nullopt;
  return Moment{*at, true};
}

}  // namespace tongqu
