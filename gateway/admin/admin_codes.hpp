#pragma once
// Errors of the admin interface.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kAdminToken;
extern const ErrorCode kAdminPath;
extern const ErrorCode kAdminParameter;
extern const ErrorCode kAdminReason;
extern const ErrorCode kAdminBody;
extern const ErrorCode kAdminAttachmentState;
extern const ErrorCode kAdminNotFetched;
extern const ErrorCode kAdminPerson;     // an act for a named person, asked with the installation's token
extern const ErrorCode kAdminClearance;  // a person without clearance

std::span<const ErrorCode* const> admin_codes();

}  // namespace tongqu::codes
