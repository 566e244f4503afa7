#pragma once
// The one value that everybody uses now, for example the compiled plan of the active configuration.
#include <memory>
#include <mutex>
#include <utility>

namespace tongqu {

// Readers take the current value and keep it as long as they work with it; a swap affects only those who come later.
// Thread-safe. A mutex around one pointer copy: std::atomic<std::shared_ptr> of the compiler's library spins on a lock
// of its own, and tsan cannot see through it.
template <class T>
class Active {
 public:
  explicit Active(std::shared_ptr<const T> value) : value_(std::move(value)) {}
  Active(const Active&) = delete;
  Active& operator=(const Active&) = delete;

  // The second owner is the reader, for as long as its work is in flight.
  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  // Puts `next` in place and gives what was there; the last of its readers frees it.
  std::shared_ptr<const T> swap(std::shared_ptr<const T> next) {
    const std::lock_guard lock(mutex_);
    value_.swap(next);
    return next;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace tongqu
