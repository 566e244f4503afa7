#pragma once
// What other threads tell a connector's own thread, which waits for it and for its socket at once.
#include <mutex>
#include <utility>
#include <vector>

#include "connectors/support/wake_up.hpp"

namespace tongqu {

// Thread-safe. Bounded by who fills it: each entry answers something that the connector handed out. Callbacks share it
// with the connector, for they may come after it is gone.
template <class T>
class Mailbox {
 public:
  using One = T;
  void add(T one) {
    {
      const std::lock_guard lock(mutex_);
      all_.push_back(std::move(one));
    }
    wake.ring();
  }
  // All that came, in order.
  [[nodiscard]] std::vector<T> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(all_, {});
  }
  WakeUp wake;

 private:
  std::mutex mutex_;
  std::vector<T> all_;
};

}  // namespace tongqu
