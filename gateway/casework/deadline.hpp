#pragma once
// Counting deadlines (Order 121 Art. 45, 程序规定 Art. 80, 民法典 Art. 200–204), day by day, so that every answer can
// be explained and computed again.
//
//  * Days, months and years: the day of the start is not counted. Months and years end on the corresponding day.
//  * Natural days end where they end; on a holiday in scope the last day is the first day after it, taken literally,
//    whatever day of the week it is. The end of an ordinary weekend only moves with `weekend_moves`.
//  * Working days: what WorkCalendar says.
//  * A day that a pause touches is not counted. What moved onto a paused day moves on.
//  * An extension counts on from the day on which the period would have ended, before any move.
//  * Hours and minutes run from the very minute, through nights and holidays; a pause adds its own duration.
//  * The last day lasts until its midnight in Beijing.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/casework/work_calendar.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

enum class TimeUnit : std::uint8_t { kWorkingDays, kDays, kHours, kMinutes, kMonths, kYears };
[[nodiscard]] std::string_view name_of(TimeUnit unit);  // "working_days", …
[[nodiscard]] std::optional<TimeUnit> time_unit(std::string_view name);
[[nodiscard]] constexpr bool is_clock_time(TimeUnit unit) {
  return unit == TimeUnit::kHours || unit == TimeUnit::kMinutes;
}

enum class HolidayScope : std::uint8_t { kStatutory, kArranged };

struct CountOptions {
  HolidayScope holiday_scope = HolidayScope::kArranged;
  bool weekend_moves = false;
};

// Half-open: [from, to). Of days, every Beijing day that it touches is paused.
struct Pause {
  Instant from;
  Instant to;
};

struct GrantedExtension {
  std::int64_t length = 0;  // in `unit` of the period
  // When it was stated; has to be before the period, as extended so far, was over. Empty = taken to be in time.
  std::optional<CivilDate> stated_on;
};

struct Counting {
  std::int64_t length = 0;
  TimeUnit unit = TimeUnit::kWorkingDays;
  bool last_day_moves = true;
  Moment from;
  std::vector<Pause> pauses;  // in any order; may overlap
  std::vector<GrantedExtension> extensions;
  std::int64_t warn_working_days = 0;  // lead of the warning for days, months, years
  std::int64_t warn_minutes = 0;       // … for hours, minutes
};
inline constexpr std::int64_t kMaxCountedDays = 36'600;  // a century
inline constexpr std::size_t kMaxPauses = 1000;
inline constexpr std::size_t kMaxExtensions = 20;

enum class DayReason : std::uint8_t {
  kStart,      // not counted: the day on which it begins
  kWorkday,    // counted: a working day
  kMadeUp,     // counted: a make-up working day
  kNatural,    // counted: a natural day
  kWeekend,    // not counted: an ordinary weekend
  kStatutory,  // not counted: statutory holiday
  kArranged,   // not counted: day off as arranged
  kPaused,     // not counted: paused
  kMovedOver,  // not counted: the last day moved over it
  kMovedTo,    // not counted: the day that the last day moved to
  kClock,      // counted: hours and minutes of it
};
[[nodiscard]] std::string_view name_of(DayReason reason);  // "start", "working-day", …

struct CountedDay {
  DayNumber day = 0;
  DayReason reason = DayReason::kStart;
  bool counted = false;
  bool is_due = false;        // the last day
  bool provisional = false;   // its year has no table, and that matters here
  std::int64_t ordinal = 0;   // 1… of counted days; 0 = not counted. Hours and minutes: minutes of this day that ran
  std::size_t extension = 0;  // 0 = the period itself, 1 = first extension, …
  DayKind kind = DayKind::kWeekday;
  std::string name;  // of the holiday, as the table has it
};

struct Deadline {
  DayNumber ended_on = 0;  // the last day before it moved off a holiday
  DayNumber due_day = 0;   // the last day, whole
  Instant over_from;       // 超期 from this moment on: midnight after the last day, or the very minute
  Instant warn_from;       // 预警 from this moment on; not before the start
  bool is_clock_time = false;
  bool provisional = false;      // a day without table decided: compute again when the table is there
  std::vector<CountedDay> days;  // from the start to the last day, each once
};

// What can be wrong with `counting` is what people typed: deadline.* of casework_codes.hpp, with the place as path
// ("from", "length", "pauses[1]", "extensions[0]"), all of them at once. Pure; thread-safe.
[[nodiscard]] Result<Deadline> count_deadline(const WorkCalendar& calendar, const CountOptions& options,
                                              const Counting& counting);

enum class DeadlineState : std::uint8_t { kRunning, kWarning, kOverdue };
[[nodiscard]] DeadlineState state_of(const Deadline& deadline, Instant now);
[[nodiscard]] std::string_view name_of(DeadlineState state);  // "running", "warning", "overdue"

}  // namespace tongqu
