// Step "refer". Takes: the canonical record. Gives: the attachments of this gateway that it names, each under its path;
// one that is still fetched holds nothing up. May turn back with: attachment.unknown, attachment.unfinished – only
// where the service is strict; gateway.unavailable.
#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

// Why the attachment cannot be named; null = it can.
const ErrorCode* fault_of(const Result<Attachment>& found, const PartnerId& sender) {
  if (found.has_error() || found->owner != sender) return &codes::kAttachmentUnknown;
  switch (found->state) {
    case AttachmentState::kUploading: return &codes::kAttachmentUnfinished;
    case AttachmentState::kRefused: return &codes::kAttachmentUnknown;
    case AttachmentState::kQuarantined: return &codes::kAttachmentQuarantined;
    case AttachmentState::kWanted:
    case AttachmentState::kStored:
    case AttachmentState::kScanned: return nullptr;
  }
  return &codes::kAttachmentUnknown;
}

}  // namespace

Result<bool> find_attachments(Exchange& exchange, const LineTools& tools) {
  Node* list = exchange.record.root().find("attachments");
  if (tools.attachments == nullptr || list == nullptr || list->kind != Kind::kList) return true;
  bool sound = true;
  std::size_t place = 0;
  for (Node& item : children(*list)) {
    const std::string path = "$.attachments[" + std::to_string(place++) + "].url";
    Node* url = item.find("url");
    if (url == nullptr || url->kind != Kind::kText) continue;
    const AttachmentId id = attachment_of_url(url->text);
    if (id.empty()) continue;
    const auto found = tools.attachments->find(id);
    if (found.has_error() && found.error().retryable()) return found.error();
    if (const ErrorCode* code = fault_of(found, exchange.partner->id)) {
      exchange.findings.push_back({.code = code, .path = path, .field_zh = "附件", .param = {}, .position = {}});
      sound = false;
      continue;
    }
    // One form for all recipients, whatever host the sender calls the gateway by.
    url->text = exchange.record.copy(attachment_url(id));
    exchange.attachments.push_back({id, found->type});
  }
  return sound;
}

Status refer(Exchange& exchange, const LineTools& tools) {
  const auto sound = find_attachments(exchange, tools);
  if (sound.has_error()) return sound.error();
  if (*sound) return {};
  const ErrorCode& code = *exchange.findings.back().code;
  if (exchange.service->strict) {
    Error error = make_error(code);
    error.faults = std::move(exchange.findings);
    return error;
  }
  exchange.hold(TaskQueue::kComplete, std::string(code.id));
  return {};
}

}  // namespace tongqu::steps
