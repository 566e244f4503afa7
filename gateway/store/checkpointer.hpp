#pragma once
// Writes WAL files back into their databases, off the writer's thread, so that a commit never pays for it and the WAL
// stays bounded. Most pages are copied while the writer goes on (PASSIVE); the rest, under the gate that the writer
// holds for each batch, so that the next batch starts the WAL anew.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "gateway/store/sql_store.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

class Checkpointer {
 public:
  explicit Checkpointer(const StoreOptions& options);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // The writer holds it from BEGIN to COMMIT.
  [[nodiscard]] std::mutex& gate() { return gate_; }
  // Counts pages that `connection` appends; the writer's own connections, before their first write. Only while the
  // gate is held or no batch runs.
  void watch(const Connection& main, const Connection& keys);
  // After a batch, with the gate free: wakes the thread, or does the work at once when there is no thread. With
  // `low_space` a short WAL is written back too: its file is used again from the start, so that settling and audit,
  // which go on below the reserve, need hardly any new space.
  void after_batch(bool low_space);
  // Opens its own connections, or closes them, for the reopening after an I/O error.
  void connect();
  void disconnect();

 private:
  struct Side {
    Connection connection;
    std::atomic<std::uint64_t> wal_pages{0};
  };
  void run();
  void write_back(Side& side, bool thread);
  static int on_commit(void* side, sqlite3*, const char*, int pages);

  const StoreOptions options_;
  std::atomic<std::uint64_t> due_pages_;  // of a WAL that is written back
  std::mutex gate_;
  std::mutex sides_;  // protects the connections; taken before the gate
  Side main_, keys_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tongqu::sql
