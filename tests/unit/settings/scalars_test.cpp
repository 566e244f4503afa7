#include "gateway/settings/scalars.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tongqu {
namespace {

using std::nullopt;
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

TEST(Scalars, IntegersArePlainDecimals) {
  const std::pair<const char*, std::optional<std::int64_t>> cases[] = {{"0", 0},
                                                                       {"64", 64},
                                                                       {"-12", -12},
                                                                       {"9223372036854775807", kLargest},
                                                                       {"9223372036854775808", nullopt},
                                                                       {"", nullopt},
                                                                       {"-", nullopt},
                                                                       {"-0", nullopt},
                                                                       {"+1", nullopt},
                                                                       {"010", nullopt},
                                                                       {"1.0", nullopt},
                                                                       {"1e3", nullopt},
                                                                       {"0x10", nullopt},
                                                                       {" 1", nullopt},
                                                                       {"1_000", nullopt},
                                                                       {"１", nullopt}};
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_integer(text), value) << text;
}

TEST(Scalars, DurationsCarryTheirUnit) {
  const std::pair<const char*, std::optional<std::int64_t>> cases[] = {{"500ms", 500},
                                                                       {"30s", 30'000},
                                                                       {"5m", 300'000},
                                                                       {"2h", 7'200'000},
                                                                       {"7d", 604'800'000},
                                                                       {"0s", 0},
                                                                       {"30", nullopt},
                                                                       {"s", nullopt},
                                                                       {"", nullopt},
                                                                       {"-1s", nullopt},
                                                                       {"1.5s", nullopt},
                                                                       {"1 s", nullopt},
                                                                       {"1S", nullopt},
                                                                       {"1min", nullopt},
                                                                       {"1h30m", nullopt},
                                                                       {"007s", nullopt},
                                                                       {"9223372036854775807d", nullopt}};
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_duration_ms(text), value) << text;
}

TEST(Scalars, SizesCarryTheirUnit) {
  const std::pair<const char*, std::optional<std::int64_t>> cases[] = {{"512B", 512},
                                                                       {"64KiB", 65'536},
                                                                       {"1MiB", 1'048'576},
                                                                       {"2GiB", 2'147'483'648},
                                                                       {"0B", 0},
                                                                       {"64", nullopt},
                                                                       {"64KB", nullopt},
                                                                       {"64kib", nullopt},
                                                                       {"64K", nullopt},
                                                                       {"", nullopt},
                                                                       {"9223372036854775807GiB", nullopt}};
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_size_bytes(text), value) << text;
}

TEST(Scalars, AreWrittenInTheirShortestForm) {
  EXPECT_EQ(format_duration(0), "0s");
  EXPECT_EQ(format_duration(1), "1ms");
  EXPECT_EQ(format_duration(90'000), "90s");
  EXPECT_EQ(format_duration(7'200'000), "2h");
  EXPECT_EQ(format_duration(259'200'000), "3d");
  EXPECT_EQ(format_size(0), "0B");
  EXPECT_EQ(format_size(1000), "1000B");
  EXPECT_EQ(format_size(65'536), "64KiB");
  EXPECT_EQ(format_number(SettingType::kInteger, -5), "-5");
}

TEST(Scalars, WindowsMayPassMidnight) {
  const auto night = parse_window("22:00-06:30");
  ASSERT_TRUE(night.has_value());
  EXPECT_EQ(night->from_minute, 1320);
  EXPECT_EQ(night->to_minute, 390);
  for (const char* text : {"", "22:00", "22:00-22:00", "24:00-06:00", "22:60-06:00", "2:00-06:00", "22:00 06:00",
                           "22-00-06:00", "22:00-06:00 ", "aa:bb-cc:dd"})
    EXPECT_FALSE(parse_window(text).has_value()) << text;
}

TEST(Scalars, NetworksHaveNothingBehindThePrefix) {
  for (const char* text :
       {"10.0.0.0/8", "0.0.0.0/0", "192.168.1.17/32", "2001:db8::/32", "::1/128", "::/0", "fe80::/10"})
    EXPECT_TRUE(is_network(text)) << text;
  for (const char* text : {"10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "2001:db8::1/32", "::/129", "/8", "",
                           "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "localhost/8"})
    EXPECT_FALSE(is_network(text)) << text;
}

TEST(Scalars, AddressesCarryNoPassword) {
  for (const char* text : {"https://a.example/", "http://127.0.0.1:8080", "https://[::1]:443/x?y=1@2", "https://a?b"})
    EXPECT_TRUE(is_url(text)) << text;
  for (const char* text : {"", "https://", "https:///x", "ftp://a/", "HTTPS://a/", "https://u:p@a/", "https://u@a/",
                           "https://a/ b", "https://a/#x", "https://:80/", "a.example"})
    EXPECT_FALSE(is_url(text)) << text;
}

TEST(Scalars, SafePathsDoNotClimb) {
  for (const char* text : {"a", "a/b", "/etc/a", "a..b", "...", "a/.b"}) EXPECT_TRUE(is_safe_path(text)) << text;
  for (const char* text : {"", ".", "..", "../a", "a/..", "a/../b", "a/./b"}) EXPECT_FALSE(is_safe_path(text)) << text;
  EXPECT_FALSE(is_safe_path(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_path("../a"));
}

struct RangeCase {
  FieldSpec spec;
  const char* text;
  ScalarVerdict verdict;
};

TEST(Scalars, RangesHoldAtBothEnds) {
  const FieldSpec threads{.name = "n", .type = SettingType::kInteger, .en = "", .zh = "", .min = 1, .max = 64};
  const FieldSpec wait{.name = "w", .type = SettingType::kDuration, .en = "", .zh = "", .min = 1000, .max = 60'000};
  const FieldSpec size{.name = "s", .type = SettingType::kSize, .en = "", .zh = "", .min = 1024, .max = 65'536};
  const FieldSpec text{.name = "t", .type = SettingType::kText, .en = "", .zh = "", .min = 1, .max = 3};
  using enum ScalarVerdict;
  const RangeCase cases[] = {
      {threads, "0", kOutOfRange},  {threads, "1", kGood}, {threads, "64", kGood},  {threads, "65", kOutOfRange},
      {wait, "999ms", kOutOfRange}, {wait, "1s", kGood},   {wait, "1m", kGood},     {wait, "61s", kOutOfRange},
      {size, "1023B", kOutOfRange}, {size, "1KiB", kGood}, {size, "64KiB", kGood},  {size, "65KiB", kOutOfRange},
      {text, "", kOutOfRange},      {text, "中", kGood},   {text, "中华人", kGood}, {text, "中华人民", kOutOfRange}};
  for (const RangeCase& each : cases)
    EXPECT_EQ(read_scalar(each.spec, {}, each.text, false).verdict, each.verdict) << each.spec.name << each.text;
}

TEST(Scalars, QuotationMarksMakeText) {
  const FieldSpec number{.name = "n", .type = SettingType::kInteger, .en = "", .zh = "", .min = 0, .max = 9};
  const FieldSpec flag{.name = "b", .type = SettingType::kBoolean, .en = "", .zh = ""};
  EXPECT_EQ(read_scalar(number, {}, "5", true).verdict, ScalarVerdict::kWrongType);
  EXPECT_EQ(read_scalar(flag, {}, "true", true).verdict, ScalarVerdict::kWrongType);
  EXPECT_EQ(read_scalar(flag, {}, "true", false).number, 1);
  EXPECT_EQ(read_scalar(flag, {}, "false", false).number, 0);
}

}  // namespace
}  // namespace tongqu
