#include "gateway/delivery/retry_policy.hpp"

#include <algorithm>
#include <cmath>

#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {
namespace {
constexpr std::int64_t kMaxWaitMs = 7LL * 24 * 3600 * 1000;
}

Status check(const RetryOptions& options) {
  const auto wrong = [](const char* name) { return make_error(codes::kDeliveryLane, name); };
  if (options.first_ms < 1) return wrong("first_ms");
  if (options.max_ms < options.first_ms || options.max_ms > kMaxWaitMs) return wrong("max_ms");
  if (!(options.factor >= 1.0 && options.factor <= 10.0)) return wrong("factor");
  if (options.jitter_percent < 0 || options.jitter_percent > 100) return wrong("jitter_percent");
  if (options.max_attempts < 0) return wrong("max_attempts");
  return {};
}

std::int64_t retry_delay_ms(const RetryOptions& options, std::int32_t attempts, std::int64_t retry_after_ms,
                            const RandomSource& random) {
  const double limit = static_cast<double>(options.max_ms);
  // pow may overflow to infinity; min brings it back.
  const double plain =
      std::min(limit, static_cast<double>(options.first_ms) * std::pow(options.factor, std::max(attempts, 1) - 1));
  const double spread = plain * options.jitter_percent / 100.0;
  const double jittered = std::clamp(plain + spread * (2.0 * random() - 1.0), 1.0, limit);
  const std::int64_t wish = std::min(retry_after_ms, options.max_ms);
  return std::max(static_cast<std::int64_t>(jittered), wish);
}

RetryDecision decide_retry(const RetryOptions& options, std::int32_t attempts, std::int64_t now_ms,
                           std::int64_t deadline_ms, std::int64_t retry_after_ms, const RandomSource& random) {
  if (deadline_ms > 0 && now_ms >= deadline_ms) return {&codes::kDeliveryDeadline, 0};
  if (options.max_attempts > 0 && attempts >= options.max_attempts) return {&codes::kDeliveryAttempts, 0};
  const std::int64_t due_ms = now_ms + retry_delay_ms(options, attempts, retry_after_ms, random);
  return {nullptr, deadline_ms > 0 ? std::min(due_ms, deadline_ms) : due_ms};
}

}  // namespace tongqu
