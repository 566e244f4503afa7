#include <algorithm>

#include "gateway/store/outbox_columns.hpp"
#include "gateway/store/reads.hpp"

namespace tongqu::sql::reads {
namespace {

constexpr const char* kColumns = kOutboxColumns;
constexpr const char* kLedger = kOutboxLedger;
constexpr const char* kNoLedger = "''";
constexpr const char* kWhole =
    ", c.sealed, k.wrapped FROM outbox o JOIN outbox_contents c ON c.seq = o.seq "
    "LEFT JOIN keydb.keys k ON k.exchange = o.exchange ";

std::vector<std::int64_t> sequences(Query rows_of_seq) {
  std::vector<std::int64_t> out;
  while (rows_of_seq.next()) out.push_back(rows_of_seq.integer(0));
  return out;
}

// Heads that wait for a time which has come. Few of them: by time, then sorted; many: by sequence, where nearly every
// row of the range fits. So neither a recipient that is down nor one that came back costs a scan per page.
std::vector<std::int64_t> waited_heads(ReadSession& session, const PartnerId& recipient, Instant now,
                                       std::int64_t after_seq, std::size_t limit) {
  static const std::string kByTime =
      "SELECT seq FROM outbox INDEXED BY outbox_waiting WHERE recipient = ?1 AND lane = 2 AND next_due_ms <= ?2 "
      "ORDER BY next_due_ms LIMIT ?3";
  static const std::string kBySequence =
      "SELECT seq FROM outbox INDEXED BY outbox_queued WHERE recipient = ?1 AND state = 0 AND lane = 2 AND seq > ?3 "
      "AND next_due_ms <= ?2 ORDER BY seq LIMIT ?4";
  const std::size_t few = 4 * limit;
  auto due = sequences(Query(session.statement(kByTime), recipient.str(), now.ms, few));
  if (due.size() == few) {
    return sequences(Query(session.statement(kBySequence), recipient.str(), now.ms, after_seq, limit));
  }
  std::erase_if(due, [&](std::int64_t seq) { return seq <= after_seq; });
  std::sort(due.begin(), due.end());
  return due;
}

}  // namespace

Result<std::vector<OutboxRow>> due_heads(ReadSession& session, const PartnerId& recipient, Instant now,
                                         std::int64_t after_seq, std::size_t limit, const SeqSet& except) {
  static const std::string kFresh =
      "SELECT seq FROM outbox INDEXED BY outbox_queued WHERE recipient = ?1 AND state = 0 AND lane = 1 AND seq > ?2 "
      "ORDER BY seq LIMIT ?3";
  static const std::string kBySeq = std::string(kColumns) + kNoLedger + kWhole + "WHERE o.seq = ?1";
  limit = std::min(limit, kPageLimit);
  const std::size_t scanned = limit + except.size();  // of an index alone; what is left out costs no row
  const Snapshot snapshot(session);
  auto due = waited_heads(session, recipient, now, after_seq, scanned);
  const auto fresh = sequences(Query(session.statement(kFresh), recipient.str(), after_seq, scanned));
  due.insert(due.end(), fresh.begin(), fresh.end());
  std::sort(due.begin(), due.end());
  if (due.size() > scanned) due.resize(scanned);
  std::erase_if(due, [&](std::int64_t seq) { return except.contains(seq); });
  if (due.size() > limit) due.resize(limit);
  std::vector<OutboxRow> out;
  out.reserve(due.size());
  Statement& by_seq = session.statement(kBySeq);
  for (const std::int64_t seq : due) {
    Query rows(by_seq, seq);
    if (rows.next()) out.push_back(outbox_row_of(rows, true));
  }
  return out;
}

Result<std::optional<std::int64_t>> next_due(ReadSession& session, const PartnerId& recipient, Instant now) {
  static const std::string kNext =
      "SELECT next_due_ms FROM outbox INDEXED BY outbox_waiting WHERE recipient = ? AND lane = 2 AND next_due_ms > ? "
      "ORDER BY next_due_ms LIMIT 1";
  Query rows(session.statement(kNext), recipient.str(), now.ms);
  std::optional<std::int64_t> due;
  if (rows.next()) due = rows.integer(0);
  return due;
}

Result<std::vector<std::string>> attachment_forms(ReadSession& session, const PartnerId& recipient,
                                                  const std::string& attachment) {
  static const std::string kForms =
      "SELECT DISTINCT g.forms FROM attachment_grants g JOIN outbox o ON o.seq = g.seq WHERE g.attachment = ? AND "
      "g.recipient = ? AND o.state IN (0, 1, 2) LIMIT 16";  // queued, delivered, no answer
  std::vector<std::string> forms;
  Query rows(session.statement(kForms), attachment, recipient.str());
  while (rows.next()) forms.push_back(rows.text(0));
  return forms;
}

Result<ExchangeId> exchange_naming(ReadSession& session, const std::string& attachment) {
  static const std::string kNaming =
      "SELECT max(o.exchange) FROM attachment_grants g JOIN outbox o ON o.seq = g.seq WHERE g.attachment = ?";
  Query rows(session.statement(kNaming), attachment);
  if (!rows.next() || rows.text(0).empty()) return make_error(codes::kNotFound, "attachment");
  return ExchangeId(rows.text(0));
}

Result<OutboxRow> message(ReadSession& session, const std::string& message_id) {
  static const std::string kOne = std::string(kColumns) + kLedger + kWhole + "WHERE o.message_id = ?";
  Query rows(session.statement(kOne), message_id);
  if (!rows.next()) return make_error(codes::kNotFound, "message");
  return outbox_row_of(rows, true);
}

namespace {

// The index that fits the filter best is named, because the planner has no statistics to choose by.
std::string listing(const OutboxFilter& filter) {
  std::string text = std::string(kColumns) + kLedger;
  const bool troubled = filter.state == OutboxState::kDead || filter.state == OutboxState::kNoAnswer;
  if (!filter.exchange.empty()) {
    text += " FROM outbox o INDEXED BY outbox_by_message";
  } else if (troubled && !filter.recipient.empty()) {
    text += " FROM outbox o INDEXED BY outbox_troubled";
  } else if (!filter.recipient.empty()) {
    text += " FROM outbox o INDEXED BY outbox_by_recipient";
  } else {
    text += " FROM outbox o";
  }
  text += " JOIN outbox_contents c ON c.seq = o.seq WHERE o.seq < ?1";
  if (!filter.exchange.empty()) {
    text += " AND o.message_id > ?2 || '-' AND o.message_id < ?2 || '.' AND o.exchange = ?2";
  }
  if (!filter.recipient.empty()) text += " AND o.recipient = ?3";
  // As a literal, so that the partial indexes apply.
  if (filter.state) text += " AND o.state = " + std::to_string(static_cast<int>(*filter.state));
  if (troubled) text += " AND o.state IN (2, 3)";
  return text + " AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY o.seq DESC LIMIT ?4";
}

}  // namespace

Result<std::vector<OutboxRow>> outbox(ReadSession& session, const OutboxFilter& filter) {
  const std::int64_t before = filter.before_seq > 0 ? filter.before_seq : INT64_MAX;
  Query rows(session.statement(listing(filter)), before, filter.exchange.str(), filter.recipient.str(),
             std::min(filter.limit, kPageLimit));
  std::vector<OutboxRow> out;
  while (rows.next()) out.push_back(outbox_row_of(rows, false));
  return out;
}

Result<std::vector<PartnerCounts>> counts(ReadSession& session) {
  // Three seeks per partner: the first row of each lane.
  static const std::string kCounts = R"sql(
SELECT partner, stored, held, queued, delivered, no_answer, dead, CASE WHEN queued > 0 THEN
  (SELECT min(o.created_ms) FROM (SELECT 0 AS lane UNION ALL SELECT 1 UNION ALL SELECT 2) l
    JOIN outbox o ON o.seq = (SELECT q.seq FROM outbox q WHERE q.recipient = counters.partner AND q.lane = l.lane
      AND q.state = 0 ORDER BY q.seq LIMIT 1))
  ELSE 0 END FROM counters ORDER BY partner)sql";
  Query rows(session.statement(kCounts));
  std::vector<PartnerCounts> out;
  const auto number = [&](int column) { return static_cast<std::uint64_t>(rows.integer(column)); };
  while (rows.next()) {
    out.push_back(
        {PartnerId(rows.text(0)), number(1), number(2), number(3), number(4), number(5), number(6), rows.integer(7)});
  }
  return out;
}

Result<std::vector<PartnerId>> paused_partners(ReadSession& session) {
  static const std::string kPaused = "SELECT partner FROM paused ORDER BY partner";
  Query rows(session.statement(kPaused));
  std::vector<PartnerId> out;
  while (rows.next()) out.emplace_back(rows.text(0));
  return out;
}

}  // namespace tongqu::sql::reads
