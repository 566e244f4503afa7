#include "gateway/app/explain_stored.hpp"

#include "gateway/app/explain.hpp"

namespace tongqu::app {
namespace {

std::string text_at(const Node& object, std::string_view name) {
  const Node* member = object.find(name);
  return member == nullptr ? std::string() : std::string(member->text);
}

// From {release: {actor, as, task}, fields: [{path, form, decided}]}.
std::string met_by(const Node& ledger, std::string_view path, bool released) {
  if (const Node* release = ledger.find("release"); released && release != nullptr) {
    return "released " + text_at(*release, "as") + " by " + text_at(*release, "actor") + " (task " +
           text_at(*release, "task") + ")";
  }
  const Node* fields = ledger.find("fields");
  if (fields == nullptr) return "no";
  for (const Node& field : children(*fields)) {
    const std::string decided = text_at(field, "decided");
    if (text_at(field, "path") == path && decided.starts_with("grant ")) return "yes: " + decided;
  }
  return "no";
}

}  // namespace

// The tables in force then are chosen by the day it came in.
Result<std::shared_ptr<const CompiledConfig>> StoredExplainer::then(const ExchangeRow& row) const {
  if (row.config == now->snapshot.id) return now;
  auto image = kept.open_copy(row.config, directory);
  if (image.has_error()) return image.error();
  ConfigSource::Loaded loaded = source.load(std::move(*image));
  if (!loaded.snapshot) return to_error(loaded.faults);
  CompileReport report = compile_config(*loaded.snapshot, json, beijing_date({row.received_ms}));
  if (report.config == nullptr) return to_error(report.faults);
  return report.config;
}

// What became of each condition in the newest message for the recipient: out of its ledger entry, which has no value.
Status StoredExplainer::say_met(Document& out, Node& recipient, const ExchangeId& exchange) const {
  Node* conditions = recipient.find("conditions");
  if (conditions == nullptr || conditions->count == 0) return {};
  OutboxFilter filter;
  filter.exchange = exchange;
  filter.recipient = PartnerId(recipient.find("recipient")->text);
  filter.limit = 1;
  auto rows = store.outbox(filter);
  if (rows.has_error()) return rows.error();
  if (rows->empty()) return {};
  Document ledger;
  const std::string& text = rows->front().ledger;
  if (!text.empty()) {
    if (auto status = json.decode(text, DecodeLimits{.max_bytes = 16U << 20U}, ledger); status.has_error())
      return status;
  }
  const std::string waits = waits_for(rows->front());
  for (Node* row = conditions->first; row != nullptr; row = row->next) {
    const Node* path = row->find("path");
    Node* met = row->find("met");
    const bool released = row->find("condition")->text == "clear after release";
    std::string said = released ? waits : std::string("no");
    if (!text.empty()) said = met_by(ledger.root(), path->text, released);
    if (!said.empty()) met->text = out.make(Kind::kText, said)->text;
  }
  return {};
}

std::string StoredExplainer::waits_for(const OutboxRow& row) const {
  if (row.state != OutboxState::kHeld) return row.ledger.empty() ? std::string(name_of(row.state)) : std::string();
  auto tasks = store.tasks(TaskQueue::kRelease, true, 0, 1000);
  if (tasks.has_value()) {
    for (const TaskRow& task : *tasks) {
      if (task.message_id == row.message_id) return "waits: task " + std::to_string(task.task);
    }
  }
  return "waits";
}

Result<Document> StoredExplainer::explain(const ExchangeId& exchange, ExplainUnder under, Lang lang,
                                          const std::string& clearance) const {
  const auto reader = now->plan->clearances.find(clearance);
  if (!clearance.empty() && reader == now->plan->clearances.end()) return make_error(codes::kNotFound);
  auto row = store.exchange(exchange);
  if (row.has_error()) return row.error();
  auto original = rework.original(exchange);
  if (original.has_error()) return original.error();
  std::shared_ptr<const CompiledConfig> config = now;
  if (under == ExplainUnder::kThen) {
    auto found = then(*row);
    if (found.has_error()) return found.error();
    config = std::move(*found);
  }
  auto explained = app::explain(*config, row->partner, row->service, std::move(*original), lang,
                                clearance.empty() ? nullptr : reader->second.get());
  if (explained.has_error()) return explained.error();
  Document out;
  out.set_root(out.make(Kind::kObject));
  out.add_text(out.root(), "exchange", exchange.str());
  out.add_text(out.root(), "config", config->snapshot.id.str());
  out.add_text(out.root(), "under", under == ExplainUnder::kThen ? "then" : "now");
  for (const Node& member : children(explained->root())) {
    if (member.name != "recipients") {
      out.append(out.root(), out.clone(member), member.name);
      continue;
    }
    Node* recipients = out.add_list(out.root(), member.name);
    for (const Node& recipient : children(member)) {
      Node* shown = out.add_object(*recipients);
      for (const Node& part : children(recipient)) {
        if (part.name != "body") out.append(*shown, out.clone(part), part.name);
      }
      if (auto status = say_met(out, *shown, exchange); status.has_error()) return status.error();
    }
  }
  return out;
}

}  // namespace tongqu::app
