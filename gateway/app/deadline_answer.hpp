#pragma once
// What `tongqu deadline` is asked, on the command line or as a line of a batch, and what it answers.
#include <string>
#include <vector>

#include "gateway/casework/rule_book.hpp"

namespace tongqu::app {

struct DeadlineQuestion {
  std::string rule;         // a code or a topic; empty: `length` and `unit`
  std::int64_t length = 0;  // without rule
  TimeUnit unit = TimeUnit::kWorkingDays;
  std::string from;                 // start of the clock: a day or a moment
  std::string received;             // day of receipt, which chooses the version; empty = the start
  std::vector<std::string> pauses;  // "FROM/TO"; a day as TO belongs to the pause
  struct Extension {
    std::string on;           // day on which it was stated; empty = taken to be in time
    std::int64_t length = 0;  // 0 = the rule's
  };
  std::vector<Extension> extensions;
};

struct DeadlineAnswer {
  const Rule* rule = nullptr;  // null: the question brought its own length; lives as long as the rule book
  Counting counting;
  Deadline deadline;
  std::string received;            // "2026-04-28"; empty without rule
  std::vector<Bilingual> remarks;  // what a reader has to know: assumptions, versions, provisional tables
};

// Every fault at once: deadline.*, rules.name; paths are members of the question.
[[nodiscard]] Result<DeadlineAnswer> answer_deadline(const RuleBook& rules, const WorkCalendar& calendar,
                                                     const DeadlineQuestion& question);

// "第 3 个工作日" – why a day counted or not.
[[nodiscard]] Bilingual reason_of(const DeadlineAnswer& answer, const CountedDay& day);
// One JSON object without line end; `days`: with the list of days; `now`: with the state at that moment.
void append_json(std::string& out, const DeadlineAnswer& answer, bool days, std::optional<Instant> now);
// For people.
void print_text(std::ostream& out, const DeadlineAnswer& answer, Lang lang, std::optional<Instant> now);

// "工作日" / "working days"
[[nodiscard]] Bilingual unit_text(TimeUnit unit);

}  // namespace tongqu::app
