#pragma once
// Working days (工作日): weekdays, without the days off and with the make-up working days (补班) that the State Council
// announces for each year. One table a year under config/rules/workdays/.
#include <map>
#include <string_view>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

// Immutable once its tables are in; then thread-safe.
class WorkCalendar {
 public:
  // Takes the table of `year`: lines "date,kind,name" with kind "off" or "work", upwards, the heading first. Returns
  // every fault with its line; with a fault nothing is taken. A year that is there already is replaced.
  [[nodiscard]] std::vector<Fault> add_year(int year, std::string_view csv);

  // A year without a table follows the weekdays alone: its days are provisional (暂定).
  [[nodiscard]] bool is_workday(CivilDate date) const;
  [[nodiscard]] bool has_year(int year) const { return years_.contains(year); }

 private:
  std::map<int, std::map<CivilDate, bool>> years_;  // of each listed day: is it worked?
};

}  // namespace tongqu
