#include "gateway/store/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "gateway/store/schema.hpp"
#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {
namespace fs = std::filesystem;
namespace {

// Sizes by measurement (docs/decisions/0002). mmap stays off: a read error of a mapped page would be a signal.
// wal_autocheckpoint is off because a checkpoint belongs to its own thread.
constexpr const char* kSettings =
    "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0; PRAGMA journal_size_limit = "
    "67108864;";

}  // namespace

Result<FolderLock> FolderLock::take(const fs::path& folder) {
  std::error_code failed;
  if (fs::create_directories(folder, failed)) fs::permissions(folder, fs::perms::owner_all, failed);
  const fs::path path = folder / "lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return make_error(codes::kStoreOpen, path.string());
  FolderLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) return make_error(codes::kStoreLocked, path.string());
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

std::string main_path(const StoreOptions& options) { return (options.folder / "main.db").string(); }
std::string key_path(const StoreOptions& options) { return (options.folder / "keys.db").string(); }

Database::~Database() {
  for (Statement* statement : {&begin, &commit, &put_key, &erase_key, &begin_keys, &commit_keys}) {
    *statement = Statement();
  }
  transcripts.reset();
  queries.reset();
  exchanges.reset();
  nonces.reset();
  audit.reset();
}

void Database::open_files(const StoreOptions& options) {
  make_private(main_path(options));
  make_private(key_path(options));
  const ConnectOptions connect{options.vfs, 5000};
  keys = Connection(key_path(options), connect);
  main = Connection(main_path(options), connect);
  main.exec(kSettings);
  keys.exec(kSettings);
  main.exec("PRAGMA cache_size = -65536");
  keys.exec("PRAGMA cache_size = -8192");
}

// A commit that a crash interrupted before its sync may be readable from the page cache only. Written back and synced
// it is as good as any other before somebody is told about it.
void Database::make_durable() {
  for (const Connection* connection : {&keys, &main}) {
    connection->exec("SELECT count(*) FROM sqlite_schema");
    const int code = sqlite3_wal_checkpoint_v2(connection->handle(), "main", SQLITE_CHECKPOINT_FULL, nullptr, nullptr);
    if (code != SQLITE_OK) throw SqlError(code);
  }
}

Result<std::unique_ptr<Database>> Database::open(const StoreOptions& options, AuditSequencer& sequencer) {
  std::unique_ptr<Database> database(new Database());
  try {
    database->open_files(options);
    if (auto status = migrate(database->main, main_migrations()); status.has_error()) return status.error();
    if (auto status = migrate(database->keys, key_migrations()); status.has_error()) return status.error();
    database->make_durable();
    if (auto status = database->bring_up(sequencer); status.has_error()) return status.error();
  } catch (const SqlError& error) {
    return make_error(codes::kStoreOpen, error.what());
  }
  return database;
}

Status Database::bring_up(AuditSequencer& sequencer) {
  auto tree = read_tree(main);
  if (tree.has_error()) return tree.error();
  if (auto status = sequencer.restore(tree->size, tree->leaves, tree->nodes, tree->checkpoint); status.has_error()) {
    return status;
  }
  mend_counters(main);
  tree_size = tree->size;
  next_seq = main.integer("SELECT max(seq) + 1 FROM outbox");
  next_task = main.integer("SELECT max(task) + 1 FROM tasks");
  if (next_seq == 0) next_seq = 1;
  if (next_task == 0) next_task = 1;
  batch = main.integer("SELECT batch FROM checkpoint");
  audit = std::make_unique<AuditWriter>(main);
  nonces = std::make_unique<NonceBook>(main);
  disclosures = std::make_unique<DisclosureWriter>(main);
  exchanges = std::make_unique<ExchangeWriter>(main, *audit, *nonces, *disclosures);
  queries = std::make_unique<QueryWriter>(main, *nonces, *disclosures);
  transcripts = std::make_unique<TranscriptWriter>(main, exchanges->outbox());
  grants = std::make_unique<GrantWriter>(main);
  begin = main.prepare("BEGIN IMMEDIATE");
  commit = main.prepare("COMMIT");
  begin_keys = keys.prepare("BEGIN IMMEDIATE");
  commit_keys = keys.prepare("COMMIT");
  put_key = keys.prepare("INSERT OR REPLACE INTO keys VALUES(?, ?)");
  erase_key = keys.prepare("DELETE FROM keys WHERE exchange = ?");
  return {};
}

void mend_counters(const Connection& main) {
  // Only where a number differs, so that opening a sound store writes nothing.
  main.exec(R"sql(
BEGIN IMMEDIATE;
CREATE TEMP TABLE counted(partner TEXT PRIMARY KEY, held, queued, no_answer, dead) WITHOUT ROWID;
INSERT INTO counted SELECT partner, 0, 0, 0, 0 FROM counters;
INSERT INTO counted SELECT partner, count(*), 0, 0, 0 FROM exchanges WHERE state = 1 GROUP BY partner
  ON CONFLICT DO UPDATE SET held = excluded.held;
INSERT INTO counted SELECT recipient, 0, count(*), 0, 0 FROM outbox WHERE state = 0 GROUP BY recipient
  ON CONFLICT DO UPDATE SET queued = excluded.queued;
INSERT INTO counted SELECT recipient, 0, 0, count(*), 0 FROM outbox WHERE state = 2 GROUP BY recipient
  ON CONFLICT DO UPDATE SET no_answer = excluded.no_answer;
INSERT INTO counted SELECT recipient, 0, 0, 0, count(*) FROM outbox WHERE state = 3 GROUP BY recipient
  ON CONFLICT DO UPDATE SET dead = excluded.dead;
INSERT OR IGNORE INTO counters SELECT partner, 0, 0, 0, 0, 0, 0 FROM counted;
UPDATE counters SET held = c.held, queued = c.queued, no_answer = c.no_answer, dead = c.dead
  FROM counted c WHERE c.partner = counters.partner
  AND (counters.held, counters.queued, counters.no_answer, counters.dead) <> (c.held, c.queued, c.no_answer, c.dead);
DROP TABLE counted;
COMMIT;
)sql");
}

}  // namespace tongqu::sql
