#pragma once
// Errors of the transcript desk; those that the store finds are in core/transcript.hpp.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kTranscriptPartner;
extern const ErrorCode kTranscriptNumber;  // {} = permitted digits
extern const ErrorCode kTranscriptClosed;
extern const ErrorCode kTranscriptEntered;

std::span<const ErrorCode* const> desk_codes();

}  // namespace tongqu::codes
