#pragma once
// Answers of registries, kept for a while: sealed, bounded in entries and in bytes, the least recently used goes first.
// Keyed by a keyed hash, so that neither questions nor answers stand readable in memory. Times come in. Not
// thread-safe.
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/core/ids.hpp"
#include "gateway/core/shown_answer.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

struct QueryCacheLimits {
  std::size_t max_entries = 100'000;   // ≥ 1
  std::size_t max_bytes = 64U << 20U;  // sealed answers and what an entry costs itself
  static constexpr std::size_t kEntryBytes = 512;
  static constexpr std::size_t kMaxViews = 8;  // of one answer
};

struct CachedAnswer {
  Bytes sealed;  // canonical record, context = query_context(key)
  bool found = true;
  ExchangeId asked;
  std::int64_t answered_ms = 0;     // steady
  std::int64_t fresh_until_ms = 0;  // exclusive
  std::int64_t stale_until_ms = 0;  // exclusive
};

class QueryCache {
 public:
  explicit QueryCache(QueryCacheLimits limits) : limits_(limits) {}

  // The answer while it is fresh, or with `stale` while it may be shown as stale; null otherwise. What can serve
  // neither way any more goes.
  [[nodiscard]] std::shared_ptr<const CachedAnswer> find(const std::string& key, std::int64_t now_ms, bool stale);
  // Takes the place of an earlier answer. An answer that is larger than the whole cache, or that would never serve, is
  // not kept.
  void put(const std::string& key, CachedAnswer answer, std::int64_t now_ms);
  // What was made of `answer` for `audience`; null when it was not kept, or when another answer is under `key` now.
  [[nodiscard]] std::shared_ptr<const KeptView> view(const std::string& key, const CachedAnswer& answer,
                                                     const std::string& audience) const;
  // Kept beside its answer and counted with it; not at all when that is gone, or has enough views already.
  void put_view(const std::string& key, const CachedAnswer& answer, const std::string& audience, KeptView view);
  void configure(QueryCacheLimits limits);

  [[nodiscard]] std::size_t entries() const { return by_key_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const CachedAnswer> answer;  // second owners: askers that read it
    // By audience. Second owners: askers that read it.
    std::vector<std::pair<std::string, std::shared_ptr<const KeptView>>> views;
  };
  using Place = std::list<Entry>::iterator;
  void erase(Place place);
  void shrink();
  [[nodiscard]] static std::size_t cost(const Entry& entry);

  QueryCacheLimits limits_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, Place> by_key_;
  std::size_t bytes_ = 0;
};

}  // namespace tongqu
