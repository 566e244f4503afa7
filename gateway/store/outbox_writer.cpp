#include "gateway/store/outbox_writer.hpp"

namespace tongqu::sql {
namespace {

constexpr std::string_view kInsert = R"sql(
INSERT INTO outbox(seq, message_id, exchange, recipient, sender, service, order_key, state, lane, holds, attempts,
  created_ms, next_due_ms, deadline_ms, settled_ms, status, latency_ms, code)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
  ?9 AND NOT EXISTS(SELECT 1 FROM outbox WHERE order_key = ?7 AND holds = 1), 1, 0, ?10, 0, ?11, ?12, 0, 0, ?13))sql";
constexpr std::string_view kInsertContent =
    "INSERT INTO outbox_contents(seq, content_type, ledger, supersedes, sealed, ledger_id) VALUES(?, ?, '', ?, ?, ?)";
constexpr std::string_view kFind =
    "SELECT seq, state, exchange, recipient, sender, order_key, deadline_ms FROM outbox WHERE message_id = ?";
constexpr std::string_view kHasBytes = "SELECT length(sealed) > 0 FROM outbox_contents WHERE seq = ?";
constexpr std::string_view kFinish = R"sql(
UPDATE outbox SET state = ?2, lane = 0, holds = ?3, attempts = attempts + 1, next_due_ms = 0, settled_ms = ?4,
  status = ?5, latency_ms = ?6, code = ?7, receipt_index = ?8 WHERE seq = ?1)sql";
constexpr std::string_view kRetry = R"sql(
UPDATE outbox SET lane = CASE WHEN lane = 0 THEN 0 WHEN ?2 > 0 THEN 2 ELSE 1 END, attempts = attempts + 1,
  next_due_ms = ?2, status = ?3, latency_ms = ?4, code = ?5 WHERE seq = ?1)sql";
constexpr std::string_view kReplay =
    "UPDATE outbox SET state = 0, lane = 0, attempts = 0, next_due_ms = 0, settled_ms = 0, deadline_ms = ?2 "
    "WHERE seq = ?1";
constexpr std::string_view kReopen =
    "UPDATE outbox SET state = 0, lane = 0, holds = 1, attempts = 0, next_due_ms = 0, settled_ms = 0, deadline_ms = "
    "?2, "
    "receipt_index = NULL WHERE seq = ?1";
constexpr std::string_view kFill =
    "UPDATE outbox SET state = ?2, deadline_ms = ?3, settled_ms = ?4, code = ?5 WHERE seq = ?1";
constexpr std::string_view kFillContent =
    "UPDATE outbox_contents SET content_type = ?2, sealed = ?3, ledger_id = ?4 WHERE seq = ?1";
constexpr std::string_view kRetire =
    "UPDATE outbox SET state = ?2, lane = 0, holds = 0, settled_ms = ?3 WHERE seq = ?1";
constexpr std::string_view kLowest =
    "SELECT seq, state, lane, next_due_ms FROM outbox WHERE order_key = ? AND holds = 1 ORDER BY seq LIMIT 1";
constexpr std::string_view kMakeHead = "UPDATE outbox SET lane = ?2 WHERE seq = ?1";
// Exchange states: 0 stored, 1 held, 2 delivered, 3 attention.
constexpr std::string_view kChangeExchange = R"sql(
UPDATE exchanges SET open_tasks = open_tasks + ?2, troubled = troubled + ?3, queued = queued + ?4,
  state = CASE WHEN open_tasks + ?2 > 0 THEN 1 WHEN troubled + ?3 > 0 THEN 3 WHEN queued + ?4 > 0 THEN 0 ELSE 2 END,
  closed_ms = CASE WHEN open_tasks + ?2 > 0 OR troubled + ?3 > 0 OR queued + ?4 > 0 THEN 0 ELSE ?5 END
WHERE id = ?1)sql";

bool troubled(OutboxState state) { return state == OutboxState::kDead || state == OutboxState::kNoAnswer; }

// The counter that a row in `state` is part of; none for skipped and superseded.
std::optional<Count> counter_of(OutboxState state) {
  switch (state) {
    case OutboxState::kQueued: return Count::kQueued;
    case OutboxState::kDelivered: return Count::kDelivered;
    case OutboxState::kNoAnswer: return Count::kNoAnswer;
    case OutboxState::kDead: return Count::kDead;
    case OutboxState::kSkipped:
    case OutboxState::kSuperseded:
    case OutboxState::kHeld: return std::nullopt;
  }
  return std::nullopt;
}

OutboxState state_of(const NewOutbox& row) {
  if (row.held) return OutboxState::kHeld;
  return row.dead ? OutboxState::kDead : OutboxState::kQueued;
}

void count_move(Effects& effects, const std::string& recipient, OutboxState from, OutboxState to) {
  if (const auto counter = counter_of(from)) effects.count(recipient, *counter, -1);
  if (const auto counter = counter_of(to)) effects.count(recipient, *counter, 1);
}

// What a row in `from` that goes to `to` means for its exchange.
ExchangeChange change_of(OutboxState from, OutboxState to) {
  ExchangeChange change;
  change.queued = (to == OutboxState::kQueued ? 1 : 0) - (from == OutboxState::kQueued ? 1 : 0);
  change.troubled = (troubled(to) ? 1 : 0) - (troubled(from) ? 1 : 0);
  return change;
}

OutboxState state_of(SettleTo to) {
  switch (to) {
    case SettleTo::kDelivered: return OutboxState::kDelivered;
    case SettleTo::kNoAnswer: return OutboxState::kNoAnswer;
    case SettleTo::kDead: return OutboxState::kDead;
    case SettleTo::kRetry: return OutboxState::kQueued;
  }
  return OutboxState::kQueued;
}

}  // namespace

OutboxWriter::OutboxWriter(const Connection& main, DisclosureWriter& disclosures)
    : disclosures_(disclosures),
      insert_(main.prepare(kInsert)),
      insert_content_(main.prepare(kInsertContent)),
      insert_grant_(main.prepare("INSERT OR IGNORE INTO attachment_grants VALUES(?, ?, ?, ?)")),
      find_(main.prepare(kFind)),
      has_bytes_(main.prepare(kHasBytes)),
      finish_(main.prepare(kFinish)),
      retry_(main.prepare(kRetry)),
      replay_(main.prepare(kReplay)),
      reopen_(main.prepare(kReopen)),
      fill_(main.prepare(kFill)),
      fill_content_(main.prepare(kFillContent)),
      retire_(main.prepare(kRetire)),
      lowest_(main.prepare(kLowest)),
      make_head_(main.prepare(kMakeHead)),
      change_exchange_(main.prepare(kChangeExchange)) {}

bool OutboxWriter::fits(const NewOutbox& row, const ExchangeId& exchange) {
  const std::string& id = row.message_id;
  return id.size() > exchange.str().size() + 1 && id.starts_with(exchange.str()) && id[exchange.str().size()] == '-' &&
         !row.recipient.empty() && !row.order_key.empty() && (!row.held || (row.sealed.empty() && row.ledger.empty()));
}

ExchangeChange OutboxWriter::change_by(const std::vector<NewOutbox>& rows) {
  ExchangeChange change;
  for (const NewOutbox& row : rows) {
    change.troubled += troubled(state_of(row)) ? 1 : 0;
    change.queued += state_of(row) == OutboxState::kQueued ? 1 : 0;
  }
  return change;
}

void OutboxWriter::insert(const NewOutbox& row, const std::string& exchange, const std::string& sender,
                          Effects& effects) {
  const std::int64_t seq = effects.next_seq++;
  const OutboxState state = state_of(row);
  const std::int64_t ledger = disclosures_.ledger_id(row.ledger, effects);
  insert_.run(seq, row.message_id, exchange, row.recipient.str(), sender, row.service.str(), row.order_key,
              static_cast<int>(state), state == OutboxState::kQueued ? 1 : 0, effects.now.ms, row.deadline_ms,
              row.dead ? effects.now.ms : 0, row.dead_code);
  insert_content_.run(seq, row.content_type, row.supersedes, Blob{row.sealed}, ledger);
  disclosures_.note(exchange, row.recipient.str(), row.service.str(), seq, ledger, effects);
  for (const GrantedAttachment& one : row.attachments) insert_grant_.run(one.id, row.recipient.str(), seq, one.forms);
  if (const auto counter = counter_of(state)) effects.count(row.recipient.str(), *counter, 1);
}

// In its place: the row keeps its id and its turn.
void OutboxWriter::fill(const Found& row, const NewOutbox& with, Instant at, Effects& effects) {
  const OutboxState to = state_of(with);
  const std::int64_t ledger = disclosures_.ledger_id(with.ledger, effects);
  fill_.run(row.seq, static_cast<int>(to), with.deadline_ms, with.dead ? at.ms : 0, with.dead_code);
  fill_content_.run(row.seq, with.content_type, Blob{with.sealed}, ledger);
  disclosures_.note(row.exchange, row.recipient, with.service.str(), row.seq, ledger, effects);
  for (const GrantedAttachment& one : with.attachments) insert_grant_.run(one.id, row.recipient, row.seq, one.forms);
  count_move(effects, row.recipient, row.state, to);
  change_exchange(row.exchange, change_of(row.state, to), at);
  promote(row.order_key);
}

std::optional<OutboxWriter::Found> OutboxWriter::find(const std::string& message_id) {
  Query rows(find_, message_id);
  if (!rows.next()) return std::nullopt;
  Found found;
  found.seq = rows.integer(0);
  found.state = static_cast<OutboxState>(rows.integer(1));
  found.exchange = rows.text(2);
  found.recipient = rows.text(3);
  found.sender = rows.text(4);
  found.order_key = rows.text(5);
  found.deadline_ms = rows.integer(6);
  return found;
}

bool OutboxWriter::has_bytes(const Found& row) {
  Query rows(has_bytes_, row.seq);
  return rows.next() && rows.integer(0) != 0;
}

Outcome OutboxWriter::settle(const Settlement& settlement, Effects& effects) {
  const auto row = find(settlement.message_id);
  if (!row) return failed(codes::kNotFound, "message");
  if (row->state != OutboxState::kQueued) return {};  // settled before: the first answer counts
  if (settlement.to == SettleTo::kRetry) {
    retry_.run(row->seq, settlement.next_due_ms, settlement.status, settlement.latency_ms, settlement.code);
    return {};
  }
  if (!settlement.entry) return failed(codes::kInternal, "settlement without audit entry");
  Outcome outcome;
  const bool delivered = settlement.to == SettleTo::kDelivered;
  finish(*row, settlement, state_of(settlement.to), delivered ? effects.next_index() : -1, effects);
  if (delivered) promote(row->order_key);
  effects.add_entry(*settlement.entry, delivered);
  return outcome;
}

void OutboxWriter::finish(const Found& row, const Settlement& settlement, OutboxState to, std::int64_t receipt_index,
                          Effects& effects) {
  const auto run = [&](const auto& receipt) {
    finish_.run(row.seq, static_cast<int>(to), troubled(to) ? 1 : 0, settlement.at.ms, settlement.status,
                settlement.latency_ms, settlement.code, receipt);
  };
  if (receipt_index >= 0) {
    run(receipt_index);
  } else {
    run(nullptr);
  }
  count_move(effects, row.recipient, row.state, to);
  change_exchange(row.exchange, change_of(row.state, to), settlement.at);
}

Outcome OutboxWriter::settle_by_person(const Found& row, Instant at, const AuditDraft& entry, Effects& effects) {
  Settlement settlement;
  settlement.at = at;
  finish(row, settlement, OutboxState::kDelivered, effects.next_index(), effects);
  promote(row.order_key);
  effects.add_entry(entry, true);
  return {};
}

void OutboxWriter::reopen(const Found& row, Instant at, Effects& effects) {
  reopen_.run(row.seq, row.deadline_ms <= at.ms ? 0 : row.deadline_ms);
  count_move(effects, row.recipient, row.state, OutboxState::kQueued);
  change_exchange(row.exchange, change_of(row.state, OutboxState::kQueued), at);
  promote(row.order_key);
}

void OutboxWriter::replay(const Found& row, Instant at, Effects& effects) {
  replay_.run(row.seq, row.deadline_ms <= at.ms ? 0 : row.deadline_ms);
  count_move(effects, row.recipient, row.state, OutboxState::kQueued);
  change_exchange(row.exchange, change_of(row.state, OutboxState::kQueued), at);
  promote(row.order_key);
}

void OutboxWriter::retire(const Found& row, OutboxState to, Instant at, Effects& effects) {
  retire_.run(row.seq, static_cast<int>(to), at.ms);
  count_move(effects, row.recipient, row.state, to);
  change_exchange(row.exchange, change_of(row.state, to), at);
  promote(row.order_key);
}

void OutboxWriter::change_exchange(const std::string& exchange, const ExchangeChange& change, Instant at) {
  change_exchange_.run(exchange, change.open_tasks, change.troubled, change.queued, at.ms);
}

void OutboxWriter::promote(const std::string& order_key) {
  std::int64_t seq = 0;
  std::int64_t lane = 0;
  {
    Query rows(lowest_, order_key);
    if (!rows.next()) return;
    if (rows.integer(1) != static_cast<int>(OutboxState::kQueued) || rows.integer(2) != 0) return;
    seq = rows.integer(0);
    lane = rows.integer(3) > 0 ? 2 : 1;
  }
  make_head_.run(seq, lane);
}

}  // namespace tongqu::sql
