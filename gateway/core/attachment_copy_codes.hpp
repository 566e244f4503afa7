#pragma once
// Why there is no copy of an attachment without metadata, and what a recipient hears of copies.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kAttachmentNoCopyType;
extern const ErrorCode kAttachmentNoCopyLimit;
extern const ErrorCode kAttachmentNoCopy;
extern const ErrorCode kAttachmentNoCopyLeft;
extern const ErrorCode kAttachmentNotCopied;
extern const ErrorCode kAttachmentWithheld;

std::span<const ErrorCode* const> attachment_copy_codes();
// By its id; kAttachmentNoCopy for any other.
const ErrorCode& no_copy_code(std::string_view id);

}  // namespace tongqu::codes
