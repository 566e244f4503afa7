#include "gateway/delivery/query_timer.hpp"

#include <pthread.h>

#include <chrono>

namespace tongqu {

QueryTimer::QueryTimer(QueryHub& hub) : hub_(hub) {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "queries");  // seen in top -H and in profiles
    run();
  });
}

QueryTimer::~QueryTimer() { stop(); }

void QueryTimer::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

void QueryTimer::run() {
  for (;;) {
    const std::int64_t wait_ms = hub_.tick();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] { return woken_ || stopped_; });
    if (stopped_) return;
    woken_ = false;
  }
}

void QueryTimer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace tongqu
