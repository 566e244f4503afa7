#include "gateway/store/transcript_writer.hpp"

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {
namespace {

// A head that is queued and in no batch.
constexpr std::string_view kFresh = R"sql(
SELECT seq FROM outbox o WHERE message_id = ?1 AND recipient = ?2 AND state = 0 AND lane > 0
  AND NOT EXISTS(SELECT 1 FROM transcript_rows t WHERE t.seq = o.seq))sql";
constexpr std::string_view kEarlier = "SELECT 1 FROM outbox WHERE order_key = ?1 AND holds = 1 AND seq < ?2 LIMIT 1";
constexpr std::string_view kOfNumber =
    "SELECT 1 FROM transcript_numbers WHERE recipient = ?1 AND number = ?2 AND order_key <> ?3 LIMIT 1";
constexpr std::string_view kReminded =
    "INSERT INTO transcript_reminders VALUES(?1, ?2) ON CONFLICT DO UPDATE SET up_to_seq = max(up_to_seq, ?2)";

}  // namespace

TranscriptWriter::TranscriptWriter(const Connection& main, OutboxWriter& outbox)
    : outbox_(outbox),
      last_batch_(main.prepare("SELECT max(batch) FROM transcript_batches WHERE recipient = ?")),
      insert_batch_(main.prepare("INSERT INTO transcript_batches VALUES(?, ?, ?, ?, 0)")),
      fresh_(main.prepare(kFresh)),
      insert_row_(main.prepare("INSERT INTO transcript_rows VALUES(?, ?, ?)")),
      written_(main.prepare("UPDATE transcript_batches SET written_ms = ?3 WHERE recipient = ?1 AND batch = ?2")),
      find_batch_(main.prepare("SELECT 1 FROM transcript_batches WHERE recipient = ? AND batch = ?")),
      earlier_(main.prepare(kEarlier)),
      of_key_(main.prepare("SELECT number FROM transcript_numbers WHERE order_key = ? LIMIT 1")),
      of_number_(main.prepare(kOfNumber)),
      insert_number_(main.prepare("INSERT INTO transcript_numbers VALUES(?, ?, ?, ?, ?, ?, ?)")),
      later_(main.prepare("SELECT 1 FROM transcript_numbers WHERE order_key = ?1 AND seq > ?2 LIMIT 1")),
      erase_number_(main.prepare("DELETE FROM transcript_numbers WHERE seq = ?")),
      purged_(main.prepare("SELECT closed_ms < 0 FROM exchanges WHERE id = ?")),
      wait_again_(main.prepare("UPDATE outbox SET lane = 0 WHERE order_key = ? AND state = 0")),
      told_(main.prepare("UPDATE transcript_numbers SET told = 1 WHERE seq = ?")),
      reminded_(main.prepare(kReminded)) {}

Outcome TranscriptWriter::apply(const TranscriptAct& act, Effects& effects) {
  using enum TranscriptAct::Kind;
  const bool silent = act.kind == kWritten || act.kind == kTold;
  if (!silent && !act.entry) return failed(codes::kInternal, "transcript act without audit entry");
  Outcome outcome;
  switch (act.kind) {
    case kHandOut: outcome = hand_out(act); break;
    case kHandAgain: outcome = known_batch(act, false); break;
    case kWritten: return known_batch(act, true);
    case kEnter: return enter(act, effects);
    case kRevoke: outcome = revoke(act, effects); break;
    case kReminded: reminded_.run(act.recipient.str(), act.up_to_seq); break;
    case kTold: {
      const auto row = outbox_.find(act.message);
      if (!row) return failed(codes::kNotFound, "message");
      told_.run(row->seq);
      return {};
    }
  }
  if (!outcome.error) effects.add_entry(*act.entry, false);
  return outcome;
}

Outcome TranscriptWriter::hand_out(const TranscriptAct& act) {
  {
    Query last(last_batch_, act.recipient.str());
    if (last.next() && last.integer(0) + 1 != act.batch) return failed(codes::kWrongState, "batch");
  }
  if (act.messages.empty() || act.messages.size() > kMaxBatchRows) return failed(codes::kInternal, "batch size");
  std::vector<std::int64_t> sequences;
  for (const std::string& message : act.messages) {
    Query rows(fresh_, message, act.recipient.str());
    if (!rows.next()) return failed(codes::kWrongState, "handed out");
    sequences.push_back(rows.integer(0));
  }
  insert_batch_.run(act.recipient.str(), act.batch, act.at.ms, act.actor);
  for (const std::int64_t seq : sequences) insert_row_.run(seq, act.recipient.str(), act.batch);
  return {};
}

Outcome TranscriptWriter::known_batch(const TranscriptAct& act, bool written) {
  {
    Query rows(find_batch_, act.recipient.str(), act.batch);
    if (!rows.next()) return failed(codes::kNotFound, "batch");
  }
  if (written) written_.run(act.recipient.str(), act.batch, act.at.ms);
  return {};
}

std::optional<Outcome> TranscriptWriter::number_refused(const TranscriptAct& act, const OutboxWriter::Found& row) {
  {
    Query rows(earlier_, row.order_key, row.seq);
    if (rows.next()) return failed(codes::kTranscriptEarlier);
  }
  {
    Query rows(of_key_, row.order_key);
    if (rows.next() && rows.view(0) != act.number) return failed(codes::kTranscriptOtherNumber);
  }
  Query rows(of_number_, row.recipient, act.number, row.order_key);
  if (rows.next()) return failed(codes::kTranscriptNumberTaken);
  return std::nullopt;
}

Outcome TranscriptWriter::enter(const TranscriptAct& act, Effects& effects) {
  const auto row = outbox_.find(act.message);
  if (!row || row->recipient != act.recipient.str()) return failed(codes::kNotFound, "message");
  if (row->state != OutboxState::kQueued) return failed(codes::kWrongState, std::string(name_of(row->state)));
  if (auto refused = number_refused(act, *row)) return std::move(*refused);
  insert_number_.run(row->seq, row->recipient, row->order_key, act.number, act.at.ms, act.actor, act.tell ? 0 : 1);
  return outbox_.settle_by_person(*row, act.at, *act.entry, effects);
}

// What waits behind the message becomes no head before it: the order of the matter is the order of its numbers.
Outcome TranscriptWriter::revoke(const TranscriptAct& act, Effects& effects) {
  const auto row = outbox_.find(act.message);
  if (!row || row->recipient != act.recipient.str()) return failed(codes::kNotFound, "message");
  if (row->state != OutboxState::kDelivered) return failed(codes::kWrongState, std::string(name_of(row->state)));
  {
    Query rows(later_, row->order_key, row->seq);
    if (rows.next()) return failed(codes::kTranscriptLater);
  }
  {
    Query rows(purged_, row->exchange);
    if (rows.next() && rows.integer(0) != 0) return failed(codes::kWrongState, "purged");
  }
  erase_number_.run(row->seq);
  wait_again_.run(row->order_key);
  outbox_.reopen(*row, act.at, effects);
  return {};
}

}  // namespace tongqu::sql
