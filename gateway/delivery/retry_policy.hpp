#pragma once
// When a failed attempt is repeated: exponential backoff with jitter, the partner's Retry-After, and the two limits.
// Pure: no clock, no state.
#include <cstdint>
#include <functional>

#include "gateway/core/error.hpp"

namespace tongqu {

struct RetryOptions {
  std::int64_t first_ms = 1'000;     // before the second attempt; 1 …
  double factor = 2.0;               // 1 … 10
  std::int64_t max_ms = 300'000;     // upper limit of every wait, Retry-After included; first_ms … 7 days
  std::int32_t jitter_percent = 20;  // a wait is spread over ± this part of itself; 0 … 100
  std::int32_t max_attempts = 0;     // afterwards a dead letter; 0 = unlimited
};

// Uniform in [0, 1). Called on the dispatcher's thread only.
using RandomSource = std::function<double()>;

struct RetryDecision {
  const ErrorCode* give_up = nullptr;  // null = again at `due_ms`; else delivery.deadline or delivery.attempts
  std::int64_t due_ms = 0;
};

// delivery.lane when a member is outside its range.
[[nodiscard]] Status check(const RetryOptions& options);

// The wait before attempt `attempts` + 1 (`attempts` ≥ 1 were made), in [1, max_ms]. `retry_after_ms` (0 = none) makes
// it longer, never shorter, and never longer than max_ms.
[[nodiscard]] std::int64_t retry_delay_ms(const RetryOptions& options, std::int32_t attempts,
                                          std::int64_t retry_after_ms, const RandomSource& random);

// What happens after attempt number `attempts` failed at `now_ms`. `deadline_ms` is absolute, 0 = none. A wait that
// would end behind the deadline ends at the deadline, where the row becomes a dead letter without another attempt.
[[nodiscard]] RetryDecision decide_retry(const RetryOptions& options, std::int32_t attempts, std::int64_t now_ms,
                                         std::int64_t deadline_ms, std::int64_t retry_after_ms,
                                         const RandomSource& random);

}  // namespace tongqu
