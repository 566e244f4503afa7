#pragma once
// Errors of the HTTP connector.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kNoSuchPath;
extern const ErrorCode kCatalogue;  // units or code tables that the partner may not read
extern const ErrorCode kMethod;
extern const ErrorCode kQuery;
extern const ErrorCode kAnswerStatus;
extern const ErrorCode kAnswerRefused;
extern const ErrorCode kAnswerUnreadable;
extern const ErrorCode kAnswerLater;       // a configured code: later
extern const ErrorCode kAnswerNotFound;    // status or configured code
extern const ErrorCode kAnswerForbidden;   // a configured code: no right to the service
extern const ErrorCode kAnswerKeyInvalid;  // a configured code, after one renewal too
extern const ErrorCode kAnswerClock;       // a configured code; DeliveryOutcome::detail has both clocks
extern const ErrorCode kAnswerRedirect;    // not followed
extern const ErrorCode kAddress;
extern const ErrorCode kTimeoutHeader;
extern const ErrorCode kMultipart;            // param = what is wrong
extern const ErrorCode kMultipartDocument;    // no part, or several, could be the document
extern const ErrorCode kFilesDocument;        // files beside a document that is no JSON object
extern const ErrorCode kAttachmentsNotTaken;  // one fault for each attachment
extern const ErrorCode kPollItem;             // an entry of the list without a usable key
extern const ErrorCode kPollAnswer;           // param = which member is not of the agreed form
extern const ErrorCode kPollCursor;           // the cursor cannot be kept
extern const ErrorCode kRange;
extern const ErrorCode kAttachmentMembers;
extern const ErrorCode kAttachmentNotScanned;
extern const ErrorCode kAttachmentNotFetched;
extern const ErrorCode kUploadHeader;
extern const ErrorCode kUploadDigest;
extern const ErrorCode kAttachmentsNotPermitted;
extern const ErrorCode kAttachmentTypeNotPermitted;

std::span<const ErrorCode* const> http_codes();

}  // namespace tongqu::codes
