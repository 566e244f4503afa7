// Steps "view" and "render". Take: the record and one recipient. Give: the recipient's bytes with their ledger entry,
// or which fields wait for a named person.
// The outbound mapping is handed the view and nothing else; what it makes is held against the recipient's own schema,
// because what a partner would turn back is better seen here, with every fault named. A fault here is this recipient's
// dead letter; the others go.
#include <algorithm>
#include <charconv>

#include "gateway/core/disclosures.hpp"
#include "gateway/core/text.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

// Code of a text that is longer than its schema allows (transforms/schema).
constexpr std::string_view kTooLong = "schema.max-length";

// Of "$.list[1].text" what at_path() and field_at() take.
std::string_view below_root(const Fault& fault) {
  std::string_view path = fault.path;
  if (path.starts_with("$.")) path.remove_prefix(2);
  return path;
}

bool is_free_text(const Schema& document, const Fault& fault) {
  const FieldNode* field = field_at(document.fields(), below_root(fault));
  return field != nullptr && field->label && field->label->kind == "free-text";
}

// Cuts the texts that are longer than their recipient takes; false: something else is wrong as well.
bool cut_overlong(Document& rendered, const Schema& document, const std::vector<Fault>& faults) {
  const std::size_t mark = count_code_points(kCutMark);
  for (const Fault& fault : faults) {
    if (fault.grade != Grade::kError) continue;
    std::size_t most = 0;
    std::from_chars(fault.param.data(), fault.param.data() + fault.param.size(), most);
    const Node* node = at_path(rendered.root(), below_root(fault));
    const bool overlong = fault.code->id == kTooLong && node != nullptr && node->kind == Kind::kText;
    if (!overlong || most <= mark || !is_free_text(document, fault)) return false;
    std::size_t end = 0;
    for (std::size_t points = 0; points < most - mark; ++points) {
      do ++end;
      while (end < node->text.size() && (static_cast<unsigned char>(node->text[end]) & 0xC0U) == 0x80U);
    }
    const std::string cut = std::string(node->text.substr(0, end)) + std::string(kCutMark);
    const_cast<Node*>(node)->text = rendered.copy(cut);  // a node of `rendered`, which the caller lets us change
  }
  return true;
}

}  // namespace

Status check_document(Document& rendered, const DocumentRule& rule) {
  if (rule.document == nullptr) return {};
  std::vector<Fault> faults;
  if (rule.document->validate(rendered.root(), faults)) return {};
  if (rule.cut_overlong && cut_overlong(rendered, *rule.document, faults)) {
    faults.clear();
    if (rule.document->validate(rendered.root(), faults)) return {};
  }
  Error error = make_error(codes::kRenderDocument, std::to_string(faults.size()));
  error.faults = std::move(faults);
  return error;
}

Result<std::unique_ptr<OutboundBytes>> render(const Mapper& mapping, const Codec& codec, View view,
                                              const DocumentRule& rule) {
  Document out;
  MapOutcome outcome;
  mapping.map(view.root(), out, outcome, nullptr);
  // Half a message is worse than none: a fault that the mapping does not keep stops this recipient's copy.
  const bool faulty = std::any_of(outcome.flags.begin(), outcome.flags.end(),
                                  [](const Fault& flag) { return flag.grade == Grade::kError; });
  if (outcome.verdict != MapVerdict::kMapped || faulty) {
    Error error = faulty ? make_error(codes::kRenderFaults, std::to_string(outcome.flags.size()))
                         : make_error(codes::kRefusedByMapping, outcome.reason);
    error.faults = std::move(outcome.flags);
    return error;
  }
  if (auto status = check_document(out, rule); status.has_error()) return status.error();
  std::string bytes;
  if (auto status = codec.encode(out.root(), bytes); status.has_error()) return status.error();
  return std::make_unique<OutboundBytes>(std::move(view), std::move(bytes), std::string(codec.content_type()));
}

std::string subject_of_attachments(const Exchange& exchange) {
  const FieldNode* url = field_at(exchange.service->canonical->fields(), "attachments[].url");
  return url != nullptr && url->label ? url->label->subject : std::string(kInformant);
}

std::vector<const NamedAttachment*> named_in(const OutboundBytes& bytes, const Exchange& exchange) {
  std::vector<const NamedAttachment*> out;
  for (const NamedAttachment& named : exchange.attachments) {
    if (bytes.bytes().find(named.id.str()) != std::string::npos) out.push_back(&named);
  }
  return out;
}

RenderedMessage render_for(const RecipientPlan& recipient, const Exchange& exchange, const Decisions& decisions) {
  RenderedMessage message{&recipient, nullptr, {}};
  auto view = recipient.policy->view(exchange.record.root(), exchange.service->canonical->fields(), decisions);
  if (view.has_error()) {
    message.error = view.error();
    return message;
  }
  if (!view->waiting().empty()) {
    message.waiting = view->waiting();
    return message;
  }
  auto bytes =
      render(*recipient.mapping, *recipient.codec, std::move(*view), {recipient.document, recipient.cut_overlong});
  if (bytes.has_error()) {
    message.error = bytes.error();
    return message;
  }
  const auto named = named_in(**bytes, exchange);
  const std::string subject = subject_of_attachments(exchange);
  const bool attachments_wait = std::any_of(named.begin(), named.end(), [&](const NamedAttachment* one) {
    return recipient.attachments.waits(one->type, subject);
  });
  if (attachments_wait && !decisions.release) {
    message.waiting.emplace_back("attachments[]");
    return message;
  }
  message.bytes = std::move(*bytes);
  message.released = decisions.release && decisions.release->as == ReleaseAs::kWhole;
  return message;
}

std::vector<GrantInForce> grants_for(const RecipientPlan& recipient, const Exchange& exchange, const LineTools& tools) {
  if (tools.grants == nullptr) return {};
  return tools.grants->in_force(
      {recipient.partner, recipient.service, exchange.id, exchange.partner->id, exchange.matter}, tools.clock.now());
}

Status view_and_render(Exchange& exchange, const LineTools* tools) {
  if (exchange.held()) return {};
  exchange.rendered.reserve(exchange.recipients.size());
  for (const RecipientPlan* recipient : exchange.recipients) {
    Decisions decisions;
    if (tools != nullptr) decisions.grants = grants_for(*recipient, exchange, *tools);
    exchange.rendered.push_back(render_for(*recipient, exchange, decisions));
  }
  return {};
}

}  // namespace tongqu::steps
