#include "gateway/delivery/lane_options.hpp"

#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {

Status check(const LaneOptions& options) {
  const auto wrong = [](const char* name) { return make_error(codes::kDeliveryLane, name); };
  if (options.partner.empty()) return wrong("partner");
  if (!options.pull && options.connector == nullptr) return wrong("connector");
  if (options.max_in_flight < 1 || options.max_in_flight > 4096) return wrong("max_in_flight");
  if (options.max_settling < 1 || options.max_settling > 4096) return wrong("max_settling");
  if (options.max_in_flight_bytes < 1) return wrong("max_in_flight_bytes");
  if (options.page_rows < 1 || options.page_rows > 1000) return wrong("page_rows");
  if (options.page_bytes < 1) return wrong("page_bytes");
  if (options.timeout_ms < 1 || options.timeout_ms > 3'600'000) return wrong("timeout_ms");
  if (options.no_answer.max_repeats < 0) return wrong("no_answer.max_repeats");
  if (auto retry = check(options.retry); retry.has_error()) return retry;
  return check(options.breaker);
}

}  // namespace tongqu
