#include "gateway/delivery/circuit_breaker.hpp"

#include <algorithm>
#include <array>

#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {

std::string_view name_of(BreakerState state) {
  static constexpr std::array<std::string_view, 3> kNames{"closed", "open", "half-open"};
  return kNames[static_cast<std::size_t>(state)];
}

Status check(const BreakerOptions& options) {
  constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
  const auto wrong = [](const char* name) { return make_error(codes::kDeliveryLane, name); };
  if (options.failures < 0) return wrong("failures");
  if (options.open_for_ms < 1 || options.open_for_ms > kDayMs) return wrong("open_for_ms");
  if (options.probes < 1 || options.probes > 100) return wrong("probes");
  return {};
}

bool CircuitBreaker::ready(std::int64_t now_ms) {
  if (state_ == BreakerState::kOpen && now_ms >= open_until_ms_) enter(BreakerState::kHalfOpen);
  if (state_ == BreakerState::kOpen) return false;
  return state_ == BreakerState::kClosed || probes_begun_ < options_.probes;
}

CircuitBreaker::Ticket CircuitBreaker::begin() {
  if (state_ == BreakerState::kHalfOpen) ++probes_begun_;
  return {epoch_};
}

void CircuitBreaker::succeeded(Ticket ticket) {
  if (ticket.epoch != epoch_) return;
  consecutive_failures_ = 0;
  if (state_ == BreakerState::kHalfOpen && ++probes_succeeded_ >= options_.probes) enter(BreakerState::kClosed);
}

void CircuitBreaker::withdraw(Ticket ticket) {
  if (ticket.epoch == epoch_ && state_ == BreakerState::kHalfOpen) --probes_begun_;
}

void CircuitBreaker::failed(Ticket ticket, std::int64_t now_ms, std::int64_t retry_after_ms) {
  if (ticket.epoch != epoch_) return;
  if (state_ == BreakerState::kHalfOpen) return open(now_ms, retry_after_ms);
  if (options_.failures > 0 && ++consecutive_failures_ >= options_.failures) open(now_ms, retry_after_ms);
}

void CircuitBreaker::reset(BreakerOptions options) {
  options_ = options;
  enter(BreakerState::kClosed);
}

void CircuitBreaker::enter(BreakerState state) {
  state_ = state;
  ++epoch_;
  consecutive_failures_ = 0;
  probes_begun_ = 0;
  probes_succeeded_ = 0;
}

void CircuitBreaker::open(std::int64_t now_ms, std::int64_t retry_after_ms) {
  enter(BreakerState::kOpen);
  open_until_ms_ = now_ms + std::max(options_.open_for_ms, retry_after_ms);
}

}  // namespace tongqu
