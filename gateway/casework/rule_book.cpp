#include "gateway/casework/rule_book.hpp"

#include <algorithm>
#include <set>

namespace tongqu {
namespace {

// How far `day` lies outside of `time`.
DayNumber distance(const RuleTime& time, DayNumber day) {
  if (day < time.first) return time.first - day;
  return day > time.last ? day - time.last : 0;
}

}  // namespace

bool RuleBook::is_preferred(const Rule& rule) const {
  return std::find(preferred.begin(), preferred.end(), rule.code) != preferred.end();
}

RuleBook::Chosen RuleBook::choose(std::string_view name, DayNumber day) const {
  const bool is_topic = std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) { return rule.topic == name; });
  const auto rank = [&](const Rule& rule) { return is_topic && is_preferred(rule) ? 0 : 1; };
  const Rule* best = nullptr;
  for (const Rule& rule : rules_) {
    if (is_topic ? rule.topic != name || (rule.is_alternative && !is_preferred(rule)) : rule.code != name) continue;
    if (best == nullptr) {
      best = &rule;
      continue;
    }
    const DayNumber far = distance(rule.time, day), best_far = distance(best->time, day);
    if (far < best_far || (far == best_far && rank(rule) < rank(*best))) best = &rule;
  }
  return {best, best != nullptr && best->time.holds(day)};
}

std::vector<std::string> RuleBook::names() const {
  std::set<std::string> all;
  for (const Rule& rule : rules_) {
    all.insert(rule.code);
    all.insert(rule.topic);
  }
  return {all.begin(), all.end()};
}

std::vector<RuleConflict> conflicts_of(const RuleBook& book) {
  const std::vector<Rule>& rules = book.rules();
  // Alternatives keep a line of their own: they stand beside the ordinary rule on purpose.
  std::map<std::string, std::vector<std::size_t>> lines;
  for (std::size_t i = 0; i < rules.size(); ++i)
    lines[rules[i].is_alternative ? "alternative " + rules[i].code : rules[i].topic].push_back(i);
  std::vector<RuleConflict> found;
  for (auto& [name, line] : lines) {
    std::stable_sort(line.begin(), line.end(),
                     [&](std::size_t a, std::size_t b) { return rules[a].time.first < rules[b].time.first; });
    std::size_t latest = line.front();  // of those before, the one that lasts longest
    for (std::size_t i = 1; i < line.size(); ++i) {
      const RuleTime& before = rules[latest].time;
      const RuleTime& time = rules[line[i]].time;
      if (time.first <= before.last) {
        found.push_back({RuleConflict::Kind::kOverlap, line[i], latest, time.first});
      } else if (time.first > before.last + 1) {
        found.push_back({RuleConflict::Kind::kGap, line[i], latest, before.last + 1});
      }
      if (time.last > before.last) latest = line[i];
    }
  }
  return found;
}

}  // namespace tongqu
