#pragma once
// Faults of one rule of a policy on its own.
#include <optional>
#include <vector>

#include "security/privacy/masks.hpp"
#include "security/privacy/policy.hpp"

namespace tongqu {

// Adds to `faults`, each with the rule's place: no kind, a masking format that does not suit, a treatment that lacks
// what it works with, a path that `fields` (null = not looked at) does not have. `mask`: the rule's format, if it is
// one.
void check_rule(const PolicyRule& rule, const std::optional<MaskFormat>& mask, const PolicyTools& tools,
                const FieldNode* fields, std::vector<Fault>& faults);

}  // namespace tongqu
