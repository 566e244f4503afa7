#pragma once
// Errors of the HTTP connector.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kNoSuchPath;
extern const ErrorCode kMethod;
extern const ErrorCode kQuery;
extern const ErrorCode kAnswerStatus;
extern const ErrorCode kAnswerRefused;
extern const ErrorCode kAnswerUnreadable;
extern const ErrorCode kAddress;
extern const ErrorCode kTimeoutHeader;

std::span<const ErrorCode* const> http_codes();

}  // namespace tongqu::codes
