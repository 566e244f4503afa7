#include "connectors/link/link_inbound.hpp"

#include <algorithm>
#include <chrono>

#include "connectors/link/link_codes.hpp"
#include "connectors/support/state_lock.hpp"

namespace tongqu::link {
namespace {

constexpr std::int64_t kLockLookMs = 50;
constexpr std::int64_t kMaxBackoffMs = 60'000;

}  // namespace

LinkInbound::LinkInbound(InboundOptions options, PartnerId partner, LinkParts parts, const Suite& suite,
                         const Clock& clock, Intake& intake)
    : options_(std::move(options)),
      partner_(std::move(partner)),
      parts_(std::move(parts)),
      clock_(clock),
      intake_(intake),
      feeder_(options_.feed, partner_, "link:" + std::string(parts_.peer->algorithm()), suite, clock, intake, counts_),
      desk_(options_.rules, options_.times, {*parts_.out, *parts_.in, *parts_.state},
            {suite, *parts_.own, *parts_.peer}) {}

LinkInbound::~LinkInbound() { stop(0); }

void LinkInbound::start() {
  thread_ = std::thread([this] { run(); });
}

void LinkInbound::stop(std::int64_t grace_ms) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  feeder_.stop(grace_ms);
  if (thread_.joinable()) thread_.join();
}

InboundHealth LinkInbound::health() const {
  const std::lock_guard lock(mutex_);
  return {last_success_ms_, last_code_, counts_.accepted.load(), counts_.turned_back.load()};
}

void LinkInbound::run() {
  std::unique_ptr<file::StateLock> lock;
  std::int64_t wait_ms = options_.poll_ms;
  for (;;) {
    if (lock == nullptr) {
      auto taken = file::StateLock::take(options_.state);
      if (taken.has_error()) note(taken.error());
      if (taken.has_value()) lock = std::move(*taken);
      if (lock == nullptr) {
        if (pause(kLockLookMs)) return;
        continue;
      }
    }
    const Status status = round();
    if (stopping()) return;
    note(status);
    wait_ms = status.has_value() ? options_.poll_ms : std::min(wait_ms * 2, std::max(kMaxBackoffMs, options_.poll_ms));
    if (pause(wait_ms)) return;
  }
}

Status LinkInbound::round() {
  bad_code_ = nullptr;
  if (!loaded_) {
    if (auto status = desk_.load(); status.has_error()) return status;
    loaded_ = true;
  }
  Status status = take_bundles();
  if (status.has_value()) status = desk_.ask(clock_.steady_ms(), clock_.now());
  if (status.has_value()) status = desk_.list(clock_.steady_ms(), clock_.now());
  if (status.has_error()) loaded_ = false;
  return status;
}

Status LinkInbound::take_bundles() {
  while (!stopping()) {
    std::vector<Error> bad;
    const auto found = desk_.look(clock_.steady_ms(), clock_.now(), bad);
    report(bad);
    if (found.has_error()) return found.error();
    if (!*found) return {};
    auto answers = feeder_.feed((*found)->read);
    if (answers.has_error()) return answers.error();
    if (auto status = desk_.take(**found, std::move(*answers), clock_.now()); status.has_error()) return status;
  }
  return {};
}

void LinkInbound::report(const std::vector<Error>& bad) {
  for (const Error& error : bad) {
    ++counts_.turned_back;
    intake_.turned_back("link", partner_.str(), error);
    bad_code_ = error.code;
  }
}

// True when the connector is to stop.
bool LinkInbound::pause(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

bool LinkInbound::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void LinkInbound::note(const Status& status) {
  const std::lock_guard lock(mutex_);
  if (status.has_error()) {
    last_code_ = status.error().code;
    return;
  }
  last_success_ms_ = clock_.now().ms;
  last_code_ = bad_code_;
  if (last_code_ == nullptr && desk_.waits()) last_code_ = &codes::kLinkGap;
}

}  // namespace tongqu::link
