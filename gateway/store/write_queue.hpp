#pragma once
// What waits for the writer, bounded in items and bytes. Thread-safe.
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "gateway/store/batch.hpp"

namespace tongqu::sql {

class WriteQueue {
 public:
  // Exchanges are refused above the limits; settlements, acts and appends, which free what exchanges hold, above twice
  // the limits.
  WriteQueue(std::size_t max_items, std::size_t max_bytes) : max_items_(max_items), max_bytes_(max_bytes) {}

  // False: not taken, `item` is untouched.
  [[nodiscard]] bool put(Item& item, std::size_t bytes, bool is_exchange);
  // Waits until there is something, the queue is stopped, or `timeout_ms` is over (0 = no time limit). Gives at most
  // `max_items`; none after a timeout, or when stopped and empty.
  [[nodiscard]] std::vector<Item> take(std::size_t max_items, std::int64_t timeout_ms);
  // Waits for `timeout_ms`, or until the queue is stopped. True = stopped.
  [[nodiscard]] bool pause(std::int64_t timeout_ms);
  void stop();
  [[nodiscard]] bool stopped() const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Waiting {
    Item item;
    std::size_t bytes = 0;
  };
  const std::size_t max_items_;
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> items_;
  std::size_t bytes_ = 0;
  bool stopped_ = false;
};

// Memory that an item holds while it waits, near enough for a limit.
[[nodiscard]] std::size_t size_bytes(const NewExchange& exchange);
[[nodiscard]] std::size_t size_bytes(const OperatorAct& act);

}  // namespace tongqu::sql
