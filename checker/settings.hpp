#pragma once
// The YAML of a configuration, as far as it decides what reaches whom.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tongqu::checker {

using Files = std::map<std::string, std::string>;  // by path: "partners/city-a.yaml"

struct Rule {
  std::string kind, subject, path, treatment, when, otherwise, place;
};
// One mapping between partner and record. `kind`: in, registry-answer, route, pull, answer.
struct Way {
  std::string kind, partner, service, route, policy, mapping, purpose, basis, onward;
  [[nodiscard]] bool out() const { return kind != "in" && kind != "registry-answer"; }
};
struct Condition {
  std::string route, service, path;
};
struct Settings {
  std::vector<Way> ways;
  std::vector<Condition> conditions;
  std::map<std::string, std::vector<Rule>> policies;
  std::map<std::string, std::string> schemas;  // canonical schema by service
  std::set<std::pair<std::string, std::string>>
      steers;  // declassify: ("mapping NAME", "route NAME" or "role MAPPING", field)
};

// Throws Refusal, and what yaml-cpp throws.
[[nodiscard]] Settings read_settings(const Files& files);

}  // namespace tongqu::checker
