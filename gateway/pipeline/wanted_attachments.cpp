// Part of the step "canonicalise": addresses of attachments elsewhere become attachments that the gateway fetches.
#include <algorithm>

#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

std::string_view text_of(const Node& item, std::string_view member) {
  const Node* node = item.find(member);
  return node != nullptr && node->kind == Kind::kText ? node->text : std::string_view();
}

// "sm3:<hex>" or "sha-256:<hex>".
bool read_digest(std::string_view text, AttachmentWish& wish) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  if (colon == std::string_view::npos || (name != "sm3" && name != "sha-256")) return false;
  const auto bytes = from_hex(text.substr(colon + 1));
  if (!bytes || bytes->size() != wish.digest.size()) return false;
  wish.hash = name == "sm3" ? SuiteId::kGm : SuiteId::kIntl;
  std::copy(bytes->begin(), bytes->end(), wish.digest.begin());
  return true;
}

Result<Attachment> want(const Node& item, std::string_view url, const Exchange& exchange, const LineTools& tools,
                        const AttachmentGrant& grant) {
  AttachmentWish wish;
  wish.owner = exchange.partner->id;
  // A message that comes again names the same attachment, and so does the next message of the matter.
  wish.key = exchange.matter.empty() ? exchange.dedup_key : exchange.matter.str();
  wish.url = url;
  wish.name = text_of(item, "name");
  wish.type = media_type_name(text_of(item, "type"));
  wish.max_wanted = grant.fetch->max_wanted;
  if (!wish.type.empty() && std::ranges::find(grant.types, wish.type) == grant.types.end())
    return make_error(codes::kAttachmentNotTaken);
  if (const std::string_view digest = text_of(item, "digest"); !digest.empty() && !read_digest(digest, wish))
    return make_error(codes::kAttachmentDigestForm);
  return tools.fetches->want(wish);
}

// Nothing: the text is no address that could be fetched.
std::optional<Result<Attachment>> look_at(const Node& item, const Exchange& exchange, const LineTools& tools,
                                          const AttachmentGrant& grant) {
  const std::string_view url = text_of(item, "url");
  if (url.empty() || !attachment_of_url(url).empty()) return std::nullopt;
  switch (grant.fetch->judge(url)) {
    case FetchVerdict::kNoAddress: return std::nullopt;
    case FetchVerdict::kForbidden: return Result<Attachment>(make_error(codes::kAttachmentUrlNotAllowed));
    case FetchVerdict::kAllowed: break;
  }
  return want(item, url, exchange, tools, grant);
}

}  // namespace

Result<bool> want_attachments(Exchange& exchange, const LineTools& tools) {
  Node* list = exchange.record.root().find("attachments");
  if (tools.fetches == nullptr || list == nullptr || list->kind != Kind::kList) return true;
  const auto grant = tools.attachment_grant(exchange.partner->id);
  if (!grant || !grant->fetch) return true;
  bool sound = true;
  std::size_t place = 0;
  for (Node& item : children(*list)) {
    const std::string path = "$.attachments[" + std::to_string(place++) + "].url";
    const auto made = look_at(item, exchange, tools, *grant);
    if (!made) continue;
    if (made->has_value()) {
      item.find("url")->text = exchange.record.copy(attachment_url((*made)->id));
      continue;
    }
    const Error& error = made->error();
    if (error.retryable()) return error;
    exchange.findings.push_back(
        {.code = error.code, .path = path, .field_zh = "附件", .param = error.param, .position = {}});
    sound = false;
  }
  return sound;
}

}  // namespace tongqu::steps
