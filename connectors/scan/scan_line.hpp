#pragma once
// A connection to a scanner, blocking, every step of it with a time limit.
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongqu::scan {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// An absolute path that fits into sockaddr_un.
[[nodiscard]] std::optional<Address> unix_address(std::string_view path);
// "127.0.0.1:3310", "::1:3310", "[::1]:1344": a numeric address and a port from 1 on. Nothing is resolved.
[[nodiscard]] std::optional<Address> tcp_address(std::string_view text);

// One thread at a time.
class ScanLine {
 public:
  // Connects; is_open() tells whether that succeeded in time. `timeout_ms`: of each step.
  ScanLine(const Address& address, std::int64_t timeout_ms);
  ~ScanLine();
  ScanLine(const ScanLine&) = delete;
  ScanLine& operator=(const ScanLine&) = delete;

  [[nodiscard]] bool is_open() const { return open_; }
  // The time of a step begins. receive() goes on with the time that is left, so that an answer in drops ends too.
  void begin_step();
  // A step of its own. False when the peer does not take all of it in time.
  [[nodiscard]] bool send(std::string_view bytes);
  // What has come, at least a byte; empty at the end of the connection; nothing when the time is over or it broke.
  [[nodiscard]] std::optional<std::string> receive();
  // Whether receive() would answer at once.
  [[nodiscard]] bool has_answer() const;

 private:
  [[nodiscard]] bool wait(short events) const;

  std::int64_t timeout_ms_;
  int socket_;
  bool open_ = false;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace tongqu::scan
