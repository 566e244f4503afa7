#include "connectors/http/attachment_declaration.hpp"

#include <algorithm>

#include "connectors/http/byte_range.hpp"
#include "connectors/http/http_codes.hpp"
#include "gateway/core/jcs.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxBodyBytes = 16 * 1024;

bool read_digest(std::string_view text, AttachmentDeclaration& out) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view hash = text.substr(0, colon);
  if (hash != "sm3" && hash != "sha-256") return false;
  const auto bytes = from_hex(text.substr(colon + 1));
  if (!bytes || bytes->size() != out.digest.size()) return false;
  out.hash = hash == "sm3" ? SuiteId::kGm : SuiteId::kIntl;
  std::copy(bytes->begin(), bytes->end(), out.digest.begin());
  return true;
}

// False: the member has a form that no declaration has.
bool read_member(const Node& member, AttachmentDeclaration& out) {
  if (member.name == "size") {
    const auto size = member.kind == Kind::kNumber ? parse_decimal(member.text) : std::nullopt;
    out.size_bytes = size.value_or(0);
    return out.size_bytes > 0;
  }
  if (member.kind != Kind::kText || member.text.empty()) return false;
  if (member.name == "name") {
    out.name = member.text;
    return true;
  }
  if (member.name == "type") {
    out.type = member.text;
    return true;
  }
  return member.name == "digest" && read_digest(member.text, out);
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out += out.size() > 1 ? ",\"" : "\"";
  out.append(name).append("\":");
  append_json_string(out, value);
}

void append_number(std::string& out, std::string_view name, std::uint64_t value) {
  out.append(",\"").append(name).append("\":").append(std::to_string(value));
}

}  // namespace

Result<AttachmentDeclaration> read_declaration(std::string_view body, const Codec& json) {
  Document document;
  const DecodeLimits limits{.max_bytes = kMaxBodyBytes, .max_depth = 2, .max_nodes = 32, .max_text_bytes = 4096};
  if (auto status = json.decode(body, limits, document); status.has_error()) return status.error();
  AttachmentDeclaration declaration;
  Error error = make_error(codes::kAttachmentMembers);
  const auto fault = [&error](std::string_view path, Position position) {
    if (error.faults.empty()) error.param = path;
    error.faults.push_back({.code = &codes::kAttachmentMembers,
                            .path = std::string(path),
                            .field_zh = {},
                            .param = std::string(path),
                            .position = position});
  };
  const Node& root = document.root();
  if (root.kind != Kind::kObject) {
    fault("$", root.position);
    return error;
  }
  for (const Node& member : children(root)) {
    // The name of a member that nobody asked for is the sender's text: only its place is told.
    const bool known =
        member.name == "name" || member.name == "type" || member.name == "size" || member.name == "digest";
    if (!known || !read_member(member, declaration)) fault(known ? member.name : "$", member.position);
  }
  for (const std::string_view name : {"name", "type", "size", "digest"}) {
    if (root.find(name) == nullptr) fault(name, root.position);
  }
  if (!error.faults.empty()) return error;
  return declaration;
}

std::string digest_text(const Attachment& attachment) {
  return (attachment.hash == SuiteId::kGm ? "sm3:" : "sha-256:") + to_hex(as_text(attachment.digest));
}

std::string attachment_json(const Attachment& a, bool for_owner) {
  std::string out = "{";
  append_text(out, "id", a.id.str());
  append_text(out, "url", attachment_url(a.id));
  append_text(out, "state", name_of(a.state));
  if (for_owner && !a.name.empty()) append_text(out, "name", a.name);
  append_text(out, "type", a.type);
  append_number(out, "size", a.size_bytes);
  append_number(out, "offset", a.offset_bytes);
  append_text(out, "digest", digest_text(a));
  if (a.state == AttachmentState::kUploading) append_text(out, "expires", to_beijing_text({a.expires_ms}));
  if (!a.code.empty()) append_text(out, "code", a.code);
  return out + "}";
}

}  // namespace tongqu
