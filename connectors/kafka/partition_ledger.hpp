#pragma once
// Records of one partition, without I/O: what is with the line, what waits, and up to where everything is decided. The
// offset that is stored for the group is that of the first record that is not decided, so a crash repeats and never
// loses.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "connectors/kafka/cloud_event.hpp"
#include "connectors/support/backoff.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::kafka {

struct PartitionLimits {
  std::size_t held = 200;    // records in memory; above it the partition is paused
  std::size_t parallel = 8;  // records with the line at a time, of different keys
  BackoffLimits wait;        // before a record is offered again
};

// A record as the connector took it from the broker.
struct Taken {
  std::string key;  // records of one key go one after another; no key is a key too
  InboundMessage message;
  const ErrorCode* poison = nullptr;  // decided without the line
  std::string poison_param;
  bool reported = false;  // that it is poison
  EventRecord original;   // for the dead-letter topic; empty when there is none
};

// Not thread-safe.
class PartitionLedger {
 public:
  PartitionLedger() = default;
  explicit PartitionLedger(PartitionLimits limits) : limits_(limits) {}

  // Ignores a record that came before (offset not above the last one). Offsets may have gaps.
  void arrived(std::int64_t offset, Taken record);

  // The next record for the line, now with it; nullptr when there is none at this moment. Valid until it is decided.
  struct Offer {
    std::int64_t offset = 0;
    const Taken* record = nullptr;
  };
  [[nodiscard]] Offer next(std::int64_t now_ms);
  // Stored, dead-lettered or passed over. False when the offset is not with the line.
  bool decided(std::int64_t offset);
  // Not now: offered again after a wait; what has the same key waits behind it.
  bool later(std::int64_t offset, std::int64_t now_ms);
  // The record at `offset`, until it is decided; nullptr when there is none.
  [[nodiscard]] Taken* find(std::int64_t offset);

  // The offset to store for the group, when it moved since the last call.
  [[nodiscard]] std::optional<std::int64_t> to_store();
  [[nodiscard]] bool full() const { return held_.size() >= limits_.held; }
  [[nodiscard]] bool half_empty() const { return held_.size() <= limits_.held / 2; }
  [[nodiscard]] std::size_t with_the_line() const { return with_the_line_; }
  // When next() may give something without a further event; -1 = it will not.
  [[nodiscard]] std::int64_t next_due_ms() const;

 private:
  enum class State : std::uint8_t { kWaiting, kWithTheLine, kDecided };
  struct Held {
    std::int64_t offset = 0;
    Taken record;
    State state = State::kWaiting;
    std::int64_t due_ms = 0;
    Backoff backoff;
  };
  [[nodiscard]] Held* at(std::int64_t offset);

  PartitionLimits limits_;
  std::deque<Held> held_;  // by offset; the first one is not decided
  std::int64_t last_offset_ = -1;
  std::int64_t store_ = -1;  // offset behind the last of the decided ones at the front; -1 = none
  bool moved_ = false;
  std::size_t with_the_line_ = 0;
};

}  // namespace tongqu::kafka
