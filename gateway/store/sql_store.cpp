#include "gateway/store/sql_store.hpp"

#include <future>
#include <utility>

#include "gateway/store/reads.hpp"
#include "gateway/store/writer.hpp"

namespace tongqu {

// In the order of their making; the lock goes last.
struct SqlStore::Parts {
  Parts(StoreOptions given, AuditSequencer& sequencer, const Clock& clock, sql::FolderLock held)
      : options(std::move(given)),
        lock(std::move(held)),
        readers(options, clock),
        writer(options, sequencer, clock, readers, grants) {}
  const StoreOptions options;
  sql::FolderLock lock;
  sql::ReadPool readers;
  sql::GrantIndex grants;
  sql::Writer writer;
};

SqlStore::SqlStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqlStore::~SqlStore() = default;

Result<std::unique_ptr<SqlStore>> SqlStore::open(StoreOptions options, AuditSequencer& sequencer, const Clock& clock) {
  auto lock = sql::FolderLock::take(options.folder);
  if (lock.has_error()) return lock.error();
  auto parts = std::make_unique<Parts>(std::move(options), sequencer, clock, std::move(*lock));
  if (auto status = parts->writer.start(); status.has_error()) return status.error();
  return std::unique_ptr<SqlStore>(new SqlStore(std::move(parts)));
}

void SqlStore::commit(NewExchange exchange, StoredDone done) {
  const std::size_t bytes = sql::size_bytes(exchange);
  sql::Item item = sql::StoreItem{std::move(exchange), std::move(done)};
  if (!parts_->writer.submit(item, bytes, true)) std::get<sql::StoreItem>(item).done(make_error(codes::kUnavailable));
}

void SqlStore::settle(Settlement settlement, Done done) {
  sql::Item item = sql::SettleItem{std::move(settlement), std::move(done)};
  if (!parts_->writer.submit(item, 1024, false)) std::get<sql::SettleItem>(item).done(make_error(codes::kUnavailable));
}

void SqlStore::act(OperatorAct act, Done done) {
  const std::size_t bytes = sql::size_bytes(act);
  sql::Item item = sql::ActItem{std::move(act), std::move(done)};
  if (!parts_->writer.submit(item, bytes, false)) std::get<sql::ActItem>(item).done(make_error(codes::kUnavailable));
}

void SqlStore::append(AuditDraft entry, Done done) {
  const std::size_t bytes = entry.entry.size() + 64;
  sql::Item item = sql::AppendItem{std::move(entry), std::move(done)};
  if (!parts_->writer.submit(item, bytes, false)) std::get<sql::AppendItem>(item).done(make_error(codes::kUnavailable));
}

// Only a question begins work; what ends it has the other half of the queue as well.
void SqlStore::note(QueryNote note, Done done) {
  const std::size_t bytes = note.entry.entry.size() + note.ledger.size() + 256;
  const bool begins = note.kind == QueryNote::Kind::kAsked;
  sql::Item item = sql::NoteItem{std::move(note), std::move(done)};
  if (!parts_->writer.submit(item, bytes, begins)) std::get<sql::NoteItem>(item).done(make_error(codes::kUnavailable));
}

Result<bool> SqlStore::purge(Instant now, Instant settled_before) {
  std::promise<Result<bool>> answer;
  auto outcome = answer.get_future();
  sql::Item item =
      sql::PurgeItem{now, settled_before, [&answer](Result<bool> result) { answer.set_value(std::move(result)); }};
  if (!parts_->writer.submit(item, 64, false)) return make_error(codes::kUnavailable);
  return outcome.get();
}

namespace reads = sql::reads;
using sql::ReadSession;

Result<std::vector<OutboxRow>> SqlStore::due_heads(const PartnerId& recipient, Instant now, std::int64_t after_seq,
                                                   std::size_t limit, const SeqSet& except) {
  return parts_->readers.with(
      [&](ReadSession& session) { return reads::due_heads(session, recipient, now, after_seq, limit, except); });
}

Result<std::optional<std::int64_t>> SqlStore::next_due(const PartnerId& recipient, Instant now) {
  return parts_->readers.with([&](ReadSession& session) { return reads::next_due(session, recipient, now); });
}

Result<OutboxRow> SqlStore::message(const std::string& message_id) {
  return parts_->readers.with([&](ReadSession& session) { return reads::message(session, message_id); });
}

Result<ExchangeRow> SqlStore::exchange(const ExchangeId& id) {
  return parts_->readers.with([&](ReadSession& session) { return reads::exchange(session, id); });
}

Result<Payload> SqlStore::payload(const ExchangeId& id) {
  return parts_->readers.with([&](ReadSession& session) { return reads::payload(session, id); });
}

Result<std::string> SqlStore::receipt(std::string_view kind, const std::string& id) {
  return parts_->readers.with([&](ReadSession& session) { return reads::receipt(session, kind, id); });
}

Result<std::vector<std::string>> SqlStore::attachment_forms(const PartnerId& recipient, const std::string& attachment) {
  return parts_->readers.with(
      [&](ReadSession& session) { return reads::attachment_forms(session, recipient, attachment); });
}

Result<ExchangeId> SqlStore::exchange_naming(const std::string& attachment) {
  return parts_->readers.with([&](ReadSession& session) { return reads::exchange_naming(session, attachment); });
}

Result<ExchangeId> SqlStore::origin(const PartnerId& partner, const MatterNo& matter) {
  return parts_->readers.with([&](ReadSession& session) { return reads::origin(session, partner, matter); });
}

Result<std::vector<ExchangeRow>> SqlStore::exchanges(const ExchangeFilter& filter) {
  return parts_->readers.with([&](ReadSession& session) { return reads::exchanges(session, filter); });
}

Result<std::vector<OutboxRow>> SqlStore::outbox(const OutboxFilter& filter) {
  return parts_->readers.with([&](ReadSession& session) { return reads::outbox(session, filter); });
}

Result<std::vector<TaskRow>> SqlStore::tasks(std::optional<TaskQueue> queue, bool open_only, std::int64_t after_task,
                                             std::size_t limit) {
  return parts_->readers.with(
      [&](ReadSession& session) { return reads::tasks(session, queue, open_only, after_task, limit); });
}

Result<TaskRow> SqlStore::task(std::int64_t id) {
  return parts_->readers.with([&](ReadSession& session) { return reads::task(session, id); });
}

Result<std::vector<PartnerCounts>> SqlStore::counts() {
  return parts_->readers.with([](ReadSession& session) { return reads::counts(session); });
}

Result<std::vector<PartnerId>> SqlStore::paused_partners() {
  return parts_->readers.with([](ReadSession& session) { return reads::paused_partners(session); });
}

Result<std::vector<AuditRow>> SqlStore::audit_entries(std::uint64_t from, std::size_t limit) {
  return parts_->readers.with([&](ReadSession& session) { return reads::audit_entries(session, from, limit); });
}

Result<std::string> SqlStore::checkpoint() {
  return parts_->readers.with([](ReadSession& session) { return reads::checkpoint(session); });
}

Result<std::vector<Digest32>> SqlStore::leaf_tile(std::uint64_t tile) {
  return parts_->readers.with([&](ReadSession& session) { return reads::leaf_tile(session, tile); });
}

Result<std::vector<Digest32>> SqlStore::node_tile(std::uint32_t level, std::uint64_t tile) {
  return parts_->readers.with([&](ReadSession& session) { return reads::node_tile(session, level, tile); });
}

void SqlStore::transcribe(TranscriptAct act, Done done) {
  std::size_t bytes = 256 + (act.entry ? act.entry->entry.size() : 0);
  for (const std::string& message : act.messages) bytes += message.size() + 32;
  sql::Item item = sql::TranscriptItem{std::move(act), std::move(done)};
  if (!parts_->writer.submit(item, bytes, false)) {
    std::get<sql::TranscriptItem>(item).done(make_error(codes::kUnavailable));
  }
}

Result<std::vector<TranscriptRow>> SqlStore::transcript_rows(const TranscriptFilter& filter) {
  return parts_->readers.with([&](ReadSession& session) { return reads::transcript_rows(session, filter); });
}

Result<std::vector<TranscriptBatch>> SqlStore::transcript_batches(const PartnerId& recipient, std::int64_t batch,
                                                                  std::size_t limit) {
  return parts_->readers.with(
      [&](ReadSession& session) { return reads::transcript_batches(session, recipient, batch, limit); });
}

Result<std::optional<TranscriptNumber>> SqlStore::transcript_number(const std::string& message_id) {
  return parts_->readers.with([&](ReadSession& session) { return reads::transcript_number(session, message_id); });
}

Result<std::vector<TranscriptNumber>> SqlStore::transcript_untold(const PartnerId& recipient, std::size_t limit) {
  return parts_->readers.with(
      [&](ReadSession& session) { return reads::transcript_untold(session, recipient, limit); });
}

Result<TranscriptCounts> SqlStore::transcript_counts(const PartnerId& recipient) {
  return parts_->readers.with([&](ReadSession& session) { return reads::transcript_counts(session, recipient); });
}

Result<TranscriptStore::Overdue> SqlStore::transcript_overdue(const PartnerId& recipient, Instant before) {
  return parts_->readers.with(
      [&](ReadSession& session) { return reads::transcript_overdue(session, recipient, before); });
}

Result<std::vector<OpenQuery>> SqlStore::open_queries(Instant asked_before, std::size_t limit) {
  return parts_->readers.with([&](ReadSession& session) { return reads::open_queries(session, asked_before, limit); });
}

Result<std::string> SqlStore::ledger(const Bytes& digest) {
  return parts_->readers.with([&](ReadSession& session) { return reads::ledger(session, digest); });
}

Result<std::vector<DisclosureRow>> SqlStore::disclosures(const DisclosureFilter& filter) {
  return parts_->readers.with([&](ReadSession& session) { return reads::disclosures(session, filter); });
}

Result<PersonMatches> SqlStore::matches(const std::vector<PersonMark>& marks, const ExchangeId& except) {
  return parts_->readers.with([&](ReadSession& session) { return reads::matches(session, marks, except); });
}

Result<bool> SqlStore::index_persons(std::size_t max_rows) {
  std::promise<Result<bool>> answer;
  auto outcome = answer.get_future();
  sql::Item item = sql::IndexItem{max_rows, [&answer](Result<bool> result) { answer.set_value(std::move(result)); }};
  if (!parts_->writer.submit(item, 64, false)) return make_error(codes::kUnavailable);
  return outcome.get();
}

void SqlStore::forget(PersonErasure erasure, Done done) {
  const std::size_t bytes = erasure.entry.entry.size() + 64 * (erasure.person.size() + 1);
  sql::Item item = sql::ForgetItem{std::move(erasure), std::move(done)};
  if (!parts_->writer.submit(item, bytes, false)) std::get<sql::ForgetItem>(item).done(make_error(codes::kUnavailable));
}

void SqlStore::grant(GrantAct act, Done done) {
  const std::size_t bytes = 1024 + act.entry.entry.size() + act.reason.size() + act.row.reason.size();
  sql::Item item = sql::GrantItem{std::move(act), std::move(done)};
  if (!parts_->writer.submit(item, bytes, false)) std::get<sql::GrantItem>(item).done(make_error(codes::kUnavailable));
}

std::vector<GrantInForce> SqlStore::in_force(const GrantQuestion& message, Instant now) const {
  return parts_->grants.in_force(message, now);
}

Result<std::vector<GrantRow>> SqlStore::grants(const GrantFilter& filter, Instant now) {
  return parts_->readers.with([&](ReadSession& session) { return reads::grants(session, filter, now); });
}

Result<GrantRow> SqlStore::grant_row(const std::string& id) {
  return parts_->readers.with([&](ReadSession& session) { return reads::grant(session, id); });
}

std::size_t SqlStore::waiting() const { return parts_->writer.waiting(); }
StoreState SqlStore::state() const { return parts_->writer.state(); }

}  // namespace tongqu
