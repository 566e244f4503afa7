#pragma once
// Keys of the treatments `token` and `seal`: opened from secrets for what runs, made up for what only looks.
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/settings/settings.hpp"
#include "security/privacy/policy_tools.hpp"

namespace tongqu {

class Clock;

// Where they come from. Without `secrets` the keys are for a rehearsal: tokens of a key that everybody has, values
// sealed to a key that nobody keeps. Forms, faults of the rules and names are the real ones.
struct KeySource {
  std::optional<std::filesystem::path> secrets;
  const Clock* clock = nullptr;  // with `secrets`; outlives what is made with the keys
};

// Immutable, thread-safe.
class PrivacyKeys {
 public:
  // Opens what the rules of `settings` use and nothing else. Adds to `faults` each key that is missing, of the wrong
  // kind or expired, at its place; then the result must not run.
  [[nodiscard]] static PrivacyKeys open(const Settings& settings, const KeySource& source,
                                        std::vector<SettingsFault>& faults);
  // The recipient's own keys and those of officers, by name; a name that both have is left out.
  [[nodiscard]] PolicyTools tools_for(const std::string& recipient) const;

 private:
  using Sealers = std::map<std::string, std::shared_ptr<const ValueSealer>>;
  std::shared_ptr<const TokenMaker> tokens_;  // null when no rule needs it
  Sealers officers_;
  std::map<std::string, Sealers> partners_;
};

}  // namespace tongqu
