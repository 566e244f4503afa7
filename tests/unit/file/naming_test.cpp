#include "connectors/file/naming.hpp"

#include <gtest/gtest.h>

namespace tongqu::file {
namespace {

TEST(Naming, AlternativesArePartedByABar) {
  EXPECT_TRUE(fits("*.zip|*.xml", "a.xml"));
  EXPECT_TRUE(fits("*.zip|*.xml", "a.zip"));
  EXPECT_TRUE(fits("*", "a|b"));
  EXPECT_FALSE(fits("*.zip|*.xml", "a.xml.tmp"));
  EXPECT_FALSE(fits("", "a"));
  EXPECT_FALSE(fits("a|", "b"));
}

TEST(Naming, TheFirstEightDigitsThatAreADayDateAFile) {
  const auto day = [](std::string_view name) {
    const auto at = day_in_name(name);
    return at ? to_beijing_text(*at).substr(0, 10) : std::string();
  };
  EXPECT_EQ(day("CN-PATENT-20141224.zip"), "2014-12-24");
  EXPECT_EQ(day("20141224"), "2014-12-24");
  EXPECT_EQ(day("CN104223352A-20241301-20240229.xml"), "2024-02-29");
  EXPECT_EQ(day("CN104223352A.xml"), "") << "nine digits are no day";
  EXPECT_EQ(day("18000101.zip"), "");
  EXPECT_EQ(day(""), "");
}

}  // namespace
}  // namespace tongqu::file
