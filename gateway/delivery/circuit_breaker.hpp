#pragma once
// Stops sending to a partner that does not answer, and finds out when it is back. One per partner. Pure: times come in.
// Not thread-safe.
//
//   closed ──`failures` in a row──► open ──`open_for_ms` over──► half-open ──`probes` acknowledged──► closed
//                                    ▲                               │
//                                    └──────── one probe failed ─────┘
//
// A result counts only for the state in which its attempt began: what was sent before the breaker opened and fails or
// succeeds afterwards changes nothing.
#include <cstdint>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

struct BreakerOptions {
  std::int32_t failures = 5;          // consecutive failures that open it; 0 = never opens
  std::int64_t open_for_ms = 30'000;  // 1 … 1 day
  std::int32_t probes = 1;            // attempts in half-open, all of which must succeed; 1 … 100
};

enum class BreakerState : std::uint8_t { kClosed, kOpen, kHalfOpen };
[[nodiscard]] std::string_view name_of(BreakerState state);  // "closed", "open", "half-open"

// delivery.lane when a member is outside its range.
[[nodiscard]] Status check(const BreakerOptions& options);

class CircuitBreaker {
 public:
  // Names the state in which one attempt began; give it back with the result.
  struct Ticket {
    std::uint64_t epoch = 0;
  };

  explicit CircuitBreaker(BreakerOptions options) : options_(options) {}

  // True when an attempt may begin at `now_ms`; an open breaker whose time is over becomes half-open.
  [[nodiscard]] bool ready(std::int64_t now_ms);
  // Only after ready() said true with nothing in between.
  [[nodiscard]] Ticket begin();
  void succeeded(Ticket ticket);
  // The attempt was not made after all.
  void withdraw(Ticket ticket);
  // `retry_after_ms`: the partner's wish (0 = none), bounded by the caller; an opening lasts at least as long.
  void failed(Ticket ticket, std::int64_t now_ms, std::int64_t retry_after_ms);
  // New settings, or a new address: closed again, and results of earlier attempts no longer count.
  void reset(BreakerOptions options);
  // New settings; the state stays.
  void configure(BreakerOptions options) { options_ = options; }

  [[nodiscard]] BreakerState state() const { return state_; }
  // When ready() may turn true by time alone; meaningful while open.
  [[nodiscard]] std::int64_t open_until_ms() const { return open_until_ms_; }

 private:
  void enter(BreakerState state);
  void open(std::int64_t now_ms, std::int64_t retry_after_ms);

  BreakerOptions options_;
  BreakerState state_ = BreakerState::kClosed;
  std::uint64_t epoch_ = 0;  // counts changes of state
  std::int32_t consecutive_failures_ = 0;
  std::int32_t probes_begun_ = 0;
  std::int32_t probes_succeeded_ = 0;
  std::int64_t open_until_ms_ = 0;
};

}  // namespace tongqu
