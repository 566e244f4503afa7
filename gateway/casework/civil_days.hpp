#pragma once
// Days and moments of Beijing time as deadlines are written: "2026-04-28", "2026-04-28T23:59:00+08:00".
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"

namespace tongqu {

// Days since 1970-01-01; only days of the years 1900 to 9999 are ever asked for.
using DayNumber = std::int64_t;
inline constexpr std::int64_t kDayMs = 86'400'000;

[[nodiscard]] DayNumber day_number(CivilDate date);  // `date` exists
[[nodiscard]] CivilDate date_of_day(DayNumber day);
[[nodiscard]] DayNumber beijing_day(Instant at);  // the day in Beijing
[[nodiscard]] Instant day_begin(DayNumber day);   // 00:00 in Beijing
[[nodiscard]] int weekday_of(DayNumber day);      // 0 = Sunday … 6 = Saturday
[[nodiscard]] bool is_weekend(DayNumber day);     // Saturday or Sunday, worked or not
// The corresponding day `months` later; where the month has none, its last day (民法典 Art. 202).
[[nodiscard]] DayNumber add_months(DayNumber day, std::int64_t months);
[[nodiscard]] std::string to_text(CivilDate date);
[[nodiscard]] inline std::string day_text(DayNumber day) { return to_text(date_of_day(day)); }

// A day, or a moment of it.
struct Moment {
  Instant at;             // of a day alone: its 00:00 in Beijing
  bool has_time = false;  // false: a day alone
};
// "YYYY-MM-DD"; a day of the years 1900 to 9999.
[[nodiscard]] std::optional<CivilDate> parse_date(std::string_view text);
// "YYYY-MM-DD", or with "T" or a blank "HH:MM[:SS[.fff]]" and an offset ("Z", "+08:00"); without an offset it is
// Beijing time. Years 1900 to 9999.
[[nodiscard]] std::optional<Moment> parse_moment(std::string_view text);

}  // namespace tongqu
