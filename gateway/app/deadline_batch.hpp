#pragma once
// `tongqu deadline --batch`: questions as JSON lines, one answer line for each.
#include <cstddef>
#include <iosfwd>

#include "gateway/app/deadline_answer.hpp"

namespace tongqu::app {

inline constexpr std::size_t kMaxQuestionLineBytes = 256U << 10U;

// Members of a question: "from" and one of "rule", "working_days", "days", "hours", "minutes", "months", "years";
// beside them "received", "pauses" (["FROM/TO", …]), "extensions" (a count, or a list of days or of {"on", "length"}),
// "id" (text or number, comes back with the answer). A line that cannot be answered gets
// {"line", "error": {"code", "path", "zh", "en"}} in its place. Answers stream; memory holds one line.
// False: there was such a line.
bool answer_lines(std::istream& in, std::ostream& out, const RuleBook& rules, const WorkCalendar& calendar, bool days);

}  // namespace tongqu::app
