#include "gateway/casework/work_calendar.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/data.hpp"
#include "tests/unit/casework/shipped_calendar.hpp"

namespace tongqu {
namespace {

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
    {"date,kind,name\n2026-01-01,statutory,x\n2026-01-01,off,x\n", "workdays.order@3"},
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
  const WorkCalendar calendar = test::shipped_calendar();
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

TEST(WorkCalendar, SaysWhatKindOfDayItIs) {
  const WorkCalendar calendar = test::shipped_calendar();
  const auto kind = [&](CivilDate date) { return calendar.day(day_number(date)).kind; };
  EXPECT_EQ(kind({2026, 10, 3}), DayKind::kStatutory);
  EXPECT_EQ(kind({2026, 10, 4}), DayKind::kArranged);
  EXPECT_EQ(kind({2026, 10, 10}), DayKind::kMadeUp);
  EXPECT_EQ(kind({2026, 10, 11}), DayKind::kWeekend);
  EXPECT_EQ(kind({2026, 10, 12}), DayKind::kWeekday);
  EXPECT_EQ(calendar.day(day_number({2026, 10, 3})).name, "国庆节");
  EXPECT_FALSE(calendar.day(day_number({2026, 12, 31})).provisional);
  EXPECT_TRUE(calendar.day(day_number({2027, 1, 1})).provisional);
  // 国务院令第795号: New Year's Eve and 2 May are statutory from 2025 on.
  EXPECT_EQ(kind({2024, 2, 9}), DayKind::kWeekday);
  EXPECT_EQ(kind({2024, 5, 2}), DayKind::kArranged);
  EXPECT_EQ(kind({2025, 1, 28}), DayKind::kStatutory);
  EXPECT_EQ(kind({2025, 5, 2}), DayKind::kStatutory);
  EXPECT_EQ(kind({2025, 5, 3}), DayKind::kArranged);
}

TEST(WorkCalendar, HasTheStatutoryDaysThatTheLawCounts) {
  const WorkCalendar calendar = test::shipped_calendar();
  for (int year = 2019; year <= 2026; ++year) {
    int statutory = 0;
    for (DayNumber day = day_number({year, 1, 1}); date_of_day(day).year == year; ++day)
      statutory += calendar.day(day).kind == DayKind::kStatutory ? 1 : 0;
    // Eleven days, thirteen since 2025. In 2020 Mid-Autumn fell on 1 October.
    EXPECT_EQ(statutory, year >= 2025 ? 13 : year == 2020 ? 10 : 11) << year;
  }
}

// Every day of 2019 to 2026 against a data set that others made out of the notices.
TEST(WorkCalendar, AgreesWithTheDataSetOnEveryDay) {
  const auto data = test::data_folder();
  if (!data) GTEST_SKIP() << "no test data";
  std::map<std::string, bool> off;  // of each listed day
  for (int year = 2019; year <= 2026; ++year) {
    const std::string text = test::read_file(*data / "holidays" / (std::to_string(year) + ".json"));
    if (text.empty()) GTEST_SKIP() << "holidays/" << year << ".json is not there";
    constexpr std::string_view kDate = "\"date\": \"", kOff = "\"isOffDay\": ";
    for (auto at = text.find(kDate); at != std::string::npos; at = text.find(kDate, at + 1))
      off[text.substr(at + kDate.size(), 10)] = text.compare(text.find(kOff, at) + kOff.size(), 4, "true") == 0;
  }
  ASSERT_GT(off.size(), 250U);
  const WorkCalendar calendar = test::shipped_calendar();
  for (DayNumber day = day_number({2019, 1, 1}); day <= day_number({2026, 12, 31}); ++day) {
    const auto listed = off.find(day_text(day));
    const bool holiday = listed != off.end() && listed->second;
    const bool worked = listed == off.end() ? !is_weekend(day) : !listed->second;
    EXPECT_EQ(is_worked(calendar.day(day).kind), worked) << day_text(day);
    EXPECT_EQ(is_holiday(calendar.day(day).kind), holiday) << day_text(day);
  }
}

}  // namespace
}  // namespace tongqu
