#pragma once
// Askers who share calls: one call for equal questions at once, answers kept for a while, a breaker per registry,
// deadlines of askers apart from those of calls. Time comes from the clock and from tick(); the hub has no thread of
// its own (query_timer.hpp gives it one).
//
//   ask ── fresh in the cache ───────────────────────────────────────────► answer (cache)
//    ├── an equal question is under way ──► waits ─────────────┐
//    └── registry may be asked ──► lead (asked is committed) ──┴► call ──► answer (upstream, shared) and cache
//         │ no: stale if allowed, else fail                      └ fails: stale if allowed, else fail
//    deadline of an asker: stale if allowed, else fail; the call goes on and fills the cache
//
// What nobody waits for any more when *asked* is committed does not leave.
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/query.hpp"
#include "gateway/delivery/query_cache.hpp"
#include "gateway/delivery/query_lane.hpp"

namespace tongqu {

// Thread-safe. Stop it on a thread that no connector uses.
class QueryHub final : public SharedCalls {
 public:
  // `process_key` seals answers and hides questions; it dies with the process. References outlive the hub and whatever
  // its connectors still call back.
  QueryHub(QueryLimits limits, SealKey process_key, const Sealer& sealer, const Clock& clock);
  ~QueryHub() override;
  // Before the first question. `askers` outlives the hub. `earlier` is told when tick() is due earlier than it said.
  void attach(Askers& askers, std::function<void()> earlier);

  // The lanes of the active configuration; calls under way end on the connector that they began with, and a breaker
  // keeps its state as long as its partner remains. delivery.lane when a member is outside its range.
  [[nodiscard]] Status configure(std::vector<QueryLaneOptions> lanes, const QueryLimits& limits);
  void pause(const PartnerId& partner, bool paused);
  void ask(SharedQuestion question, std::int64_t deadline_steady_ms, Askers::Asker asker) override;
  // Hands back askers whose time is over and drops connectors that nobody uses; milliseconds until it is due again.
  std::int64_t tick();
  // Fails whoever waits and takes nothing further; returns when no connector calls back any more.
  void stop();

  [[nodiscard]] std::vector<QueryLaneSnapshot> snapshot() const;
  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::size_t cached() const;

 private:
  struct Lane;
  struct Waiter;
  struct Flight;
  class Handover;  // what is told to others once the lock is gone
  class KeptContent;
  using Serial = std::uint64_t;
  using Asking = std::vector<std::pair<Askers::Asker, AnswerOrigin>>;

  void on_led(Serial serial, Result<OutboundMessage> message);
  void on_outcome(Serial serial, const QueryOutcome& outcome);
  void finish(Serial serial, const QueryOutcome& outcome, Result<CanonicalAnswer> record, Bytes sealed);
  [[nodiscard]] static std::string key_of(const SharedQuestion& question);
  // With mutex_ held.
  [[nodiscard]] std::shared_ptr<Lane> lane_of(const PartnerId& recipient) const;
  [[nodiscard]] std::optional<Error> refusal(Lane* lane, const PartnerId& recipient) const;
  void begin(const std::string& key, SharedQuestion question, std::shared_ptr<Lane> lane, Waiter waiter, Handover& out);
  void join(Flight& flight, Waiter waiter, Handover& out);
  void keep(const Flight& flight, const CanonicalAnswer& record, Bytes sealed);
  void end(Flight& flight);
  void settle(Flight& flight, const Error& error, Handover& out);
  void without_leader(Flight& flight, const Error& error, Handover& out);

  const Sealer& sealer_;
  const Clock& clock_;
  const SealKey process_key_;
  Askers* askers_ = nullptr;
  std::function<void()> earlier_;
  mutable std::mutex mutex_;
  QueryLimits limits_;
  QueryCache cache_;
  bool stopped_ = false;
  Serial next_serial_ = 1;
  std::map<Serial, std::unique_ptr<Flight>> flights_;
  std::unordered_map<std::string, Serial> by_key_;
  std::set<std::tuple<std::int64_t, Serial, std::uint64_t>> deadlines_;  // when, flight, waiter
  std::int64_t told_ms_ = 0;                                             // when tick() said it is due
  std::map<PartnerId, std::shared_ptr<Lane>> lanes_;                     // second owners: flights
  std::vector<std::shared_ptr<Lane>> retired_;
  std::set<PartnerId> paused_;
};

}  // namespace tongqu
