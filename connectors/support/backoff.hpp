#pragma once
// Waits that grow: before a connection is tried again, before a message is offered to the line again.
#include <algorithm>
#include <cstdint>

namespace tongqu {

struct BackoffLimits {
  std::int64_t first_ms = 200;
  std::int64_t max_ms = 30'000;  // at least first_ms
};

// Doubles up to the longest wait. A value; not thread-safe.
class Backoff {
 public:
  explicit Backoff(BackoffLimits limits = {}) : limits_(limits) {}

  // The next wait in milliseconds.
  [[nodiscard]] std::int64_t next_ms() {
    const std::int64_t wait = next_ == 0 ? limits_.first_ms : next_;
    next_ = std::min(wait * 2, limits_.max_ms);
    return wait;
  }
  // It went well: begin anew.
  void reset() { next_ = 0; }

 private:
  BackoffLimits limits_;
  std::int64_t next_ = 0;
};

}  // namespace tongqu
