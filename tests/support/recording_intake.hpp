#pragma once
// A line that remembers: what took effect, in which order, and how often it was asked. Knows a key again, as the real
// one does. Thread-safe.
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/connector.hpp"

namespace tongqu::test {

class RecordingIntake final : public Intake {
 public:
  // Consulted before a message takes effect; an error is the line's answer, and nothing happens.
  using Script = std::function<std::optional<Error>(const InboundMessage&)>;
  explicit RecordingIntake(Script script = {}) : script_(std::move(script)) {}

  void accept(InboundMessage message, Done done) override {
    // The same key has the same exchange and the same receipt, as with the real line.
    Result<Accepted> answer =
        Accepted{ExchangeId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), "receipt of " + message.idempotency_key};
    {
      const std::lock_guard lock(mutex_);
      ++asked_;
      const auto refused = script_ ? script_(message) : std::nullopt;
      if (refused) {
        answer = *refused;
      } else if (const auto [at, fresh] = keys_.try_emplace(message.idempotency_key, message.body); fresh) {
        effects_.push_back(std::move(message));
      } else if (at->second != message.body) {
        ++conflicts_;
      }
      if (held_) {
        waiting_.emplace_back(std::move(done), std::move(answer));
        changed_.notify_all();
        return;
      }
    }
    changed_.notify_all();
    done(std::move(answer));
  }
  void turned_back(const std::string&, const std::string&, const Error& error) override {
    const std::lock_guard lock(mutex_);
    reported_.push_back(error.code);
    changed_.notify_all();
  }

  // Answers are kept back until release().
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    std::vector<std::pair<Done, Result<Accepted>>> all;
    {
      const std::lock_guard lock(mutex_);
      held_ = false;
      all.swap(waiting_);
    }
    for (auto& [done, answer] : all) done(std::move(answer));
  }
  void set_script(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
  }
  // Waits until `condition` holds, at most `seconds`; what it gave at the end.
  bool wait_for(const std::function<bool(const RecordingIntake&)>& condition, int seconds = 60) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(seconds), [&] { return condition(*this); });
  }
  bool wait_effects(std::size_t count, int seconds = 120) {
    return wait_for([count](const RecordingIntake& self) { return self.effects_.size() >= count; }, seconds);
  }
  // Without the lock: for conditions of wait_for, or when nothing runs any more.
  [[nodiscard]] const std::vector<InboundMessage>& effects_now() const { return effects_; }
  [[nodiscard]] std::size_t asked_now() const { return asked_; }
  [[nodiscard]] const std::vector<const ErrorCode*>& reported_now() const { return reported_; }

  [[nodiscard]] std::vector<InboundMessage> effects() const {
    const std::lock_guard lock(mutex_);
    return effects_;
  }
  [[nodiscard]] std::size_t asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  [[nodiscard]] std::size_t conflicts() const {
    const std::lock_guard lock(mutex_);
    return conflicts_;
  }
  [[nodiscard]] std::vector<const ErrorCode*> reported() const {
    const std::lock_guard lock(mutex_);
    return reported_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Script script_;
  bool held_ = false;
  std::vector<std::pair<Done, Result<Accepted>>> waiting_;
  std::map<std::string, std::string> keys_;
  std::vector<InboundMessage> effects_;
  std::vector<const ErrorCode*> reported_;
  std::size_t asked_ = 0;
  std::size_t conflicts_ = 0;
};

// The outcome of one delivery, waited for.
inline DeliveryOutcome deliver_and_wait(OutboundConnector& connector, OutboundMessage message,
                                        std::int64_t timeout_ms = 10'000) {
  // Second owner: the callback.
  struct Slot {
    std::mutex mutex;
    std::condition_variable came;
    std::optional<DeliveryOutcome> outcome;
  };
  const auto slot = std::make_shared<Slot>();
  connector.deliver(std::move(message), timeout_ms, [slot](DeliveryOutcome outcome) {
    const std::lock_guard lock(slot->mutex);
    slot->outcome = std::move(outcome);
    slot->came.notify_all();
  });
  std::unique_lock lock(slot->mutex);
  slot->came.wait_for(lock, std::chrono::seconds(120), [&] { return slot->outcome.has_value(); });
  return slot->outcome.value_or(DeliveryOutcome{});
}

}  // namespace tongqu::test
