#pragma once
// What can be wrong with the rules of casework. Parameter and position in the fault say where.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kWorkdaysHeading;          // parameter = the expected first line
extern const ErrorCode kWorkdaysDate;             // no date of the table's year; parameter = year
extern const ErrorCode kWorkdaysKind;             // neither "statutory", "off" nor "work"
extern const ErrorCode kWorkdaysOrder;            // a date that is not after the one before it
extern const ErrorCode kWorkdaysNothing;          // a weekday listed as worked
extern const ErrorCode kDeadlineMoment;           // no day and no moment
extern const ErrorCode kDeadlineTime;             // a clock of hours from a day
extern const ErrorCode kDeadlineLength;           // below 1 or beyond a century
extern const ErrorCode kDeadlineFar;              // parameter = days
extern const ErrorCode kDeadlinePause;            // no FROM/TO, or it ends before it begins
extern const ErrorCode kDeadlineMany;             // parameter = the most there may be
extern const ErrorCode kDeadlineEarly;            // extension before the start; parameter = day of the start
extern const ErrorCode kDeadlineLate;             // extension after the end; parameter = last day
extern const ErrorCode kDeadlineExtensions;       // parameter = how many the rule knows
extern const ErrorCode kDeadlineExtensionLength;  // parameter = the length that the rule fixes
extern const ErrorCode kDeadlineExtensionOpen;    // the length is missing
extern const ErrorCode kDeadlineExtensionForm;
extern const ErrorCode kDeadlineLine;        // no JSON object
extern const ErrorCode kDeadlineLineLength;  // parameter = the limit
extern const ErrorCode kDeadlineMember;      // a member that no question has
extern const ErrorCode kDeadlinePeriod;      // no length, or two
extern const ErrorCode kDeadlineFile;        // parameter = the file
extern const ErrorCode kRulesPeriod;         // valid_to before valid_from
extern const ErrorCode kRulesOverlap;        // parameter = the other rule and the first day
extern const ErrorCode kRulesGap;            // parameter = the rule before and the first day without one
extern const ErrorCode kRulesPrefer;         // no alternative of that code
extern const ErrorCode kRulesWarn;           // a lead in the wrong unit
extern const ErrorCode kRulesScope;          // parameter = year of a table without statutory days
extern const ErrorCode kRulesNotInForce;     // parameter = set and code of the nearest rule
extern const ErrorCode kRulesName;           // no such rule or topic
std::span<const ErrorCode* const> casework_codes();

}  // namespace tongqu::codes
