#include "gateway/store/grant_index.hpp"

#include <mutex>

namespace tongqu::sql {
namespace {

std::string by_matter(const PartnerId& partner, const MatterNo& matter) { return partner.str() + '\n' + matter.str(); }

}  // namespace

void GrantIndex::put(std::vector<GrantRow> in_force) {
  std::unordered_multimap<std::string, GrantRow> rows;
  for (GrantRow& row : in_force) {
    std::string key = row.exchange.empty() ? by_matter(row.partner, row.matter) : row.exchange.str();
    rows.emplace(std::move(key), std::move(row));
  }
  const std::unique_lock lock(mutex_);
  rows_.swap(rows);
  any_.store(!rows_.empty(), std::memory_order_release);
}

std::vector<GrantInForce> GrantIndex::in_force(const GrantQuestion& message, Instant now) const {
  std::vector<GrantInForce> out;
  if (!any_.load(std::memory_order_acquire)) return out;
  const std::shared_lock lock(mutex_);
  const auto take = [&](const std::string& key) {
    const auto [first, last] = rows_.equal_range(key);
    for (auto it = first; it != last; ++it) {
      const GrantRow& row = it->second;
      if (row.until_ms > now.ms && covers(row, message)) out.push_back({row.id, row.kind, row.labels});
    }
  };
  take(message.exchange.str());
  if (!message.matter.empty()) take(by_matter(message.partner, message.matter));
  return out;
}

}  // namespace tongqu::sql
