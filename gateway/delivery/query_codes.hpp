#pragma once
// Errors of queries: why a question was not put, or its answer did not reach the asker.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kQueryDeadline;     // the asker's time is over; the call may go on
extern const ErrorCode kQueryBreaker;      // the registry did not answer lately and is not asked for a while
extern const ErrorCode kQueryClosed;       // outside the registry's window, or paused by an operator
extern const ErrorCode kQueryUnreachable;  // asked, and no answer came
extern const ErrorCode kQueryRefused;      // the registry turned the question back
extern const ErrorCode kQueryBusy;         // as many calls or askers as may be at once
extern const ErrorCode kQueryNoRegistry;   // no lane for the recipient
extern const ErrorCode kQueryUnheard;      // answered after the last asker had gone

std::span<const ErrorCode* const> query_codes();

}  // namespace tongqu::codes
