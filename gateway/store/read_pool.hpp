#pragma once
// Read sessions: each is used by one thread at a time, keeps its statements compiled, sees committed rows only, and
// stops a read at its time limit.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/store/sql_store.hpp"
#include "gateway/store/sqlite.hpp"
#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {

class ReadSession {
 public:
  // Both databases on one connection, keys as schema "keydb". Throws SqlError.
  ReadSession(const StoreOptions& options, const Clock& clock);
  // Compiled at the first use.
  [[nodiscard]] Statement& statement(const std::string& text);
  [[nodiscard]] const Connection& connection() const { return connection_; }
  void set_deadline(std::int64_t steady_ms) { deadline_ms_ = steady_ms; }

 private:
  static int on_progress(void* session);
  const Clock& clock_;
  std::int64_t deadline_ms_ = 0;
  Connection connection_;
  std::unordered_map<std::string, Statement> statements_;
};

// One snapshot for several statements.
class Snapshot {
 public:
  explicit Snapshot(ReadSession& session) : session_(session) { session_.connection().exec("BEGIN"); }
  ~Snapshot() { session_.connection().rollback(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  ReadSession& session_;
};

class ReadPool {
 public:
  ReadPool(const StoreOptions& options, const Clock& clock) : options_(options), clock_(clock) {}

  // Throws SqlError; then the pool stays closed.
  void open();
  // Waits for the reads that run; later ones fail until open.
  void close();

  // Calls `read(session)`, which gives a Result, on a free session. Errors: kUnavailable (closed), kDeadlinePassed (no
  // free session, or the read took too long), store.read.
  template <class Read>
  auto with(Read&& read) -> decltype(read(std::declval<ReadSession&>())) {
    auto session = take();
    if (session.has_error()) return session.error();
    const GiveBack give_back{*this, *session};
    try {
      return read(**session);
    } catch (const SqlError& error) {
      return error_of(error);
    }
  }

 private:
  struct GiveBack {
    ReadPool& pool;
    ReadSession* session;
    ~GiveBack() { pool.give_back(session); }
  };
  [[nodiscard]] Result<ReadSession*> take();
  void give_back(ReadSession* session);
  [[nodiscard]] Error error_of(const SqlError& error) const;

  const StoreOptions& options_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<ReadSession>> sessions_;
  std::vector<ReadSession*> free_;
  bool open_ = false;
};

}  // namespace tongqu::sql
