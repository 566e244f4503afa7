#pragma once
// Calls back when something took too long: client libraries of databases wait for their server without end.
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace tongqu::database {

// One thread. Thread-safe; outlives everything that arms it.
class DeadlineWatch {
 public:
  using Ticket = std::uint64_t;  // 0 = none
  DeadlineWatch();
  ~DeadlineWatch();  // armed callbacks are dropped; may run on the watch itself
  DeadlineWatch(const DeadlineWatch&) = delete;
  DeadlineWatch& operator=(const DeadlineWatch&) = delete;

  // `late` runs on the watch's thread after `ms`, unless disarmed before. It must be short.
  [[nodiscard]] Ticket arm(std::int64_t ms, std::function<void()> late);
  // After this `late` is not running and will not run; true when it never ran.
  bool disarm(Ticket ticket);

 private:
  struct State;
  static void run(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;  // shared with the thread, which may be the one that lets go of the watch
  std::thread thread_;
};

}  // namespace tongqu::database
