#pragma once
// Threads for sockets: one io_context per thread, so that what lives on one of them needs no lock.
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "gateway/core/stream.hpp"

namespace tongqu::net {

// Outlives every server and client that was made on it: they are stopped first. Thread-safe.
class IoPool {
 public:
  // `threads` 1–64 (clamped); they run until the destructor, which waits for them. `name`, at most 15 characters, is
  // seen in top -H and in profiles.
  explicit IoPool(std::size_t threads, const char* name = "io");
  ~IoPool();
  IoPool(const IoPool&) = delete;
  IoPool& operator=(const IoPool&) = delete;

  [[nodiscard]] std::size_t size() const { return lanes_.size(); }
  [[nodiscard]] boost::asio::io_context& at(std::size_t lane) { return lanes_[lane]->io; }
  // Index of the lane whose turn it is.
  [[nodiscard]] std::size_t next() { return turn_.fetch_add(1, std::memory_order_relaxed) % lanes_.size(); }

 private:
  struct Lane {
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<IoExecutor> work = boost::asio::make_work_guard(io);
    std::thread thread;
  };
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::atomic<std::size_t> turn_ = 0;
};

}  // namespace tongqu::net
