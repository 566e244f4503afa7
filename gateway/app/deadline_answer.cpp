#include "gateway/app/deadline_answer.hpp"

#include <algorithm>

#include "gateway/casework/casework_codes.hpp"
#include "gateway/casework/faults.hpp"

namespace tongqu::app {
namespace {

class Asker {
 public:
  Asker(const RuleBook& rules, const WorkCalendar& calendar, const DeadlineQuestion& question)
      : rules_(rules), calendar_(calendar), question_(question) {}

  Result<DeadlineAnswer> run() {
    if (const auto from = parse_moment(question_.from)) {
      answer_.counting.from = *from;
    } else {
      fault(codes::kDeadlineMoment, "from");
    }
    if (question_.rule.empty()) {
      take_length();
    } else {
      take_rule();
    }
    take_pauses();
    take_extensions();
    if (!faults_.empty()) return error_of(std::move(faults_));
    auto counted = count_deadline(calendar_, rules_.counting, answer_.counting);
    if (counted.has_error()) return counted.error();
    answer_.deadline = std::move(*counted);
    add_remarks();
    return std::move(answer_);
  }

 private:
  void fault(const ErrorCode& code, std::string path, std::string param = {}) {
    faults_.push_back({&code, std::move(path), {}, std::move(param), {}, Grade::kError});
  }

  void take_length() {
    answer_.counting.length = question_.length;
    answer_.counting.unit = question_.unit;
    answer_.counting.warn_working_days = rules_.warn_working_days;
    answer_.counting.warn_minutes = rules_.warn_minutes;
  }

  void take_rule() {
    const auto received = question_.received.empty() ? parse_moment(question_.from) : parse_moment(question_.received);
    if (!received) {
      if (!question_.received.empty()) fault(codes::kDeadlineMoment, "received");
      return;
    }
    answer_.received = day_text(beijing_day(received->at));
    const bool by_start = rules_.choice == RuleChoice::kStarted;
    const auto chosen = rules_.choose(question_.rule, beijing_day(by_start ? answer_.counting.from.at : received->at));
    if (chosen.rule == nullptr) return fault(codes::kRulesName, "rule");
    const Rule& rule = *chosen.rule;
    // Who asks by topic wants what is in force; an act that no longer asks for something has no deadline.
    if (!chosen.in_force && rule.code != question_.rule)
      return fault(codes::kRulesNotInForce, "rule", rule.set + " " + rule.code);
    answer_.rule = &rule;
    in_force_ = chosen.in_force;
    answer_.counting.length = rule.length;
    answer_.counting.unit = rule.unit;
    answer_.counting.last_day_moves = rule.last_day_moves;
    answer_.counting.warn_working_days = rule.warn_working_days;
    answer_.counting.warn_minutes = rule.warn_minutes;
  }

  void take_pauses() {
    for (std::size_t i = 0; i < question_.pauses.size(); ++i) {
      const std::string& text = question_.pauses[i];
      const std::size_t slash = text.find('/');
      const auto from = parse_moment(std::string_view(text).substr(0, slash));
      const auto to =
          slash == std::string::npos ? std::nullopt : parse_moment(std::string_view(text).substr(slash + 1));
      if (!from || !to) {
        fault(codes::kDeadlinePause, "pauses[" + std::to_string(i) + "]");
        continue;
      }
      answer_.counting.pauses.push_back({from->at, {to->at.ms + (to->has_time ? 0 : kDayMs)}});
    }
  }

  void take_extensions() {
    for (std::size_t i = 0; i < question_.extensions.size(); ++i) {
      const auto& asked = question_.extensions[i];
      const std::string path = "extensions[" + std::to_string(i) + "]";
      GrantedExtension granted{asked.length, std::nullopt};
      if (!asked.on.empty()) {
        const auto on = parse_moment(asked.on);
        if (!on) fault(codes::kDeadlineMoment, path);
        if (on) granted.stated_on = date_of_day(beijing_day(on->at));
      }
      if (answer_.rule != nullptr && !of_rule(i, path, granted)) return;
      answer_.counting.extensions.push_back(granted);
    }
  }

  // False: the rule has no such extension.
  bool of_rule(std::size_t i, const std::string& path, GrantedExtension& granted) {
    const auto& known = answer_.rule->extensions;
    if (i >= known.size()) {
      fault(codes::kDeadlineExtensions, path, std::to_string(known.size()));
      return false;
    }
    const std::int64_t length = known[i].length;
    if (length > 0 && granted.length > 0 && granted.length != length)
      fault(codes::kDeadlineExtensionLength, path, std::to_string(length));
    if (length == 0 && granted.length == 0) fault(codes::kDeadlineExtensionOpen, path);
    if (length > 0) granted.length = length;
    return true;
  }

  void remark(std::string zh, std::string en) { answer_.remarks.push_back({std::move(zh), std::move(en)}); }

  void add_remarks() {
    const Counting& counting = answer_.counting;
    const auto& extensions = counting.extensions;
    if (answer_.rule != nullptr && !in_force_)
      remark("该日无有效版本，按时间最近的版本计算", "no version is in force on that day; the nearest one was taken");
    if (answer_.rule != nullptr && !counting.pauses.empty() && answer_.rule->not_counted.empty())
      remark("本规则未列不计入期限的事由，仅在途等一般事由可扣除",
             "the rule names no ground of its own on which time is not counted; general ones only, such as transit");
    if (std::any_of(extensions.begin(), extensions.end(), [](const auto& each) { return !each.stated_on; }))
      remark("延长未注明作出日，按期限内作出计算", "an extension without its day was taken to be stated in time");
    if (answer_.deadline.provisional)
      remark("暂定：相关年度放假安排尚未载入，载入后须重新计算",
             "provisional: the year's table of holidays is not there; compute again when it is");
    if (answer_.rule != nullptr && !answer_.rule->note.zh.empty()) answer_.remarks.push_back(answer_.rule->note);
  }

  const RuleBook& rules_;
  const WorkCalendar& calendar_;
  const DeadlineQuestion& question_;
  DeadlineAnswer answer_;
  std::vector<Fault> faults_;
  bool in_force_ = true;
};

}  // namespace

Result<DeadlineAnswer> answer_deadline(const RuleBook& rules, const WorkCalendar& calendar,
                                       const DeadlineQuestion& question) {
  return Asker(rules, calendar, question).run();
}

}  // namespace tongqu::app
