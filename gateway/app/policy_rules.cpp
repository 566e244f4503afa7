#include "gateway/app/policy_rules.hpp"

#include <algorithm>

namespace tongqu::app {
namespace {

Treatment treatment_of(const std::string& word) {
  if (word == "clear") return Treatment::kClear;
  if (word == "mask") return Treatment::kMask;
  if (word == "scrub") return Treatment::kScrub;
  if (word == "token") return Treatment::kToken;
  if (word == "seal") return Treatment::kSeal;
  if (word == "release") return Treatment::kRelease;
  return word == "ref" ? Treatment::kRef : Treatment::kDrop;
}

}  // namespace

std::vector<PolicyRule> read_policy_rules(const Setting& file, RulesOf of) {
  std::vector<PolicyRule> rules;
  for (const Setting& rule : file.list("rules")) {
    PolicyRule out;
    out.kind = rule.text("kind");
    out.subject = rule.text("subject");
    out.path = rule.text("path");
    out.treatment = treatment_of(rule.text("treatment"));
    out.mask = rule.text("format");
    if (of == RulesOf::kPolicy) {
      out.to = rule.text("to");
      if (rule.has("when")) out.when = rule.text("when") == "danger" ? Condition::kDanger : Condition::kApproved;
      if (rule.has("otherwise")) out.otherwise = treatment_of(rule.text("otherwise"));
    }
    out.place = rule.file() + ":" + std::to_string(rule.position().line);
    rules.push_back(std::move(out));
  }
  return rules;
}

bool any_scrubs(const std::vector<PolicyRule>& rules) {
  return std::any_of(rules.begin(), rules.end(), [](const PolicyRule& rule) {
    return rule.says(Treatment::kScrub) || rule.says(Treatment::kRelease);
  });
}

}  // namespace tongqu::app
