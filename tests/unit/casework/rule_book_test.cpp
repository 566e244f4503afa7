#include "gateway/casework/rule_book.hpp"

#include <gtest/gtest.h>

namespace tongqu {
namespace {

DayNumber day(const char* text) { return day_number(*parse_date(text)); }

Rule rule(const char* code, const char* topic, const char* set, const char* first, const char* last) {
  Rule out;
  out.code = code;
  out.topic = topic;
  out.set = set;
  if (*first != '\0') out.time.first = day(first);
  if (*last != '\0') out.time.last = day(last);
  return out;
}

RuleBook small_book() {
  RuleBook book;
  book.add(rule("M-OLD", "M", "old", "2020-01-01", "2026-04-14"));
  book.add(rule("M", "M", "new", "2026-04-15", ""));
  Rule other = rule("M-OTHER", "M", "other", "2024-07-01", "2026-04-14");
  other.is_alternative = true;
  book.add(other);
  return book;
}

std::string chosen(const RuleBook& book, const char* name, const char* at) {
  const auto found = book.choose(name, day(at));
  if (found.rule == nullptr) return "none";
  return found.rule->code + (found.in_force ? "" : " (not in force)");
}

TEST(RuleBook, ATopicChoosesByTheDayOfReceipt) {
  RuleBook book = small_book();
  EXPECT_EQ(chosen(book, "M", "2026-04-14"), "M-OLD");
  EXPECT_EQ(chosen(book, "M", "2026-04-15"), "M");
  EXPECT_EQ(chosen(book, "M", "2019-12-31"), "M-OLD (not in force)");
  EXPECT_EQ(chosen(book, "M-OLD", "2026-05-01"), "M-OLD (not in force)");
  EXPECT_EQ(chosen(book, "M-OTHER", "2025-01-01"), "M-OTHER");
  EXPECT_EQ(chosen(book, "N", "2025-01-01"), "none");
  book.preferred = {"M-OTHER"};
  EXPECT_EQ(chosen(book, "M", "2025-01-01"), "M-OTHER");
  EXPECT_EQ(chosen(book, "M", "2024-06-30"), "M-OLD");
  EXPECT_EQ(chosen(book, "M", "2026-04-15"), "M");
}

std::string conflicts(const RuleBook& book) {
  std::string out;
  for (const RuleConflict& conflict : conflicts_of(book)) {
    out +=
        (out.empty() ? "" : "; ") + std::string(conflict.kind == RuleConflict::Kind::kOverlap ? "overlap " : "gap ") +
        book.rules()[conflict.rule].set + " after " + book.rules()[conflict.other].set + " " + day_text(conflict.first);
  }
  return out;
}

TEST(RuleBook, VersionsThatOverlapOrLeaveDaysOutAreFound) {
  EXPECT_EQ(conflicts(small_book()), "");
  RuleBook book;
  book.add(rule("A", "A", "new", "2022-01-01", ""));
  book.add(rule("A", "A", "old", "", "2022-01-01"));
  book.add(rule("B", "B", "late", "2023-01-02", ""));
  book.add(rule("B", "B", "long", "2020-01-01", "2022-12-31"));
  book.add(rule("B", "B", "short", "2021-01-01", "2021-12-31"));
  EXPECT_EQ(conflicts(book),
            "overlap new after old 2022-01-01; overlap short after long 2021-01-01; "
            "gap late after long 2023-01-01");
}

}  // namespace
}  // namespace tongqu
