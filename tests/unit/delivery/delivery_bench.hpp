#pragma once
// A dispatcher with fake neighbours, driven step by step.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/delivery/dispatch_loop.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu::test {

// Seals by writing the context in front of the text.
class FakeSealer final : public Sealer {
 public:
  Result<SealKey> make_key(const ExchangeId& exchange) const override { return SealKey{exchange, "key", "key"}; }
  Result<SealKey> unwrap(const ExchangeId& exchange, std::string_view wrapped) const override {
    if (unavailable > 0) {
      --unavailable;
      return make_error(codes::kUnavailable);
    }
    return SealKey{exchange, Bytes(wrapped), "key"};
  }
  Result<Bytes> seal(const SealKey&, std::string_view context, std::string_view plain) const override {
    return Bytes(context) + '\n' + Bytes(plain);
  }
  Result<Bytes> open(const SealKey&, std::string_view context, std::string_view sealed) const override {
    static const ErrorCode kCorrupt{"test.corrupt", ErrorKind::kCorrupt, "", ""};
    if (!sealed.starts_with(std::string(context) + '\n')) return make_error(kCorrupt);
    return Bytes(sealed.substr(context.size() + 1));
  }
  mutable int unavailable = 0;
};

// Answers at once as `script` says; without an answer from it, the attempt stays open until answer(). Thread-safe.
class FakeConnector final : public OutboundConnector {
 public:
  using Script = std::function<std::optional<DeliveryOutcome>(const OutboundMessage&)>;
  explicit FakeConnector(Script script) : script_(std::move(script)) {}

  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override {
    std::optional<DeliveryOutcome> outcome;
    {
      const std::lock_guard lock(mutex_);
      last_timeout_ms = timeout_ms;
      outcome = script_(message);
      sent_.push_back(std::move(message));
      if (!outcome) open_.push_back(done);
    }
    if (outcome) done(*outcome);
  }
  [[nodiscard]] std::vector<OutboundMessage> sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
  }
  [[nodiscard]] std::size_t open() const {
    const std::lock_guard lock(mutex_);
    return open_.size();
  }
  // Answers all open attempts.
  void answer(const DeliveryOutcome& outcome) {
    std::vector<Done> open;
    {
      const std::lock_guard lock(mutex_);
      open.swap(open_);
    }
    for (const Done& done : open) done(outcome);
  }
  void set_script(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
  }
  std::int64_t last_timeout_ms = 0;

 private:
  mutable std::mutex mutex_;
  Script script_;
  std::vector<OutboundMessage> sent_;
  std::vector<Done> open_;
};

inline const ErrorCode kRefusedCode{"test.refused", ErrorKind::kInvalid, "", ""};
inline const ErrorCode kBusyCode{"test.busy", ErrorKind::kUnavailable, "", ""};

inline DeliveryOutcome delivered() { return {DeliveryVerdict::kDelivered, 200, nullptr, 0, "d1", {}}; }
inline DeliveryOutcome retry(std::int64_t retry_after_ms = 0) {
  return {DeliveryVerdict::kRetry, 503, &kBusyCode, retry_after_ms, {}, {}};
}
inline DeliveryOutcome refused() { return {DeliveryVerdict::kRefused, 422, &kRefusedCode, 0, {}, {}}; }
inline DeliveryOutcome no_answer() { return {DeliveryVerdict::kNoAnswer, 0, nullptr, 0, {}, {}}; }

inline DeliveryOutcome pending(std::int64_t ask_ms) { return {DeliveryVerdict::kPending, 0, nullptr, ask_ms, {}}; }

inline FakeConnector::Script always(const DeliveryOutcome& outcome) {
  return [outcome](const OutboundMessage&) { return outcome; };
}
inline FakeConnector::Script never() {
  return [](const OutboundMessage&) { return std::nullopt; };
}

inline std::string message_id(int n, const std::string& partner = "p") {
  return "E" + std::to_string(n) + "-" + partner;
}

inline OutboxRow outbox_row(int n, const std::string& matter, const std::string& partner = "p") {
  OutboxRow row;
  row.message_id = message_id(n, partner);
  row.exchange = ExchangeId("E" + std::to_string(n));
  row.recipient = PartnerId(partner);
  row.sender = PartnerId("city");
  row.service = ServiceId("workorder.result");
  row.order_key = partner + "|" + matter;
  row.created_ms = ManualClock().now().ms;
  row.content_type = "application/json";
  row.ledger = "{}";
  row.sealed = "out/" + row.message_id + "\nbody " + std::to_string(n);
  row.wrapped_key = "wrapped";
  return row;
}

inline LaneOptions lane_options(std::shared_ptr<OutboundConnector> connector, const std::string& partner = "p") {
  LaneOptions options;
  options.partner = PartnerId(partner);
  options.connector = std::move(connector);
  options.retry = {1'000, 2.0, 60'000, 0, 0};
  options.breaker.failures = 0;
  options.config = ConfigId("c0ffee");
  return options;
}

// The loop with its neighbours.
struct Bench {
  ManualClock clock;
  FakeStore store;
  FakeSealer sealer;
  std::unique_ptr<DispatchLoop> loop;

  Bench() { restart(); }
  // A new dispatcher on the same store.
  void restart() {
    loop = std::make_unique<DispatchLoop>(store, sealer, clock, [] { return 0.5; });
    EXPECT_TRUE(loop->start().has_value());
  }
  void configure(std::vector<LaneOptions> lanes) { ASSERT_TRUE(loop->configure(std::move(lanes)).has_value()); }

  // Steps until the loop says that it has nothing to do now; the wait it asks for. Every step that asks to be called
  // again at once must be worth it: their number is limited.
  std::int64_t settle_down(int max_steps = 100'000) {
    for (int i = 0; i < max_steps; ++i) {
      const std::int64_t wait_ms = loop->step();
      if (wait_ms > 0 && !loop->mailbox()->pending()) return wait_ms;
    }
    ADD_FAILURE() << "the loop does not come to rest";
    return 0;
  }
  // Lets `ms` pass, waking the loop when it asks for it. Number of steps.
  int pass(std::int64_t ms) {
    int steps = 0;
    std::int64_t left = ms;
    for (;;) {
      const std::int64_t wait_ms = settle_down();
      ++steps;
      if (wait_ms > left) break;
      clock.advance(wait_ms);
      left -= wait_ms;
    }
    clock.advance(left);
    return steps;
  }
  void hint(const std::string& partner = "p") { loop->notify(PartnerId(partner)); }
  [[nodiscard]] LaneSnapshot lane(const std::string& partner = "p") const {
    for (const LaneSnapshot& snapshot : loop->snapshot()) {
      if (snapshot.partner.str() == partner) return snapshot;
    }
    ADD_FAILURE() << "no such lane";
    return {};
  }
};

}  // namespace tongqu::test
