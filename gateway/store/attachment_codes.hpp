#pragma once
// Errors of attachments.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kAttachmentDeclaration;
extern const ErrorCode kAttachmentTooLarge;
extern const ErrorCode kAttachmentOpenBytes;
extern const ErrorCode kAttachmentOpenCount;
extern const ErrorCode kAttachmentWantedCount;
extern const ErrorCode kAttachmentKeyConflict;
extern const ErrorCode kAttachmentOffset;
extern const ErrorCode kAttachmentBusy;
extern const ErrorCode kAttachmentWrongState;
extern const ErrorCode kAttachmentOverlong;
extern const ErrorCode kAttachmentType;
extern const ErrorCode kAttachmentDigest;
extern const ErrorCode kAttachmentCorrupt;
std::span<const ErrorCode* const> attachment_codes();

}  // namespace tongqu::codes
