#include "gateway/store/scan_loop.hpp"

#include <algorithm>
#include <chrono>

namespace tongqu {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPerPage = 100;
// Between two looks when nothing waits. An attachment is read by people and systems seconds after its upload at the
// earliest, so asking the table is simpler than being told and costs nothing.
constexpr milliseconds kLookEvery{250};
constexpr milliseconds kPoisonPause{5000};
constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kLongestPause{60'000};

}  // namespace

ScanLoop::ScanLoop(AttachmentStore& store, std::unique_ptr<AttachmentScanner> scanner, Told told)
    : store_(store), scanner_(std::move(scanner)), told_(std::move(told)), thread_([this] { run(); }) {}

ScanLoop::~ScanLoop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ScanLoop::run() {
  milliseconds pause = kFirstPause;
  while (true) {
    const Outcome outcome = scan_some();
    pause = outcome == Outcome::kAway ? std::min(pause * 2, kLongestPause) : kFirstPause;
    const milliseconds wait = outcome == Outcome::kAway     ? pause / 2
                              : outcome == Outcome::kPoison ? kPoisonPause
                              : outcome == Outcome::kMore   ? milliseconds(0)
                                                            : kLookEvery;
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, wait, [this] { return stopping_; })) return;
  }
}

// One page of what waits, in the order of ids, so that contents without a verdict never keep the others from theirs.
ScanLoop::Outcome ScanLoop::scan_some() {
  const auto page = store_.unscanned(after_, kPerPage);
  if (page.has_error()) {
    const Error error = page.error();
    tell(&error);
    return Outcome::kAway;
  }
  const bool more = page->size() == kPerPage;
  after_ = more ? page->back() : AttachmentId();
  bool poison = false;
  for (const AttachmentId& id : *page) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return Outcome::kMore;
    }
    const auto status = scan_one(id);
    if (status.has_value()) continue;
    const Error error = status.error();
    tell(&error);
    if (error.retryable()) return Outcome::kAway;
    poison = true;
  }
  if (!poison && !page->empty()) tell(nullptr);
  if (more) return Outcome::kMore;
  return poison ? Outcome::kPoison : Outcome::kIdle;
}

Status ScanLoop::scan_one(const AttachmentId& id) {
  auto reader = store_.open(id);
  if (reader.has_error()) return reader.error();
  const auto verdict = scanner_->scan(**reader);
  if (verdict.has_error()) return verdict.error();
  return store_.settle_scan(id, *verdict);
}

void ScanLoop::tell(const Error* error) {
  const bool failing = error != nullptr;
  if (failing == failing_) return;
  failing_ = failing;
  told_(error);
}

}  // namespace tongqu
