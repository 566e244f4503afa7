#pragma once
// The dispatcher's thread around DispatchLoop. It sleeps until a commit hint, an outcome, a settled row, an order, or
// the next time at which something comes due.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/delivery/dispatch_loop.hpp"

namespace tongqu {

// Thread-safe, apart from construction and destruction.
class Dispatcher {
 public:
  // Starts the thread. References outlive the dispatcher, and every callback that connectors and store still hold when
  // stop() returned (those find the mailbox closed and use the clock only). Empty `random` = seeded by the system.
  // Errors: what Store::paused_partners says; delivery.lane.
  [[nodiscard]] static Result<std::unique_ptr<Dispatcher>> create(Store& store, const Sealer& sealer,
                                                                  const Clock& clock, std::vector<LaneOptions> lanes,
                                                                  RandomSource random = {});
  ~Dispatcher();  // as stop(0)

  [[nodiscard]] Status configure(std::vector<LaneOptions> lanes) { return loop_.configure(std::move(lanes)); }
  void notify(const PartnerId& recipient) { loop_.notify(recipient); }
  void pause(const PartnerId& partner) { loop_.pause(partner); }
  void resume(const PartnerId& partner) { loop_.resume(partner); }
  [[nodiscard]] std::vector<LaneSnapshot> snapshot() const { return loop_.snapshot(); }

  // No new deliveries; waits until what is in flight was settled, at most `grace_ms` (a read of the store that is
  // running ends first), then ends the thread. True: everything was settled. What was not stays queued and is sent
  // again after the next start. Idempotent; stop the dispatcher before connectors and store.
  bool stop(std::int64_t grace_ms);

 private:
  Dispatcher(Store& store, const Sealer& sealer, const Clock& clock, RandomSource random);
  void run();

  DispatchLoop loop_;
  std::mutex stop_mutex_;  // one stop() at a time
  std::mutex mutex_;
  std::condition_variable changed_;
  bool abandon_ = false;  // the grace is over
  bool finished_ = false;
  bool settled_ = false;
  std::thread thread_;
};

}  // namespace tongqu
