#pragma once
// Why an attachment at an address elsewhere could not be fetched. No text holds anything of the address.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kFetchTooLate;    // given up at the deadline
extern const ErrorCode kFetchUrl;        // a prefix of the settings
extern const ErrorCode kFetchNowhere;    // neither urls nor sftp
extern const ErrorCode kFetchForbidden;  // the address is not (any more) one of those that may be fetched
extern const ErrorCode kFetchMissing;
extern const ErrorCode kFetchRedirect;
extern const ErrorCode kFetchDenied;
extern const ErrorCode kFetchLater;   // the source said so
extern const ErrorCode kFetchStatus;  // param: the status
extern const ErrorCode kFetchNoSize;
extern const ErrorCode kFetchEmpty;
extern const ErrorCode kFetchTooLarge;
extern const ErrorCode kFetchEncoding;
extern const ErrorCode kFetchAnswer;  // an answer that contradicts itself or what was asked
extern const ErrorCode kFetchShort;   // it ended before its size

std::span<const ErrorCode* const> fetch_codes();

}  // namespace tongqu::codes
