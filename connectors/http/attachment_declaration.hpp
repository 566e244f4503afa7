#pragma once
// The JSON of an attachment on the wire, both ways. No I/O.
#include <string>

#include "gateway/core/attachments.hpp"
#include "gateway/core/codec.hpp"

namespace tongqu {

// {"name": "photo.jpg", "type": "image/jpeg", "size": 48213, "digest": "sm3:<64 hex digits>"}; "sha-256:" as well.
// Other members are refused. Fails with attachment.members, whose faults name each member, and with the codec's codes.
// The owner and the key are left empty.
[[nodiscard]] Result<AttachmentDeclaration> read_declaration(std::string_view body, const Codec& json);

// {"id", "url", "state", "type", "size", "offset", "digest"}, with "name" for the owner, "expires" while uploading and
// "code" when refused.
[[nodiscard]] std::string attachment_json(const Attachment& attachment, bool for_owner);

// "sm3:…" or "sha-256:…", lower-case hex.
[[nodiscard]] std::string digest_text(const Attachment& attachment);

}  // namespace tongqu
