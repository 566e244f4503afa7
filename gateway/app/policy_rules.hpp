#pragma once
// Rules of policies/ and clearances/ as the policy engine takes them.
#include <cstdint>
#include <vector>

#include "gateway/settings/settings.hpp"
#include "security/privacy/policy.hpp"

namespace tongqu::app {

// A clearance's rules seal to nobody, and no person decides beyond them.
enum class RulesOf : std::uint8_t { kPolicy, kClearance };

// In the order of the file; each with its place, "policies/p12315.yaml:12".
[[nodiscard]] std::vector<PolicyRule> read_policy_rules(const Setting& file, RulesOf of);
// Whether a text scrubber is needed: a person may release a text scrubbed.
[[nodiscard]] bool any_scrubs(const std::vector<PolicyRule>& rules);

}  // namespace tongqu::app
