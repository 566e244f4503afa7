#include "connectors/database/deadline_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

namespace tongqu::database {
namespace {
using Time = std::chrono::steady_clock::time_point;
}  // namespace

struct DeadlineWatch::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::pair<Time, Ticket>, std::function<void()>> armed;
  std::map<Ticket, Time> times;
  Ticket last = 0;
  Ticket running = 0;
  bool stopping = false;
};

DeadlineWatch::DeadlineWatch() : state_(std::make_shared<State>()), thread_([state = state_] { run(state); }) {}

DeadlineWatch::~DeadlineWatch() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->changed.notify_all();
  }
  // A callback can hold the last reference to what owns the watch.
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

DeadlineWatch::Ticket DeadlineWatch::arm(std::int64_t ms, std::function<void()> late) {
  const std::lock_guard lock(state_->mutex);
  const Time at = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  const Ticket ticket = ++state_->last;
  state_->armed.emplace(std::pair(at, ticket), std::move(late));
  state_->times.emplace(ticket, at);
  state_->changed.notify_all();
  return ticket;
}

bool DeadlineWatch::disarm(Ticket ticket) {
  std::function<void()> dropped;  // after the lock: what it holds may be the last of its kind
  std::unique_lock lock(state_->mutex);
  // The callback itself may disarm its own ticket.
  if (std::this_thread::get_id() != thread_.get_id())
    state_->changed.wait(lock, [&] { return state_->running != ticket; });
  const auto found = state_->times.find(ticket);
  if (found == state_->times.end()) return false;
  const auto armed = state_->armed.find({found->second, ticket});
  dropped = std::move(armed->second);
  state_->armed.erase(armed);
  state_->times.erase(found);
  lock.unlock();
  return true;
}

void DeadlineWatch::run(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->mutex);
  while (!state->stopping) {
    if (state->armed.empty()) {
      state->changed.wait(lock);
      continue;
    }
    const auto first = state->armed.begin();
    const Time at = first->first.first;
    if (std::chrono::steady_clock::now() < at) {
      state->changed.wait_until(lock, at);
      continue;
    }
    state->running = first->first.second;
    std::function<void()> late = std::move(first->second);
    state->times.erase(state->running);
    state->armed.erase(first);
    lock.unlock();
    late();
    late = nullptr;
    lock.lock();
    state->running = 0;
    state->changed.notify_all();
  }
}

}  // namespace tongqu::database
