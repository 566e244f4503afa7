#pragma once
// What other threads tell the dispatcher's thread: outcomes, settled rows, commit hints, orders. Shared with every
// callback that is under way, so that a callback which comes after the dispatcher's end finds a closed mailbox.
// Thread-safe. Bounded: one outcome and one settled event per message in flight, one hint per partner.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gateway/core/connector.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

struct DeliveryEvent {
  PartnerId partner;
  std::uint64_t serial = 0;  // of the attempt
  std::int64_t at_steady_ms = 0;
  DeliveryOutcome outcome;           // when `settled` is false
  bool settled = false;              // the store answered
  const ErrorCode* error = nullptr;  // the store's, null = committed
};

class Mailbox {
 public:
  using Order = std::function<void()>;  // runs on the dispatcher's thread, at the start of a step
  struct Mail {
    std::vector<Order> orders;  // in the order of their coming
    std::vector<DeliveryEvent> events;
    std::set<PartnerId> hints;
  };

  void event(DeliveryEvent event);
  void hint(const PartnerId& partner);
  void order(Order order);
  // Everything that came since the last call.
  [[nodiscard]] Mail take();
  // Something came since the last take().
  [[nodiscard]] bool pending();
  // Returns when something is there, after close(), or after `wait_ms`.
  void wait(std::int64_t wait_ms);
  // Drops what is there and what comes.
  void close();

 private:
  template <class Put>
  void put(const Put& put);

  std::mutex mutex_;
  std::condition_variable arrived_;
  Mail mail_;
  bool any_ = false;
  bool closed_ = false;
};

}  // namespace tongqu
