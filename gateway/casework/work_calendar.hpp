#pragma once
// The calendar of working days (工作日): weekdays, without the days off and with the make-up working days (补班) that
// the State Council announces for each year. One table a year under config/rules/workdays/.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/casework/civil_days.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

enum class DayKind : std::uint8_t {
  kWeekday,    // Monday to Friday, worked
  kMadeUp,     // Saturday or Sunday that is worked (补班)
  kWeekend,    // ordinary Saturday or Sunday
  kStatutory,  // 法定节假日, as 《全国年节及纪念日放假办法》 lists them
  kArranged,   // day off around them: exchanged (调休), or a weekend that the notice counts into the holiday
};
[[nodiscard]] constexpr bool is_worked(DayKind kind) { return kind <= DayKind::kMadeUp; }
[[nodiscard]] constexpr bool is_holiday(DayKind kind) { return kind >= DayKind::kStatutory; }

struct CalendarDay {
  DayKind kind = DayKind::kWeekday;
  std::string_view name;     // "国庆节", as the table has it; empty = not listed. Lives as long as the calendar
  bool provisional = false;  // 暂定: the year has no table, the weekday alone was asked
};

// Immutable once its tables are in; then thread-safe.
class WorkCalendar {
 public:
  // Takes the table of `year`: lines "date,kind,name" with kind "statutory", "off" or "work", upwards, the heading
  // first. Returns every fault with its line; with a fault nothing is taken. A year that is there already is replaced.
  [[nodiscard]] std::vector<Fault> add_year(int year, std::string_view csv);

  [[nodiscard]] CalendarDay day(DayNumber day) const;
  [[nodiscard]] bool is_workday(CivilDate date) const { return is_worked(day(day_number(date)).kind); }
  [[nodiscard]] bool has_year(int year) const { return years_.contains(year); }
  // Years that have a table, upwards; `without_statutory`: only those whose table names no statutory day.
  [[nodiscard]] std::vector<int> years(bool without_statutory = false) const;

 private:
  struct Listed {
    DayKind kind;
    std::string name;
  };
  std::map<int, std::map<DayNumber, Listed>> years_;
};

}  // namespace tongqu
