#include "gateway/app/rehearsal.hpp"

#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::app {

Status rehearse(Exchange& exchange, const CompiledConfig& config, const PartnerId& partner, const ServiceId& service,
                std::string bytes, const Suite& suite) {
  exchange.plan = config.plan;
  exchange.partner = config.plan->partner(partner);
  if (exchange.partner == nullptr) return make_error(codes::kPartnerUnknown);
  exchange.service = config.plan->inbound(partner, service);
  if (exchange.service == nullptr) return make_error(codes::kServiceNotPermitted, service.str());
  exchange.in.body = std::move(bytes);
  exchange.in.content_type = exchange.service->codec->content_type();
  exchange.in.received_at = SystemClock().now();
  exchange.id = make_exchange_id(exchange.in.received_at.ms);
  if (auto status = steps::decode(exchange, suite); status.has_error()) return status.error();
  if (auto status = steps::validate(exchange); status.has_error()) return status.error();
  return steps::canonicalise(exchange, nullptr);
}

void RehearsalIntake::accept(InboundMessage message, Done done) {
  Exchange exchange;
  const PartnerId partner = message.identity.partner;
  const Status status = rehearse(exchange, config_, partner, message.service, std::move(message.body), suite_);
  if (status.has_error()) return done(status.error());
  note(exchange);
  Accepted accepted;
  accepted.exchange = exchange.id;
  accepted.held = exchange.held();
  done(std::move(accepted));
}

void RehearsalIntake::note(const Exchange& exchange) {
  const std::lock_guard lock(mutex_);
  for (const NewTask& task : exchange.tasks) counts_.held[std::string(name_of(task.queue))] += 1;
  for (const Fault& fault : exchange.findings) {
    RehearsalCounts::Finding& found = counts_.findings[{std::string(fault.code->id), fault.path}];
    found.messages += 1;
    found.field_zh = fault.field_zh;
    found.grade = fault.grade;
    found.code = fault.code;
  }
}

RehearsalCounts RehearsalIntake::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace tongqu::app
