// Deadlines by the shipped rules and tables, case by case out of deadline_cases.txt.
#include <gtest/gtest.h>

#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/config_rules.hpp"
#include "gateway/app/deadline_answer.hpp"
#include "tests/support/data.hpp"

namespace tongqu::app {
namespace {

struct Shipped {
  std::shared_ptr<const WorkCalendar> calendar;
  std::shared_ptr<const RuleBook> rules;
};

const Shipped& shipped() {
  static const Shipped kShipped = [] {
    LoadReport report = load_settings(test::source_folder() / "config", all_specs(), config_hash());
    Shipped out;
    EXPECT_TRUE(report.settings.has_value());
    if (!report.settings) std::abort();
    out.calendar = read_workdays(report.settings->image(), report.faults);
    out.rules = read_rules(*report.settings, *out.calendar, report.faults);
    EXPECT_FALSE(has_errors(report.faults));
    return out;
  }();
  return kShipped;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    const auto first = part.find_first_not_of(' ');
    if (first == std::string::npos) {
      if (separator == '|') parts.emplace_back();
      continue;
    }
    parts.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
  }
  return parts;
}

DeadlineQuestion question_of(const std::vector<std::string>& cells) {
  DeadlineQuestion question;
  const auto what = split(cells[0], ' ');
  if (what.size() == 2) {
    question.length = std::stoll(what[0]);
    question.unit = *time_unit(what[1]);
  } else {
    question.rule = cells[0];
  }
  question.from = cells[1];
  question.received = cells[2];
  question.pauses = split(cells[3], ' ');
  for (const std::string& text : split(cells[4], ' ')) {
    const auto plus = text.find('+');
    question.extensions.push_back(
        {text.substr(0, plus), plus == std::string::npos ? 0 : std::stoll(text.substr(plus + 1))});
  }
  return question;
}

RuleBook rules_with(const std::string& options) {
  RuleBook book = *shipped().rules;
  for (const std::string& option : split(options, ' ')) {
    if (option == "weekend_moves") book.counting.weekend_moves = true;
    if (option == "statutory") book.counting.holiday_scope = HolidayScope::kStatutory;
    if (option == "started") book.choice = RuleChoice::kStarted;
    if (option == "prefer-46") book.preferred = {"C-MEDIATE-46"};
  }
  return book;
}

std::string outcome(const Result<DeadlineAnswer>& answer) {
  if (answer.has_error()) return std::string(answer.error().code->id);
  const Deadline& deadline = answer->deadline;
  if (deadline.is_clock_time) return to_beijing_text(deadline.over_from).replace(19, 4, "");
  return (deadline.provisional ? "~" : "") + day_text(deadline.due_day);
}

TEST(Deadlines, FallOnTheDaysOfTheCases) {
  std::istringstream file(test::read_file(test::source_folder() / "tests/unit/app/deadline_cases.txt"));
  int number = 0, cases = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto cells = split(line, '|');
    ASSERT_EQ(cells.size(), 7U) << "line " << number;
    const RuleBook book = rules_with(cells[5]);
    EXPECT_EQ(outcome(answer_deadline(book, *shipped().calendar, question_of(cells))), cells[6])
        << "line " << number << ": " << line;
    ++cases;
  }
  EXPECT_GT(cases, 90);
}

// Whatever was asked, the list explains the answer: every day from the start to the last one, each once, as many
// counted as the length says, numbered upwards; the reason stands there in both languages.
TEST(Deadlines, AreExplainedDayByDay) {
  for (const Rule& rule : shipped().rules->rules()) {
    if (is_clock_time(rule.unit)) continue;
    for (const char* from : {"2026-04-28T23:59:00+08:00", "2026-09-30", "2025-12-31", "2026-05-09"}) {
      DeadlineQuestion question;
      question.rule = rule.code;
      question.from = from;
      question.pauses = {"2026-05-12/2026-05-14"};
      const auto answer = answer_deadline(*shipped().rules, *shipped().calendar, question);
      ASSERT_TRUE(answer.has_value()) << rule.code;
      const auto& days = answer->deadline.days;
      std::int64_t counted = 0;
      for (std::size_t i = 0; i < days.size(); ++i) {
        EXPECT_EQ(days[i].day, days.front().day + static_cast<DayNumber>(i));
        if (days[i].counted) EXPECT_EQ(days[i].ordinal, ++counted);
        const Bilingual why = reason_of(*answer, days[i]);
        EXPECT_FALSE(why.zh.empty() || why.en.empty());
        EXPECT_EQ(days[i].is_due, i + 1 == days.size());
      }
      EXPECT_EQ(days.back().day, answer->deadline.due_day);
      if (rule.unit == TimeUnit::kWorkingDays || rule.unit == TimeUnit::kDays)
        EXPECT_EQ(counted, answer->counting.length);
    }
  }
}

TEST(Deadlines, SayWhyTheLastDayMoved) {
  DeadlineQuestion question;
  question.length = 60;
  question.unit = TimeUnit::kDays;
  question.from = "2026-08-05";
  const auto answer = answer_deadline(*shipped().rules, *shipped().calendar, question);
  ASSERT_TRUE(answer.has_value());
  std::string said;
  for (const CountedDay& day : answer->deadline.days) {
    if (day.day >= answer->deadline.ended_on - 1)
      said += day_text(day.day).substr(5) + (day.counted ? " + " : " - ") + reason_of(*answer, day).zh + "\n";
  }
  EXPECT_EQ(said,
            "10-03 + 第 59 日\n"
            "10-04 + 第 60 日，为放假调休（国庆节），届满日顺延\n"
            "10-05 - 放假调休（国庆节），届满日顺延\n"
            "10-06 - 放假调休（国庆节），届满日顺延\n"
            "10-07 - 放假调休（国庆节），届满日顺延\n"
            "10-08 - 顺延后的第一日，为届满日\n");
}

TEST(Deadlines, WarnBeforeAndAreOverAfter) {
  DeadlineQuestion question;
  question.rule = "C-ACCEPT";
  question.from = "2026-04-28T23:59:00+08:00";
  const auto answer = answer_deadline(*shipped().rules, *shipped().calendar, question);
  ASSERT_TRUE(answer.has_value());
  // Due on Monday the 11th; two working days before it: Saturday the 9th, which is worked, and Friday.
  const auto state = [&](const char* at) { return name_of(state_of(answer->deadline, parse_moment(at)->at)); };
  EXPECT_EQ(state("2026-05-07T23:59:59+08:00"), "running");
  EXPECT_EQ(state("2026-05-08T00:00:00+08:00"), "warning");
  EXPECT_EQ(state("2026-05-11T23:59:59+08:00"), "warning");
  EXPECT_EQ(state("2026-05-12T00:00:00+08:00"), "overdue");
}

}  // namespace
}  // namespace tongqu::app
