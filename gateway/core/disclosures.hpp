#pragma once
// The disclosure ledger, asked: what left of whom, for whom, in which form (PIPL Art. 44, 45 and 54; 政务数据共享条例
// Art. 29). One row for each (exchange, recipient), written with the exchange; the person index beside it.
#include <string>
#include <vector>

#include "gateway/core/person_index.hpp"
#include "gateway/core/store.hpp"

namespace tongqu {

inline constexpr std::string_view kInformant = "informant";

struct DisclosureFilter {
  std::vector<PersonMark> person;       // marks of one value, at most kMaxPersonKeys; empty = anybody
  std::string role;                     // of that person; empty = any but informant: nobody finds one by accident
  PartnerId recipient;                  // each empty = any
  std::string kind, subject;            // label of a field that left
  std::int64_t from_ms = 0, to_ms = 0;  // [from, to) of the commit; 0 = open
  std::int64_t before = 0;              // keyset page: ids smaller than this, newest first; 0 = from the newest
  std::size_t limit = 100;              // at most 1000
};

struct DisclosureRow {
  std::int64_t id = 0;  // commit order
  std::int64_t at_ms = 0;
  ExchangeId exchange;
  PartnerId recipient;
  ServiceId service;               // at the recipient; of a query the service that is asked
  std::string message_id;          // docs/formats.md, section 1
  std::string state;               // of the message: queued, delivered, …; of a query "asked" or "answered"
  std::string ledger;              // Disclosure::to_ledger()
  ConfigId config;                 // in force when it was decided
  std::uint64_t audit_index = 0;   // of the entry that names the ledger's hash
  std::vector<std::string> roles;  // of the person in this exchange; empty unless asked by person
};

// Takes what the index has of one exchange, or of one person, or of one person in one exchange.
struct PersonErasure {
  ExchangeId exchange;
  std::vector<PersonMark> person;  // hashes of every value that is known of the person
  AuditDraft entry;                // no value, no hash
};

// Exchanges that share one value of one person.
struct PersonMatches {
  static constexpr std::size_t kMaxShown = 20;
  static constexpr std::int64_t kMaxCounted = 10'000;
  std::int64_t count = 0;             // kMaxCounted stands for "at least"
  std::vector<ExchangeId> exchanges;  // the newest
};

// Beside Store, by the same object.
class DisclosureStore {
 public:
  static constexpr std::size_t kMaxPersonKeys = 4;
  virtual ~DisclosureStore() = default;
  // Blocks; any thread. Errors: gateway.unavailable, gateway.deadline, store.read.
  [[nodiscard]] virtual Result<std::vector<DisclosureRow>> disclosures(const DisclosureFilter& filter) = 0;
  // Other exchanges in which a person of the same role has the value that `marks` (one for each key version, at most
  // kMaxPersonKeys) stand for. Blocks; errors as above.
  [[nodiscard]] virtual Result<PersonMatches> matches(const std::vector<PersonMark>& marks,
                                                      const ExchangeId& except) = 0;
  // Marks are committed with their exchange and found at once, but by a search through those that are new: this puts
  // the oldest `max_rows` exchanges of them into the index. True when more wait. Blocks until it is committed; not on
  // the writer thread. gateway.unavailable.
  [[nodiscard]] virtual Result<bool> index_persons(std::size_t max_rows) = 0;
  // `done` on the writer thread, when the rows are gone and overwritten. gateway.unavailable; kInternal for an erasure
  // that names neither exchange nor person.
  virtual void forget(PersonErasure erasure, Store::Done done) = 0;
};

}  // namespace tongqu
