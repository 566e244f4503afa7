#pragma once
// Reading a partner's table, as a conversation without I/O: next() says what to do, the driver does it and tells how it
// went. Three transactions a row: claim (partner's database), commit (ours, behind the Intake), settle (partner's).
//
//   open → claim → hand over … await … → settle → claim …
//
// A crash after the claim leaves rows that are free again when their lease is over; a crash after the commit gives the
// same rows to the line a second time, which knows them by their key. Nothing is ever settled before the line answered.
// Not thread-safe.
#include <cstdint>
#include <string>
#include <vector>

#include "connectors/database/statements.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::database {

struct IntakeLimits {
  std::size_t batch_rows = 50;
  std::size_t in_hand = 16;  // rows before the line at the same time
  std::int64_t poll_ms = 2000;
  std::int64_t lease_ms = 300'000;
  std::int64_t backoff_first_ms = 500;
  std::int64_t backoff_max_ms = 30'000;
  // A row claimed again is not given back but left to its lease: given back, nobody could tell it from a fresh one, and
  // what our own earlier attempt stored would look like the partner's duplicate.
  bool tells_duplicates = false;
};

class IntakeProtocol {
 public:
  enum class Do : std::uint8_t {
    kOpen,      // connect; then opened() or failed()
    kClaim,     // one transaction; then claimed() or failed()
    kHandOver,  // fetch row `row` and give it to the line; then handed(), answered() or failed()
    kAwait,     // wait for answered(), at most `wait_ms`
    kSettle,    // one transaction for settlements(); then settled() or failed()
    kSleep,     // nothing to do for `wait_ms`
    kStop,      // finished
  };
  struct Step {
    Do what = Do::kSleep;
    std::size_t row = 0;
    std::int64_t wait_ms = 0;
  };
  struct Claimed {
    std::string id;
    std::string matter;  // empty = of no matter
    bool again = false;  // an earlier claim was never settled: the line may know the row already
  };
  struct Settlement {
    std::string id;
    RowState state = RowState::kFresh;
    const ErrorCode* code = nullptr;  // with kFailed
  };
  enum class Verdict : std::uint8_t {
    kTaken,       // the line has it on disk
    kKnown,       // the line had it before: a duplicate, unless our own earlier attempt may have brought it
    kTurnedBack,  // it will never do
    kLater,       // the line is full or down: the row is given back, and so are those not yet handed over
  };

  explicit IntakeProtocol(IntakeLimits limits) : limits_(limits) {}

  // `steady_ms` never jumps back.
  [[nodiscard]] Step next(std::int64_t steady_ms);

  void opened();
  void claimed(std::vector<Claimed> rows, std::int64_t steady_ms);
  void handed(std::size_t row);
  void answered(std::size_t row, Verdict verdict, const ErrorCode* code);
  void settled(std::int64_t steady_ms);
  // Opening, claiming, fetching or settling failed; the connection is given up and opened again later. What the line
  // has answered is kept and settled then.
  void failed(const ErrorCode& code, std::int64_t steady_ms);
  // Hands nothing over any more, waits for what is in hand, gives the rest back.
  void stop();

  [[nodiscard]] std::vector<Settlement> settlements() const;
  [[nodiscard]] const std::string& id_of(std::size_t row) const { return rows_[row].id; }
  [[nodiscard]] const ErrorCode* trouble() const { return trouble_; }  // nullptr = the last attempt went well
  // When the rows were claimed; the driver names the token's claim by it.
  [[nodiscard]] bool holds_rows() const { return !rows_.empty(); }

 private:
  enum class At : std::uint8_t { kWaiting, kInHand, kOk, kDuplicate, kFailed, kBack };
  struct Row {
    std::string id;
    std::string matter;
    bool again = false;
    At at = At::kWaiting;
    const ErrorCode* code = nullptr;
  };
  [[nodiscard]] std::size_t count(At at) const;
  [[nodiscard]] const Row* next_row(std::int64_t steady_ms);
  void give_back_waiting();
  void back_off(std::int64_t steady_ms);

  IntakeLimits limits_;
  std::vector<Row> rows_;
  bool connected_ = false;
  bool stopping_ = false;
  bool later_ = false;  // the line asked for patience in this batch
  std::int64_t lease_ends_ms_ = 0;
  std::int64_t not_before_ms_ = 0;
  std::int64_t backoff_ms_ = 0;
  const ErrorCode* trouble_ = nullptr;
};

}  // namespace tongqu::database
