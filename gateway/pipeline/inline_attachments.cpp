// Part of the step "canonicalise": content that stands in the record goes to the attachment store.
#include <algorithm>

#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

std::string_view text_of(const Node& item, std::string_view member) {
  const Node* node = item.find(member);
  return node != nullptr && node->kind == Kind::kText ? node->text : std::string_view();
}

// Takes a member out of its object.
void remove_member(Node& object, std::string_view name) {
  Node* before = nullptr;
  for (Node* member = object.first; member != nullptr; before = member, member = member->next) {
    if (member->name != name) continue;
    (before == nullptr ? object.first : before->next) = member->next;
    if (object.last == member) object.last = before;
    --object.count;
    return;
  }
}

// The same content twice is the same attachment: a message that is repeated keeps it once.
Result<Attachment> keep(const Bytes& content, const Node& item, const PartnerId& owner, const LineTools& tools,
                        const AttachmentGrant& grant) {
  AttachmentDeclaration declaration;
  declaration.owner = owner;
  declaration.name = text_of(item, "name");
  if (declaration.name.empty()) declaration.name = "attachment";
  declaration.type = text_of(item, "type");
  declaration.size_bytes = content.size();
  declaration.hash = tools.suite.id();
  declaration.digest = tools.suite.hash({content});
  auto made = tools.attachments->create(declaration, grant.limits);
  if (made.has_error() || made->state != AttachmentState::kUploading) return made;
  auto writer = tools.attachments->append(made->id, owner, made->offset_bytes);
  if (writer.has_error()) return writer.error();
  const auto rest = std::string_view(content).substr(static_cast<std::size_t>(made->offset_bytes));
  if (auto status = (*writer)->append(rest); status.has_error()) return status.error();
  return (*writer)->close();
}

Result<Attachment> take(const Node& item, const PartnerId& owner, const LineTools& tools) {
  const auto grant = tools.attachment_grant ? tools.attachment_grant(owner) : std::nullopt;
  const std::string type = media_type_name(text_of(item, "type"));
  if (tools.attachments == nullptr || !grant || std::ranges::find(grant->types, type) == grant->types.end())
    return make_error(codes::kAttachmentNotTaken);
  const auto content = from_base64(text_of(item, "content"));
  if (!content || content->empty()) return make_error(codes::kAttachmentBase64);
  return keep(*content, item, owner, tools, *grant);
}

}  // namespace

Result<bool> take_inline_attachments(Exchange& exchange, const LineTools* tools) {
  Node* list = exchange.record.root().find("attachments");
  if (list == nullptr || list->kind != Kind::kList) return true;
  bool sound = true;
  std::size_t place = 0;
  for (Node& item : children(*list)) {
    const std::string path = "$.attachments[" + std::to_string(place++) + "].content";
    if (item.find("content") == nullptr) continue;
    if (tools == nullptr) {
      remove_member(item, "content");
      continue;
    }
    const auto taken = take(item, exchange.partner->id, *tools);
    if (taken.has_error() && taken.error().retryable()) return taken.error();
    remove_member(item, "content");
    if (taken.has_error()) {
      exchange.findings.push_back(
          {.code = taken.error().code, .path = path, .field_zh = "附件", .param = taken.error().param, .position = {}});
      sound = false;
      continue;
    }
    remove_member(item, "url");
    exchange.record.add_text(item, "url", attachment_url(taken->id));
  }
  return sound;
}

}  // namespace tongqu::steps
