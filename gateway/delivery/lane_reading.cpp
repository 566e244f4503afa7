// Pages of due heads: how many rows, from where, and when the next one comes due.
#include <algorithm>

#include "gateway/delivery/lane.hpp"
#include "gateway/delivery/settling.hpp"

namespace tongqu {

std::size_t Lane::page_limit() const {
  const std::size_t fits = options_->page_bytes / std::max<std::size_t>(largest_bytes_, 1);
  return std::clamp<std::size_t>(fits, 1, options_->page_rows);
}

// The store counts rows, not bytes. Few rows are asked for until bodies prove small, and again after a large one.
void Lane::learn_sizes(const std::vector<OutboxRow>& rows) {
  if (rows.empty()) return;
  std::size_t largest = 0;
  for (const OutboxRow& row : rows) largest = std::max(largest, row.sealed.size());
  largest_bytes_ = std::max(largest, largest_bytes_ / 2);
}

// False: the store could not read; the lane waits.
bool Lane::read_page(const StepTime& now) {
  const std::int64_t after = cursor_.begin();
  const std::size_t limit = page_limit();
  auto rows = context_.store.due_heads(options_->partner, now.wall, after, limit, under_way_);
  if (rows.has_error()) {
    cursor_.failed();
    back_off(now);
    return false;
  }
  backoffs_ = 0;
  learn_sizes(*rows);
  if (cursor_.reads_front()) {
    front_at_ = now.wall;
    // Rows that wait for a retry are older than they look here, and stay counted until none waits.
    const std::int64_t first = rows->empty() ? 0 : rows->front().created_ms;
    if (!next_due_ms_ || oldest_queued_ms_ == 0)
      oldest_queued_ms_ = first;
    else if (first > 0)
      oldest_queued_ms_ = std::min(oldest_queued_ms_, first);
  }
  bool complete = rows->size() < limit;
  std::int64_t last_seq = after;
  std::size_t bytes = 0;
  for (OutboxRow& row : *rows) {
    if (keys_.busy(row.order_key)) {
      last_seq = row.seq;
      continue;
    }
    if (!buffer_.empty() && bytes + row.sealed.size() > options_->page_bytes) {
      complete = false;
      break;
    }
    last_seq = row.seq;
    bytes += row.sealed.size();
    buffer_.push_back(std::move(row));
  }
  cursor_.ended(last_seq, complete, !buffer_.empty());
  return true;
}

// Asked only when all that was due at `front_at_` has been seen: what comes due later cannot slip through.
void Lane::ask_next_due(const StepTime& now) {
  if (next_due_known_ || cursor_.wanted() || !buffer_.empty()) return;
  auto due = context_.store.next_due(options_->partner, front_at_);
  if (due.has_error()) return back_off(now);
  next_due_known_ = true;
  next_due_ms_ = *due;
  if (!next_due_ms_ && in_flight_.empty()) oldest_queued_ms_ = 0;
  if (next_due_ms_) {
    wake_at(std::max(now.steady_ms + (*next_due_ms_ - now.wall.ms), timer_read_ms_ + kTimerGapMs));
  }
}

// Deadlines pass although nothing is sent: paused, window closed, breaker open, fetched by the partner, long backlog.
void Lane::sweep(const StepTime& now) {
  if (now.steady_ms < sweep_due_ms_) return wake_at(sweep_due_ms_);
  const std::size_t limit = page_limit();
  auto rows = context_.store.due_heads(options_->partner, now.wall, sweep_after_, limit);
  if (rows.has_error()) return back_off(now);
  learn_sizes(*rows);
  if (sweep_after_ == 0) oldest_queued_ms_ = rows->empty() ? 0 : rows->front().created_ms;
  bool complete = rows->size() < limit;
  for (OutboxRow& row : *rows) {
    if (expired(row, now.wall) && !keys_.busy(row.order_key)) {
      if (in_flight_.size() >= options_->max_in_flight + options_->max_settling + kExpiredInFlight) {
        complete = false;
        break;
      }
      const std::int64_t seq = row.seq;
      Settlement settlement = settle_expired(row, options_->config, now.wall);
      settle_without_attempt(std::move(row), std::move(settlement));
      sweep_after_ = seq;
    } else {
      sweep_after_ = row.seq;
    }
  }
  if (complete) sweep_after_ = 0;
  sweep_due_ms_ = now.steady_ms + (complete ? kSweepEveryMs : kSweepPageGapMs);
  wake_at(sweep_due_ms_);
}

void Lane::back_off(const StepTime& now) {
  const std::int64_t wait = std::min(kBackoffMaxMs, kBackoffFirstMs << std::min(backoffs_, 10));
  ++backoffs_;
  not_before_ms_ = now.steady_ms + wait;
  wake_at(not_before_ms_);
}

}  // namespace tongqu
