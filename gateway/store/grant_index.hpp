#pragma once
// The grants in force, in memory: what every view asks. Bounded by the number of grants that may be open.
#include <atomic>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/core/grants.hpp"

namespace tongqu::sql {

// Thread-safe.
class GrantIndex final : public GrantBook {
 public:
  // Replaces all of it.
  void put(std::vector<GrantRow> in_force);
  [[nodiscard]] std::vector<GrantInForce> in_force(const GrantQuestion& message, Instant now) const override;

 private:
  std::atomic<bool> any_{false};
  mutable std::shared_mutex mutex_;
  std::unordered_multimap<std::string, GrantRow> rows_;  // by exchange, or by sender and matter
};

}  // namespace tongqu::sql
