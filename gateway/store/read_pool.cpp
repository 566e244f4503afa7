#include "gateway/store/read_pool.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>

#include "gateway/store/database.hpp"

namespace tongqu::sql {
namespace {
constexpr int kStepsPerLook = 20'000;  // virtual machine steps between two looks at the clock; well below 1 ms
}

ReadSession::ReadSession(const StoreOptions& options, const Clock& clock)
    : clock_(clock), connection_(main_path(options), {options.vfs, 5000}) {
  connection_.exec("PRAGMA cache_size = -4096; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY");
  const std::string keys = uri_of(key_path(options), options.vfs);
  connection_.prepare("ATTACH ? AS keydb").run(keys);
  connection_.exec("PRAGMA query_only = ON");
  sqlite3_progress_handler(connection_.handle(), kStepsPerLook, &ReadSession::on_progress, this);
}

int ReadSession::on_progress(void* session) {
  const auto& self = *static_cast<ReadSession*>(session);
  return self.deadline_ms_ != 0 && self.clock_.steady_ms() > self.deadline_ms_ ? 1 : 0;
}

Statement& ReadSession::statement(const std::string& text) {
  const auto found = statements_.find(text);
  if (found != statements_.end()) return found->second;
  return statements_.emplace(text, connection_.prepare(text)).first->second;
}

void ReadPool::open() {
  std::vector<std::unique_ptr<ReadSession>> sessions;
  const std::size_t count = std::clamp<std::size_t>(options_.read_sessions, 1, 64);
  sessions.reserve(count);
  for (std::size_t i = 0; i < count; ++i) sessions.push_back(std::make_unique<ReadSession>(options_, clock_));
  const std::lock_guard lock(mutex_);
  sessions_ = std::move(sessions);
  free_.clear();
  for (auto& session : sessions_) free_.push_back(session.get());
  open_ = true;
  changed_.notify_all();
}

void ReadPool::close() {
  std::unique_lock lock(mutex_);
  open_ = false;
  changed_.notify_all();
  changed_.wait(lock, [this] { return free_.size() == sessions_.size(); });
  free_.clear();
  sessions_.clear();
}

Result<ReadSession*> ReadPool::take() {
  std::unique_lock lock(mutex_);
  const auto limit = std::chrono::milliseconds(options_.read_timeout_ms);
  if (!changed_.wait_for(lock, limit, [this] { return !free_.empty() || !open_; })) {
    return make_error(codes::kDeadlinePassed, std::to_string(options_.read_timeout_ms));
  }
  if (!open_) return make_error(codes::kUnavailable);
  ReadSession* session = free_.back();
  free_.pop_back();
  session->set_deadline(clock_.steady_ms() + options_.read_timeout_ms);
  return session;
}

void ReadPool::give_back(ReadSession* session) {
  const std::lock_guard lock(mutex_);
  free_.push_back(session);
  changed_.notify_all();
}

Error ReadPool::error_of(const SqlError& error) const {
  if (error.interrupted()) return make_error(codes::kDeadlinePassed, std::to_string(options_.read_timeout_ms));
  return make_error(codes::kStoreRead, error.what());
}

}  // namespace tongqu::sql
