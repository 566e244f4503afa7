#include "gateway/store/schema.hpp"

#include <array>
#include <string>

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {
namespace {

// exchanges   one row per accepted message; state and the numbers it follows from (open_tasks, troubled, queued) are
//             kept by the writer; closed_ms: 0 = not finished, > 0 = finished then, < 0 = the same, and purged
// contents    sealed original and record, by the index of the "stored" entry
// outbox      what changes with delivery, apart from outbox_contents, so that settling does not rewrite payloads
//             lane: 0 waits behind another row of its key (or is not queued), 1 head, never tried or due at once,
//             2 head that waits for next_due_ms. holds: 1 while the row keeps its order key (queued, no-answer, dead)
// audit       entry, leaf and receipt of one index; receipt = head, entry, tail; without a tail the head is all
// checkpoint  one row: newest signed note, and the number of the batch that wrote it
constexpr const char* kMain1 = R"sql(
CREATE TABLE exchanges(
  id TEXT PRIMARY KEY, partner TEXT NOT NULL, service TEXT NOT NULL, matter TEXT NOT NULL, operation TEXT NOT NULL,
  version INTEGER NOT NULL, received_ms INTEGER NOT NULL, config TEXT NOT NULL, route TEXT NOT NULL,
  state INTEGER NOT NULL, findings TEXT NOT NULL, original_type TEXT NOT NULL, audit_index INTEGER NOT NULL,
  open_tasks INTEGER NOT NULL, troubled INTEGER NOT NULL, queued INTEGER NOT NULL, closed_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX exchanges_by_partner ON exchanges(partner, id);
CREATE INDEX exchanges_by_matter ON exchanges(matter, partner, version) WHERE matter <> '';
CREATE INDEX exchanges_by_state ON exchanges(state, id) WHERE state <> 2;
CREATE INDEX exchanges_closed ON exchanges(closed_ms) WHERE closed_ms > 0;
CREATE TABLE contents(audit_index INTEGER PRIMARY KEY, original BLOB NOT NULL, record BLOB NOT NULL);
CREATE TABLE dedup(key TEXT PRIMARY KEY, digest BLOB NOT NULL, exchange TEXT NOT NULL, audit_index INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE nonces(nonce TEXT PRIMARY KEY, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX nonces_by_expiry ON nonces(expires_ms);
CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY, message_id TEXT NOT NULL, exchange TEXT NOT NULL, recipient TEXT NOT NULL,
  sender TEXT NOT NULL, service TEXT NOT NULL, order_key TEXT NOT NULL, state INTEGER NOT NULL, lane INTEGER NOT NULL,
  holds INTEGER NOT NULL, attempts INTEGER NOT NULL, created_ms INTEGER NOT NULL, next_due_ms INTEGER NOT NULL,
  deadline_ms INTEGER NOT NULL, settled_ms INTEGER NOT NULL, status INTEGER NOT NULL, latency_ms INTEGER NOT NULL,
  code TEXT NOT NULL, receipt_index INTEGER);
CREATE UNIQUE INDEX outbox_by_message ON outbox(message_id);
CREATE INDEX outbox_by_key ON outbox(order_key, seq) WHERE holds = 1;
CREATE INDEX outbox_queued ON outbox(recipient, lane, seq, next_due_ms) WHERE state = 0;
CREATE INDEX outbox_waiting ON outbox(recipient, next_due_ms) WHERE lane = 2;
CREATE INDEX outbox_troubled ON outbox(state, recipient, seq) WHERE state IN (2, 3);
CREATE TABLE outbox_contents(
  seq INTEGER PRIMARY KEY, content_type TEXT NOT NULL, ledger TEXT NOT NULL, supersedes TEXT NOT NULL,
  sealed BLOB NOT NULL);
CREATE TABLE tasks(
  task INTEGER PRIMARY KEY, queue INTEGER NOT NULL, exchange TEXT NOT NULL, reason TEXT NOT NULL,
  created_ms INTEGER NOT NULL, finished_ms INTEGER NOT NULL);
CREATE INDEX tasks_open ON tasks(queue, task) WHERE finished_ms = 0;
CREATE INDEX tasks_by_queue ON tasks(queue, task);
CREATE TABLE audit(
  idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, receipt_head TEXT NOT NULL, receipt_tail TEXT,
  entry TEXT NOT NULL);
CREATE TABLE nodes(level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(level, idx))
  WITHOUT ROWID;
CREATE TABLE checkpoint(
  one INTEGER PRIMARY KEY CHECK(one = 1), tree_size INTEGER NOT NULL, note TEXT NOT NULL, batch INTEGER NOT NULL,
  probed_ms INTEGER NOT NULL);
INSERT INTO checkpoint VALUES(1, 0, '', 0, 0);
CREATE TABLE counters(
  partner TEXT PRIMARY KEY, stored INTEGER NOT NULL, held INTEGER NOT NULL, queued INTEGER NOT NULL,
  delivered INTEGER NOT NULL, no_answer INTEGER NOT NULL, dead INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE paused(partner TEXT PRIMARY KEY) WITHOUT ROWID;
)sql";

// Acts of people with the reason they typed (the entry has only its salted digest), and two listings of the console:
// exchanges of one service, messages of one recipient.
constexpr const char* kMain2 = R"sql(
CREATE TABLE acts(
  audit_index INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind INTEGER NOT NULL, subject TEXT NOT NULL,
  actor TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX exchanges_by_service ON exchanges(service, id);
CREATE INDEX outbox_by_recipient ON outbox(recipient, seq);
)sql";

// Ledger entries hold labels and forms but no values, so the rows of one recipient mostly share a handful of texts,
// each larger than the message itself: kept once. Older rows have theirs in outbox_contents and ledger_id 0.
constexpr const char* kMain3 = R"sql(
CREATE TABLE ledgers(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
ALTER TABLE outbox_contents ADD COLUMN ledger_id INTEGER NOT NULL DEFAULT 0;
)sql";

// Nonces are random: by nonce, each changed a page of its own, by time they stand where the last ones stand. A request
// that is repeated carries the same signed time, from which its expiry follows, so the pair finds it.
constexpr const char* kMain4 = R"sql(
CREATE TABLE used_nonces(expires_ms INTEGER NOT NULL, nonce TEXT NOT NULL, PRIMARY KEY(expires_ms, nonce)) WITHOUT ROWID;
INSERT INTO used_nonces SELECT expires_ms, nonce FROM nonces;
DROP TABLE nonces;
)sql";

// open_queries   asked, and neither answered nor abandoned; what a crash leaves here is closed at the next start
// query_ledgers  what was disclosed by queries, by the hash that their audit entries name
constexpr const char* kMain5 = R"sql(
CREATE TABLE open_queries(
  query TEXT PRIMARY KEY, partner TEXT NOT NULL, recipient TEXT NOT NULL, service TEXT NOT NULL,
  asked_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE query_ledgers(digest BLOB PRIMARY KEY, ledger TEXT NOT NULL) WITHOUT ROWID;
)sql";

// What people transcribe (transcript.hpp): batches, which rows are in which, numbers by row. told: 0 while the sender
// has to learn the number.
constexpr const char* kMain6 = R"sql(
CREATE TABLE transcript_batches(
  recipient TEXT NOT NULL, batch INTEGER NOT NULL, at_ms INTEGER NOT NULL, actor TEXT NOT NULL,
  written_ms INTEGER NOT NULL, PRIMARY KEY(recipient, batch)) WITHOUT ROWID;
CREATE TABLE transcript_rows(seq INTEGER PRIMARY KEY, recipient TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE INDEX transcript_rows_by_batch ON transcript_rows(recipient, batch, seq);
CREATE TABLE transcript_numbers(
  seq INTEGER PRIMARY KEY, recipient TEXT NOT NULL, order_key TEXT NOT NULL, number TEXT NOT NULL,
  at_ms INTEGER NOT NULL, actor TEXT NOT NULL, told INTEGER NOT NULL);
CREATE INDEX transcript_numbers_by_key ON transcript_numbers(order_key, seq);
CREATE INDEX transcript_numbers_by_number ON transcript_numbers(recipient, number);
CREATE INDEX transcript_numbers_untold ON transcript_numbers(recipient, seq) WHERE told = 0;
CREATE TABLE transcript_reminders(recipient TEXT PRIMARY KEY, up_to_seq INTEGER NOT NULL) WITHOUT ROWID;
)sql";

// Which attachments the message of a recipient names: from the commit on it may read them.
constexpr const char* kMain7 = R"sql(
CREATE TABLE attachment_grants(attachment TEXT NOT NULL, recipient TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY(attachment, recipient, seq)) WITHOUT ROWID;
)sql";

// Which exchanges carry on an exchange of another gateway: few, and looked for by its id alone. Of older ones it is
// taken from their audit entries.
constexpr const char* kMain8 = R"sql(
CREATE TABLE exchange_origins(origin TEXT NOT NULL, exchange TEXT NOT NULL, PRIMARY KEY(origin, exchange)) WITHOUT ROWID;
INSERT INTO exchange_origins
  SELECT json_extract(a.entry, '$.origin'), e.id FROM exchanges e JOIN audit a ON a.idx = e.audit_index
  WHERE a.entry LIKE '%"origin":"%' AND json_extract(a.entry, '$.origin') IS NOT NULL;
)sql";

// Every index is paid for with each message, a question is rare: a recipient's rows are looked through, newest first.
// disclosures  what left for whom: one row for each (exchange, recipient) and audit entry; seq 0 = of a query
// persons      by what a person is found again: keyed hashes alone, which can be erased
// Older disclosures are taken from the outbox and from the entries of queries; a released or replaced message then
// stands under the entry "stored" of its exchange. Persons of older records are sealed and are not found.
constexpr const char* kMain9 = R"sql(
CREATE TABLE disclosures(
  id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, exchange TEXT NOT NULL, recipient TEXT NOT NULL,
  service TEXT NOT NULL, seq INTEGER NOT NULL, ledger_id INTEGER NOT NULL, audit_index INTEGER NOT NULL);
CREATE TABLE persons(
  hash BLOB NOT NULL, exchange TEXT NOT NULL, role TEXT NOT NULL, kind TEXT NOT NULL, key_version INTEGER NOT NULL,
  PRIMARY KEY(hash, exchange, role)) WITHOUT ROWID;
INSERT OR IGNORE INTO ledgers(text) SELECT DISTINCT ledger FROM outbox_contents WHERE ledger_id = 0 AND ledger <> '';
INSERT OR IGNORE INTO ledgers(text) SELECT ledger FROM query_ledgers;
INSERT INTO disclosures(at_ms, exchange, recipient, service, seq, ledger_id, audit_index)
  SELECT * FROM (
    SELECT o.created_ms AS at_ms, o.exchange, o.recipient, o.service, o.seq,
      CASE WHEN c.ledger_id = 0 THEN (SELECT id FROM ledgers WHERE text = c.ledger) ELSE c.ledger_id END AS ledger,
      e.audit_index
    FROM outbox o JOIN outbox_contents c ON c.seq = o.seq JOIN exchanges e ON e.id = o.exchange
    WHERE c.ledger_id > 0 OR c.ledger <> ''
    UNION ALL
    SELECT CAST(round((julianday(json_extract(a.entry, '$.at')) - 2440587.5) * 86400000) AS INTEGER),
      json_extract(a.entry, '$.exchange'),
      CASE json_extract(a.entry, '$.kind') WHEN 'asked' THEN json_extract(a.entry, '$.recipient')
        ELSE json_extract(a.entry, '$.partner') END,
      json_extract(a.entry, '$.service'), 0, l.id, a.idx
    FROM audit a
    JOIN query_ledgers q ON lower(hex(q.digest)) = json_extract(a.entry, '$.disclosed[0].ledger')
    JOIN ledgers l ON l.text = q.ledger
    WHERE json_extract(a.entry, '$.kind') IN ('asked', 'answered')
  ) ORDER BY at_ms, seq;
CREATE INDEX disclosures_by_exchange ON disclosures(exchange);
CREATE INDEX disclosures_by_time ON disclosures(at_ms);
)sql";

// A task of a held message names it. Grants (gateway/core/grants.hpp): state 0 asked, 1 in force, 2 refused, 3
// withdrawn; until_ms is the end of one that is in force, and before that the end that was asked for.
constexpr const char* kMain10 = R"sql(
ALTER TABLE tasks ADD COLUMN message TEXT NOT NULL DEFAULT '';
CREATE TABLE grants(
  id TEXT PRIMARY KEY, kind INTEGER NOT NULL, state INTEGER NOT NULL, recipient TEXT NOT NULL, service TEXT NOT NULL,
  exchange TEXT NOT NULL, partner TEXT NOT NULL, matter TEXT NOT NULL, labels TEXT NOT NULL, reason TEXT NOT NULL,
  asked_by TEXT NOT NULL, asked_ms INTEGER NOT NULL, decided_by TEXT NOT NULL, decided_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX grants_alive ON grants(until_ms) WHERE state < 2;
)sql";

// Marks of exchanges that are not yet in the index, packed (person_writer.hpp).
constexpr const char* kMain11 = R"sql(
CREATE TABLE persons_waiting(id INTEGER PRIMARY KEY, exchange TEXT NOT NULL, marks BLOB NOT NULL);
)sql";

// In which form the recipient may read the attachment. What was named before there were forms was named by a policy
// that knew of originals alone: it becomes the copy.
constexpr const char* kMain12 = R"sql(
ALTER TABLE attachment_grants ADD COLUMN forms TEXT NOT NULL DEFAULT 'derivative';
)sql";

constexpr const char* kKeys1 = R"sql(
CREATE TABLE keys(exchange TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
)sql";

constexpr std::array kMainMigrations{Migration{kMain1}, Migration{kMain2},  Migration{kMain3},  Migration{kMain4},
                                     Migration{kMain5}, Migration{kMain6},  Migration{kMain7},  Migration{kMain8},
                                     Migration{kMain9}, Migration{kMain10}, Migration{kMain11}, Migration{kMain12}};
constexpr std::array kKeyMigrations{Migration{kKeys1}};

}  // namespace

std::span<const Migration> main_migrations() { return kMainMigrations; }
std::span<const Migration> key_migrations() { return kKeyMigrations; }

std::int64_t schema_version(const Connection& database) {
  if (database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'") == 0) return 0;
  return database.integer("SELECT version FROM schema_version");
}

Status migrate(const Connection& database, std::span<const Migration> migrations) {
  const auto wanted = static_cast<std::int64_t>(migrations.size());
  const std::int64_t present = schema_version(database);
  if (present > wanted) return make_error(codes::kStoreNewer, std::to_string(present));
  for (std::int64_t version = present; version < wanted; ++version) {
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec("CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL)");
      database.exec(migrations[static_cast<std::size_t>(version)].statements);
      database.exec("DELETE FROM schema_version");
      database.prepare("INSERT INTO schema_version VALUES(?)").run(version + 1);
      database.exec("COMMIT");
    } catch (const SqlError&) {
      database.rollback();
      throw;
    }
  }
  return {};
}

}  // namespace tongqu::sql
