#pragma once
// Deliveries of one channel, without I/O: which are with the line, which wait, which are decided. A delivery tag is
// acknowledged after the line's answer and not before; what the broker gave to a connection that is gone, it gives
// again.
#include <cstdint>
#include <deque>
#include <optional>

#include "connectors/support/backoff.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::amqp {

enum class Answer : std::uint8_t {
  kTaken,       // stored
  kTurnedBack,  // will never do: a poison message
  kLater,       // the line is busy
};

enum class ActionKind : std::uint8_t {
  kAck,
  kReject,    // without requeue: the queue's dead-letter exchange takes it
  kGiveBack,  // with requeue
};
// What to tell the broker. `multiple`: everything up to the tag.
struct Action {
  ActionKind kind = ActionKind::kAck;
  std::uint64_t tag = 0;
  bool multiple = false;
};

struct LedgerLimits {
  bool in_order = true;      // one after another; else as many as are held
  std::size_t held = 16;     // deliveries at a time; the prefetch of the channel
  bool dead_letter = false;  // the queue has a dead-letter exchange
  BackoffLimits wait;        // before a delivery is offered again
  // A delivery that the line did not take for this long goes back to the broker, which ends channels with deliveries
  // that are open for too long.
  std::int64_t hold_ms = 600'000;
};

// Not thread-safe.
class DeliveryLedger {
 public:
  explicit DeliveryLedger(LedgerLimits limits) : limits_(limits) {}

  // False when the broker gives a tag out of order or more than the prefetch: the connection has to go.
  [[nodiscard]] bool arrived(std::uint64_t tag, InboundMessage message, std::int64_t now_ms);
  // Decided without the line: too large, unknown encoding.
  [[nodiscard]] Action refuse(std::uint64_t tag) const;

  struct Offer {
    std::uint64_t generation = 0;
    std::uint64_t tag = 0;
    InboundMessage message;  // a copy; the ledger keeps its own until it is decided
  };
  // The next delivery for the line, now with it; empty when there is none at this moment.
  [[nodiscard]] std::optional<Offer> next(std::int64_t now_ms);
  // The line's answer to an offer. Empty when there is nothing to tell: the delivery waits, or its channel is gone.
  [[nodiscard]] std::optional<Action> answered(std::uint64_t generation, std::uint64_t tag, Answer answer,
                                               std::int64_t now_ms);

  // The channel is gone; all tags are void.
  void lost();
  // When next() may give something without a further event; -1 = it will not.
  [[nodiscard]] std::int64_t next_due_ms() const;
  [[nodiscard]] std::size_t held() const { return held_.size(); }
  [[nodiscard]] std::size_t with_the_line() const;

 private:
  struct Delivery {
    std::uint64_t tag = 0;
    InboundMessage message;
    std::int64_t arrived_ms = 0;
    std::int64_t due_ms = 0;
    Backoff backoff;
    bool with_the_line = false;
  };
  [[nodiscard]] std::optional<Action> later(std::deque<Delivery>::iterator at, std::int64_t now_ms);

  LedgerLimits limits_;
  std::uint64_t generation_ = 1;
  std::uint64_t last_tag_ = 0;
  std::deque<Delivery> held_;  // in the order of the queue
};

}  // namespace tongqu::amqp
