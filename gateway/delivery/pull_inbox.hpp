#pragma once
// Messages for partners that cannot be called: they take heads, and acknowledge each by its id.
//
// An offer is a lease in memory. It keeps the message from being offered twice at a time, nothing more: after its time,
// or after a restart, the message is offered again, and the partner de-duplicates by the id. Acknowledging settles the
// row as delivered with its audit entry; then the next of its order key becomes a head. Deadlines of waiting messages
// are kept by the dispatcher's lane with `pull` = true.
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/store.hpp"

namespace tongqu {

struct PullOptions {
  std::size_t max_leases = 10'000;          // of all partners together; 1 …
  std::size_t max_take_rows = 100;          // per take; 1 … 1000
  std::size_t max_take_bytes = 16U << 20U;  // sealed bodies per take; the first message always
  std::int64_t max_lease_ms = 3'600'000;    // longer wishes are cut; 1 …
  ConfigId config;                          // for the audit entries; empty = not named
};

// Thread-safe. Reads of the store block the caller.
class PullInboxService final : public PullInbox {
 public:
  // References outlive the object; acknowledgements under way may end after it.
  PullInboxService(Store& store, const Sealer& sealer, const Clock& clock, PullOptions options);

  // Fewer than `limit` when the table of leases is full, the bytes are used up, or nothing more is due. A payload that
  // does not open becomes a dead letter and is left out. Errors: what Store::due_heads says, and a retryable error of
  // the sealer; then nothing is offered.
  [[nodiscard]] Result<std::vector<PulledMessage>> take(const PartnerId& partner, std::size_t limit,
                                                        std::int64_t lease_ms) override;

  // `done`: success also when it was acknowledged before; gateway.not-found for what was never offered to `partner`;
  // delivery.closed when it was given up meanwhile; else what Store::settle says, and the lease stays.
  // A head that an earlier run of the gateway may have offered counts as offered.
  void acknowledge(const PartnerId& partner, const std::string& message_id, Done done) override;

  // New settings of the configuration; leases stay.
  void configure(PullOptions options);
  [[nodiscard]] std::size_t leases() const;

 private:
  struct Lease {
    PartnerId partner;
    std::int64_t until_steady_ms = 0;  // afterwards it only remembers that the message was offered
  };
  // Shared with acknowledgements under way.
  struct Table {
    mutable std::mutex mutex;
    PullOptions options;
    std::unordered_map<std::string, Lease> leases;  // by message id
    std::int64_t forgot_before_ms = 0;              // rows stored before it may have been offered without a lease here
  };

  [[nodiscard]] bool lease(const PartnerId& partner, const std::string& message_id, std::int64_t lease_ms);
  [[nodiscard]] bool leased(const std::string& message_id) const;
  [[nodiscard]] bool offered(const PartnerId& partner, const OutboxRow& row) const;
  // Adds the row to `out`. False: an error that stops the take.
  [[nodiscard]] Status offer(const PartnerId& partner, OutboxRow row, std::int64_t lease_ms,
                             std::vector<PulledMessage>& out);

  Store& store_;
  const Sealer& sealer_;
  const Clock& clock_;
  std::shared_ptr<Table> table_;
};

}  // namespace tongqu
