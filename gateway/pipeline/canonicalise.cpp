// Step "canonicalise". Takes: the received document. Gives: the canonical record with its envelope.
// May turn back with: gateway.unavailable; canonicalise.refused, validate.faults – only where the service is strict.
#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

// The envelope is the gateway's own knowledge; a mapping cannot write it.
void add_envelope(Exchange& exchange) {
  Node& root = exchange.record.root();
  if (root.kind != Kind::kObject) exchange.record.set_root(exchange.record.make(Kind::kObject));
  Node* envelope = exchange.record.add_object(exchange.record.root(), "envelope");
  exchange.record.add_text(*envelope, "exchange", exchange.id.str());
  // By which a recipient that tells messages apart by a number in the document knows that this is another one.
  if (!exchange.document_no.empty()) exchange.record.add_text(*envelope, "message", exchange.document_no);
  exchange.record.add_text(*envelope, "source", exchange.partner->id.str());
  exchange.record.add_text(*envelope, "service", exchange.service->service.str());
  exchange.record.add_text(*envelope, "operation", exchange.operation);
  exchange.record.add_text(*envelope, "received_at", to_beijing_text(exchange.in.received_at));
  if (exchange.in.file.empty()) return;
  exchange.record.add_text(*envelope, "file", exchange.in.file);
  exchange.record.add_text(*envelope, "file_at", to_beijing_text(exchange.in.file_at));
}

Error refused(const ErrorCode& code, std::string param, std::vector<Fault> faults) {
  Error error = make_error(code, std::move(param));
  error.faults = std::move(faults);
  return error;
}

}  // namespace

Status canonicalise(Exchange& exchange, const LineTools* tools) {
  const InboundService& service = *exchange.service;
  MapOutcome outcome;
  service.mapping->map(exchange.received.root(), exchange.record, outcome, nullptr);
  bool faulty = false;
  for (Fault& flag : outcome.flags) {
    faulty |= flag.grade == Grade::kError;
    exchange.findings.push_back(std::move(flag));
  }
  if (outcome.verdict == MapVerdict::kRefused) {
    if (service.strict) return refused(codes::kRefusedByMapping, outcome.reason, std::move(exchange.findings));
    exchange.hold(TaskQueue::kAssign, outcome.reason);
  }
  if (outcome.verdict == MapVerdict::kHeld) exchange.hold(TaskQueue::kAssign, outcome.reason);
  add_envelope(exchange);
  const auto kept = take_inline_attachments(exchange, tools);
  if (kept.has_error()) return kept.error();
  faulty |= !*kept;
  if (tools != nullptr) {
    const auto wanted = want_attachments(exchange, *tools);
    if (wanted.has_error()) return wanted.error();
    faulty |= !*wanted;
  }
  name_attachments(exchange);
  // A held message was not mapped to its end, so what is missing from its record says nothing.
  if (outcome.verdict == MapVerdict::kMapped) {
    faulty |= !service.canonical->validate(exchange.record.root(), exchange.findings);
  }
  if (!faulty) return {};
  if (service.strict) {
    const std::string count = std::to_string(exchange.findings.size());
    return refused(codes::kMessageFaults, count, std::move(exchange.findings));
  }
  exchange.hold(TaskQueue::kComplete, std::string(codes::kMessageFaults.id));
  return {};
}

}  // namespace tongqu::steps
