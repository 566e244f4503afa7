#pragma once
// Errors of the static proof of disclosure.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kProofDowngrade;    // {} = the whole path
extern const ErrorCode kProofDisclosure;   // {} = the whole path
extern const ErrorCode kProofSteers;       // {} = the whole path
extern const ErrorCode kProofUnused;       // warning; {} = the entry
extern const ErrorCode kProofCertificate;  // {} = why the second checker refused it

std::span<const ErrorCode* const> proof_codes();

}  // namespace tongqu::codes
