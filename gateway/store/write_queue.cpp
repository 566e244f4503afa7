#include "gateway/store/write_queue.hpp"

#include <algorithm>
#include <chrono>

namespace tongqu::sql {

bool WriteQueue::put(Item& item, std::size_t bytes, bool is_exchange) {
  const std::lock_guard lock(mutex_);
  const std::size_t share = is_exchange ? 1 : 2;
  if (stopped_ || items_.size() >= share * max_items_ || bytes_ + bytes > share * max_bytes_) return false;
  items_.push_back({std::move(item), bytes});
  bytes_ += bytes;
  if (items_.size() == 1) changed_.notify_one();
  return true;
}

std::vector<Item> WriteQueue::take(std::size_t max_items, std::int64_t timeout_ms) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return !items_.empty() || stopped_; };
  if (timeout_ms > 0) {
    changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), ready);
  } else {
    changed_.wait(lock, ready);
  }
  std::vector<Item> taken;
  taken.reserve(std::min(max_items, items_.size()));
  while (taken.size() < max_items && !items_.empty()) {
    bytes_ -= items_.front().bytes;
    taken.push_back(std::move(items_.front().item));
    items_.pop_front();
  }
  return taken;
}

bool WriteQueue::pause(std::int64_t timeout_ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return stopped_; });
}

void WriteQueue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool WriteQueue::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::size_t WriteQueue::size() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

namespace {
constexpr std::size_t kRowBytes = 512;  // ids, counters, allocator

std::size_t size_bytes(const std::vector<NewOutbox>& rows) {
  std::size_t bytes = 0;
  for (const NewOutbox& row : rows) bytes += kRowBytes + row.sealed.size() + row.ledger.size();
  return bytes;
}
}  // namespace

std::size_t size_bytes(const NewExchange& exchange) {
  return 2 * kRowBytes + exchange.wrapped_key.size() + exchange.sealed_original.size() + exchange.sealed_record.size() +
         exchange.findings.size() + exchange.entry.entry.size() + size_bytes(exchange.outbox);
}

std::size_t size_bytes(const OperatorAct& act) {
  return kRowBytes + act.reason.size() + act.sealed_record.size() + act.findings.size() + act.entry.entry.size() +
         size_bytes(act.outbox);
}

}  // namespace tongqu::sql
