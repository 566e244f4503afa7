#pragma once
// What one transaction carries: the items handed in, what each of them came to, and what the attempt accumulated.
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "gateway/core/disclosures.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/store.hpp"
#include "gateway/core/transcript.hpp"

namespace tongqu::sql {

struct StoreItem {
  NewExchange exchange;
  Store::StoredDone done;
};
struct SettleItem {
  Settlement settlement;
  Store::Done done;
};
struct ActItem {
  OperatorAct act;
  Store::Done done;
};
struct TranscriptItem {
  TranscriptAct act;
  Store::Done done;
};
struct AppendItem {
  AuditDraft entry;
  Store::Done done;
};
struct NoteItem {
  QueryNote note;
  Store::Done done;
};
struct GrantItem {
  GrantAct act;
  Store::Done done;
};
struct ForgetItem {
  PersonErasure erasure;
  Store::Done done;
};
struct PurgeItem {
  Instant now;
  Instant settled_before;
  std::function<void(Result<bool>)> done;
};
struct IndexItem {
  std::size_t max_rows = 0;
  std::function<void(Result<bool>)> done;
};
using Item = std::variant<StoreItem, SettleItem, ActItem, TranscriptItem, AppendItem, NoteItem, GrantItem, ForgetItem,
                          PurgeItem, IndexItem>;

// What became of one item, in the attempt that counts.
struct Outcome {
  std::optional<Error> error;
  std::int64_t receipt_index = -1;    // audit index whose receipt answers the item
  std::optional<ExchangeId> earlier;  // the item repeats this exchange
  std::string receipt;                // of `earlier`, when it was committed before this batch
  bool more = false;                  // purge, index
};

inline Outcome failed(const ErrorCode& code, std::string param = {}) {
  Outcome outcome;
  outcome.error = make_error(code, std::move(param));
  return outcome;
}

// Columns of the table `counters`.
enum class Count : std::uint8_t { kStored, kHeld, kQueued, kDelivered, kNoAnswer, kDead };
inline constexpr std::size_t kCounts = 6;

// Everything that an attempt changes beside the rows; thrown away with a rolled back transaction.
struct Effects {
  Instant now;
  std::uint64_t first_index = 0;  // audit index of entries[0]
  std::int64_t next_seq = 1;      // of the outbox
  std::int64_t next_task = 1;
  bool grants_changed = false;
  bool refuse_exchanges = false;  // below the reserve of free space
  std::size_t purge_max_items = 0;
  std::vector<const AuditDraft*> entries;
  std::vector<bool> wants_receipt;  // beside `entries`
  std::vector<const NewExchange*> stored;
  std::vector<std::string> erased_keys;  // exchanges
  std::set<std::string_view> ledgers;    // digests of the queries' ledger texts that this batch wrote or found there
  std::map<std::string, std::array<std::int64_t, kCounts>, std::less<>> counts;
  std::unordered_map<std::string_view, std::int64_t> ledger_ids;  // texts of the items' rows

  [[nodiscard]] std::int64_t next_index() const { return static_cast<std::int64_t>(first_index + entries.size()); }
  void add_entry(const AuditDraft& draft, bool with_receipt) {
    entries.push_back(&draft);
    wants_receipt.push_back(with_receipt);
  }
  void count(const std::string& partner, Count which, std::int64_t change) {
    counts[partner][static_cast<std::size_t>(which)] += change;
  }
};

}  // namespace tongqu::sql
