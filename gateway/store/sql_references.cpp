#include "gateway/store/sql_references.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "gateway/store/guarded.hpp"
#include "gateway/store/schema.hpp"
#include "gateway/store/store_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kTable = "reference store";
using sql::Blob;
using sql::Connection;
using sql::Query;
using sql::Statement;

constexpr const char* kMain1 = R"sql(
CREATE TABLE records(
  id INTEGER PRIMARY KEY, base TEXT NOT NULL, identity BLOB NOT NULL, message_id TEXT NOT NULL, place TEXT NOT NULL,
  as_of TEXT NOT NULL, bytes INTEGER NOT NULL, sealed BLOB NOT NULL, UNIQUE(base, identity));
CREATE TABLE lookup(
  base TEXT NOT NULL, key BLOB NOT NULL, record INTEGER NOT NULL, PRIMARY KEY(base, key, record)) WITHOUT ROWID;
CREATE INDEX lookup_by_record ON lookup(record);
CREATE TABLE bases(
  base TEXT PRIMARY KEY, records INTEGER NOT NULL, bytes INTEGER NOT NULL, newest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE dropped(key TEXT PRIMARY KEY) WITHOUT ROWID;
)sql";
constexpr const char* kKeys1 = "CREATE TABLE keys(id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;";
constexpr std::array kMainMigrations{sql::Migration{kMain1}};
constexpr std::array kKeyMigrations{sql::Migration{kKeys1}};

constexpr const char* kHashKey = "hashes";
constexpr std::size_t kDroppedPerCall = 10'000;
constexpr int kReadAttempts = 3;

Error unavailable() { return make_error(codes::kUnavailable, std::string(kTable)); }

void open_file(Connection& connection, const std::filesystem::path& path, const std::string& vfs) {
  sql::make_private(path.string());
  connection = Connection(path.string(), {.vfs = vfs});
  connection.exec("PRAGMA journal_mode = WAL");
  connection.exec("PRAGMA synchronous = FULL");
}

// Name of a record's data key; also what it is bound to.
std::string key_name(const PartnerId& base, std::string_view message_id) {
  return base.str() + "/" + std::string(message_id);
}

std::string context(const PartnerId& base) { return "reference/" + base.str(); }

}  // namespace

// What is there under an identity; id 0 = nothing.
struct SqlReferences::Present {
  std::int64_t id = 0;
  std::string message_id, order, as_of;
  std::uint64_t bytes = 0;
};

struct SqlReferences::Counts {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::string newest;
};

struct SqlReferences::Tables {
  Connection main, keys;
  Statement find, insert, replace, add_key, drop_keys, drop, dropped, forget_dropped, counts, set_counts;
  Statement get_data_key, put_data_key, erase_data_key;

  [[nodiscard]] Status open(const std::filesystem::path& folder, const std::string& vfs) {
    open_file(main, folder / "references.db", vfs);
    open_file(keys, folder / "reference-keys.db", vfs);
    keys.exec("PRAGMA secure_delete = ON");
    if (auto status = sql::migrate(main, kMainMigrations); status.has_error()) return status;
    if (auto status = sql::migrate(keys, kKeyMigrations); status.has_error()) return status;
    find = main.prepare("SELECT id, message_id, place, as_of, bytes FROM records WHERE base = ? AND identity = ?");
    insert = main.prepare("INSERT INTO records VALUES(NULL, ?, ?, ?, ?, ?, ?, ?) RETURNING id");
    replace =
        main.prepare("UPDATE records SET message_id = ?, place = ?, as_of = ?, bytes = ?, sealed = ? WHERE id = ?");
    add_key = main.prepare("INSERT OR IGNORE INTO lookup VALUES(?, ?, ?)");
    drop_keys = main.prepare("DELETE FROM lookup WHERE record = ?");
    drop = main.prepare("INSERT OR IGNORE INTO dropped VALUES(?)");
    dropped = main.prepare("SELECT key FROM dropped LIMIT ?");
    forget_dropped = main.prepare("DELETE FROM dropped WHERE key = ?");
    counts = main.prepare("SELECT records, bytes, newest FROM bases WHERE base = ?");
    set_counts = main.prepare("INSERT OR REPLACE INTO bases VALUES(?, ?, ?, ?)");
    get_data_key = keys.prepare("SELECT wrapped FROM keys WHERE id = ?");
    put_data_key = keys.prepare("INSERT OR REPLACE INTO keys VALUES(?, ?)");
    erase_data_key = keys.prepare("DELETE FROM keys WHERE id = ?");
    return {};
  }
};

// Reads have connections of their own: a commit does not hold them up.
struct SqlReferences::Sessions {
  Connection main, keys;
  Statement find, newest, data_key;

  void open(const std::filesystem::path& folder, const std::string& vfs) {
    main = Connection((folder / "references.db").string(), {.vfs = vfs});
    keys = Connection((folder / "reference-keys.db").string(), {.vfs = vfs});
    find = main.prepare(
        "SELECT r.message_id, r.as_of, r.sealed FROM lookup l JOIN records r ON r.id = l.record "
        "WHERE l.base = ? AND l.key = ? ORDER BY r.place DESC, r.as_of DESC, r.message_id DESC LIMIT 1");
    newest = main.prepare("SELECT newest FROM bases WHERE base = ?");
    data_key = keys.prepare("SELECT wrapped FROM keys WHERE id = ?");
  }
};

SqlReferences::SqlReferences(const Sealer& sealer, const Suite& suite)
    : sealer_(sealer), suite_(suite), writing_(std::make_unique<Tables>()), reading_(std::make_unique<Sessions>()) {}
SqlReferences::~SqlReferences() = default;

Result<std::unique_ptr<SqlReferences>> SqlReferences::open(const std::filesystem::path& folder, const Sealer& sealer,
                                                           const Suite& suite, const std::string& vfs) {
  std::error_code failed;
  std::filesystem::create_directories(folder.parent_path(), failed);
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && !std::filesystem::is_directory(folder, failed)) return unavailable();
  return sql::guarded(kTable, [&]() -> Result<std::unique_ptr<SqlReferences>> {
    std::unique_ptr<SqlReferences> store(new SqlReferences(sealer, suite));
    if (auto status = store->writing_->open(folder, vfs); status.has_error()) return status.error();
    store->reading_->open(folder, vfs);
    if (auto status = store->load_hash_key(); status.has_error()) return status.error();
    store->destroy_dropped();
    return store;
  });
}

// Made once; without it nothing is found any more, so it is never made anew while there are records.
Status SqlReferences::load_hash_key() {
  const ExchangeId bound{std::string(kHashKey)};
  std::optional<Bytes> wrapped;
  if (Query query(writing_->get_data_key, kHashKey); query.next()) wrapped = query.text(0);
  if (!wrapped && writing_->main.integer("SELECT count(*) FROM bases") != 0) {
    return make_error(codes::kStoreCorrupt, "reference-keys.db");
  }
  auto key = wrapped ? sealer_.unwrap(bound, *wrapped) : sealer_.make_key(bound);
  if (key.has_error()) return key.error();
  if (!wrapped) writing_->put_data_key.run(kHashKey, Blob{key->wrapped});
  hash_key_ = std::move(key->plain);
  return {};
}

std::string SqlReferences::hashed(const PartnerId& base, std::string_view kind, std::string_view text) const {
  return std::string(as_text(suite_.hmac(hash_key_, {base.str(), {"\0", 1}, kind, {"\0", 1}, text})));
}

Result<std::vector<ReferencePut>> SqlReferences::put(const PartnerId& base, const ReferenceLimits& limits,
                                                     const std::vector<NewReference>& records) {
  const std::lock_guard lock(write_mutex_);
  Tables& t = *writing_;
  const auto stored = sql::guarded(kTable, [&]() -> Result<std::vector<ReferencePut>> {
    t.main.exec("BEGIN IMMEDIATE");
    t.keys.exec("BEGIN IMMEDIATE");
    Counts counts;
    if (Query query(t.counts, base.str()); query.next()) {
      counts.records = static_cast<std::uint64_t>(query.integer(0));
      counts.bytes = static_cast<std::uint64_t>(query.integer(1));
      counts.newest = query.text(2);
    }
    std::vector<ReferencePut> outcomes;
    for (const NewReference& record : records) {
      auto outcome = put_one(base, limits, record, counts);
      if (outcome.has_error()) return outcome.error();
      outcomes.push_back(*outcome);
    }
    t.set_counts.run(base.str(), counts.records, counts.bytes, counts.newest);
    t.keys.exec("COMMIT");
    t.main.exec("COMMIT");
    return outcomes;
  });
  if (stored.has_error()) {
    t.main.rollback();
    t.keys.rollback();
    return stored;
  }
  // What is left in `dropped` is destroyed by the next call, or the next start.
  const auto destroyed = sql::guarded(kTable, [&]() -> Status {
    destroy_dropped();
    return {};
  });
  if (destroyed.has_error()) {
    t.keys.rollback();
    t.main.rollback();
  }
  return stored;
}

Result<ReferencePut> SqlReferences::put_one(const PartnerId& base, const ReferenceLimits& limits,
                                            const NewReference& record, Counts& counts) {
  Present present;
  const std::string identity = hashed(base, "identity", record.identity);
  if (Query query(writing_->find, base.str(), Blob{identity}); query.next()) {
    present = {query.integer(0), query.text(1), query.text(2), query.text(3),
               static_cast<std::uint64_t>(query.integer(4))};
  }
  if (present.message_id == record.message_id) return ReferencePut::kStored;
  if (present.id != 0 && std::tie(record.order, record.as_of, record.message_id) <
                             std::tie(present.order, present.as_of, present.message_id))
    return ReferencePut::kOlder;
  Bytes wrapped;
  auto sealed = seal(base, record, wrapped);
  if (sealed.has_error()) return sealed.error();
  const std::uint64_t records = counts.records + (present.id == 0 ? 1 : 0);
  const std::uint64_t bytes = counts.bytes - present.bytes + sealed->size();
  const bool grows = records > counts.records || bytes > counts.bytes;
  if (grows && (records > limits.max_records || bytes > limits.max_bytes)) return ReferencePut::kFull;
  writing_->put_data_key.run(key_name(base, record.message_id), Blob{wrapped});
  write(base, identity, record, present, *sealed);
  counts.records = records;
  counts.bytes = bytes;
  counts.newest = std::max(counts.newest, record.as_of);
  return ReferencePut::kStored;
}

Result<Bytes> SqlReferences::seal(const PartnerId& base, const NewReference& record, Bytes& wrapped) const {
  auto key = sealer_.make_key(ExchangeId(key_name(base, record.message_id)));
  if (key.has_error()) return key.error();
  wrapped = key->wrapped;
  return sealer_.seal(*key, context(base), record.content);
}

void SqlReferences::write(const PartnerId& base, const std::string& identity, const NewReference& record,
                          const Present& present, const Bytes& sealed) {
  Tables& t = *writing_;
  std::int64_t id = present.id;
  if (id == 0) {
    Query query(t.insert, base.str(), Blob{identity}, record.message_id, record.order, record.as_of, sealed.size(),
                Blob{sealed});
    if (query.next()) id = query.integer(0);
  } else {
    t.replace.run(record.message_id, record.order, record.as_of, sealed.size(), Blob{sealed}, id);
    t.drop_keys.run(id);
    t.drop.run(key_name(base, present.message_id));
  }
  for (const std::string& key : record.keys) t.add_key.run(base.str(), Blob{hashed(base, "key", key)}, id);
}

void SqlReferences::destroy_dropped() {
  Tables& t = *writing_;
  std::vector<std::string> names;
  for (Query query(t.dropped, kDroppedPerCall); query.next();) names.push_back(query.text(0));
  if (names.empty()) return;
  t.keys.exec("BEGIN IMMEDIATE");
  for (const std::string& name : names) t.erase_data_key.run(name);
  t.keys.exec("COMMIT");
  t.main.exec("BEGIN IMMEDIATE");
  for (const std::string& name : names) t.forget_dropped.run(name);
  t.main.exec("COMMIT");
}

Result<std::optional<Reference>> SqlReferences::find(const PartnerId& base, const std::string& key) {
  using Found = Result<std::optional<Reference>>;
  const std::lock_guard lock(read_mutex_);
  Sessions& s = *reading_;
  const std::string sought = hashed(base, "key", key);
  return sql::guarded(kTable, [&]() -> Found {
    // A record may be replaced, and its data key destroyed, between the two reads.
    for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
      Reference reference;
      std::string message_id;
      Bytes sealed;
      {
        Query query(s.find, base.str(), Blob{sought});
        if (!query.next()) return std::optional<Reference>();
        message_id = query.text(0);
        reference.as_of = query.text(1);
        sealed = query.text(2);
      }
      const std::string name = key_name(base, message_id);
      std::optional<Bytes> wrapped;
      if (Query query(s.data_key, name); query.next()) wrapped = query.text(0);
      if (!wrapped) continue;
      auto data_key = sealer_.unwrap(ExchangeId(name), *wrapped);
      if (data_key.has_error()) return data_key.error();
      auto content = sealer_.open(*data_key, context(base), sealed);
      if (content.has_error()) return content.error();
      reference.content = std::move(*content);
      return std::optional(std::move(reference));
    }
    return unavailable();
  });
}

Result<std::string> SqlReferences::newest(const PartnerId& base) {
  const std::lock_guard lock(read_mutex_);
  return sql::guarded(kTable, [&]() -> Result<std::string> {
    Query query(reading_->newest, base.str());
    return query.next() ? query.text(0) : std::string();
  });
}

}  // namespace tongqu
