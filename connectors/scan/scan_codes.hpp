#pragma once
// Errors of scanners: all mean that there is no verdict yet.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kScanAddress;
extern const ErrorCode kScanIcapUrl;
extern const ErrorCode kScanUnreachable;
extern const ErrorCode kScanIcapService;
extern const ErrorCode kScanNotRead;
extern const ErrorCode kScanAnswer;

std::span<const ErrorCode* const> scan_codes();

}  // namespace tongqu::codes
