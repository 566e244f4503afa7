#pragma once
// The rules by which clocks run: which deadlines there are, in which version, for which time. Data of rules/*.yaml.
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/casework/deadline.hpp"

namespace tongqu {

// One text in both languages.
struct Bilingual {
  std::string zh;
  std::string en;
};

struct RuleExtension {
  std::int64_t length = 0;  // in the rule's unit; 0 = as the decision fixes it
  Bilingual text;           // whose word it takes
};

// Days of receipt, both inclusive.
struct RuleTime {
  DayNumber first = std::numeric_limits<DayNumber>::min();
  DayNumber last = std::numeric_limits<DayNumber>::max();
  [[nodiscard]] bool holds(DayNumber day) const { return first <= day && day <= last; }
};

struct Rule {
  std::string code;   // "C-MEDIATE-20"; the same code may stand in several sets
  std::string topic;  // "C-MEDIATE"; the code where nothing else was said
  std::string set;    // name of the file, "order-121"
  Bilingual set_title;
  Bilingual title, starts, due, basis, note;
  std::int64_t length = 0;
  TimeUnit unit = TimeUnit::kWorkingDays;
  std::vector<Bilingual> not_counted;
  std::vector<RuleExtension> extensions;
  bool last_day_moves = true;
  std::int64_t warn_working_days = 0;
  std::int64_t warn_minutes = 0;
  bool is_hotline = false;      // the hotline's own clock, beside the law's
  bool is_alternative = false;  // for its topic only where it is preferred
  std::vector<std::string> assumed;
  RuleTime time;
};

enum class RuleChoice : std::uint8_t { kReceived, kStarted };

// Immutable once filled; then thread-safe.
class RuleBook {
 public:
  CountOptions counting;
  RuleChoice choice = RuleChoice::kReceived;
  std::int64_t warn_working_days = 2;  // lead of the warning where no rule says otherwise
  std::int64_t warn_minutes = 15;
  std::vector<std::string> preferred;  // codes of alternatives that go before the ordinary rule of their topic

  void add(Rule rule) { rules_.push_back(std::move(rule)); }
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }

  struct Chosen {
    const Rule* rule = nullptr;  // null: neither a code nor a topic
    bool in_force = true;        // false: of that day there is no version; the nearest one was taken
  };
  // The version of `name` (a topic, or a code) for a receipt on `day`. A topic chooses among all its rules: a preferred
  // alternative first, then the ordinary one. A code that is no topic names its rule whatever the day. Where none is in
  // force: the version whose time is nearest.
  [[nodiscard]] Chosen choose(std::string_view name, DayNumber day) const;
  // Codes and topics, each once, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  [[nodiscard]] bool is_preferred(const Rule& rule) const;
  std::vector<Rule> rules_;
};

// Two rules that want the same day, or a day between two versions that none wants. Places are indexes into rules().
struct RuleConflict {
  enum class Kind : std::uint8_t { kOverlap, kGap } kind = Kind::kOverlap;
  std::size_t rule = 0;   // the later one
  std::size_t other = 0;  // the earlier one
  DayNumber first = 0;    // the first such day
};
[[nodiscard]] std::vector<RuleConflict> conflicts_of(const RuleBook& book);

}  // namespace tongqu
