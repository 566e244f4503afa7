#include "gateway/delivery/dispatcher.hpp"

#include <pthread.h>

#include <chrono>
#include <random>

namespace tongqu {

Dispatcher::Dispatcher(Store& store, const Sealer& sealer, const Clock& clock, RandomSource random)
    : loop_(store, sealer, clock, std::move(random)) {}

Result<std::unique_ptr<Dispatcher>> Dispatcher::create(Store& store, const Sealer& sealer, const Clock& clock,
                                                       std::vector<LaneOptions> lanes, RandomSource random) {
  if (!random) {
    // Spreads waits; nothing secret depends on it.
    random = [engine = std::minstd_rand(std::random_device{}())]() mutable {
      return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
  }
  std::unique_ptr<Dispatcher> out(new Dispatcher(store, sealer, clock, std::move(random)));
  if (auto status = out->loop_.start(); status.has_error()) return status.error();
  if (auto status = out->loop_.configure(std::move(lanes)); status.has_error()) return status.error();
  out->thread_ = std::thread([self = out.get()] {
    pthread_setname_np(pthread_self(), "dispatcher");  // seen in top -H and in profiles
    self->run();
  });
  return out;
}

Dispatcher::~Dispatcher() { stop(0); }

void Dispatcher::run() {
  for (;;) {
    const std::int64_t wait_ms = loop_.step();
    {
      const std::lock_guard lock(mutex_);
      settled_ = loop_.stopping() && loop_.idle();
      if (abandon_ || settled_) break;
    }
    loop_.mailbox()->wait(wait_ms);
  }
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

bool Dispatcher::stop(std::int64_t grace_ms) {
  const std::lock_guard stopping(stop_mutex_);
  if (!thread_.joinable()) return settled_;
  loop_.stop_sending();
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(grace_ms), [this] { return finished_; });
    abandon_ = true;
  }
  loop_.mailbox()->close();
  thread_.join();
  return settled_;
}

}  // namespace tongqu
