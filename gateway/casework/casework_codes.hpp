#pragma once
// What can be wrong with the rules of casework. Parameter and position in the fault say where.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kWorkdaysHeading;  // parameter = the expected first line
extern const ErrorCode kWorkdaysDate;     // no date of the table's year; parameter = year
extern const ErrorCode kWorkdaysKind;     // neither "off" nor "work"
extern const ErrorCode kWorkdaysOrder;    // a date that is not after the one before it
extern const ErrorCode kWorkdaysNothing;  // a weekday listed as worked
std::span<const ErrorCode* const> casework_codes();

}  // namespace tongqu::codes
