#pragma once
// The thread that lets the hub look at its clock: deadlines of askers.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "gateway/delivery/query_hub.hpp"

namespace tongqu {

class QueryTimer {
 public:
  // Starts the thread; `hub` outlives it.
  explicit QueryTimer(QueryHub& hub);
  ~QueryTimer();  // as stop()
  // The next look is due earlier than the hub said. Thread-safe.
  void wake();
  void stop();

 private:
  void run();

  QueryHub& hub_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tongqu
