#include "gateway/store/checkpointer.hpp"

#include <pthread.h>
#include <sqlite3.h>

#include <algorithm>

#include "gateway/store/database.hpp"

namespace tongqu::sql {
namespace {
constexpr std::uint64_t kPageBytes = 8192;  // as set when the files are made (database.cpp)
constexpr std::uint64_t kLowSpaceWalBytes = 512U << 10U;
constexpr int kReaderPatienceMs = 1000;  // how long the writer may be held up when the WAL is above its limit
}  // namespace

Checkpointer::Checkpointer(const StoreOptions& options)
    : options_(options), due_pages_(options.wal_checkpoint_bytes / kPageBytes) {
  if (options_.checkpoint_thread)
    thread_ = std::thread([this] {
      pthread_setname_np(pthread_self(), "checkpointer");  // seen in top -H and in profiles
      run();
    });
}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

int Checkpointer::on_commit(void* side, sqlite3*, const char*, int pages) {
  static_cast<Side*>(side)->wal_pages = static_cast<std::uint64_t>(pages);
  return SQLITE_OK;
}

void Checkpointer::watch(const Connection& main, const Connection& keys) {
  sqlite3_wal_hook(main.handle(), &Checkpointer::on_commit, &main_);
  sqlite3_wal_hook(keys.handle(), &Checkpointer::on_commit, &keys_);
}

void Checkpointer::connect() {
  const std::lock_guard lock(sides_);
  const ConnectOptions connect{options_.vfs, 0};
  main_.connection = Connection(main_path(options_), connect);
  keys_.connection = Connection(key_path(options_), connect);
  // synchronous decides whether the database file is synced before its WAL is given up.
  // The read opens the WAL, which a checkpoint of an unused connection would not.
  static constexpr const char* kPrepare =
      "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; SELECT count(*) FROM sqlite_schema";
  main_.connection.exec(kPrepare);
  keys_.connection.exec(kPrepare);
}

void Checkpointer::disconnect() {
  const std::lock_guard lock(sides_);
  main_.connection.close();
  keys_.connection.close();
  main_.wal_pages = keys_.wal_pages = 0;
}

void Checkpointer::after_batch(bool low_space) {
  const std::uint64_t bytes = options_.wal_checkpoint_bytes;
  const std::uint64_t pages = (low_space ? std::min(bytes, kLowSpaceWalBytes) : bytes) / kPageBytes;
  due_pages_ = pages;
  if (main_.wal_pages < pages && keys_.wal_pages < pages) return;
  if (!options_.checkpoint_thread) {
    const std::lock_guard lock(sides_);
    write_back(main_, false);
    write_back(keys_, false);
    return;
  }
  const std::lock_guard lock(mutex_);
  wanted_ = true;
  changed_.notify_one();
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return wanted_ || stopped_; });
    if (stopped_) return;
    wanted_ = false;
    lock.unlock();
    {
      const std::lock_guard sides(sides_);
      write_back(main_, true);
      write_back(keys_, true);
    }
    lock.lock();
  }
}

// An error leaves the WAL as it is: it is tried again after a later batch, and the writer sees for itself whether the
// disk takes its writes.
void Checkpointer::write_back(Side& side, bool thread) {
  sqlite3* db = side.connection.handle();
  if (db == nullptr || side.wal_pages < due_pages_) return;
  if (thread && sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) != SQLITE_OK) return;
  const std::lock_guard gate(gate_);
  const bool above_limit = side.wal_pages > options_.wal_max_bytes / kPageBytes;
  sqlite3_busy_timeout(db, above_limit ? kReaderPatienceMs : 0);
  const int mode = above_limit ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  int in_wal = 0;
  int written_back = 0;
  if (sqlite3_wal_checkpoint_v2(db, "main", mode, &in_wal, &written_back) != SQLITE_OK) return;
  if (in_wal == written_back) side.wal_pages = 0;
}

}  // namespace tongqu::sql
