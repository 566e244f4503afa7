#pragma once
// Rows of the outbox and the exchange numbers that follow from them. Writer's connection only; throws SqlError.
#include "gateway/store/batch.hpp"
#include "gateway/store/disclosure_writer.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

// How the numbers of an exchange change; its state follows.
struct ExchangeChange {
  std::int64_t open_tasks = 0;
  std::int64_t troubled = 0;
  std::int64_t queued = 0;
};

class OutboxWriter {
 public:
  // What acts and settlements need to know of a row.
  struct Found {
    std::int64_t seq = 0;
    OutboxState state = OutboxState::kQueued;
    std::string exchange, recipient, sender, order_key;
    std::int64_t deadline_ms = 0;
  };

  OutboxWriter(const Connection& main, DisclosureWriter& disclosures);

  // False: the ids do not fit, or a held row has bytes; nothing was written. The exchange's own numbers are the
  // caller's.
  [[nodiscard]] static bool fits(const NewOutbox& row, const ExchangeId& exchange);
  // What new rows mean for their exchange.
  [[nodiscard]] static ExchangeChange change_by(const std::vector<NewOutbox>& rows);
  void insert(const NewOutbox& row, const std::string& exchange, const std::string& sender, Effects& effects);
  [[nodiscard]] std::optional<Found> find(const std::string& message_id);

  // False for a row that was born dead: there are no bytes to send.
  [[nodiscard]] bool has_bytes(const Found& row);

  Outcome settle(const Settlement& settlement, Effects& effects);
  void replay(const Found& row, Instant at, Effects& effects);
  // A queued row becomes delivered because a person says so; a receipt is made of `entry`, which outlives `effects`.
  Outcome settle_by_person(const Found& row, Instant at, const AuditDraft& entry, Effects& effects);
  // A delivered row waits again, with its bytes, and is head of its key when it is the lowest.
  void reopen(const Found& row, Instant at, Effects& effects);
  // A held row gets its bytes, or the fault that it has none.
  void fill(const Found& row, const NewOutbox& with, Instant at, Effects& effects);
  // Ends a row as skipped or superseded; the next of its key goes.
  void retire(const Found& row, OutboxState to, Instant at, Effects& effects);
  void change_exchange(const std::string& exchange, const ExchangeChange& change, Instant at);
  // Makes the lowest row that holds `order_key` the head, if it is queued.
  void promote(const std::string& order_key);

 private:
  void finish(const Found& row, const Settlement& settlement, OutboxState to, std::int64_t receipt_index,
              Effects& effects);

  DisclosureWriter& disclosures_;
  Statement insert_, insert_content_, insert_grant_, find_, has_bytes_, finish_, retry_, replay_, reopen_, fill_,
      fill_content_, retire_, lowest_, make_head_, change_exchange_;
};

}  // namespace tongqu::sql
