#pragma once
// Wakes a thread that waits for a socket: the write end of an eventfd.
#include <cstdint>

namespace tongqu {

// Thread-safe but for the destructor. Aborts when the system gives no descriptor: nothing could run then.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void ring() const;
  // Waits until ring() was called, `socket` is readable (-1 = none) or `timeout_ms` passed. Calls of ring() before the
  // wait count; one wait takes them all.
  void wait(int socket, std::int64_t timeout_ms) const;
  // For libraries that ring by writing a 64-bit 1 themselves.
  [[nodiscard]] int descriptor() const { return event_; }

 private:
  int event_ = -1;
};

}  // namespace tongqu
