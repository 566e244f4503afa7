#include "gateway/casework/work_calendar.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/data.hpp"

namespace tongqu {
namespace {

std::string file_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(WorkCalendar, WithoutATableTheWeekdaysAreWorked) {
  const WorkCalendar calendar;
  EXPECT_FALSE(calendar.has_year(2027));
  EXPECT_TRUE(calendar.is_workday({2027, 1, 1}));   // a Friday
  EXPECT_FALSE(calendar.is_workday({2027, 1, 2}));  // a Saturday
  EXPECT_FALSE(calendar.is_workday({2027, 1, 3}));
  EXPECT_TRUE(calendar.is_workday({2027, 1, 4}));
  EXPECT_TRUE(calendar.is_workday({1970, 1, 1}));  // a Thursday
}

TEST(WorkCalendar, ATableSaysOtherwiseForItsDays) {
  WorkCalendar calendar;
  EXPECT_TRUE(calendar
                  .add_year(2026,
                            "\xEF\xBB\xBF"
                            "date,kind,name\r\n2026-01-01,off,元旦\r\n2026-01-04,work,元旦补班\r\n")
                  .empty());
  EXPECT_TRUE(calendar.has_year(2026));
  EXPECT_FALSE(calendar.is_workday({2026, 1, 1}));
  EXPECT_TRUE(calendar.is_workday({2026, 1, 2}));
  EXPECT_FALSE(calendar.is_workday({2026, 1, 3}));
  EXPECT_TRUE(calendar.is_workday({2026, 1, 4}));
  EXPECT_TRUE(calendar.is_workday({2027, 1, 1})) << "of another year it says nothing";
}

struct Wrong {
  const char* csv;
  const char* faults;  // "code@line …"
};
const Wrong kWrong[] = {
    {"", "workdays.heading@1"},
    {"day,kind,name\n", "workdays.heading@1"},
    {"date,kind,name\n2026-02-30,off,x\n", "workdays.date@2"},
    {"date,kind,name\n2025-12-31,off,x\n", "workdays.date@2"},
    {"date,kind,name\n2026-1-1,off,x\n", "workdays.date@2"},
    {"date,kind,name\n2026-01-01\n", "workdays.kind@2"},
    {"date,kind,name\n2026-01-01,holiday,x\n2026-01-02,,x\n", "workdays.kind@2 workdays.kind@3"},
    {"date,kind,name\n2026-01-02,off,x\n2026-01-01,off,x\n2026-01-02,off,x\n", "workdays.order@3 workdays.order@4"},
    {"date,kind,name\n2026-01-05,work,x\n", "workdays.nothing@2"},
};

TEST(WorkCalendar, EveryFaultIsNamedWithItsLineAndNothingIsTaken) {
  for (const Wrong& wrong : kWrong) {
    WorkCalendar calendar;
    std::string found;
    for (const Fault& fault : calendar.add_year(2026, wrong.csv)) {
      found += (found.empty() ? "" : " ") + std::string(fault.code->id) + "@" + std::to_string(fault.position.line);
    }
    EXPECT_EQ(found, wrong.faults) << wrong.csv;
    EXPECT_FALSE(calendar.has_year(2026));
  }
}

// The shipped tables, on days that systems which count weekends alone get wrong.
TEST(WorkCalendar, TheShippedTablesHoldWhatTheStateCouncilAnnounced) {
  WorkCalendar calendar;
  for (int year = 2019; year <= 2026; ++year) {
    const auto path = test::source_folder() / "config/rules/workdays" / (std::to_string(year) + ".csv");
    EXPECT_TRUE(calendar.add_year(year, file_of(path)).empty()) << path;
  }
  EXPECT_FALSE(calendar.is_workday({2020, 1, 31})) << "Spring Festival of 2020 was made longer";
  EXPECT_TRUE(calendar.is_workday({2026, 5, 9}));
  EXPECT_TRUE(calendar.is_workday({2026, 9, 20}));
  EXPECT_TRUE(calendar.is_workday({2026, 10, 10}));
  EXPECT_FALSE(calendar.is_workday({2026, 10, 7}));
  EXPECT_FALSE(calendar.is_workday({2026, 4, 6}));
  // Working days of a year: 365 less weekends and days off, with those that are made up for.
  int worked = 0;
  for (Instant at = *from_beijing({2026, 1, 1}); to_beijing(at).year == 2026; at.ms += 86'400'000) {
    const CivilTime day = to_beijing(at);
    worked += calendar.is_workday({day.year, day.month, day.day}) ? 1 : 0;
  }
  EXPECT_EQ(worked, 248);
}

}  // namespace
}  // namespace tongqu
