#include "tests/support/manual_clock.hpp"

namespace tongqu::test {

Instant ManualClock::now() const { return {now_ms_.load()}; }
std::int64_t ManualClock::steady_ms() const { return now_ms_.load(); }
void ManualClock::advance(std::int64_t ms) { now_ms_ += ms; }

}  // namespace tongqu::test
