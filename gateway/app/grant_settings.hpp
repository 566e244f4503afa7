#pragma once
// What the configuration says about grants.
#include "gateway/admin/grant_api.hpp"
#include "gateway/settings/settings.hpp"

namespace tongqu::app {

[[nodiscard]] GrantLimits grant_limits(const Settings& settings);
// "kind/subject" of each rule that has `condition` in a policy by which `recipient` gets `service`; each once.
[[nodiscard]] std::vector<std::string> conditional_labels(const Settings& settings, const PartnerId& recipient,
                                                          const ServiceId& service, Condition condition);

}  // namespace tongqu::app
