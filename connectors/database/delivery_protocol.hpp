#pragma once
// One delivery into a partner's table, as a conversation without I/O: next() says what to do, the driver does it and
// tells how it went.
//
//   look → insert (one transaction) → delivered          a second delivery finds its row: delivered
//                                   → wait → look → …    acknowledgement mode: until the partner's job set the state
//
// Not thread-safe.
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/core/connector.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::database {

struct DeliveryRules {
  // The partner's table has a unique key over the message id, so that repeating an attempt whose end is not known
  // cannot make a second row. Without it such an attempt is "no answer".
  bool unique_id = true;
  bool acknowledged = false;  // wait for the partner's state
  std::string ok_state;
  std::string failed_state;
  std::int64_t poll_ms = 1000;
};

class DeliveryProtocol {
 public:
  enum class Do : std::uint8_t {
    kLook,    // find the message id; then looked()
    kInsert,  // insert and commit; then inserted()
    kWait,    // let poll_ms pass; then waited()
    kDone,    // outcome()
  };
  struct Found {
    std::optional<std::string> digest;
    std::optional<std::string> state;
  };

  // `digest` = "" when the table has no column for it: a row with our id is then ours.
  DeliveryProtocol(DeliveryRules rules, std::string digest) : rules_(std::move(rules)), digest_(std::move(digest)) {}

  [[nodiscard]] Do next() const { return next_; }
  void looked(const Result<std::optional<Found>>& found);
  // Before the driver begins to insert, so that overdue() knows.
  void inserting() { stage_ = Stage::kInserting; }
  void inserted(const Status& status);
  void waited() { next_ = Do::kLook; }
  // No connection was to be had.
  void not_opened(const Error& error);
  [[nodiscard]] const DeliveryOutcome& outcome() const { return outcome_; }
  // What has to be said when the time is over at this point.
  [[nodiscard]] DeliveryOutcome overdue() const;

 private:
  enum class Stage : std::uint8_t { kBefore, kInserting, kWritten };
  void finish(DeliveryVerdict verdict, const ErrorCode* code);
  void found(const Found& row);

  DeliveryRules rules_;
  std::string digest_;
  Do next_ = Do::kLook;
  Stage stage_ = Stage::kBefore;
  const ErrorCode* turned_back_ = nullptr;  // the insert was, and we look whether our row stands there already
  DeliveryOutcome outcome_;
};

}  // namespace tongqu::database
