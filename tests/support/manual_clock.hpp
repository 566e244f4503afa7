#pragma once
// A clock that moves only when the test says so.
#include <atomic>

#include "gateway/core/clock.hpp"

namespace tongqu::test {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = {1'776'700'800'000}) : now_ms_(start.ms) {}  // 2026-04-21T00:00:00+08:00
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::int64_t steady_ms() const override;
  void advance(std::int64_t ms);

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace tongqu::test
