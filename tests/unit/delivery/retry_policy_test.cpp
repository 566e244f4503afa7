#include "gateway/delivery/retry_policy.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {
namespace {

RandomSource fixed(double value) {
  return [value] { return value; };
}

TEST(RetryPolicy, GrowsFromTheFirstWaitToTheLongest) {
  const RetryOptions options{100, 3.0, 5'000, 0, 0};
  const std::int64_t expected[] = {100, 300, 900, 2'700, 5'000, 5'000};
  for (std::int32_t attempts = 1; attempts <= 6; ++attempts) {
    EXPECT_EQ(retry_delay_ms(options, attempts, 0, fixed(0.5)), expected[attempts - 1]) << attempts;
  }
  EXPECT_EQ(retry_delay_ms(options, std::numeric_limits<std::int32_t>::max(), 0, fixed(0.5)), 5'000);
}

TEST(RetryPolicy, SpreadsByTheJitterWithinItsLimits) {
  struct Case {
    std::int32_t percent;
    double random;
    std::int64_t expected;
  };
  const Case cases[] = {{20, 0.0, 800},  {20, 0.5, 1'000}, {20, 0.999999, 1'199},
                        {0, 0.9, 1'000}, {100, 0.0, 1},    {100, 0.75, 1'500}};
  for (const Case& c : cases) {
    const RetryOptions options{1'000, 2.0, 60'000, c.percent, 0};
    EXPECT_EQ(retry_delay_ms(options, 1, 0, fixed(c.random)), c.expected) << c.percent << ' ' << c.random;
  }
  EXPECT_EQ(retry_delay_ms({1'000, 2.0, 1'000, 50, 0}, 1, 0, fixed(0.99)), 1'000) << "never above max_ms";
}

TEST(RetryPolicy, FollowsRetryAfterUpwardsAndWithinTheLongestWait) {
  const RetryOptions options{1'000, 2.0, 10'000, 0, 0};
  EXPECT_EQ(retry_delay_ms(options, 1, 4'000, fixed(0.5)), 4'000);
  EXPECT_EQ(retry_delay_ms(options, 4, 4'000, fixed(0.5)), 8'000) << "a shorter wish changes nothing";
  EXPECT_EQ(retry_delay_ms(options, 1, 86'400'000, fixed(0.5)), 10'000);
  EXPECT_EQ(retry_delay_ms(options, 1, -5, fixed(0.5)), 1'000);
}

TEST(RetryPolicy, GivesUpAtDeadlineOrAttempts) {
  struct Case {
    const char* name;
    std::int32_t max_attempts, attempts;
    std::int64_t now_ms, deadline_ms;
    const ErrorCode* give_up;
    std::int64_t due_ms;
  };
  const Case cases[] = {
      {"no limits", 0, 1'000, 50'000, 0, nullptr, 110'000},
      {"attempts left", 3, 2, 50'000, 0, nullptr, 52'000},
      {"attempts used up", 3, 3, 50'000, 0, &codes::kDeliveryAttempts, 0},
      {"deadline far", 0, 1, 50'000, 90'000, nullptr, 51'000},
      {"deadline before the next attempt", 0, 1, 50'000, 50'400, nullptr, 50'400},
      {"deadline now", 0, 1, 50'000, 50'000, &codes::kDeliveryDeadline, 0},
      {"both", 1, 1, 50'000, 49'000, &codes::kDeliveryDeadline, 0},
  };
  for (const Case& c : cases) {
    const RetryOptions options{1'000, 2.0, 60'000, 0, c.max_attempts};
    const RetryDecision decision = decide_retry(options, c.attempts, c.now_ms, c.deadline_ms, 0, fixed(0.5));
    EXPECT_EQ(decision.give_up, c.give_up) << c.name;
    EXPECT_EQ(decision.due_ms, c.due_ms) << c.name;
  }
}

TEST(RetryPolicy, NamesTheSettingThatIsOutOfRange) {
  EXPECT_TRUE(check(RetryOptions{}).has_value());
  const std::pair<RetryOptions, const char*> cases[] = {
      {{0, 2.0, 1'000, 0, 0}, "first_ms"},
      {{2'000, 2.0, 1'000, 0, 0}, "max_ms"},
      {{1, 2.0, 8LL * 86'400'000, 0, 0}, "max_ms"},
      {{1, 0.5, 1'000, 0, 0}, "factor"},
      {{1, 11.0, 1'000, 0, 0}, "factor"},
      {{1, std::numeric_limits<double>::quiet_NaN(), 1'000, 0, 0}, "factor"},
      {{1, 2.0, 1'000, -1, 0}, "jitter_percent"},
      {{1, 2.0, 1'000, 101, 0}, "jitter_percent"},
      {{1, 2.0, 1'000, 0, -1}, "max_attempts"},
  };
  for (const auto& [options, name] : cases) {
    const Status status = check(options);
    ASSERT_TRUE(status.has_error()) << name;
    EXPECT_EQ(status.error().param, name);
  }
}

}  // namespace
}  // namespace tongqu
