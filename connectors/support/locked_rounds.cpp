#include "connectors/support/locked_rounds.hpp"

#include <algorithm>
#include <chrono>

namespace tongqu::file {
namespace {

constexpr std::int64_t kLockLookMs = 50;
constexpr std::int64_t kMaxBackoffMs = 60'000;

}  // namespace

LockedRounds::LockedRounds(std::filesystem::path state, std::int64_t poll_ms, const Clock& clock, Round round)
    : state_(std::move(state)), poll_ms_(poll_ms), clock_(clock), round_(std::move(round)) {}

LockedRounds::~LockedRounds() {
  stop();
  join();
}

void LockedRounds::start() {
  thread_ = std::thread([this] { run(); });
}

void LockedRounds::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void LockedRounds::join() {
  if (thread_.joinable()) thread_.join();
}

void LockedRounds::run() {
  std::unique_ptr<StateLock> lock;
  while (lock == nullptr) {
    auto taken = StateLock::take(state_);
    if (taken.has_error()) note(taken.error());
    if (taken.has_value()) lock = std::move(*taken);
    if (lock == nullptr && pause(kLockLookMs)) return;
  }
  std::int64_t wait_ms = poll_ms_;
  while (!stopping()) {
    const Result<Done> result = round_();
    if (stopping()) return;
    note(result);
    wait_ms = result.has_value() ? poll_ms_ : std::min(wait_ms * 2, std::max(kMaxBackoffMs, poll_ms_));
    if (pause(wait_ms)) return;
  }
}

bool LockedRounds::pause(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

bool LockedRounds::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

LockedRounds::Health LockedRounds::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void LockedRounds::note(const Result<Done>& result) {
  const std::lock_guard lock(mutex_);
  health_.last_code = result.has_error() ? result.error().code : result->remark;
  if (result.has_value()) health_.last_success_ms = clock_.now().ms;
}

}  // namespace tongqu::file
