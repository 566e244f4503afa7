// Step "admit". Takes: an authenticated message. Gives: partner, service, exchange id.
// May turn back with: admit.partner, admit.service, admit.rate, admit.idempotency-key.
#include <algorithm>

#include "gateway/pipeline/pipeline_codes.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu {

bool RateLimiter::take(const PartnerPlan& partner, std::int64_t steady_ms, std::int64_t& retry_after_ms) {
  if (partner.rate_per_second == 0) return true;
  const std::lock_guard lock(mutex_);
  Bucket& bucket = buckets_[partner.id.str()];
  const double capacity = std::max(partner.burst, 1U);
  const double rate_per_ms = partner.rate_per_second / 1000.0;
  if (!bucket.started) bucket = {capacity, steady_ms, true};
  bucket.tokens = std::min(capacity, bucket.tokens + static_cast<double>(steady_ms - bucket.filled_ms) * rate_per_ms);
  bucket.filled_ms = steady_ms;
  if (bucket.tokens < 1) {
    retry_after_ms = static_cast<std::int64_t>((1 - bucket.tokens) / rate_per_ms) + 1;
    return false;
  }
  bucket.tokens -= 1;
  return true;
}

namespace steps {

Status admit(Exchange& exchange, RateLimiter& limiter, const Clock& clock) {
  exchange.partner = exchange.plan->partner(exchange.in.identity.partner);
  if (exchange.partner == nullptr) return make_error(codes::kPartnerUnknown);
  exchange.service = exchange.plan->inbound(exchange.partner->id, exchange.in.service);
  // The name came from outside: it is echoed only when it names a service that exists.
  if (exchange.service == nullptr) {
    const bool known = exchange.plan->canonical.contains(exchange.in.service.str());
    return make_error(codes::kServiceNotPermitted, known ? exchange.in.service.str() : "?");
  }
  std::int64_t retry_after_ms = 0;
  if (!limiter.take(*exchange.partner, clock.steady_ms(), retry_after_ms)) {
    return make_error(codes::kRateExceeded, std::to_string(exchange.partner->rate_per_second));
  }
  const std::string& key = exchange.in.idempotency_key;
  const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (key.size() > kMaxIdempotencyKeyBytes || !visible) {
    return make_error(codes::kIdempotencyKey, std::to_string(kMaxIdempotencyKeyBytes));
  }
  exchange.id = make_exchange_id(exchange.in.received_at.ms);
  return {};
}

}  // namespace steps
}  // namespace tongqu
