#include "gateway/delivery/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace tongqu {
namespace {

// Begins an attempt and fails it.
void fail(CircuitBreaker& breaker, std::int64_t now_ms, std::int64_t retry_after_ms = 0) {
  ASSERT_TRUE(breaker.ready(now_ms));
  breaker.failed(breaker.begin(), now_ms, retry_after_ms);
}

TEST(CircuitBreaker, OpensAfterFailuresInARow) {
  CircuitBreaker breaker({3, 1'000, 1});
  fail(breaker, 0);
  fail(breaker, 0);
  breaker.succeeded(breaker.begin());
  fail(breaker, 0);
  fail(breaker, 0);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed) << "a success in between starts the count again";
  fail(breaker, 10);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  EXPECT_EQ(breaker.open_until_ms(), 1'010);
  EXPECT_FALSE(breaker.ready(1'009));
}

TEST(CircuitBreaker, TriesAsManyProbesAsConfiguredAndCloses) {
  CircuitBreaker breaker({1, 1'000, 2});
  fail(breaker, 0);
  ASSERT_TRUE(breaker.ready(1'000));
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
  const auto first = breaker.begin();
  ASSERT_TRUE(breaker.ready(1'000));
  const auto second = breaker.begin();
  EXPECT_FALSE(breaker.ready(1'000)) << "both probes are under way";
  breaker.succeeded(first);
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
  breaker.succeeded(second);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
}

TEST(CircuitBreaker, OneFailedProbeOpensItAgain) {
  CircuitBreaker breaker({1, 1'000, 2});
  fail(breaker, 0);
  ASSERT_TRUE(breaker.ready(1'500));
  const auto first = breaker.begin();
  const auto second = breaker.begin();
  breaker.failed(first, 1'600, 0);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  EXPECT_EQ(breaker.open_until_ms(), 2'600);
  breaker.succeeded(second);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen) << "a result of the earlier state says nothing";
}

TEST(CircuitBreaker, IgnoresLateResultsOfAttemptsBegunBefore) {
  CircuitBreaker breaker({2, 1'000, 1});
  const auto late_failure = breaker.begin();
  const auto late_success = breaker.begin();
  fail(breaker, 0);
  fail(breaker, 0);
  breaker.failed(late_failure, 500, 0);
  EXPECT_EQ(breaker.open_until_ms(), 1'000) << "not prolonged";
  ASSERT_TRUE(breaker.ready(1'000));
  breaker.succeeded(late_success);
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
}

TEST(CircuitBreaker, StaysOpenAsLongAsThePartnerWishes) {
  CircuitBreaker breaker({1, 1'000, 1});
  fail(breaker, 0, 7'000);
  EXPECT_FALSE(breaker.ready(6'999));
  EXPECT_TRUE(breaker.ready(7'000));
}

TEST(CircuitBreaker, NeverOpensWithoutALimit) {
  CircuitBreaker breaker({0, 1'000, 1});
  for (int i = 0; i < 1'000; ++i) fail(breaker, i);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
}

TEST(CircuitBreaker, ResetClosesItAndForgetsAttemptsUnderWay) {
  CircuitBreaker breaker({1, 1'000, 1});
  const auto before = breaker.begin();
  fail(breaker, 0);
  breaker.reset({1, 2'000, 1});
  EXPECT_TRUE(breaker.ready(0));
  breaker.failed(before, 0, 0);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  fail(breaker, 0);
  EXPECT_EQ(breaker.open_until_ms(), 2'000);
}

TEST(CircuitBreaker, NamesItsStatesAndTheSettingOutOfRange) {
  EXPECT_EQ(name_of(BreakerState::kClosed), "closed");
  EXPECT_EQ(name_of(BreakerState::kOpen), "open");
  EXPECT_EQ(name_of(BreakerState::kHalfOpen), "half-open");
  EXPECT_TRUE(check(BreakerOptions{}).has_value());
  const std::pair<BreakerOptions, const char*> cases[] = {{{-1, 1, 1}, "failures"},
                                                          {{1, 0, 1}, "open_for_ms"},
                                                          {{1, 86'400'001, 1}, "open_for_ms"},
                                                          {{1, 1, 0}, "probes"},
                                                          {{1, 1, 101}, "probes"}};
  for (const auto& [options, name] : cases) {
    const Status status = check(options);
    ASSERT_TRUE(status.has_error());
    EXPECT_EQ(status.error().param, name);
  }
}

}  // namespace
}  // namespace tongqu
