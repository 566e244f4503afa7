#pragma once
// Errors of the line.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kServiceNotPermitted;
extern const ErrorCode kPartnerUnknown;
extern const ErrorCode kRateExceeded;
extern const ErrorCode kIdempotencyKey;
extern const ErrorCode kContentType;
extern const ErrorCode kNotKeyed;
extern const ErrorCode kMessageFaults;
extern const ErrorCode kRefusedByMapping;
extern const ErrorCode kRenderFaults;
extern const ErrorCode kRenderDocument;  // {} = number of faults
extern const ErrorCode kOriginUnknown;
extern const ErrorCode kTaskClosed;
extern const ErrorCode kTaskRelease;     // the task is decided with `release` or `turn-back`, not finished
extern const ErrorCode kTaskNoRelease;   // the task is of no held message
extern const ErrorCode kReleaseSummary;  // parameter = longest summary in characters
extern const ErrorCode kReleaseText;     // a summary, and no free text that it could stand for
extern const ErrorCode kPatch;
extern const ErrorCode kStillFaulty;
extern const ErrorCode kNoRoute;
extern const ErrorCode kAttachmentUnknown;
extern const ErrorCode kAttachmentUnfinished;
extern const ErrorCode kAttachmentUrlNotAllowed;
extern const ErrorCode kAttachmentDigestForm;
extern const ErrorCode kAttachmentBase64;
extern const ErrorCode kAttachmentQuarantined;
extern const ErrorCode kAttachmentNotTaken;
extern const ErrorCode kPayloadGone;
extern const ErrorCode kAskedOnly;      // a query service came in where no answer can go back
extern const ErrorCode kAnswerInvalid;  // the registry's answer is not of the agreed form
extern const ErrorCode kAbandoned;      // open when the gateway ended

std::span<const ErrorCode* const> pipeline_codes();

}  // namespace tongqu::codes
