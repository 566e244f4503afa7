// One message from the page to its commit.
#include <algorithm>

#include "gateway/delivery/delivery_codes.hpp"
#include "gateway/delivery/lane.hpp"
#include "gateway/delivery/settling.hpp"

namespace tongqu {
namespace {

// What is in flight needs the facts of a row, not its payload.
void drop_payload(OutboxRow& row) {
  Bytes().swap(row.sealed);
  Bytes().swap(row.wrapped_key);
  std::string().swap(row.ledger);
}

}  // namespace

void Lane::pump(const StepTime& now) {
  bool read = false;
  while (room(buffer_.empty() ? nullptr : &buffer_.front())) {
    if (!buffer_.empty()) {
      // A half-open breaker that has its probes waits for their outcome.
      if (!breaker_.ready(now.steady_ms) || !start_next(now)) return;
      continue;
    }
    if (!cursor_.wanted()) break;
    if (read) return wake_at(now.steady_ms);  // one page at a time: the other lanes have their turn first
    if (!read_page(now)) return;
    read = true;
  }
  ask_next_due(now);
}

bool Lane::room(const OutboxRow* next) const {
  if (sending_ >= options_->max_in_flight || in_flight_.size() - sending_ >= options_->max_settling) return false;
  if (next == nullptr || in_flight_bytes_ == 0) return true;
  return in_flight_bytes_ + next->sealed.size() <= options_->max_in_flight_bytes;
}

// Takes the first row of the page. False: it must wait, and so must the lane.
bool Lane::start_next(const StepTime& now) {
  OutboxRow& front = buffer_.front();
  if (keys_.busy(front.order_key)) {
    buffer_.pop_front();
    return true;
  }
  if (expired(front, now.wall)) {
    Settlement settlement = settle_expired(front, options_->config, now.wall);
    settle_without_attempt(std::move(front), std::move(settlement));
    buffer_.pop_front();
    return true;
  }
  auto body = open_payload(context_.sealer, front);
  if (body.has_error() && body.error().retryable()) {
    counts_.last_code = body.error().code->id;
    counts_.last_detail.clear();
    back_off(now);
    return false;
  }
  OutboxRow row = std::move(front);
  buffer_.pop_front();
  if (body.has_error()) {
    Settlement settlement = settle_unreadable(row, options_->config, now.wall);
    settle_without_attempt(std::move(row), std::move(settlement));
    return true;
  }
  if (!keys_.claim(row.order_key)) return true;
  const std::uint64_t serial = context_.next_serial++;
  InFlight& entry = in_flight_[serial];
  entry.options = options_;
  entry.ticket = breaker_.begin();
  entry.bytes = row.sealed.size();
  entry.started_steady_ms = now.steady_ms;
  entry.due_steady_ms = now.steady_ms + options_->timeout_ms + kSilentGraceMs;
  in_flight_bytes_ += entry.bytes;
  under_way_.insert(row.seq);
  ++sending_;
  attention_ms_ = std::min(attention_ms_, entry.due_steady_ms);
  wake_at(attention_ms_);
  deliver(serial, entry, std::move(row), std::move(*body));
  return true;
}

void Lane::deliver(std::uint64_t serial, InFlight& entry, OutboxRow row, Bytes body) {
  OutboundMessage message{row.message_id, row.service, std::move(body), row.content_type, row.attempts + 1};
  drop_payload(row);
  entry.row = std::move(row);
  entry.options->connector->deliver(
      std::move(message), entry.options->timeout_ms,
      [mailbox = context_.mailbox, &clock = context_.clock, partner = entry.options->partner,
       serial](DeliveryOutcome outcome) {
        mailbox->event({partner, serial, clock.steady_ms(), std::move(outcome), false, nullptr});
      });
}

void Lane::settle_without_attempt(OutboxRow row, Settlement settlement) {
  if (!keys_.claim(row.order_key)) return;
  const std::uint64_t serial = context_.next_serial++;
  InFlight& entry = in_flight_[serial];
  under_way_.insert(row.seq);
  drop_payload(row);
  entry.row = std::move(row);
  entry.options = options_;
  entry.settlement = std::move(settlement);
  hand_in(serial, entry);
}

void Lane::on_outcome(std::uint64_t serial, InFlight& entry, const DeliveryOutcome& outcome, std::int64_t at_steady_ms,
                      const StepTime& now) {
  --sending_;
  const bool pending = outcome.verdict == DeliveryVerdict::kPending;
  const bool alive =
      pending || outcome.verdict == DeliveryVerdict::kDelivered || outcome.verdict == DeliveryVerdict::kRefused;
  if (alive) {
    breaker_.succeeded(entry.ticket);
  } else {
    breaker_.failed(entry.ticket, now.steady_ms, std::min(outcome.retry_after_ms, entry.options->retry.max_ms));
  }
  entry.settlement = settle_attempt(entry.row, outcome, *entry.options, now.wall,
                                    at_steady_ms - entry.started_steady_ms, context_.random);
  if (outcome.verdict == DeliveryVerdict::kDelivered) {
    counts_.last_success_ms = now.wall.ms;
  } else if (!pending) {
    counts_.last_code = outcome.code != nullptr ? std::string(outcome.code->id) : entry.settlement.code;
    counts_.last_detail = outcome.detail;
  }
  hand_in(serial, entry);
}

// The settlement is kept until the store has committed it; handing it in again is harmless.
void Lane::hand_in(std::uint64_t serial, InFlight& entry) {
  entry.stage = Stage::kSettling;
  in_flight_bytes_ -= std::exchange(entry.bytes, 0);
  context_.store.settle(entry.settlement,
                        [mailbox = context_.mailbox, partner = entry.options->partner, serial](Status status) {
                          const ErrorCode* error = status.has_error() ? status.error().code : nullptr;
                          mailbox->event({partner, serial, 0, {}, true, error});
                        });
}

void Lane::on_settled(std::uint64_t serial, InFlight& entry, const ErrorCode* error, const StepTime& now) {
  if (error != nullptr && error->kind != ErrorKind::kNotFound) {
    const std::int64_t wait = std::min(kBackoffMaxMs, kBackoffFirstMs << std::min(entry.settle_failures, 10));
    ++entry.settle_failures;
    entry.stage = Stage::kSettleAgain;
    entry.due_steady_ms = now.steady_ms + wait;
    attention_ms_ = std::min(attention_ms_, entry.due_steady_ms);
    counts_.last_code = error->id;
    return;
  }
  // kNotFound: the row is gone, and nothing is left to write.
  if (error == nullptr) count(entry.settlement);
  keys_.release(entry.row.order_key);
  under_way_.erase(entry.row.seq);
  in_flight_.erase(serial);
}

void Lane::count(const Settlement& settlement) {
  switch (settlement.to) {
    case SettleTo::kDelivered:
      ++counts_.delivered;
      cursor_.touch();  // the next of its key is a head now
      return;
    case SettleTo::kRetry:
      ++counts_.retried;
      note_due(settlement.next_due_ms);
      return;
    case SettleTo::kNoAnswer: ++counts_.no_answer; return;
    case SettleTo::kDead: ++counts_.dead; return;
  }
}

}  // namespace tongqu
