#include <algorithm>

#include "gateway/store/outbox_columns.hpp"
#include "gateway/store/reads.hpp"

namespace tongqu::sql::reads {
namespace {

std::string listing(const TranscriptFilter& filter) {
  std::string text = std::string(kOutboxColumns) + std::string(kOutboxLedger) +
                     ", c.sealed, k.wrapped, e.matter, e.route, coalesce(t.batch, 0), coalesce((SELECT n.number FROM "
                     "transcript_numbers n WHERE n.order_key = o.order_key LIMIT 1), '') FROM ";
  // The side that is small stands first: rows of one batch, or queued heads.
  text += filter.batch > 0 ? "transcript_rows t JOIN outbox o ON o.seq = t.seq"
                           : "outbox o INDEXED BY outbox_queued LEFT JOIN transcript_rows t ON t.seq = o.seq";
  text +=
      " JOIN outbox_contents c ON c.seq = o.seq JOIN exchanges e ON e.id = o.exchange LEFT JOIN keydb.keys k ON "
      "k.exchange = o.exchange WHERE ?1 IS ?1 AND ?2 IS ?2 AND o.seq > ?3";
  text += filter.batch > 0 ? " AND t.recipient = ?1 AND t.batch = ?2"
                           : " AND o.recipient = ?1 AND o.state = 0 AND o.lane = 1";
  if (filter.fresh_only) text += " AND t.seq IS NULL";
  return text + " ORDER BY o.seq LIMIT ?4";
}

}  // namespace

Result<std::vector<TranscriptRow>> transcript_rows(ReadSession& session, const TranscriptFilter& filter) {
  Query rows(session.statement(listing(filter)), filter.recipient.str(), filter.batch, filter.after_seq,
             std::min(filter.limit, kPageLimit));
  std::vector<TranscriptRow> out;
  while (rows.next()) {
    TranscriptRow& one = out.emplace_back();
    one.row = outbox_row_of(rows, filter.with_payload);
    one.matter = MatterNo(rows.text(20));
    one.route = rows.text(21);
    one.batch = rows.integer(22);
    one.number = rows.text(23);
  }
  return out;
}

Result<std::vector<TranscriptBatch>> transcript_batches(ReadSession& session, const PartnerId& recipient,
                                                        std::int64_t batch, std::size_t limit) {
  static const std::string kBatches = R"sql(
SELECT b.batch, b.at_ms, b.actor, b.written_ms,
  (SELECT count(*) FROM transcript_rows t WHERE t.recipient = b.recipient AND t.batch = b.batch),
  (SELECT count(*) FROM transcript_rows t JOIN outbox o ON o.seq = t.seq
    WHERE t.recipient = b.recipient AND t.batch = b.batch AND o.state = 0)
FROM transcript_batches b WHERE b.recipient = ?1 AND (?2 = 0 OR b.batch = ?2) ORDER BY b.batch DESC LIMIT ?3)sql";
  Query rows(session.statement(kBatches), recipient.str(), batch, std::min(limit, kPageLimit));
  std::vector<TranscriptBatch> out;
  while (rows.next()) {
    out.push_back({rows.integer(0), rows.integer(1), rows.text(2), rows.integer(4), rows.integer(5), rows.integer(3)});
  }
  return out;
}

namespace {
constexpr const char* kNumber =
    "SELECT o.message_id, o.exchange, o.sender, o.service, e.matter, n.number, n.at_ms FROM transcript_numbers n "
    "JOIN outbox o ON o.seq = n.seq JOIN exchanges e ON e.id = o.exchange ";

TranscriptNumber number_of(const Query& rows) {
  return {
      rows.text(0), ExchangeId(rows.text(1)), PartnerId(rows.text(2)), ServiceId(rows.text(3)), MatterNo(rows.text(4)),
      rows.text(5), rows.integer(6)};
}
}  // namespace

Result<std::optional<TranscriptNumber>> transcript_number(ReadSession& session, const std::string& message_id) {
  static const std::string kOne = std::string(kNumber) + "WHERE o.message_id = ?";
  Query rows(session.statement(kOne), message_id);
  if (!rows.next()) return std::optional<TranscriptNumber>();
  return std::optional(number_of(rows));
}

Result<std::vector<TranscriptNumber>> transcript_untold(ReadSession& session, const PartnerId& recipient,
                                                        std::size_t limit) {
  static const std::string kUntold =
      std::string(kNumber) + "WHERE n.told = 0 AND n.recipient = ? ORDER BY n.seq LIMIT ?";
  Query rows(session.statement(kUntold), recipient.str(), std::min(limit, kPageLimit));
  std::vector<TranscriptNumber> out;
  while (rows.next()) out.push_back(number_of(rows));
  return out;
}

Result<TranscriptCounts> transcript_counts(ReadSession& session, const PartnerId& recipient) {
  static const std::string kCounts = R"sql(
SELECT count(*), coalesce(sum(o.lane > 0 AND t.seq IS NULL), 0), coalesce(min(o.created_ms), 0)
FROM outbox o INDEXED BY outbox_queued LEFT JOIN transcript_rows t ON t.seq = o.seq
WHERE o.recipient = ? AND o.state = 0)sql";
  Query rows(session.statement(kCounts), recipient.str());
  if (!rows.next()) return TranscriptCounts{};
  return TranscriptCounts{rows.integer(0), rows.integer(1), rows.integer(2)};
}

Result<TranscriptStore::Overdue> transcript_overdue(ReadSession& session, const PartnerId& recipient, Instant before) {
  static const std::string kOverdue = R"sql(
SELECT count(*), coalesce(max(seq), 0) FROM outbox INDEXED BY outbox_queued
WHERE recipient = ?1 AND state = 0 AND created_ms < ?2
  AND seq > coalesce((SELECT up_to_seq FROM transcript_reminders WHERE recipient = ?1), 0))sql";
  Query rows(session.statement(kOverdue), recipient.str(), before.ms);
  if (!rows.next()) return TranscriptStore::Overdue{};
  return TranscriptStore::Overdue{rows.integer(0), rows.integer(1)};
}

}  // namespace tongqu::sql::reads
