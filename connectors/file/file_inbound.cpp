#include "connectors/file/file_inbound.hpp"

#include <algorithm>
#include <chrono>

#include "connectors/file/file_codes.hpp"
#include "connectors/support/local_files.hpp"
#include "connectors/support/state_lock.hpp"

namespace tongqu::file {
namespace {

constexpr std::int64_t kLockLookMs = 50;
constexpr std::int64_t kMaxBackoffMs = 60'000;

}  // namespace

FileInbound::FileInbound(InboundOptions options, std::unique_ptr<FileSystem> there, const Suite& suite,
                         const Clock& clock, Intake& intake)
    : options_(std::move(options)),
      there_(std::move(there)),
      spool_(make_local_files(options_.state, false)),
      clock_(clock),
      importer_(options_.import, *there_, *spool_, options_.state, suite, clock, intake, counts_),
      arrival_(options_.arrival) {}

FileInbound::~FileInbound() { stop(0); }

void FileInbound::start() {
  thread_ = std::thread([this] { run(); });
}

void FileInbound::stop(std::int64_t grace_ms) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  importer_.stop(grace_ms);
  there_->cut(grace_ms);
  if (thread_.joinable()) thread_.join();
}

InboundHealth FileInbound::health() const {
  const std::lock_guard lock(mutex_);
  return {last_success_ms_, last_code_, counts_.accepted.load(), counts_.turned_back.load()};
}

void FileInbound::run() {
  std::unique_ptr<StateLock> lock;
  std::int64_t wait_ms = options_.poll_ms;
  for (;;) {
    if (lock == nullptr) {
      auto taken = StateLock::take(options_.state);
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

Status FileInbound::round() {
  if (auto status = importer_.resume(); status.has_error()) return status;
  if (!window_open()) return {};
  const auto listing = there_->list(options_.import.inbox, options_.max_listing);
  if (listing.has_error()) return listing.error();
  Status worst;
  if (listing->cut) worst = make_error(codes::kFileListing, std::to_string(options_.max_listing));
  for (const FileInfo& file : arrival_.look(*listing)) {
    if (stopping()) return worst;
    if (options_.import.afterwards == Afterwards::kKeep) {
      const auto seen = importer_.seen(file);
      if (seen.has_error()) return seen.error();
      if (*seen) continue;
    }
    const Status status = importer_.run(file, arrival_.companions(file.name));
    if (status.has_error()) worst = status;
  }
  return worst;
}

bool FileInbound::window_open() const {
  if (!options_.window) return true;
  const CivilTime now = to_beijing(clock_.now());
  const int minute = now.hour * 60 + now.minute;
  const auto [from, to] = *options_.window;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

// True when the connector is to stop.
bool FileInbound::pause(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

bool FileInbound::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void FileInbound::note(const Status& status) {
  const std::lock_guard lock(mutex_);
  last_code_ = status.has_error() ? status.error().code : nullptr;
  if (status.has_value()) last_success_ms_ = clock_.now().ms;
}

}  // namespace tongqu::file
