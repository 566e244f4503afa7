// Step "commit", first half. Takes: the finished exchange. Gives: sealed rows and the audit entry, ready for one
// transaction. May turn back with: the sealer's codes.
#include <set>

#include "gateway/core/jcs.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

std::string json_list_of_queues(const std::vector<NewTask>& tasks) {
  std::string out = "[";
  for (const NewTask& task : tasks) {
    if (out.size() > 1) out.push_back(',');
    append_json_string(out, name_of(task.queue));
  }
  out.push_back(']');
  return out;
}

// (recipient, sender's number of the matter, else exchange id): what must arrive in order.
std::string order_key(const Exchange& exchange, const PartnerId& recipient) {
  std::string key = recipient.str();
  key.push_back('|');
  if (exchange.matter.empty()) return key + exchange.id.str();
  return key + exchange.partner->id.str() + '|' + exchange.matter.str();
}

std::string message_id(const Exchange& exchange, const PartnerId& recipient, std::int32_t replacement) {
  std::string id = exchange.id.str() + '-' + recipient.str();
  if (replacement > 1) id += '-' + std::to_string(replacement);
  return id;
}

// Entries hold no values, so those of one recipient mostly repeat, and hashing one costs more than comparing it: each
// thread remembers its last.
const Digest32& ledger_digest(const std::string& ledger, const Suite& suite) {
  struct Last {
    SuiteId suite = SuiteId::kGm;
    std::string ledger;
    Digest32 digest{};
  };
  thread_local Last last;
  if (last.ledger != ledger || last.suite != suite.id() || ledger.empty()) {
    last = {suite.id(), ledger, suite.hash({ledger})};
  }
  return last.digest;
}

void append_disclosed(std::string& list, const NewOutbox& row, const Suite& suite) {
  if (list.size() > 1) list.push_back(',');
  list += "{\"ledger\":\"" + to_hex(as_text(ledger_digest(row.ledger, suite))) + "\",\"message\":";
  append_json_string(list, row.message_id);
  list.push_back('}');
}

AuditDraft stored_entry(const Exchange& exchange, const SealKey& key, const LineTools& tools,
                        const std::string& disclosed, const std::vector<NewTask>& tasks) {
  const Digest32 salt = tools.suite.hmac(key.plain, {"body-salt"});
  AuditEntryBuilder entry("stored", tools.clock.now());
  entry.text("exchange", exchange.id.str())
      .text("partner", exchange.partner->id.str())
      .text("service", exchange.service->service.str())
      .text("config", exchange.plan->id.str())
      .text("method", exchange.in.identity.method)
      .text("body", to_hex(as_text(tools.suite.hash({as_text(salt).substr(0, 16), exchange.in.body}))))
      .text("record", to_hex(as_text(tools.committer.commit(exchange.record.root(), key))))
      .canonical("disclosed", disclosed);
  if (!exchange.in.origin.empty()) entry.text("origin", exchange.in.origin.str());
  if (!tasks.empty()) entry.canonical("held", json_list_of_queues(tasks));
  return entry.finish();
}

// The types an attachment may turn out to be.
std::vector<std::string> types_of(const NamedAttachment& named, const Exchange& exchange, const LineTools& tools) {
  if (!named.type.empty()) return {named.type};
  const auto grant = tools.attachment_grant ? tools.attachment_grant(exchange.partner->id) : std::nullopt;
  return grant ? grant->types : std::vector<std::string>();
}

// The ledger says which bytes the recipient may read, by type and form; the ids are in the grants.
void add_to_ledger(std::string& ledger, const std::set<std::string>& entries) {
  if (entries.empty()) return;
  std::string list = "\"attachments\":[";
  for (const std::string& entry : entries) list.append(list.back() == '[' ? "" : ",").append(entry);
  ledger.insert(1, list + "],");
}

std::string entry_of(std::string_view type, std::string_view form) {
  std::string entry = "{\"form\":";
  append_json_string(entry, form);
  entry += ",\"type\":";
  append_json_string(entry, type);
  entry.push_back('}');
  return entry;
}

// A recipient may read what its own message names: the mapping that made it saw nothing but the recipient's view. Which
// bytes, its policy says.
Status grant_attachments(NewOutbox& row, const RenderedMessage& message, const Exchange& exchange,
                         const LineTools& tools) {
  std::set<std::string> entries;
  const AttachmentRules& rules = message.recipient->attachments;
  const std::string subject = subject_of_attachments(exchange);
  for (const NamedAttachment* named : named_in(*message.bytes, exchange)) {
    const auto types = types_of(*named, exchange, tools);
    const std::string forms = forms_text(rules, types, subject, message.released);
    for (const std::string& type : types) entries.insert(entry_of(type, name_of(form_of(forms, type))));
    if (tools.derivatives != nullptr && forms.find(name_of(AttachmentForm::kDerivative)) != std::string::npos) {
      if (auto status = tools.derivatives->want_derivative(named->id); status.has_error()) return status;
    }
    row.attachments.push_back({named->id.str(), forms});
  }
  add_to_ledger(row.ledger, entries);
  return {};
}

Result<NewOutbox> outbox_row(const RenderedMessage& message, const Exchange& exchange, const SealKey& key,
                             const LineTools& tools, std::int32_t replacement) {
  const RecipientPlan& recipient = *message.recipient;
  NewOutbox row;
  row.message_id = message_id(exchange, recipient.partner, replacement);
  row.recipient = recipient.partner;
  row.service = recipient.service;
  row.order_key = order_key(exchange, recipient.partner);
  if (recipient.deadline_ms > 0) row.deadline_ms = tools.clock.now().ms + recipient.deadline_ms;
  if (!message.waiting.empty()) {
    row.held = true;
    return row;
  }
  if (message.bytes == nullptr) {
    row.dead = true;
    row.dead_code = message.error.code->id;
    return row;
  }
  auto sealed = tools.sealer.seal(key, "out/" + row.message_id, message.bytes->bytes());
  if (sealed.has_error()) return sealed.error();
  row.sealed = std::move(*sealed);
  row.content_type = message.bytes->content_type();
  row.ledger = message.bytes->disclosure().to_ledger();
  if (auto status = grant_attachments(row, message, exchange, tools); status.has_error()) return status.error();
  return row;
}

void append_finding(std::string& out, const Fault& fault, std::string_view recipient) {
  out += out.size() > 1 ? ",{\"code\":" : "{\"code\":";
  append_json_string(out, fault.code->id);
  out += ",\"field\":";
  append_json_string(out, fault.field_zh);
  out += ",\"grade\":";
  append_json_string(out, name_of(fault.grade));
  out += ",\"param\":";
  append_json_string(out, fault.param);
  out += ",\"path\":";
  append_json_string(out, fault.path);
  if (!recipient.empty()) {
    out += ",\"recipient\":";
    append_json_string(out, recipient);
  }
  out.push_back('}');
}

}  // namespace

namespace {

// "content, attachments[].url": paths are the schema's own words, no values.
NewTask release_task(const RenderedMessage& message, const std::string& message_id) {
  NewTask task{TaskQueue::kRelease, {}, message_id};
  for (const std::string& path : message.waiting) task.reason += (task.reason.empty() ? "" : ", ") + path;
  return task;
}

}  // namespace

std::vector<PersonMark> persons_of(const Exchange& exchange, const LineTools& tools) {
  if (tools.persons == nullptr) return {};
  return tools.persons->marks(exchange.record.root(), exchange.service->canonical->fields());
}

std::string findings_json(const Exchange& exchange) {
  std::string out = "[";
  for (const Fault& fault : exchange.findings) append_finding(out, fault, {});
  for (const RenderedMessage& message : exchange.rendered) {
    if (message.bytes != nullptr) continue;
    for (const Fault& fault : message.error.faults) append_finding(out, fault, message.recipient->partner.str());
  }
  out.push_back(']');
  return out;
}

Result<OutboxRows> outbox_rows(const Exchange& exchange, const SealKey& key, const LineTools& tools,
                               std::int32_t replacement) {
  OutboxRows out;
  out.disclosed = "[";
  for (const RenderedMessage& message : exchange.rendered) {
    auto row = outbox_row(message, exchange, key, tools, replacement);
    if (row.has_error()) return row.error();
    if (row->held) out.tasks.push_back(release_task(message, row->message_id));
    if (!row->dead && !row->held) append_disclosed(out.disclosed, *row, tools.suite);
    out.rows.push_back(std::move(*row));
  }
  out.disclosed.push_back(']');
  return out;
}

Result<NewExchange> assemble(const Exchange& exchange, const LineTools& tools) {
  auto key = tools.sealer.make_key(exchange.id);
  if (key.has_error()) return key.error();
  auto original = tools.sealer.seal(*key, "original", exchange.in.body);
  if (original.has_error()) return original.error();
  std::string record;
  if (auto status = tools.json.encode(exchange.record.root(), record); status.has_error()) return status.error();
  auto sealed_record = tools.sealer.seal(*key, "record", record);
  if (sealed_record.has_error()) return sealed_record.error();
  auto rows = outbox_rows(exchange, *key, tools);
  if (rows.has_error()) return rows.error();

  NewExchange row;
  row.exchange = exchange.id;
  row.partner = exchange.partner->id;
  row.service = exchange.service->service;
  row.matter = exchange.matter;
  row.operation = exchange.operation;
  row.origin = exchange.in.origin;
  row.received_at = exchange.in.received_at;
  row.config = exchange.plan->id;
  if (exchange.route != nullptr) row.route = exchange.route->name;
  row.wrapped_key = key->wrapped;
  row.sealed_original = std::move(*original);
  row.original_type = exchange.in.content_type;
  row.sealed_record = std::move(*sealed_record);
  row.findings = findings_json(exchange);
  row.dedup_key = exchange.dedup_key;
  row.dedup_digest = std::string(as_text(exchange.body_digest));
  row.nonce = exchange.in.identity.nonce;
  row.nonce_expires_ms = exchange.in.identity.nonce_expires_ms;
  row.tasks = exchange.tasks;
  row.tasks.insert(row.tasks.end(), rows->tasks.begin(), rows->tasks.end());
  row.entry = stored_entry(exchange, *key, tools, rows->disclosed, row.tasks);
  row.outbox = std::move(rows->rows);
  row.persons = persons_of(exchange, tools);
  return row;
}

}  // namespace tongqu::steps
