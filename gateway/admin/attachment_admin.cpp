#include "gateway/admin/attachment_admin.hpp"

#include <charconv>

#include "gateway/admin/admin_codes.hpp"
#include "gateway/admin/admin_json.hpp"
#include "gateway/admin/append_now.hpp"

namespace tongqu {
namespace {

std::string text_of(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

Document object() {
  Document out;
  out.set_root(out.make(Kind::kObject));
  return out;
}

void put_attachment(Document& out, Node& o, const Attachment& attachment) {
  out.add_text(o, "attachment", attachment.id.str());
  out.add_text(o, "owner", attachment.owner.str());
  out.add_text(o, "state", name_of(attachment.state));
  out.add_text(o, "type", attachment.type);
  out.add_number(o, "size", static_cast<std::int64_t>(attachment.size_bytes));
  out.add_number(o, "offset", static_cast<std::int64_t>(attachment.offset_bytes));
  out.add_text(o, "code", attachment.code);
  put_time(out, o, "createdAt", attachment.created_ms);
}

Error not_found() { return make_error(codes::kNotFound, "attachment"); }

}  // namespace

Result<Document> AttachmentAdmin::get(std::string_view path, const std::map<std::string, std::string>& query) {
  Document out = object();
  if (!path.empty()) {
    const AttachmentId id(path.substr(1));
    auto found = is_attachment_id(id.str()) ? attachments_.find(id) : Result<Attachment>(not_found());
    if (found.has_error()) return found.error();
    put_attachment(out, out.root(), *found);
    out.add_text(out.root(), "digest",
                 (found->hash == SuiteId::kGm ? "sm3:" : "sha-256:") + to_hex(as_text(found->digest)));
    // Of the copy without metadata: whether one is wanted or made, or why there is none.
    const auto copy = derivatives_.derivative(id);
    if (copy.has_error()) return copy.error();
    if (*copy) out.add_text(out.root(), "copy", name_of((*copy)->state));
    if (*copy && !(*copy)->code.empty()) out.add_text(out.root(), "copyCode", (*copy)->code);
    return out;
  }
  AttachmentFilter filter;
  if (const std::string limit = text_of(query, "limit"); !limit.empty()) {
    const auto [end, failed] = std::from_chars(limit.data(), limit.data() + limit.size(), filter.limit);
    if (failed != std::errc{} || end != limit.data() + limit.size() || filter.limit > kMaxPageRows)
      return make_error(codes::kAdminParameter, "limit");
  }
  if (const std::string state = text_of(query, "state"); !state.empty() && state != "all") {
    filter.state = attachment_state_of(state);
    if (!filter.state) return make_error(codes::kAdminParameter, "state");
  }
  filter.owner = PartnerId(text_of(query, "owner"));
  filter.before = AttachmentId(text_of(query, "before"));
  auto rows = attachments_.list(filter);
  if (rows.has_error()) return rows.error();
  Node* list = out.add_list(out.root(), "attachments");
  for (const Attachment& attachment : *rows) put_attachment(out, *out.add_object(*list), attachment);
  return out;
}

Status AttachmentAdmin::note(std::string_view kind, const Attachment& attachment, const ActBy& by) {
  AuditEntryBuilder entry(kind, clock_.now());
  entry.text("actor", by.actor).text("reason", to_hex(as_text(suite_.hash({entry.salt(), by.reason}))));
  entry.text("attachment", attachment.id.str()).text("partner", attachment.owner.str());
  entry.text("state", name_of(attachment.state));
  return append_now(store_, entry.finish());
}

Status AttachmentAdmin::act(const AttachmentId& id, std::string_view verb) {
  if (verb == "release") return attachments_.release(id);
  if (verb == "remove") return attachments_.destroy(id);
  const auto retried = fetches_.retry(id);
  if (retried.has_error()) return retried.error();
  return *retried ? Status() : Status(make_error(codes::kAdminNotFetched));
}

Result<Document> AttachmentAdmin::post(const AttachmentId& id, std::string_view verb, const ActBy& by) {
  const bool release = verb == "release";
  const bool retry = verb == "retry";
  if (!release && !retry && verb != "remove") return make_error(codes::kAdminPath);
  if (!is_attachment_id(id.str())) return not_found();
  auto found = attachments_.find(id);
  // What can no longer be read, because its key does not open, can still be removed.
  if (found.has_error() && (release || retry || found.error().kind() != ErrorKind::kCorrupt)) return found.error();
  Attachment attachment;
  attachment.id = id;
  if (found.has_value()) attachment = std::move(*found);
  const AttachmentState state = attachment.state;
  if (release && state != AttachmentState::kStored && state != AttachmentState::kQuarantined)
    return make_error(codes::kAdminAttachmentState, std::string(name_of(state)));
  if (retry && state != AttachmentState::kRefused && state != AttachmentState::kWanted)
    return make_error(codes::kAdminNotFetched);
  const char* kind = release ? "attachment-released" : retry ? "attachment-retried" : "attachment-removed";
  if (auto status = note(kind, attachment, by); status.has_error()) return status.error();
  if (auto status = act(id, verb); status.has_error()) return status.error();
  Document out = object();
  out.append(out.root(), out.make(Kind::kBoolean, "true"), "done");
  return out;
}

}  // namespace tongqu
