#include "gateway/casework/deadline.hpp"

#include <algorithm>
#include <array>

#include "gateway/casework/casework_codes.hpp"
#include "gateway/casework/faults.hpp"

namespace tongqu {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr DayNumber kLastDay = 2'932'895;  // 9999-12-30: the day after it can still be written
constexpr std::array<std::string_view, 6> kUnits{"working_days", "days", "hours", "minutes", "months", "years"};

// Disjoint, upwards.
std::vector<Pause> merged(std::vector<Pause> pauses) {
  std::sort(pauses.begin(), pauses.end(), [](const Pause& a, const Pause& b) { return a.from < b.from; });
  std::vector<Pause> out;
  for (const Pause& pause : pauses) {
    if (out.empty() || out.back().to < pause.from) {
      out.push_back(pause);
    } else {
      out.back().to = std::max(out.back().to, pause.to);
    }
  }
  return out;
}

class Counter {
 public:
  Counter(const WorkCalendar& calendar, const CountOptions& options, const Counting& counting)
      : calendar_(calendar), options_(options), counting_(counting), pauses_(merged(counting.pauses)) {}

  Result<Deadline> run() {
    check();
    if (!faults_.empty()) return error_of(std::move(faults_));
    if (is_clock_time(counting_.unit)) {
      run_clock();
    } else {
      run_days();
    }
    if (!faults_.empty()) return error_of(std::move(faults_));
    return std::move(deadline_);
  }

 private:
  void fault(const ErrorCode& code, std::string path, std::string param = {}) {
    faults_.push_back({&code, std::move(path), {}, std::move(param), {}, Grade::kError});
  }

  void check() {
    const auto longest = [&](std::int64_t length) {
      switch (counting_.unit) {
        case TimeUnit::kHours: return length <= kMaxCountedDays * 24;
        case TimeUnit::kMinutes: return length <= kMaxCountedDays * 24 * 60;
        case TimeUnit::kMonths: return length <= kMaxCountedDays / 31;
        case TimeUnit::kYears: return length <= kMaxCountedDays / 366;
        default: return length <= kMaxCountedDays;
      }
    };
    if (counting_.length < 1 || !longest(counting_.length)) fault(codes::kDeadlineLength, "length");
    if (is_clock_time(counting_.unit) && !counting_.from.has_time) fault(codes::kDeadlineTime, "from");
    if (counting_.pauses.size() > kMaxPauses) fault(codes::kDeadlineMany, "pauses", std::to_string(kMaxPauses));
    for (std::size_t i = 0; i < counting_.pauses.size(); ++i) {
      if (counting_.pauses[i].to <= counting_.pauses[i].from)
        fault(codes::kDeadlinePause, "pauses[" + std::to_string(i) + "]");
    }
    if (counting_.extensions.size() > kMaxExtensions)
      fault(codes::kDeadlineMany, "extensions", std::to_string(kMaxExtensions));
    for (std::size_t i = 0; i < counting_.extensions.size(); ++i) {
      const std::int64_t length = counting_.extensions[i].length;
      if (length < 1 || !longest(length)) fault(codes::kDeadlineLength, "extensions[" + std::to_string(i) + "]");
    }
  }

  // ---- days ----

  void run_days() {
    start_ = cursor_ = beijing_day(counting_.from.at);
    last_ = std::min(start_ + kMaxCountedDays, kLastDay);
    deadline_.days.push_back(described(start_, DayReason::kStart));
    extension_ = 0;
    count(counting_.length);
    for (const GrantedExtension& granted : counting_.extensions) {
      ++extension_;
      if (!in_time(granted.stated_on)) return;
      count(granted.length);
    }
    deadline_.ended_on = cursor_;
    move_last_day();
    if (cursor_ > last_) return fault(codes::kDeadlineFar, "length", std::to_string(kMaxCountedDays));
    CountedDay& due = deadline_.days.back();
    due.is_due = true;
    // What is no working day is never the last of working days, so only the end of natural days asks the table here.
    if (counting_.unit != TimeUnit::kWorkingDays) due.provisional = due.provisional || is_provisional(cursor_);
    deadline_.due_day = cursor_;
    deadline_.over_from = day_begin(cursor_ + 1);
    deadline_.warn_from = std::max(day_begin(warn_day()), counting_.from.at);
    for (const CountedDay& day : deadline_.days) deadline_.provisional = deadline_.provisional || day.provisional;
  }

  // Months and years are the natural days up to the corresponding day, so that pauses work on them as on days.
  [[nodiscard]] std::int64_t units_in(std::int64_t length) const {
    if (counting_.unit == TimeUnit::kMonths) return add_months(cursor_, length) - cursor_;
    if (counting_.unit == TimeUnit::kYears) return add_months(cursor_, length * 12) - cursor_;
    return length;
  }

  void count(std::int64_t length) {
    for (std::int64_t left = units_in(length); left > 0 && cursor_ <= last_;) {
      ++cursor_;
      CountedDay day = described(cursor_, reason_of(cursor_));
      if (day.counted) {
        day.ordinal = ++ordinal_;
        --left;
      }
      day.provisional =
          counting_.unit == TimeUnit::kWorkingDays && day.reason != DayReason::kPaused && is_provisional(cursor_);
      deadline_.days.push_back(std::move(day));
    }
  }

  [[nodiscard]] DayReason reason_of(DayNumber day) const {
    if (is_paused(day)) return DayReason::kPaused;
    if (counting_.unit != TimeUnit::kWorkingDays) return DayReason::kNatural;
    switch (calendar_.day(day).kind) {
      case DayKind::kWeekday: return DayReason::kWorkday;
      case DayKind::kMadeUp: return DayReason::kMadeUp;
      case DayKind::kWeekend: return DayReason::kWeekend;
      case DayKind::kStatutory: return DayReason::kStatutory;
      case DayKind::kArranged: return DayReason::kArranged;
    }
    return DayReason::kWorkday;
  }

  [[nodiscard]] CountedDay described(DayNumber day, DayReason reason) const {
    const CalendarDay in_calendar = calendar_.day(day);
    CountedDay out;
    out.day = day;
    out.reason = reason;
    out.counted = reason == DayReason::kWorkday || reason == DayReason::kMadeUp || reason == DayReason::kNatural;
    out.extension = extension_;
    out.kind = in_calendar.kind;
    out.name = in_calendar.name;
    return out;
  }

  [[nodiscard]] bool is_provisional(DayNumber day) const { return calendar_.day(day).provisional; }

  [[nodiscard]] bool is_paused(DayNumber day) const {
    const Instant begin = day_begin(day);
    const Instant end = day_begin(day + 1);
    // The first pause that ends behind the day's begin.
    const auto found = std::upper_bound(pauses_.begin(), pauses_.end(), begin,
                                        [](Instant at, const Pause& pause) { return at < pause.to; });
    return found != pauses_.end() && found->from < end;
  }

  [[nodiscard]] bool is_no_last_day(DayNumber day) const {
    switch (calendar_.day(day).kind) {
      case DayKind::kStatutory: return true;
      case DayKind::kArranged:
        return options_.holiday_scope == HolidayScope::kArranged || (options_.weekend_moves && is_weekend(day));
      case DayKind::kWeekend: return options_.weekend_moves;
      default: return false;
    }
  }

  // Where the last day comes to stand when the period ends on `day`.
  [[nodiscard]] DayNumber moved(DayNumber day) const {
    if (!counting_.last_day_moves || !is_no_last_day(day)) return day;
    while (day <= last_ && (is_no_last_day(day) || is_paused(day))) ++day;
    return day;
  }

  void move_last_day() {
    const DayNumber to = moved(cursor_);
    if (to == cursor_) return;
    deadline_.days.back().provisional = deadline_.days.back().provisional || is_provisional(cursor_);
    while (cursor_ < to) {
      ++cursor_;
      const DayReason why = cursor_ == to        ? DayReason::kMovedTo
                            : is_paused(cursor_) ? DayReason::kPaused
                                                 : DayReason::kMovedOver;
      deadline_.days.push_back(described(cursor_, why));
    }
  }

  // Notes a fault when the extension was stated outside the period as it stood.
  bool in_time(const std::optional<CivilDate>& stated_on) {
    const std::string path = "extensions[" + std::to_string(extension_ - 1) + "]";
    if (cursor_ > last_) return true;  // told later
    if (!stated_on) return true;
    const DayNumber day = day_number(*stated_on);
    const DayNumber due = moved(cursor_);
    if (day < start_) fault(codes::kDeadlineEarly, path, day_text(start_));
    if (day > due) fault(codes::kDeadlineLate, path, day_text(due));
    return day >= start_ && day <= due;
  }

  // The day that leaves `warn_working_days` working days up to and with the last day.
  [[nodiscard]] DayNumber warn_day() const {
    DayNumber day = cursor_;
    for (std::int64_t left = counting_.warn_working_days; left > 0 && day > start_;) {
      --day;
      if (is_worked(calendar_.day(day).kind)) --left;
    }
    return day;
  }

  // ---- hours and minutes ----

  [[nodiscard]] std::int64_t ms_of(std::int64_t length) const {
    return length * (counting_.unit == TimeUnit::kHours ? 60 : 1) * kMinuteMs;
  }

  void run_clock() {
    const Instant from = counting_.from.at;
    std::int64_t length_ms = ms_of(counting_.length);
    for (std::size_t i = 0; i < counting_.extensions.size(); ++i) {
      const auto& stated = counting_.extensions[i].stated_on;
      const std::string path = "extensions[" + std::to_string(i) + "]";
      const DayNumber due = beijing_day(end_of(from, length_ms));
      if (stated && day_number(*stated) < beijing_day(from))
        fault(codes::kDeadlineEarly, path, day_text(beijing_day(from)));
      if (stated && day_number(*stated) > due) fault(codes::kDeadlineLate, path, day_text(due));
      length_ms += ms_of(counting_.extensions[i].length);
    }
    const Instant end = end_of(from, length_ms);
    if (end.ms - from.ms > kMaxCountedDays * kDayMs || beijing_day(end) > kLastDay)
      return fault(codes::kDeadlineFar, "length", std::to_string(kMaxCountedDays));
    deadline_.is_clock_time = true;
    deadline_.over_from = end;
    deadline_.ended_on = deadline_.due_day = beijing_day(end);
    deadline_.warn_from = std::max(Instant{end.ms - counting_.warn_minutes * kMinuteMs}, from);
    list_clock_days(from, end);
  }

  // `length_ms` of time that is not paused, after `from`.
  [[nodiscard]] Instant end_of(Instant from, std::int64_t length_ms) const {
    Instant end{from.ms + length_ms};
    for (const Pause& pause : pauses_) {
      if (pause.from >= end) break;
      end.ms += std::max<std::int64_t>(0, pause.to.ms - std::max(pause.from, from).ms);
    }
    return end;
  }

  void list_clock_days(Instant from, Instant end) {
    for (DayNumber day = beijing_day(from); day <= beijing_day(end); ++day) {
      const Instant first = std::max(from, day_begin(day));
      const Instant last = std::min(end, day_begin(day + 1));
      std::int64_t ran_ms = last.ms - first.ms;
      for (const Pause& pause : pauses_)
        ran_ms -= std::max<std::int64_t>(0, std::min(pause.to, last).ms - std::max(pause.from, first).ms);
      CountedDay listed = described(day, ran_ms > 0 || !is_paused(day) ? DayReason::kClock : DayReason::kPaused);
      listed.counted = ran_ms > 0;
      listed.ordinal = ran_ms / kMinuteMs;
      listed.is_due = day == beijing_day(end);
      deadline_.days.push_back(std::move(listed));
    }
  }

  const WorkCalendar& calendar_;
  const CountOptions& options_;
  const Counting& counting_;
  const std::vector<Pause> pauses_;
  Deadline deadline_;
  std::vector<Fault> faults_;
  DayNumber start_ = 0;
  DayNumber cursor_ = 0;  // the day that was looked at last
  DayNumber last_ = 0;    // no day beyond is looked at
  std::int64_t ordinal_ = 0;
  std::size_t extension_ = 0;
};

}  // namespace

std::string_view name_of(TimeUnit unit) { return kUnits[static_cast<std::size_t>(unit)]; }

std::optional<TimeUnit> time_unit(std::string_view name) {
  const auto found = std::find(kUnits.begin(), kUnits.end(), name);
  if (found == kUnits.end()) return std::nullopt;
  return static_cast<TimeUnit>(found - kUnits.begin());
}

std::string_view name_of(DayReason reason) {
  static constexpr std::array<std::string_view, 11> kNames{"start",
                                                           "working-day",
                                                           "made-up-working-day",
                                                           "natural-day",
                                                           "weekend",
                                                           "statutory-holiday",
                                                           "arranged",
                                                           "paused",
                                                           "holiday-at-the-end",
                                                           "first-day-after-the-holiday",
                                                           "clock-time"};
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view name_of(DeadlineState state) {
  static constexpr std::array<std::string_view, 3> kNames{"running", "warning", "overdue"};
  return kNames[static_cast<std::size_t>(state)];
}

Result<Deadline> count_deadline(const WorkCalendar& calendar, const CountOptions& options, const Counting& counting) {
  return Counter(calendar, options, counting).run();
}

DeadlineState state_of(const Deadline& deadline, Instant now) {
  if (now >= deadline.over_from) return DeadlineState::kOverdue;
  return now >= deadline.warn_from ? DeadlineState::kWarning : DeadlineState::kRunning;
}

}  // namespace tongqu
