#pragma once
// The audit log's rows: entries, leaves, receipts, nodes, the newest checkpoint, and the counters that go with a batch.
// Writer's connection only; throws SqlError.
#include "gateway/store/batch.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

class AuditWriter {
 public:
  explicit AuditWriter(const Connection& main);

  // `receipts` beside `effects.entries`; empty text = none.
  void write(const Effects& effects, const SequencedBatch& batch, const std::vector<std::string>& receipts);
  // Marks the transaction as batch `number`, so that it can be told afterwards whether it was committed.
  void mark(std::int64_t number);
  void count(const Effects& effects);
  // A write that tells whether the disk takes writes.
  void probe(Instant now);
  [[nodiscard]] std::string receipt(std::int64_t index);

 private:
  Statement insert_, insert_node_, checkpoint_, mark_, count_, probe_, receipt_;
};

// What AuditSequencer::restore takes.
struct TreeState {
  std::uint64_t size = 0;
  std::vector<Digest32> leaves;
  std::vector<TreeNode> nodes;
  std::string checkpoint;
};
// Fails with store.corrupt when rows are missing.
[[nodiscard]] Result<TreeState> read_tree(const Connection& main);

[[nodiscard]] Digest32 to_digest(std::string_view bytes);  // 32 bytes, else zeros

}  // namespace tongqu::sql
