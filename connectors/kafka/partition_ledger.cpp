#include "connectors/kafka/partition_ledger.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace tongqu::kafka {

void PartitionLedger::arrived(std::int64_t offset, Taken record) {
  if (offset <= last_offset_) return;
  last_offset_ = offset;
  held_.push_back({offset, std::move(record), State::kWaiting, 0, Backoff(limits_.wait)});
}

PartitionLedger::Held* PartitionLedger::at(std::int64_t offset) {
  const auto found = std::lower_bound(held_.begin(), held_.end(), offset,
                                      [](const Held& held, std::int64_t wanted) { return held.offset < wanted; });
  return found != held_.end() && found->offset == offset ? &*found : nullptr;
}

Taken* PartitionLedger::find(std::int64_t offset) {
  Held* held = at(offset);
  return held != nullptr ? &held->record : nullptr;
}

PartitionLedger::Offer PartitionLedger::next(std::int64_t now_ms) {
  if (with_the_line_ >= limits_.parallel) return {};
  std::set<std::string_view> passed;  // keys with an earlier record that is not decided
  for (Held& held : held_) {
    if (held.state == State::kDecided) continue;
    if (!passed.insert(held.record.key).second) continue;
    if (held.state == State::kWithTheLine || held.due_ms > now_ms) continue;
    held.state = State::kWithTheLine;
    ++with_the_line_;
    return {held.offset, &held.record};
  }
  return {};
}

bool PartitionLedger::decided(std::int64_t offset) {
  Held* held = at(offset);
  if (held == nullptr || held->state != State::kWithTheLine) return false;
  held->state = State::kDecided;
  held->record = {};
  --with_the_line_;
  while (!held_.empty() && held_.front().state == State::kDecided) {
    store_ = held_.front().offset + 1;
    moved_ = true;
    held_.pop_front();
  }
  return true;
}

bool PartitionLedger::later(std::int64_t offset, std::int64_t now_ms) {
  Held* held = at(offset);
  if (held == nullptr || held->state != State::kWithTheLine) return false;
  held->state = State::kWaiting;
  held->due_ms = now_ms + held->backoff.next_ms();
  --with_the_line_;
  return true;
}

std::optional<std::int64_t> PartitionLedger::to_store() {
  if (!moved_) return std::nullopt;
  moved_ = false;
  return store_;
}

std::int64_t PartitionLedger::next_due_ms() const {
  if (with_the_line_ >= limits_.parallel) return -1;
  std::int64_t due = -1;
  std::set<std::string_view> passed;
  for (const Held& held : held_) {
    if (held.state == State::kDecided || !passed.insert(held.record.key).second) continue;
    if (held.state == State::kWaiting && (due < 0 || held.due_ms < due)) due = held.due_ms;
  }
  return due;
}

}  // namespace tongqu::kafka
