#pragma once
// The tables of config/rules/workdays.
#include <gtest/gtest.h>

#include "gateway/casework/work_calendar.hpp"
#include "tests/support/data.hpp"

namespace tongqu::test {

inline WorkCalendar shipped_calendar() {
  WorkCalendar calendar;
  for (int year = 2019; year <= 2026; ++year) {
    const auto path = source_folder() / "config/rules/workdays" / (std::to_string(year) + ".csv");
    EXPECT_TRUE(calendar.add_year(year, read_file(path)).empty()) << path;
  }
  return calendar;
}

}  // namespace tongqu::test
