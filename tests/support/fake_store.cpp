#include "tests/support/fake_store.hpp"

#include <algorithm>

namespace tongqu::test {
namespace {

Error unavailable() { return make_error(codes::kUnavailable); }

OutboxState state_after(SettleTo to) {
  switch (to) {
    case SettleTo::kDelivered: return OutboxState::kDelivered;
    case SettleTo::kRetry: return OutboxState::kQueued;
    case SettleTo::kNoAnswer: return OutboxState::kNoAnswer;
    case SettleTo::kDead: return OutboxState::kDead;
  }
  return OutboxState::kQueued;
}

}  // namespace

void FakeStore::add(OutboxRow row) {
  const std::lock_guard lock(mutex_);
  row.seq = static_cast<std::int64_t>(rows_.size()) + 1;
  row.state = OutboxState::kQueued;
  row.head = false;
  by_id_[row.message_id] = row.seq;
  auto& waiting = by_key_[row.order_key];
  waiting.push_back(row.seq);
  rows_.push_back(std::move(row));
  if (waiting.size() == 1) make_head(rows_.back());
}

void FakeStore::make_head(OutboxRow& row) {
  row.head = true;
  heads_[row.recipient].insert(row.seq);
}

void FakeStore::let_next_go(OutboxRow& settled) {
  auto& waiting = by_key_[settled.order_key];
  waiting.pop_front();
  if (!waiting.empty()) make_head(rows_[static_cast<std::size_t>(waiting.front() - 1)]);
}

void FakeStore::hold_settlements(bool held) {
  const std::lock_guard lock(mutex_);
  held_ = held;
}

void FakeStore::release() {
  std::deque<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const Waiting& item : waiting) finish(item.settlement, item.done, apply(item.settlement));
}

void FakeStore::fail_settlements(std::size_t count, const ErrorCode& code) {
  const std::lock_guard lock(mutex_);
  failing_settlements_ = count;
  failing_code_ = &code;
}

void FakeStore::fail_reads(std::size_t count) {
  const std::lock_guard lock(mutex_);
  failing_reads_ = count;
}

OutboxRow FakeStore::row(const std::string& message_id) const {
  const std::lock_guard lock(mutex_);
  return rows_[static_cast<std::size_t>(by_id_.at(message_id) - 1)];
}

std::size_t FakeStore::count(OutboxState state) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(rows_.begin(), rows_.end(), [&](const OutboxRow& row) { return row.state == state; }));
}

std::size_t FakeStore::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

std::size_t FakeStore::rows_read() const {
  const std::lock_guard lock(mutex_);
  return rows_read_;
}

std::vector<Settlement> FakeStore::settlements() const {
  const std::lock_guard lock(mutex_);
  return settlements_;
}

std::vector<std::string> FakeStore::breaches() const {
  const std::lock_guard lock(mutex_);
  return breaches_;
}

std::size_t FakeStore::waiting_settlements() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void FakeStore::settle(Settlement settlement, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (held_) {
      waiting_.push_back({std::move(settlement), std::move(done)});
      return;
    }
  }
  const Status status = apply(settlement);
  finish(settlement, done, status);
}

void FakeStore::finish(const Settlement& settlement, const Done& done, const Status& status) {
  if (status.has_value() && committed) committed(settlement);
  done(status);
}

Status FakeStore::apply(const Settlement& settlement) {
  const std::lock_guard lock(mutex_);
  if (failing_settlements_ > 0) {
    --failing_settlements_;
    return make_error(*failing_code_);
  }
  const auto found = by_id_.find(settlement.message_id);
  if (found == by_id_.end()) return make_error(codes::kNotFound, "message");
  if (settlement.entry.has_value() == (settlement.to == SettleTo::kRetry)) {
    breaches_.push_back("entry: " + settlement.message_id);
  }
  OutboxRow& row = rows_[static_cast<std::size_t>(found->second - 1)];
  if (row.state != OutboxState::kQueued) return {};
  if (!row.head) breaches_.push_back("not a head: " + settlement.message_id);
  settlements_.push_back(settlement);
  row.state = state_after(settlement.to);
  ++row.attempts;
  row.status = settlement.status;
  row.code = settlement.code;
  row.next_due_ms = settlement.next_due_ms;
  if (row.state == OutboxState::kQueued) return {};
  row.settled_ms = settlement.at.ms;
  row.head = false;
  heads_[row.recipient].erase(row.seq);
  if (row.state == OutboxState::kDelivered) let_next_go(row);
  return {};
}

void FakeStore::act(OperatorAct act, Done done) { done(act_on_row(act)); }

Status FakeStore::act_on_row(const OperatorAct& act) {
  const std::lock_guard lock(mutex_);
  if (act.kind == OperatorAct::Kind::kPause) paused_.insert(act.partner);
  if (act.kind == OperatorAct::Kind::kResume) paused_.erase(act.partner);
  if (act.kind != OperatorAct::Kind::kReplay && act.kind != OperatorAct::Kind::kSkip) return {};
  const auto found = by_id_.find(act.message_id);
  if (found == by_id_.end()) return make_error(codes::kNotFound, "message");
  OutboxRow& row = rows_[static_cast<std::size_t>(found->second - 1)];
  if (act.kind == OperatorAct::Kind::kSkip) {
    row.state = OutboxState::kSkipped;
    let_next_go(row);
    return {};
  }
  row.state = OutboxState::kQueued;
  row.attempts = 0;
  row.next_due_ms = 0;
  row.deadline_ms = 0;
  make_head(row);
  return {};
}

Result<std::vector<OutboxRow>> FakeStore::due_heads(const PartnerId& recipient, Instant now, std::int64_t after_seq,
                                                    std::size_t limit, const SeqSet& except) {
  const std::lock_guard lock(mutex_);
  ++reads_;
  if (failing_reads_ > 0) {
    --failing_reads_;
    return unavailable();
  }
  std::vector<OutboxRow> out;
  const auto& heads = heads_[recipient];
  for (auto it = heads.upper_bound(after_seq); it != heads.end() && out.size() < limit; ++it) {
    const OutboxRow& row = rows_[static_cast<std::size_t>(*it - 1)];
    if (row.next_due_ms <= now.ms && !except.contains(row.seq)) out.push_back(row);
  }
  rows_read_ += out.size();
  return out;
}

Result<std::optional<std::int64_t>> FakeStore::next_due(const PartnerId& recipient, Instant now) {
  const std::lock_guard lock(mutex_);
  ++reads_;
  if (failing_reads_ > 0) {
    --failing_reads_;
    return unavailable();
  }
  std::optional<std::int64_t> earliest;
  for (const std::int64_t seq : heads_[recipient]) {
    const std::int64_t due = rows_[static_cast<std::size_t>(seq - 1)].next_due_ms;
    if (due > now.ms) earliest = std::min(earliest.value_or(due), due);
  }
  return earliest;
}

Result<OutboxRow> FakeStore::message(const std::string& message_id) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(message_id);
  if (found == by_id_.end()) return make_error(codes::kNotFound, "message");
  return rows_[static_cast<std::size_t>(found->second - 1)];
}

Result<std::vector<PartnerId>> FakeStore::paused_partners() {
  const std::lock_guard lock(mutex_);
  if (failing_reads_ > 0) {
    --failing_reads_;
    return unavailable();
  }
  return std::vector<PartnerId>(paused_.begin(), paused_.end());
}

std::size_t FakeStore::waiting() const { return waiting_settlements(); }

// Not part of the model.
void FakeStore::commit(NewExchange, StoredDone done) { done(unavailable()); }
void FakeStore::append(AuditDraft, Done done) { done(unavailable()); }
Result<bool> FakeStore::purge(Instant, Instant) { return unavailable(); }
Result<ExchangeRow> FakeStore::exchange(const ExchangeId&) { return unavailable(); }
Result<Payload> FakeStore::payload(const ExchangeId&) { return unavailable(); }
Result<std::string> FakeStore::receipt(std::string_view, const std::string&) { return unavailable(); }
Result<std::vector<std::string>> FakeStore::attachment_forms(const PartnerId&, const std::string&) {
  return unavailable();
}
Result<ExchangeId> FakeStore::exchange_naming(const std::string&) { return unavailable(); }
Result<ExchangeId> FakeStore::origin(const PartnerId&, const MatterNo&) { return unavailable(); }
Result<std::vector<ExchangeRow>> FakeStore::exchanges(const ExchangeFilter&) { return unavailable(); }
Result<std::vector<OutboxRow>> FakeStore::outbox(const OutboxFilter&) { return unavailable(); }
Result<std::vector<TaskRow>> FakeStore::tasks(std::optional<TaskQueue>, bool, std::int64_t, std::size_t) {
  return unavailable();
}
Result<TaskRow> FakeStore::task(std::int64_t) { return unavailable(); }
Result<std::vector<PartnerCounts>> FakeStore::counts() { return unavailable(); }
Result<std::vector<AuditRow>> FakeStore::audit_entries(std::uint64_t, std::size_t) { return unavailable(); }
void FakeStore::note(QueryNote, Done done) { done(unavailable()); }
Result<std::vector<OpenQuery>> FakeStore::open_queries(Instant, std::size_t) { return unavailable(); }
Result<std::string> FakeStore::ledger(const Bytes&) { return unavailable(); }
Result<std::string> FakeStore::checkpoint() { return unavailable(); }
Result<std::vector<Digest32>> FakeStore::leaf_tile(std::uint64_t) { return unavailable(); }
Result<std::vector<Digest32>> FakeStore::node_tile(std::uint32_t, std::uint64_t) { return unavailable(); }

}  // namespace tongqu::test
