#include "transforms/schema/decimal_text.hpp"

#include <gtest/gtest.h>

namespace tongqu {
namespace {

DecimalText decimal(std::string_view text) {
  const auto value = DecimalText::parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(DecimalText{});
}

TEST(DecimalText, ValuesAreOrderedExactly) {
  // Each is below the next.
  const std::string_view rising[] = {"-1e400",
                                     "-9007199254740993",
                                     "-9007199254740992.9",
                                     "-10",
                                     "-1.5",
                                     "-1",
                                     "-0.1",
                                     "-1e-400",
                                     "0",
                                     "1e-400",
                                     "0.1",
                                     "0.10000000000000000000001",
                                     "0.2",
                                     "1",
                                     "1.05",
                                     "1.5",
                                     "2",
                                     "10",
                                     "99.9",
                                     "1e2",
                                     "123456789012345678901234567890",
                                     "1e400",
                                     "1e999999999"};
  for (std::size_t i = 0; i < std::size(rising); ++i) {
    for (std::size_t j = 0; j < std::size(rising); ++j) {
      EXPECT_EQ(decimal(rising[i]) <=> decimal(rising[j]), i <=> j) << rising[i] << ' ' << rising[j];
    }
  }
}

TEST(DecimalText, TheSameValueHasManyTextsAndOneCanonicalForm) {
  struct Case {
    std::string_view canonical;
    std::vector<std::string_view> texts;
  };
  for (const Case& c : std::vector<Case>{{"0e0", {"0", "-0", "0.000", "0e5", "-0.0e-9"}},
                                         {"1e0", {"1", "1.0", "10e-1", "0.1e1", "0.001e3"}},
                                         {"-125e-2", {"-1.25", "-1.250", "-125e-2", "-0.0125e2"}},
                                         {"12e2", {"1200", "1.2e3", "1200.00", "0.012E+5"}}}) {
    for (const std::string_view text : c.texts) {
      EXPECT_EQ(decimal(text).to_canonical(), c.canonical) << text;
      EXPECT_EQ(decimal(text), decimal(c.texts[0])) << text;
    }
  }
}

TEST(DecimalText, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", "+1", ".5", "1.", "1e", "1e+", "1x", " 1", "1 ", "NaN", "1.2.3", "--1"}) {
    EXPECT_FALSE(DecimalText::parse(text).has_value()) << text;
  }
}

TEST(DecimalText, KnowsIntegersWhateverTheirForm) {
  for (const char* text : {"0", "-7", "1.0", "1e3", "1.5e1", "100e-2", "123456789012345678901234567890"}) {
    EXPECT_TRUE(decimal(text).is_integer()) << text;
  }
  for (const char* text : {"0.5", "1e-1", "1.05e1", "100.000001"}) EXPECT_FALSE(decimal(text).is_integer()) << text;
}

TEST(DecimalText, MultiplesAreExact) {
  struct Case {
    std::string_view value;
    std::string_view divisor;
    bool multiple;
  };
  for (const Case& c :
       {Case{"0.3", "0.1", true}, Case{"19.99", "0.01", true}, Case{"0.0075", "0.0001", true},
        Case{"0.00751", "0.0001", false}, Case{"35", "1.5", false}, Case{"4.5", "1.5", true}, Case{"-4.5", "1.5", true},
        Case{"0", "7", true}, Case{"0", "0", true}, Case{"5", "0", false}, Case{"1e300", "3", false},
        Case{"3e300", "3", true}, Case{"1e999999999999", "7", false}, Case{"1e18", "999999999999999999", false},
        Case{"999999999999999999e5", "999999999999999999", true}, Case{"12391239123", "1e-8", true},
        Case{"1", "10", false}, Case{"20", "10", true}, Case{"5", "2.5", true}}) {
    EXPECT_EQ(decimal(c.value).is_multiple_of(decimal(c.divisor)), c.multiple) << c.value << ' ' << c.divisor;
  }
}

TEST(DecimalText, CountsAreWholeAndNotNegative) {
  EXPECT_EQ(decimal("2.0").to_count(), 2U);
  EXPECT_EQ(decimal("0").to_count(), 0U);
  EXPECT_EQ(decimal("12e2").to_count(), 1200U);
  EXPECT_EQ(decimal("9007199254740992").to_count(), std::uint64_t{1} << 53U);
  for (const char* text : {"-1", "1.5", "9007199254740993", "1e20", "1e999999999"}) {
    EXPECT_FALSE(decimal(text).to_count().has_value()) << text;
  }
}

}  // namespace
}  // namespace tongqu
