#pragma once
// Waits for what tells nobody that it changed: a server's own count, the health of a connector.
#include <chrono>
#include <functional>
#include <thread>

namespace tongqu::test {

// True as soon as `condition` holds, false when it does not within `seconds`.
inline bool becomes(const std::function<bool()>& condition, int seconds = 30) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace tongqu::test
