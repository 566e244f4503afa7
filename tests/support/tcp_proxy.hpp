#pragma once
// A wire between a client and a server that can be cut, stopped and refused. Loopback only.
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace tongqu::test {

// Thread-safe.
class TcpProxy {
 public:
  explicit TcpProxy(int target_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  // New connections are taken and closed at once; those that stand are cut.
  void refuse(bool on);
  // Cuts what stands; new connections go through.
  void cut();
  // Nothing passes; connections stay.
  void hold(bool on) { held_ = on; }
  // Cuts a connection after so many further bytes towards the server (negative = never), wherever in a message that is.
  void cut_after(std::int64_t bytes) { cut_after_ = bytes; }
  // The same, of bytes towards the client.
  void cut_after_back(std::int64_t bytes) { cut_after_back_ = bytes; }
  [[nodiscard]] int connections() const { return connections_; }  // taken so far

 private:
  struct Pair {
    int client = -1;
    int server = -1;
  };
  void run();
  void accept_one();
  bool pass(int from, int to, std::atomic<std::int64_t>& budget);
  void close(std::size_t index);

  int target_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> refusing_{false};
  std::atomic<bool> held_{false};
  std::atomic<bool> cut_{false};
  std::atomic<std::int64_t> cut_after_{-1};
  std::atomic<std::int64_t> cut_after_back_{-1};
  std::atomic<int> connections_{0};
  std::vector<Pair> pairs_;
  std::thread thread_;
};

}  // namespace tongqu::test
