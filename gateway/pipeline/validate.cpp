// Step "validate". Takes: the received document. Gives: findings, all at once.
// May turn back with: validate.faults, only where the service is strict.
#include <algorithm>

#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {

Status validate(Exchange& exchange) {
  const bool sound = exchange.service->received->validate(exchange.received.root(), exchange.findings);
  if (sound) return {};
  if (exchange.service->strict) {
    Error error = make_error(codes::kMessageFaults, std::to_string(exchange.findings.size()));
    error.faults = std::move(exchange.findings);
    return error;
  }
  exchange.hold(TaskQueue::kComplete, std::string(codes::kMessageFaults.id));
  return {};
}

}  // namespace tongqu::steps
