#include "gateway/app/grant_settings.hpp"

#include <set>

namespace tongqu::app {

GrantLimits grant_limits(const Settings& settings) {
  const Setting& grants = settings.single("gateway").object("grants");
  return {grants.duration_ms("default_end"), grants.duration_ms("max_end"), grants.duration_ms("danger_end"),
          static_cast<std::size_t>(grants.integer("max_open"))};
}

std::vector<std::string> conditional_labels(const Settings& settings, const PartnerId& recipient,
                                            const ServiceId& service, Condition condition) {
  std::set<std::string> labels;
  for (const NamedSetting& route : settings.all("route")) {
    for (const Setting& entry : route.value.list("recipients")) {
      if (entry.text("partner") != recipient.str() || entry.text("service") != service.str()) continue;
      const Setting* policy = settings.find("policy", entry.text("policy"));
      if (policy == nullptr) continue;
      for (const Setting& rule : policy->list("rules")) {
        if (rule.text("when") == name_of(condition)) labels.insert(rule.text("kind") + "/" + rule.text("subject"));
      }
    }
  }
  return {labels.begin(), labels.end()};
}

}  // namespace tongqu::app
