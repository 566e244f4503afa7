#include "connectors/support/arrivals.hpp"

#include <algorithm>
#include <chrono>

namespace tongqu::file {
namespace {

constexpr std::chrono::milliseconds kLockLook{50};

}  // namespace

Arrivals::~Arrivals() {
  stop();
  join();
}

void Arrivals::push(OutboundMessage message, Waiter waiter) {
  const std::lock_guard lock(mutex_);
  arrived_.push_back({std::move(message), std::move(waiter)});
  if (!thread_.joinable()) thread_ = std::thread(run_);
  changed_.notify_all();
}

void Arrivals::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

bool Arrivals::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Arrivals::join() {
  if (thread_.joinable()) thread_.join();
}

std::deque<Arrivals::Arrived> Arrivals::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(arrived_, {});
}

std::vector<Arrivals::Waiter> Arrivals::take_late(std::int64_t now_ms) {
  std::vector<Waiter> late;
  const std::lock_guard lock(mutex_);
  for (auto it = arrived_.begin(); it != arrived_.end();) {
    const bool over = now_ms >= it->waiter.due_ms;
    if (over) late.push_back(std::move(it->waiter));
    it = over ? arrived_.erase(it) : it + 1;
  }
  return late;
}

std::unique_ptr<StateLock> Arrivals::wait_for_lock(const std::filesystem::path& state,
                                                   const std::function<void(const ErrorCode*)>& look) {
  for (;;) {
    auto taken = StateLock::take(state);
    if (taken.has_value() && *taken != nullptr) return std::move(*taken);
    look(taken.has_error() ? taken.error().code : nullptr);
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kLockLook, [this] { return stopping_; })) return nullptr;
  }
}

bool Arrivals::wait(std::int64_t now_ms, std::int64_t until_ms, bool takes_up) {
  std::unique_lock lock(mutex_);
  for (const Arrived& one : arrived_) until_ms = std::min(until_ms, one.waiter.due_ms);
  const std::chrono::milliseconds time(std::max<std::int64_t>(until_ms - now_ms, 1));
  changed_.wait_for(lock, time, [this, takes_up] { return stopping_ || (takes_up && !arrived_.empty()); });
  return !stopping_;
}

}  // namespace tongqu::file
