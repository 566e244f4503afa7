#pragma once
// Everything about sending to one partner: what is read, what is under way, when to look again. Lives on the
// dispatcher's thread; not thread-safe.
//
// One message: due head read from the store → opened → handed to the connector → outcome → settlement → committed by
// the store. Its order key is taken from the hand-over to the commit. Its slot is free when the outcome is there, so
// that the partner has work while results are committed together; but when `max_settling` results wait for the store,
// the lane stops sending instead of collecting more.
//
// Limits: `max_in_flight` attempts, `max_settling` results and `max_in_flight_bytes` under way; one page read ahead,
// `page_rows` rows and `page_bytes` bytes of it kept (the number of rows asked for follows the largest body seen
// lately).
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "gateway/core/crypto.hpp"
#include "gateway/core/store.hpp"
#include "gateway/delivery/lane_options.hpp"
#include "gateway/delivery/mailbox.hpp"
#include "gateway/delivery/order_keys.hpp"
#include "gateway/delivery/read_cursor.hpp"

namespace tongqu {

// One reading of both clocks. Instants of rows and windows are wall time, waits inside the process are steady time.
struct StepTime {
  Instant wall;
  std::int64_t steady_ms = 0;
};

// A lane as metrics and the console see it.
struct LaneSnapshot {
  PartnerId partner;
  bool pull = false;
  bool paused = false;
  bool window_open = true;
  std::int64_t window_opened_ms = 0;  // of the present opening; 0 = always open, or closed
  BreakerState breaker = BreakerState::kClosed;
  std::size_t in_flight = 0;          // attempts whose outcome is awaited
  std::size_t settling = 0;           // results that the store has not committed yet
  std::int64_t oldest_queued_ms = 0;  // when the oldest row was stored that waited at the last look; 0 = none
  std::int64_t last_success_ms = 0;   // 0 = none since the start
  std::string last_code;              // error code of the last attempt that was not acknowledged
  std::string last_detail;            // its parameter: names, limits, both clocks; may be empty
  std::uint64_t delivered = 0;        // since the start, as the following
  std::uint64_t retried = 0;
  std::uint64_t no_answer = 0;
  std::uint64_t dead = 0;
};

// For alarms: how long the oldest row waits although the partner takes messages. 0 while the lane is paused or its
// window closed; the time before the present opening does not count.
[[nodiscard]] std::int64_t overdue_ms(const LaneSnapshot& lane, Instant now);

// What all lanes share. References outlive the lanes.
struct LaneContext {
  Store& store;
  const Sealer& sealer;
  const Clock& clock;
  RandomSource random;
  std::shared_ptr<Mailbox> mailbox;  // shared with callbacks under way
  std::uint64_t next_serial = 1;     // never repeats, so that a late callback meets nobody else's attempt
};

class Lane {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kSweepPageGapMs = 1'000;  // between two pages of one look for passed deadlines
  static constexpr std::int64_t kSweepEveryMs = 60'000;   // between two looks
  static constexpr std::int64_t kTimerGapMs = 20;         // rows that come due within it are read together
  static constexpr std::int64_t kBackoffFirstMs = 100;    // store or sealer unavailable
  static constexpr std::int64_t kBackoffMaxMs = 5'000;
  static constexpr std::int64_t kSilentGraceMs = 10'000;  // after timeout_ms a silent connector counts as no answer
  static constexpr std::size_t kExpiredInFlight = 256;    // rows settled by the look for deadlines, beside the slots

  Lane(LaneContext& context, std::shared_ptr<const LaneOptions> options, bool paused);

  // Does what can be done now. Returns the steady time at which to call again if nothing happens before; kNever = only
  // an event matters. `sending` = false: results are settled, nothing new begins.
  std::int64_t serve(const StepTime& now, bool sending);

  void on_event(const DeliveryEvent& event, const StepTime& now);
  void on_hint() { cursor_.touch(); }
  void set_paused(bool paused) { paused_ = paused; }
  // New settings. What is in flight ends with those it began with. A new connector starts with a closed breaker.
  void replace(std::shared_ptr<const LaneOptions> options);
  // The partner left the configuration: nothing new begins.
  void retire();

  [[nodiscard]] bool retired() const { return retired_; }
  [[nodiscard]] bool idle() const { return in_flight_.empty(); }
  // Without the members of the window, which depend on the time of asking.
  [[nodiscard]] LaneSnapshot snapshot() const;
  [[nodiscard]] const std::shared_ptr<const LaneOptions>& options() const { return options_; }
  // Rows and bytes of sealed bodies held in memory; for tests of the limits.
  [[nodiscard]] std::size_t rows_held() const { return buffer_.size() + in_flight_.size(); }

 private:
  enum class Stage : std::uint8_t {
    kSending,     // the connector has it
    kSettling,    // the store has it
    kSettleAgain  // the store could not; handed in again at due_steady_ms
  };
  struct InFlight {
    OutboxRow row;  // without payload
    std::shared_ptr<const LaneOptions> options;
    CircuitBreaker::Ticket ticket;
    Stage stage = Stage::kSending;
    std::size_t bytes = 0;
    std::int64_t started_steady_ms = 0;
    std::int64_t due_steady_ms = 0;  // kSending: the connector is silent; kSettleAgain: the next try
    std::int32_t settle_failures = 0;
    Settlement settlement;
  };

  // lane.cpp: what may be done
  [[nodiscard]] bool blocked(const StepTime& now);
  [[nodiscard]] bool window_open(const StepTime& now);
  void tend(const StepTime& now);
  void check_timer(const StepTime& now);
  void note_due(std::int64_t due_ms);
  void wake_at(std::int64_t steady_ms) { wake_ms_ = std::min(wake_ms_, steady_ms); }
  void wake_at_wall(const StepTime& now, std::int64_t wall_ms) { wake_at(now.steady_ms + (wall_ms - now.wall.ms)); }

  // lane_reading.cpp: pages
  [[nodiscard]] std::size_t page_limit() const;
  void learn_sizes(const std::vector<OutboxRow>& rows);
  [[nodiscard]] bool read_page(const StepTime& now);
  void ask_next_due(const StepTime& now);
  void sweep(const StepTime& now);
  void back_off(const StepTime& now);

  // lane_sending.cpp: one message
  void pump(const StepTime& now);
  [[nodiscard]] bool room(const OutboxRow* next) const;
  [[nodiscard]] bool start_next(const StepTime& now);
  void deliver(std::uint64_t serial, InFlight& entry, OutboxRow row, Bytes body);
  void settle_without_attempt(OutboxRow row, Settlement settlement);
  void on_outcome(std::uint64_t serial, InFlight& entry, const DeliveryOutcome& outcome, std::int64_t at_steady_ms,
                  const StepTime& now);
  void hand_in(std::uint64_t serial, InFlight& entry);
  void on_settled(std::uint64_t serial, InFlight& entry, const ErrorCode* error, const StepTime& now);
  void count(const Settlement& settlement);

  LaneContext& context_;
  std::shared_ptr<const LaneOptions> options_;
  CircuitBreaker breaker_;
  OrderKeys keys_;
  ReadCursor cursor_;
  std::deque<OutboxRow> buffer_;  // read, not begun
  std::unordered_map<std::uint64_t, InFlight> in_flight_;
  SeqSet under_way_;         // rows of in_flight_, which no page needs to hold again
  std::size_t sending_ = 0;  // of in_flight_, those whose outcome is awaited
  std::size_t in_flight_bytes_ = 0;
  std::size_t largest_bytes_ = 0;  // of the bodies seen lately
  bool paused_ = false;
  bool retired_ = false;

  std::int64_t wake_ms_ = kNever;
  std::int64_t attention_ms_ = kNever;  // earliest due_steady_ms of what is in flight
  std::int64_t not_before_ms_ = 0;      // steady: the store or the sealer was unavailable
  std::int32_t backoffs_ = 0;
  bool next_due_known_ = false;
  std::optional<std::int64_t> next_due_ms_;  // wall: a queued head waits for it
  std::int64_t timer_read_ms_ = 0;           // steady: when a timer last caused a read
  Instant front_at_;                         // of the last front read
  std::int64_t sweep_due_ms_ = 0;            // steady
  std::int64_t sweep_after_ = 0;

  Instant window_from_, window_to_;  // window_open_ holds in [from, to)
  bool window_open_ = false;
  std::int64_t oldest_queued_ms_ = 0;
  LaneSnapshot counts_;
};

}  // namespace tongqu
