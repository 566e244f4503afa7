#pragma once
// What configuration says about sending to one partner.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "gateway/core/connector.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/delivery/circuit_breaker.hpp"
#include "gateway/delivery/delivery_window.hpp"
#include "gateway/delivery/retry_policy.hpp"

namespace tongqu {

// What to do when a message was sent and no answer came. "No answer" is a state of its own, not a failure.
struct NoAnswerPolicy {
  // The message is repeated, as it carries an id by which the partner de-duplicates, while not more than so many
  // attempts were made; the next attempt without answer makes the state no-answer. Counted over all attempts of the
  // row, so that it holds after a restart too. 0 = never repeated.
  std::int32_t max_repeats = 3;
};

struct LaneOptions {
  PartnerId partner;
  // Shared with the attempts that are in flight when the lane gets another connector. Null only with `pull`.
  std::shared_ptr<OutboundConnector> connector;
  std::size_t max_in_flight = 16;                // attempts; 1 … 4096
  std::size_t max_settling = 512;                // results that the store has not committed yet; 1 … 4096
  std::size_t max_in_flight_bytes = 64U << 20U;  // sealed bodies; one message may always go; ≥ 1
  std::size_t page_rows = 256;                   // rows read at once; 1 … 1000
  std::size_t page_bytes = 16U << 20U;           // sealed bodies kept of a page; the first row always; ≥ 1
  std::int64_t timeout_ms = 30'000;              // of one attempt; 1 … 1 h
  RetryOptions retry;
  BreakerOptions breaker;
  DeliveryWindow window;
  NoAnswerPolicy no_answer;
  bool pull =
      false;        // fetched (PullInboxService) or taken by a person (TranscriptDesk): nothing is sent, deadlines kept
  ConfigId config;  // for the audit entries; empty = not named there
};

// delivery.lane with the name of the first member outside its range.
[[nodiscard]] Status check(const LaneOptions& options);

}  // namespace tongqu
