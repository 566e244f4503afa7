#include "gateway/delivery/query_cache.hpp"

namespace tongqu {

std::size_t QueryCache::cost(const Entry& entry) {
  std::size_t bytes = QueryCacheLimits::kEntryBytes + entry.answer->sealed.size();
  for (const auto& [audience, view] : entry.views) bytes += audience.size() + view->size_bytes();
  return bytes;
}

std::shared_ptr<const CachedAnswer> QueryCache::find(const std::string& key, std::int64_t now_ms, bool stale) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  const Place place = found->second;
  const auto answer = place->answer;
  if (now_ms >= answer->fresh_until_ms && now_ms >= answer->stale_until_ms) {
    erase(place);
    return nullptr;
  }
  if (now_ms >= (stale ? answer->stale_until_ms : answer->fresh_until_ms)) return nullptr;
  entries_.splice(entries_.begin(), entries_, place);
  return answer;
}

void QueryCache::put(const std::string& key, CachedAnswer answer, std::int64_t now_ms) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) erase(found->second);
  if (now_ms >= answer.fresh_until_ms && now_ms >= answer.stale_until_ms) return;
  Entry entry{key, std::make_shared<const CachedAnswer>(std::move(answer)), {}};
  if (cost(entry) > limits_.max_bytes) return;  // it would push out all others before it goes itself
  entries_.push_front(std::move(entry));
  by_key_.emplace(key, entries_.begin());
  bytes_ += cost(entries_.front());
  shrink();
}

std::shared_ptr<const KeptView> QueryCache::view(const std::string& key, const CachedAnswer& answer,
                                                 const std::string& audience) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->answer.get() != &answer) return nullptr;
  for (const auto& [who, view] : found->second->views) {
    if (who == audience) return view;
  }
  return nullptr;
}

void QueryCache::put_view(const std::string& key, const CachedAnswer& answer, const std::string& audience,
                          KeptView view) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->answer.get() != &answer) return;
  Entry& entry = *found->second;
  if (entry.views.size() >= QueryCacheLimits::kMaxViews || this->view(key, answer, audience) != nullptr) return;
  bytes_ -= cost(entry);
  entry.views.emplace_back(audience, std::make_shared<const KeptView>(std::move(view)));
  bytes_ += cost(entry);
  shrink();
}

void QueryCache::configure(QueryCacheLimits limits) {
  limits_ = limits;
  shrink();
}

void QueryCache::shrink() {
  while (!entries_.empty() && (by_key_.size() > limits_.max_entries || bytes_ > limits_.max_bytes)) {
    erase(std::prev(entries_.end()));
  }
}

void QueryCache::erase(Place place) {
  bytes_ -= cost(*place);
  by_key_.erase(place->key);
  entries_.erase(place);
}

}  // namespace tongqu
