#include "gateway/pipeline/plan.hpp"

#include "gateway/pipeline/exchange.hpp"

namespace tongqu {

const PartnerPlan* Plan::partner(const PartnerId& partner_id) const {
  const auto found = partners.find(partner_id.str());
  return found == partners.end() ? nullptr : &found->second;
}

const InboundService* Plan::inbound(const PartnerId& partner_id, const ServiceId& service) const {
  const PartnerPlan* plan = partner(partner_id);
  if (plan == nullptr) return nullptr;
  const auto found = plan->services.find(service.str());
  return found == plan->services.end() ? nullptr : &found->second;
}

void Exchange::hold(TaskQueue queue, std::string reason) {
  for (const NewTask& task : tasks) {
    if (task.queue == queue) return;
  }
  tasks.push_back({queue, std::move(reason)});
}

}  // namespace tongqu
