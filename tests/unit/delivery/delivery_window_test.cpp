#include "gateway/delivery/delivery_window.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace tongqu {
namespace {

// Monday to Friday, except 1 to 5 May 2026; Saturday 9 May 2026 is worked instead.
bool workday(CivilDate date) {
  if (date.year == 2026 && date.month == 5 && date.day <= 5) return false;
  if (date == CivilDate{2026, 5, 9}) return true;
  using namespace std::chrono;
  const weekday day{sys_days{year{date.year} / date.month / date.day}};
  return day != Saturday && day != Sunday;
}

Instant at(const char* text) {
  const auto instant = parse_rfc3339(std::string(text) + ":00+08:00");
  EXPECT_TRUE(instant.has_value()) << text;
  return instant.value_or(Instant{});
}

TEST(DeliveryWindow, KnowsWhetherItIsOpenAndWhenItOpensNext) {
  struct Case {
    const char* hours;
    bool workdays_only;
    const char* now;
    bool open;
    const char* next;
  };
  const Case cases[] = {
      {"08:30-17:00", false, "2026-04-21T08:29", false, "2026-04-21T08:30"},
      {"08:30-17:00", false, "2026-04-21T08:30", true, "2026-04-21T08:30"},
      {"08:30-17:00", false, "2026-04-21T16:59", true, "2026-04-21T16:59"},
      {"08:30-17:00", false, "2026-04-21T17:00", false, "2026-04-22T08:30"},
      {"22:00-06:00", false, "2026-04-21T21:59", false, "2026-04-21T22:00"},
      {"22:00-06:00", false, "2026-04-21T22:00", true, "2026-04-21T22:00"},
      {"22:00-06:00", false, "2026-04-21T00:00", true, "2026-04-21T00:00"},
      {"22:00-06:00", false, "2026-04-21T05:59", true, "2026-04-21T05:59"},
      {"22:00-06:00", false, "2026-04-21T06:00", false, "2026-04-21T22:00"},
      {"00:00-24:00", false, "2026-04-21T23:59", true, "2026-04-21T23:59"},
      {"18:00-24:00", false, "2026-12-31T17:59", false, "2026-12-31T18:00"},
      {"18:00-00:00", false, "2026-12-31T23:59", true, "2026-12-31T23:59"},
      {"18:00-00:00", false, "2027-01-01T00:00", false, "2027-01-01T18:00"},
      // Friday's night belongs to Friday, Sunday's is nobody's.
      {"22:00-06:00", true, "2026-04-24T23:00", true, "2026-04-24T23:00"},
      {"22:00-06:00", true, "2026-04-25T05:00", true, "2026-04-25T05:00"},
      {"22:00-06:00", true, "2026-04-25T22:00", false, "2026-04-27T22:00"},
      {"22:00-06:00", true, "2026-04-27T05:00", false, "2026-04-27T22:00"},
      // Holiday week, and a Saturday that is worked.
      {"09:00-12:00", true, "2026-04-30T12:00", false, "2026-05-06T09:00"},
      {"09:00-12:00", true, "2026-05-08T13:00", false, "2026-05-09T09:00"},
      {"09:00-12:00", true, "2026-05-09T09:00", true, "2026-05-09T09:00"},
      {"", true, "2026-05-03T10:00", false, "2026-05-06T00:00"},
      {"", true, "2026-05-06T00:00", true, "2026-05-06T00:00"},
  };
  for (const Case& c : cases) {
    const auto window = DeliveryWindow::create(c.hours, c.workdays_only, workday);
    ASSERT_TRUE(window.has_value()) << c.hours;
    EXPECT_EQ(window->open(at(c.now)), c.open) << c.hours << ' ' << c.now;
    const auto next = window->next_opening(at(c.now));
    ASSERT_TRUE(next.has_value()) << c.hours << ' ' << c.now;
    EXPECT_EQ(to_beijing_text(*next), to_beijing_text(at(c.next))) << c.hours << ' ' << c.now;
  }
}

TEST(DeliveryWindow, KnowsWhenItOpenedAndWhenItCloses) {
  const auto window = DeliveryWindow::create("22:00-06:00", false, {});
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->opened_at(at("2026-04-21T05:00")), at("2026-04-20T22:00"));
  EXPECT_EQ(window->closes_at(at("2026-04-21T05:00")), at("2026-04-21T06:00"));
  EXPECT_EQ(window->closes_at(at("2026-04-21T23:00")), at("2026-04-22T06:00"));
  EXPECT_FALSE(window->opened_at(at("2026-04-21T07:00")).has_value());
  EXPECT_FALSE(window->closes_at(at("2026-04-21T07:00")).has_value());
}

TEST(DeliveryWindow, IsAlwaysOpenWithoutHours) {
  const auto window = DeliveryWindow::create("", false, {});
  ASSERT_TRUE(window.has_value());
  EXPECT_TRUE(window->always_open());
  EXPECT_TRUE(window->open(Instant{0}));
  EXPECT_EQ(window->opened_at(at("2026-04-21T05:00")), Instant{0});
  EXPECT_FALSE(window->closes_at(Instant{0}).has_value());
}

TEST(DeliveryWindow, EndsTheSearchWhenThereAreNoWorkdays) {
  const auto window = DeliveryWindow::create("09:00-12:00", true, [](CivilDate) { return false; });
  ASSERT_TRUE(window.has_value());
  EXPECT_FALSE(window->next_opening(at("2026-04-21T10:00")).has_value());
}

TEST(DeliveryWindow, RefusesWhatItCannotRead) {
  const char* const cases[] = {"9:00-12:00",  "09:00-12:0",  "09:00",       "09:00–12:00",
                               "24:00-06:00", "25:00-06:00", "09:60-12:00", "09:00-24:01",
                               "09:00-09:00", "09:00 12:00", "0a:00-12:00", "09.00-12:00"};
  for (const char* hours : cases) {
    const auto window = DeliveryWindow::create(hours, false, {});
    ASSERT_TRUE(window.has_error()) << hours;
    EXPECT_EQ(window.error().code->id, "delivery.window");
  }
  EXPECT_TRUE(DeliveryWindow::create("", true, {}).has_error()) << "workdays without a calendar";
}

}  // namespace
}  // namespace tongqu
