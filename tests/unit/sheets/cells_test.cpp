#include "transforms/sheets/cells.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tongqu::sheets {
namespace {

TEST(CellNumbers, AreTheDigitsThatAPersonSees) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"0", "0"},
      {"12", "12"},
      {"-3", "-3"},
      {"1E3", "1000"},
      {"999999999999999", "999999999999999"},
      {"0.1", "0.1"},
      {"1280.5", "1280.5"},
      {"1.1", "1.1"},
      {"0.30000000000000004", "0.3"},
      {"1E-3", "0.001"},
  };
  for (const auto& [stored, shown] : cases) EXPECT_EQ(number_text(stored), shown) << stored;
}

TEST(CellNumbers, WithLostDigitsAreNone) {
  for (const char* stored : {"1E15", "1.11010520261124E24", "6222021234567890128", "", "x", "1,5", "inf"})
    EXPECT_EQ(number_text(stored), std::nullopt) << stored;
}

TEST(CellDates, AreCivilDays) {
  EXPECT_EQ(date_text("44927", false), "2023-01-01");
  EXPECT_EQ(date_text("46136", false), "2026-04-24");
  EXPECT_EQ(date_text("46136.5", false), "2026-04-24 12:00:00");
  EXPECT_EQ(date_text("46136.999988425925", false), "2026-04-24 23:59:59");
  EXPECT_EQ(date_text("61", false), "1900-03-01");
  EXPECT_EQ(date_text("60", false), std::nullopt);  // the day that never was
  EXPECT_EQ(date_text("44674", true), "2026-04-24");
  for (const char* stored : {"-1", "2958466", "", "x"}) EXPECT_EQ(date_text(stored, false), std::nullopt) << stored;
}

TEST(CellFormats, OfDatesAreKnownByTheirLetters) {
  for (const std::uint32_t id : {14U, 22U, 31U, 47U, 57U}) EXPECT_TRUE(is_date_format(id, "")) << id;
  for (const std::uint32_t id : {0U, 1U, 9U, 13U, 37U, 49U}) EXPECT_FALSE(is_date_format(id, "")) << id;
  for (const char* code : {"yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]yyyy/m/d", "h:mm:ss"})
    EXPECT_TRUE(is_date_format(164, code)) << code;
  for (const char* code : {"General", "0.00", "#,##0\"days\"", "[Red]0", "@", "0\\d"})
    EXPECT_FALSE(is_date_format(164, code)) << code;
}

TEST(CellReferences, GiveColumnAndRow) {
  EXPECT_EQ(column_of("A1"), 1U);
  EXPECT_EQ(column_of("AB12"), 28U);
  EXPECT_EQ(column_of("12"), 0U);
  EXPECT_EQ(column_of("AAAA1"), 0U);
  EXPECT_EQ(row_of("AB12"), 12U);
  EXPECT_EQ(row_of("AB"), 0U);
}

}  // namespace
}  // namespace tongqu::sheets
