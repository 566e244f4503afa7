#pragma once
// The writer's side of the two files: opening with the right settings, migrations, what has to hold before the first
// write, and one lock that keeps a second process out.
#include <filesystem>
#include <memory>

#include "gateway/store/audit_writer.hpp"
#include "gateway/store/disclosure_writer.hpp"
#include "gateway/store/exchange_writer.hpp"
#include "gateway/store/grant_writer.hpp"
#include "gateway/store/query_writer.hpp"
#include "gateway/store/sql_store.hpp"
#include "gateway/store/sqlite.hpp"
#include "gateway/store/transcript_writer.hpp"

namespace tongqu::sql {

// Held as long as the object lives; the system drops it with the process.
class FolderLock {
 public:
  // Makes the folder (0700). Errors: store.locked, store.open.
  [[nodiscard]] static Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_ = -1;
};

[[nodiscard]] std::string main_path(const StoreOptions& options);
[[nodiscard]] std::string key_path(const StoreOptions& options);

// Writer's connections with all their statements.
class Database {
 public:
  // Opens, migrates, restores the sequencer, mends counters. Errors as SqlStore::open; an SqlError becomes store.open.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const StoreOptions& options, AuditSequencer& sequencer);
  ~Database();

  Connection main;
  Connection keys;
  std::unique_ptr<AuditWriter> audit;
  std::unique_ptr<NonceBook> nonces;
  std::unique_ptr<DisclosureWriter> disclosures;
  std::unique_ptr<ExchangeWriter> exchanges;
  std::unique_ptr<TranscriptWriter> transcripts;
  std::unique_ptr<QueryWriter> queries;
  std::unique_ptr<GrantWriter> grants;
  Statement begin, commit, put_key, erase_key, begin_keys, commit_keys;
  // Where the next batch goes on.
  std::uint64_t tree_size = 0;
  std::int64_t next_seq = 1;
  std::int64_t next_task = 1;
  std::int64_t batch = 0;  // number of the last committed batch

 private:
  Database() = default;
  void open_files(const StoreOptions& options);
  void make_durable();
  [[nodiscard]] Status bring_up(AuditSequencer& sequencer);
};

// Numbers of queued, held, no-answer and dead rows are counted again from their indexes and put right.
void mend_counters(const Connection& main);

}  // namespace tongqu::sql
