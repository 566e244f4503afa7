#include "connectors/fetch/fetch_lane.hpp"

#include <chrono>

namespace tongqu::fetch {
namespace {

// Between two looks when nothing waits: asking the table is simpler than being told, and costs next to nothing.
constexpr std::int64_t kLookEveryMs = 250;
constexpr std::int64_t kStorePauseMs = 1'000;

}  // namespace

FetchLane::FetchLane(FetchLaneOptions options, FetchStore& store, const Clock& clock, Sources sources, Told told,
                     Refused refused)
    : options_(std::move(options)),
      store_(store),
      clock_(clock),
      told_(std::move(told)),
      refused_(std::move(refused)),
      sources_(std::move(sources)) {
  for (const auto& source : sources_) threads_.emplace_back([this, &source] { run(*source); });
}

FetchLane::~FetchLane() {
  interrupt();
  for (std::thread& thread : threads_) thread.join();
}

void FetchLane::interrupt() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (const auto& source : sources_) source->interrupt();
}

const ErrorCode* FetchLane::last_code() const {
  const std::lock_guard lock(mutex_);
  return last_code_;
}

void FetchLane::run(FetchSource& source) {
  while (true) {
    const AttachmentId id = next();
    if (id.empty()) {
      if (pause(kLookEveryMs)) return;
      continue;
    }
    const FetchOutcome outcome = fetch_once(id, options_.terms, store_, source, clock_);
    settle(id, outcome);
    const bool failed = outcome.end == FetchEnd::kStore || outcome.end == FetchEnd::kStopped;
    if (pause(failed ? kStorePauseMs : 0)) return;
  }
}

// One that is due and that no other thread has.
AttachmentId FetchLane::next() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return {};
  const auto due = store_.due(options_.partner, under_way_.size() + 1);
  if (due.has_error()) return {};
  for (const AttachmentId& id : *due) {
    if (under_way_.insert(id).second) return id;
  }
  return {};
}

void FetchLane::settle(const AttachmentId& id, const FetchOutcome& outcome) {
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    under_way_.erase(id);
    if (outcome.end == FetchEnd::kStopped) return;
    changed = (outcome.code == nullptr) != (last_code_ == nullptr);
    last_code_ = outcome.code;
  }
  if (changed) told_(outcome.code);
  if (outcome.end == FetchEnd::kRefused && outcome.code != nullptr && refused_) refused_(id, *outcome.code);
}

// True: it is over.
bool FetchLane::pause(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

}  // namespace tongqu::fetch
