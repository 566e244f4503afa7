#pragma once
// The audit log as the store sees it: an append-only Merkle tree (RFC 6962 structure with the suite's hash) over
// canonical JSON entries (docs/formats.md, "Audit entry").
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

// One entry to be. `entry` is JCS text without personal values; it contains "v", "kind", "at" and a random "salt".
struct AuditDraft {
  std::string kind;   // "stored", "delivered", "turned-back", "configuration", … (docs/formats.md)
  std::string entry;  // JCS
};

// Builds an entry. Values are text or integers below 2^53; names are ASCII. Not thread-safe.
class AuditEntryBuilder {
 public:
  AuditEntryBuilder(std::string_view kind, Instant at);
  AuditEntryBuilder& text(std::string_view name, std::string_view value);
  AuditEntryBuilder& number(std::string_view name, std::int64_t value);
  // `object` is already canonical JSON (an object or list); it is inserted as it is.
  AuditEntryBuilder& canonical(std::string_view name, std::string_view json);
  // The entry's 16 random bytes, for salted digests inside it.
  [[nodiscard]] const std::string& salt() const { return salt_; }
  // Adds the salt and closes. The builder is empty afterwards.
  [[nodiscard]] AuditDraft finish();

 private:
  struct Member {
    std::size_t at = 0, name_size = 0;  // in text_: the name, then its value as JSON
  };
  void begin(std::string_view name);

  std::string kind_;
  std::string salt_;
  std::string text_;
  std::vector<Member> members_;
};

// A node that the store keeps: level is a multiple of 8 (8, 16, …): the roots of full tiles of 256 (C2SP tlog-tiles).
// Level 0, the leaf hashes, are kept beside the entries.
struct TreeNode {
  std::uint32_t level = 0;
  std::uint64_t index = 0;
  Digest32 hash{};
};

// A batch with its places in the tree; nothing of it is in effect before accept().
struct SequencedBatch {
  std::uint64_t first_index = 0;  // index of the first entry
  std::uint64_t tree_size = 0;    // after the batch
  Digest32 root{};
  std::string checkpoint;                    // signed note over (origin, tree_size, root)
  std::vector<Digest32> leaves;              // leaf hashes, in order
  std::vector<std::vector<Digest32>> paths;  // inclusion path of each leaf in the tree of `tree_size`
  std::vector<TreeNode> nodes;               // full-tile roots that the batch completes
};

// Assigns indices on a copy of the frontier and signs once. Used by the store's single writer thread only.
class AuditSequencer {
 public:
  virtual ~AuditSequencer() = default;
  // Fails without effect (signature failed). `entries` is not empty.
  [[nodiscard]] virtual Result<SequencedBatch> prepare(std::span<const std::string_view> entries) = 0;
  // After the transaction that holds the batch was committed: the batch becomes the frontier.
  virtual void accept(const SequencedBatch& batch) = 0;
  // Start, or reopening after an unknown commit: takes the state from the store. `leaves_of_last_tile` are the leaf
  // hashes from (size / 256) * 256 on; `nodes` the kept nodes right of every full subtree (see TreeNode): for level
  // 8k, those from (size >> 8k+8) << 8 on. Fails with kCorrupt when `checkpoint` is not signed by this log's key, or
  // its root is not the one computed. size 0 with an empty checkpoint starts a new log.
  [[nodiscard]] virtual Status restore(std::uint64_t size, std::span<const Digest32> leaves_of_last_tile,
                                       std::span<const TreeNode> nodes, std::string_view checkpoint) = 0;
  // The receipt for entry `i` of the batch (docs/formats.md, "Receipt"): canonical JSON, stored as it is, so that
  // "the same receipt" means the same bytes.
  [[nodiscard]] virtual std::string receipt(const SequencedBatch& batch, std::size_t i,
                                            const AuditDraft& draft) const = 0;
};

// Commits to every scalar of a record, so that single fields can be opened later and erased ones not guessed
// (docs/formats.md, section 6). Thread-safe.
class FieldCommitter {
 public:
  virtual ~FieldCommitter() = default;
  // Root over the salted commitments of `record`; the salts derive from the exchange's data key and die with it.
  [[nodiscard]] virtual Digest32 commit(const Node& record, const SealKey& key) const = 0;
};

}  // namespace tongqu
