#pragma once
// What configuration says about asking one registry.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "gateway/core/connector.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/delivery/circuit_breaker.hpp"
#include "gateway/delivery/delivery_window.hpp"

namespace tongqu {

struct QueryLaneOptions {
  PartnerId partner;
  std::shared_ptr<QueryConnector> connector;  // second owners: calls under way when the lane gets another one
  std::int64_t timeout_ms = 10'000;           // of one call; 1 … 1 h
  std::size_t max_calls = 256;                // at the same time, whether under way or waiting for their audit entry
  BreakerOptions breaker;
  DeliveryWindow window;
};

// Bounds of all queries together.
struct QueryLimits {
  std::size_t max_waiting = 20'000;  // askers at the same time
  std::size_t cache_max_entries = 100'000;
  std::size_t cache_max_bytes = 64U << 20U;
};

// State of a registry for people and metrics.
struct QueryLaneSnapshot {
  PartnerId partner;
  BreakerState breaker = BreakerState::kClosed;
  std::size_t calls = 0;
  std::size_t waiting = 0;         // askers of those calls
  std::uint64_t asked = 0;         // calls that left
  std::uint64_t answered = 0;      // of those: answers and "no such record"
  std::uint64_t failed = 0;        // of those: everything else
  std::int64_t answer_ms_sum = 0;  // over `answered`, from leaving to the answer
  const ErrorCode* last_code = nullptr;
};

}  // namespace tongqu
