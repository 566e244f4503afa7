#include "gateway/app/explain.hpp"

#include <algorithm>
#include <optional>

#include "gateway/app/rehearsal.hpp"
#include "gateway/pipeline/steps.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu::app {
namespace {

void put_texts(Document& out, Node& object, std::string_view name, const std::vector<std::string>& texts) {
  Node* list = out.add_list(object, name);
  for (const std::string& text : texts) out.append(*list, out.make(Kind::kText, text));
}

Node& put_trace(Document& out, Node& list, const MapTrace& trace) {
  Node& row = *out.add_object(list);
  out.add_text(row, "field", trace.output);
  put_texts(out, row, "sources", trace.sources);
  put_texts(out, row, "functions", trace.functions);
  put_texts(out, row, "tables", trace.tables);
  out.add_number(row, "line", trace.line);
  out.append(row, out.make(Kind::kBoolean, trace.present ? "true" : "false"), "present");
  out.add_text(row, "why", trace.why);
  return row;
}

std::string canonical_path(std::string_view source) {
  if (source.starts_with("$.")) source.remove_prefix(2);
  return std::string(source);
}

// The treatment of an output field is that of its sources; with several sources, the first that was not left clear.
void put_treatment(Document& out, Node& row, const MapTrace& trace, const RecipientPlan& recipient,
                   const FieldNode& fields) {
  std::string treatment;
  std::string rule;
  for (const std::string& source : trace.sources) {
    const std::string path = canonical_path(source);
    const FieldNode* field = field_at(fields, path);
    if (field == nullptr) continue;
    const DisclosedField decided = recipient.policy->decide(path, *field);
    const std::string form = form_text(decided.form, decided.when, decided.otherwise);
    if (treatment.empty() || form != "clear") {
      treatment = form;
      rule = decided.rule;
    }
  }
  out.add_text(row, "treatment", treatment);
  out.add_text(row, "rule", rule);
}

// Member `value` of a row, or the word that it is withheld; nothing for what is no text.
void put_value(Document& out, Node& row, const Node* value, bool readable) {
  if (!readable) {
    out.append(row, out.make(Kind::kBoolean, "true"), "withheld");
  } else if (value != nullptr && value->is_scalar()) {
    out.add_text(row, "value", value->text);
  }
}

// Whether a reader may see what a recipient got, made of these sources.
bool may_read(const ViewPolicy& reader, const MapTrace& trace, const RecipientPlan& recipient,
              const FieldNode& fields) {
  return std::all_of(trace.sources.begin(), trace.sources.end(), [&](const std::string& source) {
    const std::string path = canonical_path(source);
    const FieldNode* field = field_at(fields, path);
    if (field == nullptr) return false;
    const Treatment shown = reader.decide(path, *field).form;
    if (shown == Treatment::kClear) return true;
    switch (recipient.policy->decide(path, *field).form) {
      case Treatment::kDrop:
      case Treatment::kRef:
      case Treatment::kSeal: return true;
      case Treatment::kToken: return shown != Treatment::kDrop;  // of persons of whom the reader sees something
      case Treatment::kMask:
      case Treatment::kClear:
      case Treatment::kRelease:
      case Treatment::kSummary:
      case Treatment::kScrub: return false;
    }
    return false;
  });
}

// The canonical record: what of each field the reader may read.
void put_record(Document& out, const Exchange& exchange, const std::vector<MapTrace>& traces, const View* seen) {
  Node* record = out.add_list(out.root(), "record");
  for (const MapTrace& trace : traces) {
    Node& row = put_trace(out, *record, trace);
    if (seen == nullptr || !trace.present) continue;
    const Node* whole = at_path(exchange.record.root(), trace.output);
    const Node* shown = at_path(seen->root(), trace.output);
    put_value(out, row, shown, whole == nullptr || shown != nullptr);
  }
}

// Fields that leave as a person decides, and whether somebody did: here nobody ever does.
void put_conditions(Document& out, Node& list, const RecipientPlan& recipient, const FieldNode& field,
                    const std::string& path, const View& view) {
  for (const FieldNode& member : field.members)
    put_conditions(out, list, recipient, member, path.empty() ? member.name : path + "." + member.name, view);
  for (const FieldNode& one : field.element) put_conditions(out, list, recipient, one, path + "[]", view);
  if (!field.members.empty() || !field.element.empty()) return;
  const DisclosedField decided = recipient.policy->decide(path, field);
  const bool released = decided.form == Treatment::kRelease;
  if (!released && decided.when == Condition::kNone) return;
  const bool waits = std::find(view.waiting().begin(), view.waiting().end(), path) != view.waiting().end();
  Node& row = *out.add_object(list);
  out.add_text(row, "path", path);
  out.add_text(row, "condition", form_text(decided.form, decided.when, decided.otherwise));
  out.add_text(row, "rule", decided.rule);
  out.add_text(row, "met", waits ? "waits" : released ? "not in this message" : "no");
}

// Which bytes the recipient may read of each attachment. In a rehearsal nothing is looked up: where the record does not
// say the type, the rules by type are told.
void put_attachments(Document& out, Node& object, const RecipientPlan& recipient, const Exchange& exchange) {
  const Node* list = exchange.record.root().find("attachments");
  const FieldNode* url = field_at(exchange.service->canonical->fields(), "attachments[].url");
  if (list == nullptr || list->kind != Kind::kList || list->count == 0 || url == nullptr) return;
  const std::string subject = url->label ? url->label->subject : "informant";
  Node* rows = out.add_list(object, "attachments");
  const auto put = [&](const std::string& type) {
    const AttachmentDecision decided = recipient.attachments.decide(type, subject, false);
    Node& row = *out.add_object(*rows);
    out.add_text(row, "type", type);
    out.add_text(row, "treatment", name_of(decided.form));
    out.add_text(row, "rule", decided.rule);
  };
  for (const Node& item : children(*list)) {
    const Node* type = item.find("type");
    if (type != nullptr && type->kind == Kind::kText) {
      put(media_type_name(type->text));
      continue;
    }
    for (const AttachmentRule& rule : recipient.attachments.rules())
      if (rule.subject == subject || (rule.subject.empty() && subject != "informant")) put(rule.type);
  }
}

void put_recipient(Document& out, Node& list, const RecipientPlan& recipient, const Exchange& exchange,
                   const RenderedMessage& message, const ViewPolicy* reader) {
  Node& object = *out.add_object(list);
  out.add_text(object, "recipient", recipient.partner.str());
  out.add_text(object, "mapping", recipient.mapping->name());
  Node* rows = out.add_list(object, "fields");
  const FieldNode& fields = exchange.service->canonical->fields();
  if (auto view = recipient.policy->view(exchange.record.root(), fields); view.has_value()) {
    Document mapped;
    MapOutcome outcome;
    std::vector<MapTrace> traces;
    recipient.mapping->map(view->root(), mapped, outcome, &traces);
    for (const MapTrace& trace : traces) {
      Node& row = put_trace(out, *rows, trace);
      put_treatment(out, row, trace, recipient, fields);
      if (reader == nullptr || !trace.present) continue;
      put_value(out, row, at_path(mapped.root(), trace.output), may_read(*reader, trace, recipient, fields));
    }
    put_conditions(out, *out.add_list(object, "conditions"), recipient, fields, {}, *view);
  }
  put_attachments(out, object, recipient, exchange);
  const std::string none = message.waiting.empty()
                               ? std::string(message.error.code == nullptr ? "" : message.error.code->id)
                               : "待释放 waits for a named person";
  out.add_text(object, "body", message.bytes != nullptr ? message.bytes->bytes() : none);
}

void put_findings(Document& out, const Exchange& exchange, Lang lang) {
  Node* list = out.add_list(out.root(), "findings");
  for (const Fault& fault : exchange.findings) {
    Node& item = *out.add_object(*list);
    out.add_text(item, "code", fault.code->id);
    out.add_text(item, "path", fault.path);
    out.add_text(item, "field", fault.field_zh);
    out.add_text(item, "grade", name_of(fault.grade));
    out.add_text(item, "message", fault.text(lang));
  }
}

// Routing without a store: whether the partner that the record names as the origin of its matter ever sent it is not
// asked.
bool hears_of(const RecipientPlan& recipient, const Exchange& exchange) {
  if (!recipient.origin_only) return true;
  const Node* origin = at_path(exchange.record.root(), "origin.partner");
  return origin != nullptr && origin->text == recipient.partner.str();
}

void choose_recipients(Exchange& exchange) {
  const auto routes = exchange.plan->routes.find(exchange.service->service.str());
  if (exchange.held() || routes == exchange.plan->routes.end()) return;
  for (const RoutePlan& route : routes->second) {
    bool applies = true;
    for (const RouteCondition& condition : route.conditions) {
      const Node* node = at_path(exchange.record.root(), condition.path);
      applies = applies && node != nullptr && node->text == condition.equals;
    }
    if (!applies) continue;
    exchange.route = &route;
    for (const RecipientPlan& recipient : route.recipients) {
      if (hears_of(recipient, exchange)) exchange.recipients.push_back(&recipient);
    }
    return;
  }
}

}  // namespace

Result<Document> explain(const CompiledConfig& config, const PartnerId& partner, const ServiceId& service,
                         std::string bytes, Lang lang, const ViewPolicy* reader) {
  Exchange exchange;
  auto suite = make_suite(SuiteId::kGm);
  if (suite.has_error()) return suite.error();
  if (auto status = rehearse(exchange, config, partner, service, std::move(bytes), **suite); status.has_error()) {
    return status.error();
  }
  choose_recipients(exchange);
  if (auto status = steps::view_and_render(exchange, nullptr); status.has_error()) return status.error();

  Document out;
  out.set_root(out.make(Kind::kObject));
  out.add_text(out.root(), "mapping", exchange.service->mapping->name());
  out.add_text(out.root(), "state", exchange.held() ? "held" : "stored");
  put_findings(out, exchange, lang);
  Document again;
  MapOutcome outcome;
  std::vector<MapTrace> traces;
  exchange.service->mapping->map(exchange.received.root(), again, outcome, &traces);
  std::optional<View> seen;
  if (reader != nullptr) {
    auto view = reader->view(exchange.record.root(), exchange.service->canonical->fields());
    if (view.has_error()) return view.error();
    seen.emplace(std::move(*view));
  }
  put_record(out, exchange, traces, seen ? &*seen : nullptr);
  Node* recipients = out.add_list(out.root(), "recipients");
  for (const RenderedMessage& message : exchange.rendered) {
    put_recipient(out, *recipients, *message.recipient, exchange, message, reader);
  }
  return out;
}

}  // namespace tongqu::app
