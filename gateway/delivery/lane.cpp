#include "gateway/delivery/lane.hpp"

#include <algorithm>

#include "gateway/delivery/delivery_codes.hpp"

namespace tongqu {
namespace {
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::size_t kFirstPageRows = 16;  // until sizes are known, a page may hold so many of the largest bodies
}  // namespace

std::int64_t overdue_ms(const LaneSnapshot& lane, Instant now) {
  if (lane.paused || !lane.window_open || lane.oldest_queued_ms == 0) return 0;
  return std::max<std::int64_t>(0, now.ms - std::max(lane.oldest_queued_ms, lane.window_opened_ms));
}

Lane::Lane(LaneContext& context, std::shared_ptr<const LaneOptions> options, bool paused)
    : context_(context),
      options_(std::move(options)),
      breaker_(options_->breaker),
      largest_bytes_(options_->page_bytes / kFirstPageRows),
      paused_(paused) {}

std::int64_t Lane::serve(const StepTime& now, bool sending) {
  wake_ms_ = kNever;
  tend(now);
  if (!sending || retired_) {
    buffer_.clear();
    return wake_ms_;
  }
  if (now.steady_ms < not_before_ms_) {
    wake_at(not_before_ms_);
    return wake_ms_;
  }
  if (blocked(now)) {
    cursor_.touch();
    sweep(now);
    return wake_ms_;
  }
  check_timer(now);
  pump(now);
  // A quiet lane has seen everything that is due; only a backlog hides deadlines.
  if (cursor_.in_pass() && now.steady_ms >= not_before_ms_) sweep(now);
  return wake_ms_;
}

bool Lane::blocked(const StepTime& now) {
  if (options_->pull || paused_ || !window_open(now)) {
    buffer_.clear();
    return true;
  }
  if (breaker_.ready(now.steady_ms)) return false;
  if (breaker_.state() == BreakerState::kOpen) wake_at(breaker_.open_until_ms());
  return true;
}

bool Lane::window_open(const StepTime& now) {
  const DeliveryWindow& window = options_->window;
  if (window.always_open()) return true;
  if (now.wall < window_from_ || now.wall >= window_to_) {
    const auto opened = window.opened_at(now.wall);
    window_open_ = opened.has_value();
    window_from_ = opened ? *opened : now.wall;
    window_to_ =
        (opened ? window.closes_at(now.wall) : window.next_opening(now.wall)).value_or(Instant{now.wall.ms + kDayMs});
  }
  if (!window_open_) wake_at_wall(now, window_to_.ms);
  return window_open_;
}

// Connectors that broke their promise to answer, and results that the store could not write.
void Lane::tend(const StepTime& now) {
  if (now.steady_ms >= attention_ms_) {
    attention_ms_ = kNever;
    for (auto& [serial, entry] : in_flight_) {
      if (entry.stage == Stage::kSettling) continue;
      if (now.steady_ms < entry.due_steady_ms) {
        attention_ms_ = std::min(attention_ms_, entry.due_steady_ms);
      } else if (entry.stage == Stage::kSettleAgain) {
        hand_in(serial, entry);
      } else {
        const DeliveryOutcome silent{DeliveryVerdict::kNoAnswer, 0, &codes::kDeliverySilent, 0, {}, {}};
        on_outcome(serial, entry, silent, now.steady_ms, now);
      }
    }
  }
  wake_at(attention_ms_);
}

void Lane::check_timer(const StepTime& now) {
  if (!next_due_ms_) return;
  const std::int64_t due = std::max(now.steady_ms + (*next_due_ms_ - now.wall.ms), timer_read_ms_ + kTimerGapMs);
  if (now.steady_ms < due) return wake_at(due);
  cursor_.touch();
  next_due_ms_.reset();
  next_due_known_ = false;
  timer_read_ms_ = now.steady_ms;
}

void Lane::note_due(std::int64_t due_ms) {
  if (next_due_known_) next_due_ms_ = std::min(next_due_ms_.value_or(due_ms), due_ms);
}

void Lane::on_event(const DeliveryEvent& event, const StepTime& now) {
  const auto found = in_flight_.find(event.serial);
  if (found == in_flight_.end()) return;  // a second callback of one attempt
  InFlight& entry = found->second;
  if (event.settled) {
    if (entry.stage == Stage::kSettling) on_settled(event.serial, entry, event.error, now);
  } else if (entry.stage == Stage::kSending) {
    on_outcome(event.serial, entry, event.outcome, event.at_steady_ms, now);
  }
}

void Lane::replace(std::shared_ptr<const LaneOptions> options) {
  // A mended address shall be tried at once.
  if (options->connector != options_->connector)
    breaker_.reset(options->breaker);
  else
    breaker_.configure(options->breaker);
  options_ = std::move(options);
  retired_ = false;
  buffer_.clear();
  cursor_.touch();
  window_from_ = window_to_ = Instant{};
  not_before_ms_ = 0;
}

void Lane::retire() {
  retired_ = true;
  buffer_.clear();
}

LaneSnapshot Lane::snapshot() const {
  LaneSnapshot out = counts_;
  out.partner = options_->partner;
  out.pull = options_->pull;
  out.paused = paused_;
  out.breaker = breaker_.state();
  out.in_flight = sending_;
  out.settling = in_flight_.size() - sending_;
  out.oldest_queued_ms = oldest_queued_ms_;
  return out;
}

}  // namespace tongqu
