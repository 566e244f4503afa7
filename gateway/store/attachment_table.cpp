#include "gateway/store/attachment_table.hpp"

#include <array>

#include "gateway/store/guarded.hpp"
#include "gateway/store/schema.hpp"

namespace tongqu::sql {
namespace {

constexpr std::string_view kTable = "attachment table";
// state: AttachmentState. tail: see SegmentFile::seal_tail. An idempotency key is empty after a refusal.
constexpr const char* kMain1 = R"sql(
CREATE TABLE attachments(
  id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, state INTEGER NOT NULL, type TEXT NOT NULL, size_bytes INTEGER NOT NULL,
  offset_bytes INTEGER NOT NULL, hash INTEGER NOT NULL, digest BLOB NOT NULL, suite_digest BLOB NOT NULL,
  sealed_name BLOB NOT NULL, overhead_bytes INTEGER NOT NULL, idempotency_key TEXT NOT NULL, declaration BLOB NOT NULL,
  created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, code TEXT NOT NULL, tail BLOB NOT NULL);
CREATE UNIQUE INDEX attachments_by_key ON attachments(owner, idempotency_key) WHERE idempotency_key <> '';
CREATE INDEX attachments_open ON attachments(owner, expires_ms, size_bytes) WHERE state = 0;
CREATE INDEX attachments_unscanned ON attachments(id) WHERE state = 1;
CREATE INDEX attachments_expiring ON attachments(expires_ms, id) WHERE state = 0;
)sql";
// Rows of attachments that are wanted (state 5), or refused and may be tried again.
constexpr const char* kMain2 = R"sql(
CREATE TABLE fetches(
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, due_ms INTEGER NOT NULL, since_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL, typed INTEGER NOT NULL, digested INTEGER NOT NULL, sealed_url BLOB NOT NULL,
  sealed_validator BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX fetches_due ON fetches(owner, due_ms);
)sql";
// Copies without metadata. state: DerivativeState; copy: an attachment of kDeriver.
constexpr const char* kMain3 = R"sql(
CREATE TABLE derivatives(original TEXT PRIMARY KEY, state INTEGER NOT NULL, copy TEXT NOT NULL, code TEXT NOT NULL)
  WITHOUT ROWID;
CREATE INDEX derivatives_wanted ON derivatives(original) WHERE state = 0;
)sql";
constexpr const char* kKeys1 = "CREATE TABLE keys(id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;";
constexpr std::array kMainMigrations{Migration{kMain1}, Migration{kMain2}, Migration{kMain3}};
constexpr std::array kKeyMigrations{Migration{kKeys1}};

constexpr std::string_view kColumns =
    "SELECT id, owner, state, type, size_bytes, offset_bytes, hash, digest, sealed_name, overhead_bytes, "
    "idempotency_key, declaration, created_ms, expires_ms, code, tail FROM attachments WHERE ";

AttachmentRow row_of(const Query& query) {
  AttachmentRow row;
  Attachment& a = row.attachment;
  a.id = AttachmentId(query.text(0));
  a.owner = PartnerId(query.text(1));
  a.state = static_cast<AttachmentState>(query.integer(2));
  a.type = query.text(3);
  a.size_bytes = static_cast<std::uint64_t>(query.integer(4));
  a.offset_bytes = static_cast<std::uint64_t>(query.integer(5));
  a.hash = static_cast<SuiteId>(query.integer(6));
  const std::string_view digest = query.view(7);
  std::copy_n(digest.begin(), std::min(digest.size(), a.digest.size()), a.digest.begin());
  row.sealed_name = query.text(8);
  row.overhead_bytes = static_cast<std::size_t>(query.integer(9));
  row.idempotency_key = query.text(10);
  row.declaration = query.text(11);
  a.created_ms = query.integer(12);
  a.expires_ms = query.integer(13);
  a.code = query.text(14);
  row.tail = query.text(15);
  return row;
}

void open_file(Connection& connection, const std::filesystem::path& path) {
  make_private(path.string());
  connection = Connection(path.string(), {});
  connection.exec("PRAGMA journal_mode = WAL");
  connection.exec("PRAGMA synchronous = FULL");
}

}  // namespace

Result<std::unique_ptr<AttachmentTable>> AttachmentTable::open(const std::filesystem::path& folder) {
  using Opened = Result<std::unique_ptr<AttachmentTable>>;
  return guarded(kTable, [&]() -> Opened {
    std::unique_ptr<AttachmentTable> table(new AttachmentTable());
    AttachmentTable& t = *table;
    open_file(t.main_, folder / "attachments.db");
    open_file(t.keys_, folder / "attachment-keys.db");
    t.keys_.exec("PRAGMA secure_delete = ON");
    if (auto status = migrate(t.main_, kMainMigrations); status.has_error()) return status.error();
    if (auto status = migrate(t.keys_, kKeyMigrations); status.has_error()) return status.error();
    t.by_id_ = t.main_.prepare(std::string(kColumns) + "id = ?");
    t.by_key_ = t.main_.prepare(std::string(kColumns) + "owner = ? AND idempotency_key = ? AND idempotency_key <> ''");
    t.open_of_ = t.main_.prepare("SELECT count(*), sum(size_bytes) FROM attachments WHERE state = 0 AND owner = ?");
    t.insert_ =
        t.main_.prepare("INSERT INTO attachments VALUES(?, ?, 0, ?, ?, 0, ?, ?, x'', ?, ?, ?, ?, ?, ?, '', x'')");
    t.advance_ = t.main_.prepare("UPDATE attachments SET offset_bytes = ?, tail = ? WHERE id = ? AND state IN (0, 5)");
    t.finish_ = t.main_.prepare(
        "UPDATE attachments SET state = 1, offset_bytes = size_bytes, suite_digest = ?, tail = x'' "
        "WHERE id = ? AND state = 0");
    t.refuse_ = t.main_.prepare(
        "UPDATE attachments SET state = 3, code = ?, idempotency_key = '', tail = x'' WHERE id = ? AND state = 0");
    t.erase_ = t.main_.prepare("DELETE FROM attachments WHERE id = ?");
    t.expired_ = t.main_.prepare("SELECT id FROM attachments WHERE state = 0 AND expires_ms <= ? LIMIT ?");
    t.settle_scan_ = t.main_.prepare("UPDATE attachments SET state = ? WHERE id = ? AND state = 1");
    t.unscanned_ = t.main_.prepare(
        "SELECT id FROM attachments WHERE state = 1 AND id > ? AND owner <> '@derived' ORDER BY id LIMIT ?");
    t.list_ = t.main_.prepare(
        std::string(kColumns) +
        "(?1 < 0 OR state = ?1) AND (owner = ?2 OR ?2 = '' AND owner <> '@derived') AND "
        "(?3 = '' OR rowid < (SELECT rowid FROM attachments WHERE id = ?3)) ORDER BY rowid DESC LIMIT ?4");
    t.release_ = t.main_.prepare("UPDATE attachments SET state = 2 WHERE id = ? AND state IN (1, 4) RETURNING id");
    t.get_key_ = t.keys_.prepare("SELECT wrapped FROM keys WHERE id = ?");
    t.put_key_ = t.keys_.prepare("INSERT INTO keys VALUES(?, ?)");
    t.erase_key_ = t.keys_.prepare("DELETE FROM keys WHERE id = ?");
    return table;
  });
}

Result<std::optional<AttachmentRow>> AttachmentTable::one(Statement& statement, std::string_view a,
                                                          std::string_view b) {
  using Found = Result<std::optional<AttachmentRow>>;
  return guarded(kTable, [&]() -> Found {
    std::optional<AttachmentRow> row;
    if (b.empty()) {
      if (Query query(statement, a); query.next()) row = row_of(query);
    } else if (Query query(statement, a, b); query.next()) {
      row = row_of(query);
    }
    if (!row) return row;
    if (Query key(get_key_, row->attachment.id.str()); key.next()) row->wrapped_key = key.text(0);
    return row;
  });
}

Result<std::optional<AttachmentRow>> AttachmentTable::by_id(const AttachmentId& id) {
  return one(by_id_, id.str(), {});
}

Result<std::optional<AttachmentRow>> AttachmentTable::by_key(const PartnerId& owner, const std::string& key) {
  if (key.empty()) return std::optional<AttachmentRow>();
  return one(by_key_, owner.str(), key);
}

Result<OpenAttachments> AttachmentTable::open_of(const PartnerId& owner) {
  return guarded(kTable, [&]() -> Result<OpenAttachments> {
    OpenAttachments open;
    if (Query query(open_of_, owner.str()); query.next()) {
      open.count = static_cast<std::size_t>(query.integer(0));
      open.bytes = static_cast<std::uint64_t>(query.integer(1));
    }
    return open;
  });
}

Status AttachmentTable::insert(const AttachmentRow& row) {
  return guarded(kTable, [&]() -> Status {
    const Attachment& a = row.attachment;
    put_key_.run(a.id.str(), Blob{row.wrapped_key});
    insert_.run(a.id.str(), a.owner.str(), a.type, a.size_bytes, static_cast<std::int64_t>(a.hash),
                Blob{as_text(a.digest)}, Blob{row.sealed_name}, row.overhead_bytes, row.idempotency_key,
                Blob{row.declaration}, a.created_ms, a.expires_ms);
    return {};
  });
}

Status AttachmentTable::advance(const AttachmentId& id, std::uint64_t offset_bytes, std::string_view tail) {
  return guarded(kTable, [&]() -> Status {
    advance_.run(offset_bytes, Blob{tail}, id.str());
    return {};
  });
}

Status AttachmentTable::finish(const AttachmentId& id, std::string_view suite_digest) {
  return guarded(kTable, [&]() -> Status {
    finish_.run(Blob{suite_digest}, id.str());
    return {};
  });
}

Status AttachmentTable::refuse(const AttachmentId& id, std::string_view code) {
  return guarded(kTable, [&]() -> Status {
    refuse_.run(code, id.str());
    erase_key_.run(id.str());
    return {};
  });
}

Status AttachmentTable::settle_scan(const AttachmentId& id, AttachmentState to) {
  return guarded(kTable, [&]() -> Status {
    settle_scan_.run(static_cast<int>(to), id.str());
    return {};
  });
}

Result<std::vector<AttachmentId>> AttachmentTable::unscanned(const AttachmentId& after, std::size_t limit) {
  return guarded(kTable, [&]() -> Result<std::vector<AttachmentId>> {
    std::vector<AttachmentId> ids;
    Query query(unscanned_, after.str(), limit);
    while (query.next()) ids.emplace_back(query.text(0));
    return ids;
  });
}

Result<std::vector<Attachment>> AttachmentTable::list(const AttachmentFilter& filter) {
  return guarded(kTable, [&]() -> Result<std::vector<Attachment>> {
    std::vector<Attachment> rows;
    Query query(list_, filter.state ? static_cast<int>(*filter.state) : -1, filter.owner.str(), filter.before.str(),
                filter.limit);
    while (query.next()) rows.push_back(row_of(query).attachment);
    return rows;
  });
}

Result<bool> AttachmentTable::release(const AttachmentId& id) {
  return guarded(kTable, [&]() -> Result<bool> {
    bool released = false;
    for (Query query(release_, id.str()); query.next();) released = true;
    return released;
  });
}

// Deleted rows are overwritten (secure_delete); the log still has what they were until it is written back and cut.
Status AttachmentTable::destroy_key(const AttachmentId& id) {
  return guarded(kTable, [&]() -> Status {
    erase_key_.run(id.str());
    keys_.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return {};
  });
}

Status AttachmentTable::erase(const AttachmentId& id) {
  return guarded(kTable, [&]() -> Status {
    erase_.run(id.str());
    erase_key_.run(id.str());
    return {};
  });
}

Result<std::vector<AttachmentId>> AttachmentTable::expired(Instant now, std::size_t limit) {
  return guarded(kTable, [&]() -> Result<std::vector<AttachmentId>> {
    std::vector<AttachmentId> ids;
    Query query(expired_, now.ms, limit);
    while (query.next()) ids.emplace_back(query.text(0));
    return ids;
  });
}

}  // namespace tongqu::sql
