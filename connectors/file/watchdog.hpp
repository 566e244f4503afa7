#pragma once
// Cuts a socket when a call takes too long, whatever library sits on it.
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace tongqu::file {

class Watchdog {
 public:
  Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();
  // Watches `fd` (duplicated here) from now on; -1 = none.
  void watch(int fd);
  // The call that begins ends within `timeout_ms`.
  void begin(std::int64_t timeout_ms);
  // False when the socket was cut meanwhile.
  [[nodiscard]] bool end();
  // The running call ends within `grace_ms`, and all further ones at once. From any thread.
  void cut(std::int64_t grace_ms);

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  int fd_ = -1;
  Time due_ = Time::max();      // of the call
  Time cut_due_ = Time::max();  // of cut()
  bool fired_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tongqu::file
