#include "gateway/store/exchange_writer.hpp"

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {
namespace {

constexpr std::string_view kInsert = R"sql(
INSERT INTO exchanges(id, partner, service, matter, operation, version, received_ms, config, route, state, findings,
  original_type, audit_index, open_tasks, troubled, queued, closed_ms)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
  CASE WHEN ?13 > 0 THEN 1 WHEN ?14 > 0 THEN 3 WHEN ?15 > 0 THEN 0 ELSE 2 END, ?10, ?11, ?12, ?13, ?14, ?15,
  CASE WHEN ?13 > 0 OR ?14 > 0 OR ?15 > 0 THEN 0 ELSE ?16 END))sql";
constexpr std::string_view kFindTask =
    "SELECT t.exchange, t.finished_ms, e.partner, e.open_tasks, e.audit_index, t.message FROM tasks t "
    "JOIN exchanges e ON e.id = t.exchange WHERE t.task = ?";
constexpr std::string_view kFinished =
    "SELECT id, audit_index FROM exchanges WHERE closed_ms > 0 AND closed_ms < ?1 ORDER BY closed_ms LIMIT ?2";
constexpr std::string_view kPurgeRows =
    "UPDATE outbox_contents SET sealed = x'' WHERE seq IN "
    "(SELECT seq FROM outbox WHERE message_id > ?1 || '-' AND message_id < ?1 || '.')";

}  // namespace

ExchangeWriter::ExchangeWriter(const Connection& main, AuditWriter& audit, NonceBook& nonces,
                               DisclosureWriter& disclosures)
    : audit_(audit),
      nonces_(nonces),
      disclosures_(disclosures),
      outbox_(main, disclosures),
      find_key_(main.prepare("SELECT digest, exchange, audit_index FROM dedup WHERE key = ?")),
      bind_key_(main.prepare("INSERT INTO dedup VALUES(?, ?, ?, ?)")),
      version_(main.prepare("SELECT max(version) FROM exchanges WHERE matter = ? AND matter <> '' AND partner = ?")),
      insert_(main.prepare(kInsert)),
      insert_origin_(main.prepare("INSERT INTO exchange_origins VALUES(?, ?)")),
      insert_content_(main.prepare("INSERT INTO contents VALUES(?, ?, ?)")),
      insert_task_(main.prepare("INSERT INTO tasks VALUES(?, ?, ?, ?, ?, 0, ?)")),
      find_task_(main.prepare(kFindTask)),
      same_task_(main.prepare("SELECT max(finished_ms = 0) FROM tasks WHERE exchange = ? AND reason = ?")),
      open_tasks_(main.prepare("SELECT partner, open_tasks, closed_ms FROM exchanges WHERE id = ?")),
      close_task_(main.prepare("UPDATE tasks SET finished_ms = ?2 WHERE task = ?1")),
      find_exchange_(main.prepare("SELECT closed_ms, open_tasks FROM exchanges WHERE id = ?")),
      replace_record_(main.prepare("UPDATE contents SET record = ?2 WHERE audit_index = ?1")),
      set_route_(main.prepare("UPDATE exchanges SET route = ?2, findings = ?3 WHERE id = ?1")),
      pause_(main.prepare("INSERT OR IGNORE INTO paused VALUES(?)")),
      resume_(main.prepare("DELETE FROM paused WHERE partner = ?")),
      insert_act_(main.prepare("INSERT INTO acts VALUES(?, ?, ?, ?, ?, ?)")),
      finished_(main.prepare(kFinished)),
      purge_content_(main.prepare("UPDATE contents SET original = x'', record = x'' WHERE audit_index = ?")),
      purge_rows_(main.prepare(kPurgeRows)),
      mark_purged_(main.prepare("UPDATE exchanges SET closed_ms = -closed_ms WHERE id = ?")) {}

// The key before the nonce: an honest retry carries a used nonce. Rows of this batch are seen like earlier ones.
std::optional<Outcome> ExchangeWriter::seen_before(const NewExchange& exchange, const Effects& effects) {
  if (!exchange.dedup_key.empty()) {
    Query rows(find_key_, exchange.dedup_key);
    if (rows.next()) {
      if (rows.view(0) != exchange.dedup_digest) return failed(codes::kKeyConflict);
      Outcome outcome;
      outcome.earlier = ExchangeId(rows.text(1));
      const std::int64_t index = rows.integer(2);
      if (index >= static_cast<std::int64_t>(effects.first_index)) {
        outcome.receipt_index = index;
      } else {
        outcome.receipt = audit_.receipt(index);
      }
      return outcome;
    }
  }
  if (nonces_.used(exchange.partner, exchange.nonce, exchange.nonce_expires_ms)) return failed(codes::kReplay);
  return std::nullopt;
}

Outcome ExchangeWriter::apply(const NewExchange& exchange, Effects& effects) {
  if (auto known = seen_before(exchange, effects)) return std::move(*known);
  if (effects.refuse_exchanges) return failed(codes::kUnavailable);
  if (exchange.exchange.empty()) return failed(codes::kInternal, "exchange without id");
  for (const NewOutbox& row : exchange.outbox) {
    if (!OutboxWriter::fits(row, exchange.exchange)) return failed(codes::kInternal, "message id");
  }
  Outcome outcome;
  outcome.receipt_index = effects.next_index();
  insert(exchange, effects);
  effects.add_entry(exchange.entry, true);
  effects.stored.push_back(&exchange);
  return outcome;
}

std::int64_t ExchangeWriter::next_version(const NewExchange& exchange) {
  if (exchange.matter.empty()) return 1;
  Query rows(version_, exchange.matter.str(), exchange.partner.str());
  return rows.next() ? rows.integer(0) + 1 : 1;
}

void ExchangeWriter::insert(const NewExchange& exchange, Effects& effects) {
  const std::string& id = exchange.exchange.str();
  const std::string& partner = exchange.partner.str();
  const std::int64_t index = effects.next_index();
  for (const NewOutbox& row : exchange.outbox) outbox_.insert(row, id, partner, effects);
  const ExchangeChange change = OutboxWriter::change_by(exchange.outbox);
  insert_.run(id, partner, exchange.service.str(), exchange.matter.str(), exchange.operation, next_version(exchange),
              exchange.received_at.ms, exchange.config.str(), exchange.route, exchange.findings, exchange.original_type,
              index, exchange.tasks.size(), change.troubled, change.queued, effects.now.ms);
  if (!exchange.origin.empty()) insert_origin_.run(exchange.origin.str(), id);
  disclosures_.persons().wait(id, exchange.persons);
  insert_content_.run(index, Blob{exchange.sealed_original}, Blob{exchange.sealed_record});
  if (!exchange.dedup_key.empty()) bind_key_.run(exchange.dedup_key, Blob{exchange.dedup_digest}, id, index);
  nonces_.use(exchange.partner, exchange.nonce, exchange.nonce_expires_ms);
  open_tasks(exchange.tasks, id, effects);
  effects.count(partner, Count::kStored, 1);
  if (!exchange.tasks.empty()) effects.count(partner, Count::kHeld, 1);
}

void ExchangeWriter::open_tasks(const std::vector<NewTask>& tasks, const std::string& exchange, Effects& effects) {
  for (const NewTask& task : tasks) {
    insert_task_.run(effects.next_task++, static_cast<int>(task.queue), exchange, task.reason, effects.now.ms,
                     task.message_id);
  }
}

Outcome ExchangeWriter::apply(const OperatorAct& act, Effects& effects) {
  Outcome outcome = perform(act, effects);
  if (outcome.error) return outcome;
  const std::string subject = !act.message_id.empty() ? act.message_id
                              : act.task != 0         ? std::to_string(act.task)
                              : !act.exchange.empty() ? act.exchange.str()
                                                      : act.partner.str();
  insert_act_.run(effects.next_index(), act.at.ms, static_cast<int>(act.kind), subject, act.actor, act.reason);
  effects.add_entry(act.entry, false);
  return outcome;
}

Outcome ExchangeWriter::perform(const OperatorAct& act, Effects& effects) {
  switch (act.kind) {
    case OperatorAct::Kind::kReplay: return replay(act, effects);
    case OperatorAct::Kind::kReplace: return replace(act, effects);
    case OperatorAct::Kind::kSkip: return skip(act, effects);
    case OperatorAct::Kind::kFinishTask: return finish_task(act, effects);
    case OperatorAct::Kind::kRelease: return release(act, effects);
    case OperatorAct::Kind::kPause:
    case OperatorAct::Kind::kResume: return pause(act, effects);
    case OperatorAct::Kind::kOpenTask: return open_task(act, effects);
  }
  return failed(codes::kInternal, "act");
}

namespace {
bool waits_for_a_person(OutboxState state) { return state == OutboxState::kDead || state == OutboxState::kNoAnswer; }
}  // namespace

Outcome ExchangeWriter::replay(const OperatorAct& act, Effects& effects) {
  const auto row = outbox_.find(act.message_id);
  if (!row) return failed(codes::kNotFound, "message");
  if (!waits_for_a_person(row->state) || !outbox_.has_bytes(*row)) {
    return failed(codes::kWrongState, std::string(name_of(row->state)));
  }
  outbox_.replay(*row, act.at, effects);
  return {};
}

Outcome ExchangeWriter::replace(const OperatorAct& act, Effects& effects) {
  const auto row = outbox_.find(act.message_id);
  if (!row) return failed(codes::kNotFound, "message");
  if (!waits_for_a_person(row->state) && row->state != OutboxState::kDelivered) {
    return failed(codes::kWrongState, std::string(name_of(row->state)));
  }
  std::int64_t open = 0;
  {
    Query exchange(find_exchange_, row->exchange);
    if (!exchange.next() || exchange.integer(0) < 0) return failed(codes::kWrongState, "purged");
    open = exchange.integer(1);
  }
  if (act.outbox.size() != 1 || !OutboxWriter::fits(act.outbox.front(), ExchangeId(row->exchange))) {
    return failed(codes::kInternal, "replacement");
  }
  outbox_.retire(*row, OutboxState::kSuperseded, act.at, effects);
  outbox_.insert(act.outbox.front(), row->exchange, row->sender, effects);
  disclosures_.persons().wait(row->exchange, act.persons);
  open_tasks(act.tasks, row->exchange, effects);
  ExchangeChange change = OutboxWriter::change_by(act.outbox);
  change.open_tasks = static_cast<std::int64_t>(act.tasks.size());
  outbox_.change_exchange(row->exchange, change, act.at);
  if (open == 0 && !act.tasks.empty()) effects.count(row->sender, Count::kHeld, 1);
  return {};
}

Outcome ExchangeWriter::skip(const OperatorAct& act, Effects& effects) {
  const auto row = outbox_.find(act.message_id);
  if (!row) return failed(codes::kNotFound, "message");
  if (!waits_for_a_person(row->state)) return failed(codes::kWrongState, std::string(name_of(row->state)));
  outbox_.retire(*row, OutboxState::kSkipped, act.at, effects);
  return {};
}

std::optional<ExchangeWriter::FoundTask> ExchangeWriter::find_task(std::int64_t task) {
  Query rows(find_task_, task);
  if (!rows.next()) return std::nullopt;
  return FoundTask{rows.text(0), rows.text(2), rows.text(5), rows.integer(1) != 0, rows.integer(3), rows.integer(4)};
}

Outcome ExchangeWriter::open_task(const OperatorAct& act, Effects& effects) {
  const std::string& exchange = act.exchange.str();
  std::string partner;
  std::int64_t open_tasks = 0;
  {
    Query row(open_tasks_, exchange);
    if (!row.next()) return failed(codes::kNotFound, "exchange");
    if (row.integer(2) < 0) return failed(codes::kWrongState, "purged");
    partner = row.text(0);
    open_tasks = row.integer(1);
  }
  {
    // max() of nothing is null, which is not one.
    Query same(same_task_, exchange, act.opened.reason);
    const bool known = same.next() && !same.is_null(0);
    if (known && (act.once || same.integer(0) == 1)) return failed(codes::kWrongState, "opened");
  }
  insert_task_.run(effects.next_task++, static_cast<int>(act.opened.queue), exchange, act.opened.reason, act.at.ms,
                   act.opened.message_id);
  outbox_.change_exchange(exchange, {1, 0, 0}, act.at);
  if (open_tasks == 0) effects.count(partner, Count::kHeld, 1);
  return {};
}

Outcome ExchangeWriter::finish_task(const OperatorAct& act, Effects& effects) {
  const auto task = find_task(act.task);
  if (!task) return failed(codes::kNotFound, "task");
  if (task->finished) return failed(codes::kWrongState, "finished");
  if (!task->message.empty()) return failed(codes::kWrongState, "release");
  for (const NewOutbox& row : act.outbox) {
    if (!OutboxWriter::fits(row, ExchangeId(task->exchange))) return failed(codes::kInternal, "message id");
  }
  close_task_.run(act.task, act.at.ms);
  if (!act.sealed_record.empty()) {
    replace_record_.run(task->audit_index, Blob{act.sealed_record});
    set_route_.run(task->exchange, act.route, act.findings);
  }
  for (const NewOutbox& row : act.outbox) outbox_.insert(row, task->exchange, task->partner, effects);
  open_tasks(act.tasks, task->exchange, effects);
  disclosures_.persons().wait(task->exchange, act.persons);
  ExchangeChange change = OutboxWriter::change_by(act.outbox);
  change.open_tasks = static_cast<std::int64_t>(act.tasks.size()) - 1;
  outbox_.change_exchange(task->exchange, change, act.at);
  if (task->open_tasks + change.open_tasks == 0) effects.count(task->partner, Count::kHeld, -1);
  return {};
}

// Of two persons at once the second finds the task finished.
Outcome ExchangeWriter::release(const OperatorAct& act, Effects& effects) {
  const auto task = find_task(act.task);
  if (!task) return failed(codes::kNotFound, "task");
  if (task->finished) return failed(codes::kWrongState, "finished");
  const auto row = outbox_.find(task->message);
  if (!row || row->state != OutboxState::kHeld)
    return failed(codes::kWrongState, row ? std::string(name_of(row->state)) : "message");
  if (!act.outbox.empty()) {
    const NewOutbox& with = act.outbox.front();
    if (act.outbox.size() != 1 || with.message_id != task->message || with.held ||
        !OutboxWriter::fits(with, ExchangeId(task->exchange))) {
      return failed(codes::kInternal, "released message");
    }
    outbox_.fill(*row, with, act.at, effects);
  } else {
    outbox_.retire(*row, OutboxState::kSkipped, act.at, effects);
  }
  close_task_.run(act.task, act.at.ms);
  disclosures_.persons().wait(task->exchange, act.persons);
  outbox_.change_exchange(task->exchange, {-1, 0, 0}, act.at);
  if (task->open_tasks == 1) effects.count(task->partner, Count::kHeld, -1);
  return {};
}

Outcome ExchangeWriter::pause(const OperatorAct& act, Effects&) {
  if (act.partner.empty()) return failed(codes::kNotFound, "partner");
  (act.kind == OperatorAct::Kind::kPause ? pause_ : resume_).run(act.partner.str());
  return {};
}

Outcome ExchangeWriter::purge(const PurgeItem& item, Effects& effects) {
  Outcome outcome;
  const std::size_t nonces = nonces_.purge(item.now, effects.purge_max_items);
  std::vector<std::pair<std::string, std::int64_t>> finished;
  {
    Query rows(finished_, item.settled_before.ms, effects.purge_max_items);
    while (rows.next()) finished.emplace_back(rows.text(0), rows.integer(1));
  }
  for (auto& [exchange, index] : finished) {
    purge_content_.run(index);
    purge_rows_.run(exchange);
    mark_purged_.run(exchange);
    effects.erased_keys.push_back(std::move(exchange));
  }
  outcome.more = nonces == effects.purge_max_items || finished.size() == effects.purge_max_items;
  return outcome;
}

}  // namespace tongqu::sql
