#pragma once
// What is wrong with XML signatures.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kXmlSignatureRefused;  // missing, wrong, or not over what counts
extern const ErrorCode kXmlSignatureClock;    // the signed time is outside the window
extern const ErrorCode kXmlSignatureSetup;    // {}: key or certificate that cannot be used
extern const ErrorCode kXmlSignatureFailed;   // signing did not work

std::span<const ErrorCode* const> xmldsig_codes();

}  // namespace tongqu::codes
