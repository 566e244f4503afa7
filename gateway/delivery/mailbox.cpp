#include "gateway/delivery/mailbox.hpp"

#include <chrono>
#include <utility>

namespace tongqu {

template <class Put>
void Mailbox::put(const Put& put) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    put();
    // The reader is already on its way when something lies here.
    if (std::exchange(any_, true)) return;
  }
  arrived_.notify_one();
}

void Mailbox::event(DeliveryEvent event) {
  put([&] { mail_.events.push_back(std::move(event)); });
}

void Mailbox::hint(const PartnerId& partner) {
  put([&] { mail_.hints.insert(partner); });
}

void Mailbox::order(Order order) {
  put([&] { mail_.orders.push_back(std::move(order)); });
}

Mailbox::Mail Mailbox::take() {
  const std::lock_guard lock(mutex_);
  any_ = false;
  return std::exchange(mail_, Mail{});
}

bool Mailbox::pending() {
  const std::lock_guard lock(mutex_);
  return any_;
}

void Mailbox::wait(std::int64_t wait_ms) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return any_ || closed_; });
}

void Mailbox::close() {
  Mail dropped;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped = std::exchange(mail_, Mail{});
  }
  arrived_.notify_all();
}

}  // namespace tongqu
