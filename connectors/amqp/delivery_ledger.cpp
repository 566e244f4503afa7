#include "connectors/amqp/delivery_ledger.hpp"

#include <algorithm>

namespace tongqu::amqp {

bool DeliveryLedger::arrived(std::uint64_t tag, InboundMessage message, std::int64_t now_ms) {
  if (tag <= last_tag_ || held_.size() >= limits_.held) return false;
  last_tag_ = tag;
  held_.push_back({tag, std::move(message), now_ms, now_ms, Backoff(limits_.wait), false});
  return true;
}

Action DeliveryLedger::refuse(std::uint64_t tag) const {
  return {limits_.dead_letter ? ActionKind::kReject : ActionKind::kAck, tag, false};
}

std::optional<DeliveryLedger::Offer> DeliveryLedger::next(std::int64_t now_ms) {
  for (Delivery& delivery : held_) {
    if (!delivery.with_the_line && delivery.due_ms <= now_ms) {
      delivery.with_the_line = true;
      return Offer{generation_, delivery.tag, delivery.message};
    }
    // In order the first one decides: nothing passes it.
    if (limits_.in_order) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Action> DeliveryLedger::answered(std::uint64_t generation, std::uint64_t tag, Answer answer,
                                               std::int64_t now_ms) {
  if (generation != generation_) return std::nullopt;
  const auto at =
      std::find_if(held_.begin(), held_.end(), [tag](const Delivery& delivery) { return delivery.tag == tag; });
  if (at == held_.end() || !at->with_the_line) return std::nullopt;
  if (answer == Answer::kLater) return later(at, now_ms);
  held_.erase(at);
  if (answer == Answer::kTurnedBack) return refuse(tag);
  return Action{ActionKind::kAck, tag, false};
}

std::optional<Action> DeliveryLedger::later(std::deque<Delivery>::iterator at, std::int64_t now_ms) {
  at->with_the_line = false;
  at->due_ms = now_ms + at->backoff.next_ms();
  if (now_ms - at->arrived_ms < limits_.hold_ms) return std::nullopt;
  if (!limits_.in_order) {
    const std::uint64_t tag = at->tag;
    held_.erase(at);
    return Action{ActionKind::kGiveBack, tag, false};
  }
  // What follows goes back too: given back alone, the first would come again behind the others.
  held_.clear();
  return Action{ActionKind::kGiveBack, last_tag_, true};
}

void DeliveryLedger::lost() {
  held_.clear();
  last_tag_ = 0;
  ++generation_;
}

std::int64_t DeliveryLedger::next_due_ms() const {
  std::int64_t due = -1;
  for (const Delivery& delivery : held_) {
    if (!delivery.with_the_line && (due < 0 || delivery.due_ms < due)) due = delivery.due_ms;
    if (limits_.in_order) break;
  }
  return due;
}

std::size_t DeliveryLedger::with_the_line() const {
  return static_cast<std::size_t>(
      std::count_if(held_.begin(), held_.end(), [](const Delivery& delivery) { return delivery.with_the_line; }));
}

}  // namespace tongqu::amqp
