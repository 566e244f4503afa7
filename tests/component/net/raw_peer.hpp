#pragma once
// Bare sockets for tests: what a browser would never send, and a server that answers from a script.
#include <cstdint>
#include <string>
#include <string_view>

namespace tongqu::test {

// A blocking TCP connection; every wait ends after kPatienceMs.
class RawConnection {
 public:
  static constexpr int kPatienceMs = 20'000;

  RawConnection() = default;
  explicit RawConnection(int descriptor);
  RawConnection(RawConnection&& other) noexcept;
  RawConnection& operator=(RawConnection&& other) noexcept;
  ~RawConnection();

  [[nodiscard]] static RawConnection to(std::uint16_t port);
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  bool send(std::string_view bytes);
  void end_sending();
  void reset();  // closes with RST
  void close();
  // Everything until the peer closes or resets.
  [[nodiscard]] std::string read_all();
  // One head and the body that its Content-Length announces; empty when the peer closed before.
  [[nodiscard]] std::string read_message();
  // True when the peer has closed and nothing is left to read.
  [[nodiscard]] bool is_closed_by_peer();

 private:
  bool fill();
  int descriptor_ = -1;
  std::string buffer_;
};

// Listens on a free loopback port.
class RawListener {
 public:
  RawListener();
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] RawConnection accept();
  void close();

 private:
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

[[nodiscard]] int status_of(std::string_view message);  // 0 when it is no answer
[[nodiscard]] std::string body_of(std::string_view message);

}  // namespace tongqu::test
