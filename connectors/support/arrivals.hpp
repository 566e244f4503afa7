#pragma once
// The messages that an outbound connector was handed and has not taken up yet, and the one thread that takes them up.
// It starts with the first message: the lock of the state folder is not asked for by a connector that is only made.
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "connectors/support/state_lock.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::file {

class Arrivals {
 public:
  struct Waiter {
    OutboundConnector::Done done;
    std::int64_t due_ms = 0;  // steady; an answer is due then
  };
  struct Arrived {
    OutboundMessage message;
    Waiter waiter;
  };

  // `run` is the thread; it ends when wait() or wait_for_lock() says so.
  explicit Arrivals(std::function<void()> run) : run_(std::move(run)) {}
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  ~Arrivals();  // stop() and join() were called

  // Thread-safe. After stop() nothing is handed over any more.
  void push(OutboundMessage message, Waiter waiter);
  void stop();
  [[nodiscard]] bool stopping() const;
  void join();  // after stop()

  // All, in their order; also those of the same message, of which each wants its answer.
  [[nodiscard]] std::deque<Arrived> take();
  // Those that are due, which run out unseen.
  [[nodiscard]] std::vector<Waiter> take_late(std::int64_t now_ms);

  // The lock of the state folder, or nullptr when the thread is to end. `look` is called with each failure, or nullptr
  // while another holds the lock.
  [[nodiscard]] std::unique_ptr<StateLock> wait_for_lock(const std::filesystem::path& state,
                                                         const std::function<void(const ErrorCode*)>& look);
  // Until `until_ms`, until something here is due, or – if the thread takes up – until a message comes; 1 ms at least.
  // False when the thread is to end.
  [[nodiscard]] bool wait(std::int64_t now_ms, std::int64_t until_ms, bool takes_up);

 private:
  const std::function<void()> run_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<Arrived> arrived_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tongqu::file
