#include "gateway/pipeline/rework.hpp"

#include <algorithm>

#include "gateway/pipeline/pipeline_codes.hpp"

namespace tongqu {
namespace {

Node* remove_member(Node& object, Node* before, Node* member) {
  (before == nullptr ? object.first : before->next) = member->next;
  if (object.last == member) object.last = before;
  --object.count;
  return member->next;
}

void remove(Node& object, std::string_view name) {
  Node* before = nullptr;
  for (Node* member = object.first; member != nullptr; before = member, member = member->next) {
    if (member->name != name) continue;
    remove_member(object, before, member);
    return;
  }
}

bool own_member(std::string_view name) { return name == "envelope" || name == "kept"; }

}  // namespace

AuditEntryBuilder entry_by(std::string_view kind, const ActBy& by, const LineTools& tools) {
  AuditEntryBuilder entry(kind, tools.clock.now());
  entry.text("actor", by.actor).text("reason", to_hex(as_text(tools.suite.hash({entry.salt(), by.reason}))));
  return entry;
}

bool merge_patch(Document& document, Node& target, const Node& patch) {
  if (patch.kind != Kind::kObject || target.kind != Kind::kObject) return false;
  for (const Node& change : children(patch)) {
    if (own_member(change.name)) return false;
    Node* present = target.find(change.name);
    if (change.kind == Kind::kObject) {
      if (present == nullptr) present = document.add_object(target, change.name);
      if (!merge_patch(document, *present, change)) return false;
      continue;
    }
    remove(target, change.name);
    if (change.kind != Kind::kNull) document.append(target, document.clone(change), change.name);
  }
  return true;
}

Rework::Rework(std::function<std::shared_ptr<const Plan>()> plan, Store& store, LineTools tools,
               std::function<void(const PartnerId&)> committed)
    : plan_(std::move(plan)), store_(store), tools_(tools), committed_(std::move(committed)) {}

Result<SealKey> Rework::key_of(const ExchangeId& exchange, const Payload& payload) const {
  if (payload.wrapped_key.empty()) return make_error(codes::kPayloadGone);
  return tools_.sealer.unwrap(exchange, payload.wrapped_key);
}

Result<std::string> Rework::original(const ExchangeId& exchange) {
  auto payload = store_.payload(exchange);
  if (payload.has_error()) return payload.error();
  if (payload->sealed_original.empty()) return make_error(codes::kPayloadGone);
  auto key = key_of(exchange, *payload);
  if (key.has_error()) return key.error();
  return tools_.sealer.open(*key, "original", payload->sealed_original);
}

Result<Document> Rework::record(const ExchangeId& exchange) {
  auto payload = store_.payload(exchange);
  if (payload.has_error()) return payload.error();
  if (payload->sealed_record.empty()) return make_error(codes::kPayloadGone);
  auto key = key_of(exchange, *payload);
  if (key.has_error()) return key.error();
  auto text = tools_.sealer.open(*key, "record", payload->sealed_record);
  if (text.has_error()) return text.error();
  Document document;
  if (auto status = tools_.json.decode(*text, DecodeLimits{}, document); status.has_error()) return status.error();
  return document;
}

// The record with the correction, checked; faults of grade error remain only when a person releases it as it is.
Status Rework::corrected(Exchange& exchange, const Node* patch, bool release) {
  if (patch != nullptr && !merge_patch(exchange.record, exchange.record.root(), *patch)) {
    return make_error(codes::kPatch, "$");
  }
  const Schema& canonical = *exchange.service->canonical;
  bool sound = canonical.validate(exchange.record.root(), exchange.findings);
  const auto attached = steps::find_attachments(exchange, tools_);
  if (attached.has_error()) return attached.error();
  sound = sound && *attached;
  if (!sound && !release) {
    Error error = make_error(codes::kStillFaulty, std::to_string(exchange.findings.size()));
    error.faults = exchange.findings;
    return error;
  }
  if (auto status = steps::route(exchange, store_); status.has_error()) return status;
  if (exchange.held()) return make_error(codes::kNoRoute);
  return steps::view_and_render(exchange, &tools_);
}

void Rework::finish_task(std::int64_t task_id, const Node* patch, bool release, const ActBy& by, const Done& done) {
  auto task = store_.task(task_id);
  if (task.has_error()) return done(task.error());
  if (task->finished_ms != 0) return done(make_error(codes::kTaskClosed));
  if (!task->message_id.empty()) return done(make_error(codes::kTaskRelease));
  auto row = store_.exchange(task->exchange);
  // What has left already is not sent again: the task was opened afterwards (a file that could not be fetched).
  if (row.has_value() && !row->route.empty()) {
    if (patch != nullptr) return done(make_error(codes::kPatch, "$"));
    return close(task_id, task->exchange, by, done);
  }
  auto payload = store_.payload(task->exchange);
  auto document = record(task->exchange);
  if (row.has_error()) return done(row.error());
  if (payload.has_error()) return done(payload.error());
  if (document.has_error()) return done(document.error());
  auto key = key_of(task->exchange, *payload);
  if (key.has_error()) return done(key.error());

  Exchange exchange;
  exchange.plan = plan_();
  exchange.partner = exchange.plan->partner(row->partner);
  exchange.service = exchange.plan->inbound(row->partner, row->service);
  if (exchange.service == nullptr) return done(make_error(codes::kServiceNotPermitted, row->service.str()));
  exchange.id = row->exchange;
  exchange.matter = row->matter;
  exchange.operation = row->operation;
  exchange.record = std::move(*document);
  if (auto status = corrected(exchange, patch, release); status.has_error()) return done(status.error());
  auto rows = steps::outbox_rows(exchange, *key, tools_);
  if (rows.has_error()) return done(rows.error());

  OperatorAct act;
  act.kind = OperatorAct::Kind::kFinishTask;
  act.task = task_id;
  std::string text;
  if (auto status = tools_.json.encode(exchange.record.root(), text); status.has_error()) return done(status.error());
  auto sealed = tools_.sealer.seal(*key, "record", text);
  if (sealed.has_error()) return done(sealed.error());
  act.sealed_record = std::move(*sealed);
  act.findings = steps::findings_json(exchange);
  act.route = exchange.route->name;
  act.outbox = std::move(rows->rows);
  act.tasks = std::move(rows->tasks);
  act.persons = steps::persons_of(exchange, tools_);
  act.actor = by.actor;
  act.entry = entry_by("released", by, tools_)
                  .text("exchange", exchange.id.str())
                  .text("config", exchange.plan->id.str())
                  .text("record", to_hex(as_text(tools_.committer.commit(exchange.record.root(), *key))))
                  .canonical("disclosed", rows->disclosed)
                  .finish();
  submit(std::move(act), done);
}

void Rework::close(std::int64_t task, const ExchangeId& exchange, const ActBy& by, const Done& done) {
  OperatorAct act;
  act.kind = OperatorAct::Kind::kFinishTask;
  act.task = task;
  act.actor = by.actor;
  act.entry = entry_by("task", by, tools_).text("exchange", exchange.str()).finish();
  submit(std::move(act), done);
}

void Rework::take_up(std::int64_t task_id, const TakenUp& what, const ActBy& by, const Done& done) {
  auto task = store_.task(task_id);
  if (task.has_error()) return done(task.error());
  OperatorAct act;
  act.kind = OperatorAct::Kind::kFinishTask;
  act.task = task_id;
  act.actor = by.actor;
  act.entry = entry_by("taken-up", by, tools_)
                  .text("exchange", task->exchange.str())
                  .text("file", what.file)
                  .text("version", what.version)
                  .text("digest", what.digest)
                  .finish();
  submit(std::move(act), done);
}

void Rework::replace(const std::string& message_id, const ActBy& by, const Done& done) {
  auto message = store_.message(message_id);
  if (message.has_error()) return done(message.error());
  auto row = store_.exchange(message->exchange);
  auto body = original(message->exchange);
  auto payload = store_.payload(message->exchange);
  if (row.has_error()) return done(row.error());
  if (body.has_error()) return done(body.error());
  if (payload.has_error()) return done(payload.error());
  auto key = key_of(message->exchange, *payload);
  if (key.has_error()) return done(key.error());

  Exchange exchange;
  exchange.plan = plan_();
  exchange.partner = exchange.plan->partner(row->partner);
  exchange.service = exchange.plan->inbound(row->partner, row->service);
  if (exchange.service == nullptr) return done(make_error(codes::kServiceNotPermitted, row->service.str()));
  exchange.id = row->exchange;
  exchange.in.body = std::move(*body);
  exchange.in.content_type = row->original_type;
  exchange.in.received_at = {row->received_ms};
  OutboxFilter filter;
  filter.exchange = exchange.id;
  filter.recipient = message->recipient;
  auto siblings = store_.outbox(filter);
  if (siblings.has_error()) return done(siblings.error());
  const auto number = static_cast<std::int32_t>(siblings->size()) + 1;
  exchange.document_no = exchange.id.str() + '-' + std::to_string(number);
  if (auto status = run_steps(exchange, tools_, store_); status.has_error()) return done(status.error());
  std::erase_if(exchange.rendered,
                [&](const RenderedMessage& m) { return m.recipient->partner != message->recipient; });
  if (exchange.rendered.empty()) return done(make_error(codes::kNoRoute));

  auto rows = steps::outbox_rows(exchange, *key, tools_, number);
  if (rows.has_error()) return done(rows.error());
  OperatorAct act;
  act.kind = OperatorAct::Kind::kReplace;
  act.message_id = message_id;
  act.outbox = std::move(rows->rows);
  act.tasks = std::move(rows->tasks);
  act.persons = steps::persons_of(exchange, tools_);
  act.outbox.front().supersedes = message_id;
  act.entry = entry_by("replaced", by, tools_)
                  .text("message", message_id)
                  .text("exchange", exchange.id.str())
                  .text("config", exchange.plan->id.str())
                  .canonical("disclosed", rows->disclosed)
                  .finish();
  act.actor = by.actor;
  submit(std::move(act), done);
}

void Rework::submit(OperatorAct act, const Done& done) {
  act.at = tools_.clock.now();
  std::vector<PartnerId> recipients;
  recipients.reserve(act.outbox.size() + 1);
  for (const NewOutbox& row : act.outbox) recipients.push_back(row.recipient);
  if (!act.message_id.empty()) {
    if (auto message = store_.message(act.message_id); message.has_value()) recipients.push_back(message->recipient);
  }
  store_.act(std::move(act), [this, done, recipients](Status status) {
    if (status.has_value()) {
      for (const PartnerId& recipient : recipients) committed_(recipient);
    }
    done(status);
  });
}

void Rework::replay(const std::string& message_id, const ActBy& by, const Done& done) {
  OperatorAct act;
  act.kind = OperatorAct::Kind::kReplay;
  act.message_id = message_id;
  act.actor = by.actor;
  act.entry = entry_by("replayed", by, tools_).text("message", message_id).finish();
  submit(std::move(act), done);
}

void Rework::skip(const std::string& message_id, const ActBy& by, const Done& done) {
  OperatorAct act;
  act.kind = OperatorAct::Kind::kSkip;
  act.message_id = message_id;
  act.actor = by.actor;
  act.entry = entry_by("skipped", by, tools_).text("message", message_id).finish();
  submit(std::move(act), done);
}

void Rework::pause(const PartnerId& partner, bool paused, const ActBy& by, const Done& done) {
  OperatorAct act;
  act.kind = paused ? OperatorAct::Kind::kPause : OperatorAct::Kind::kResume;
  act.partner = partner;
  act.actor = by.actor;
  act.entry = entry_by(paused ? "paused" : "resumed", by, tools_).text("partner", partner.str()).finish();
  submit(std::move(act), done);
}

}  // namespace tongqu
