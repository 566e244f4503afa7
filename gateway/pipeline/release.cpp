// A message that waited for a named person (待释放) is released in one of four ways, or turned back.
#include <algorithm>
#include <charconv>

#include "gateway/core/text.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kWrongState = "store.wrong-state";

// "<exchange>-<recipient>" is 1, "<exchange>-<recipient>-<n>" is n.
std::int32_t replacement_of(const TaskRow& task) {
  const std::size_t plain = task.exchange.str().size() + 1 + task.recipient.str().size();
  std::int32_t number = 1;
  if (task.message_id.size() > plain + 1)
    std::from_chars(task.message_id.data() + plain + 1, task.message_id.data() + task.message_id.size(), number);
  return number;
}

// The text at a path of the schema, list elements as "[]"; of several the first.
const Node* text_at(const Node& record, std::string_view path) {
  const Node* at = &record;
  while (at != nullptr && !path.empty()) {
    const auto end = std::min(path.find('.'), path.size());
    std::string_view name = path.substr(0, end);
    path.remove_prefix(std::min(path.size(), end + 1));
    const bool list = name.ends_with("[]");
    if (list) name.remove_suffix(2);
    at = at->find(name);
    if (list && at != nullptr) at = at->first;
  }
  return at != nullptr && at->kind == Kind::kText ? at : nullptr;
}

std::string shown(const Result<View>& view, const std::string& path) {
  const Node* node = view.has_error() ? nullptr : text_at(view->root(), path);
  return node == nullptr ? std::string() : std::string(node->text);
}

// A decision that says what it means: a summary with the one way that takes it.
Status sound(const ReleaseDecision& decision) {
  const bool wanted = decision.as == ReleaseAs::kSummary;
  const std::size_t characters = count_code_points(decision.summary);
  if (wanted ? characters == 0 || characters > kMaxSummaryCodePoints : characters > 0)
    return make_error(codes::kReleaseSummary, std::to_string(kMaxSummaryCodePoints));
  return {};
}

bool has_summary(const Disclosure& disclosure) {
  return std::any_of(disclosure.fields().begin(), disclosure.fields().end(),
                     [](const DisclosedField* field) { return field->form == Treatment::kSummary; });
}

}  // namespace

Result<std::unique_ptr<Rework::Waiting>> Rework::waiting(std::int64_t task_id) {
  auto task = store_.task(task_id);
  if (task.has_error()) return task.error();
  if (task->message_id.empty()) return make_error(codes::kTaskNoRelease);
  if (task->finished_ms != 0) return make_error(codes::kTaskClosed);
  auto row = store_.exchange(task->exchange);
  if (row.has_error()) return row.error();
  auto payload = store_.payload(task->exchange);
  if (payload.has_error()) return payload.error();
  auto document = record(task->exchange);
  if (document.has_error()) return document.error();
  auto key = key_of(task->exchange, *payload);
  if (key.has_error()) return key.error();

  auto out = std::make_unique<Waiting>();
  out->task = *task;
  out->key = *key;
  Exchange& exchange = out->exchange;
  exchange.plan = plan_();
  exchange.partner = exchange.plan->partner(row->partner);
  exchange.service = exchange.plan->inbound(row->partner, row->service);
  if (exchange.service == nullptr) return make_error(codes::kServiceNotPermitted, row->service.str());
  exchange.id = row->exchange;
  exchange.matter = row->matter;
  exchange.operation = row->operation;
  exchange.record = std::move(*document);
  // As when it was put aside: a message that replaces an earlier one says so in the envelope.
  Node* envelope = exchange.record.root().find("envelope");
  if (replacement_of(*task) > 1 && envelope != nullptr && envelope->find("message") == nullptr)
    exchange.record.add_text(*envelope, "message", exchange.id.str() + '-' + std::to_string(replacement_of(*task)));
  if (auto attached = steps::find_attachments(exchange, tools_); attached.has_error()) return attached.error();
  if (auto status = steps::route(exchange, store_); status.has_error()) return status.error();
  const auto found = std::find_if(exchange.recipients.begin(), exchange.recipients.end(),
                                  [&](const RecipientPlan* plan) { return plan->partner == task->recipient; });
  if (found == exchange.recipients.end()) return make_error(codes::kNoRoute);
  out->recipient = *found;
  return out;
}

void Rework::release(std::int64_t task_id, const ReleaseDecision& decision, const ActBy& by, const Done& done) {
  if (auto status = sound(decision); status.has_error()) return done(status.error());
  auto found = waiting(task_id);
  if (found.has_error()) return done(found.error());
  Waiting& waiting = **found;
  OperatorAct act;
  act.kind = OperatorAct::Kind::kRelease;
  act.task = task_id;
  act.actor = by.actor;
  AuditEntryBuilder entry = entry_by(decision.as ? "message-released" : "message-turned-back", by, tools_);
  entry.text("exchange", waiting.exchange.id.str())
      .text("message", waiting.task.message_id)
      .text("task", std::to_string(task_id))
      .text("config", waiting.exchange.plan->id.str());
  if (decision.as) {
    Decisions decisions;
    decisions.release = Release{*decision.as, decision.summary, std::to_string(task_id), by.actor};
    decisions.grants = steps::grants_for(*waiting.recipient, waiting.exchange, tools_);
    auto message = steps::render_for(*waiting.recipient, waiting.exchange, decisions);
    // There is somebody to be told: no dead letter.
    if (message.bytes == nullptr) return done(message.error);
    if (!decision.summary.empty() && !has_summary(message.bytes->disclosure()))
      return done(make_error(codes::kReleaseText));
    waiting.exchange.rendered.push_back(std::move(message));
    auto rows = steps::outbox_rows(waiting.exchange, *waiting.key, tools_, replacement_of(waiting.task));
    if (rows.has_error()) return done(rows.error());
    act.outbox = std::move(rows->rows);
    act.persons = steps::persons_of(waiting.exchange, tools_);
    entry.text("as", name_of(*decision.as)).canonical("disclosed", rows->disclosed);
    // Which text it was can be proven later by whoever has it.
    if (!decision.summary.empty())
      entry.text("summary", to_hex(as_text(tools_.suite.hash({entry.salt(), decision.summary}))));
  }
  act.entry = entry.finish();
  const PartnerId recipient = waiting.recipient->partner;
  act.at = tools_.clock.now();
  store_.act(std::move(act), [this, done, recipient](Status status) {
    // The look at the task was before the writer's; whoever came second is told so.
    if (status.has_error() && status.error().code->id == kWrongState) return done(make_error(codes::kTaskClosed));
    if (status.has_value()) committed_(recipient);
    done(status);
  });
}

void Rework::show_waiting(std::int64_t task_id, const ActBy& by,
                          std::function<void(Result<std::vector<WaitingField>>)> done) {
  auto found = waiting(task_id);
  if (found.has_error()) return done(found.error());
  const Waiting& waiting = **found;
  const FieldNode& fields = waiting.exchange.service->canonical->fields();
  const Node& record = waiting.exchange.record.root();
  const auto view = [&](std::optional<ReleaseAs> as) {
    Decisions decisions;
    if (as) decisions.release = Release{*as, {}, {}, by.actor};
    return waiting.recipient->policy->view(record, fields, decisions);
  };
  auto now = view(std::nullopt);
  if (now.has_error()) return done(now.error());
  const auto whole = view(ReleaseAs::kWhole);
  const auto scrubbed = view(ReleaseAs::kScrubbed);
  std::vector<WaitingField> out;
  for (const std::string& path : now->waiting()) {
    const FieldNode* field = field_at(fields, path);
    out.push_back(
        {path, field == nullptr ? std::string() : field->title_zh, shown(whole, path), shown(scrubbed, path)});
  }
  // Of attachments their numbers: what is in them is read where attachments are read.
  std::string numbers;
  for (const NamedAttachment& named : waiting.exchange.attachments)
    numbers += (numbers.empty() ? "" : " ") + named.id.str();
  if (!numbers.empty()) out.push_back({"attachments[]", "附件", numbers, {}});
  auto entry = entry_by("content-shown", by, tools_)
                   .text("exchange", waiting.exchange.id.str())
                   .text("message", waiting.task.message_id)
                   .text("task", std::to_string(task_id))
                   .finish();
  store_.append(std::move(entry), [out = std::move(out), done = std::move(done)](Status status) {
    if (status.has_error()) return done(status.error());
    done(out);
  });
}

}  // namespace tongqu
