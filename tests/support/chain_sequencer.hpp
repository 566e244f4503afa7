#pragma once
// An audit sequencer for tests of the store: a Merkle tree of the same shape with a toy hash and no signature. It keeps
// only the frontier, as the real one does, and refuses a state that does not fit.
#include <atomic>
#include <utility>
#include <vector>

#include "gateway/core/audit.hpp"

namespace tongqu::test {

class ChainSequencer final : public AuditSequencer {
 public:
  [[nodiscard]] Result<SequencedBatch> prepare(std::span<const std::string_view> entries) override;
  void accept(const SequencedBatch& batch) override;
  [[nodiscard]] Status restore(std::uint64_t size, std::span<const Digest32> leaves_of_last_tile,
                               std::span<const TreeNode> nodes, std::string_view checkpoint) override;
  [[nodiscard]] std::string receipt(const SequencedBatch& batch, std::size_t i, const AuditDraft& draft) const override;

  // The next `count` calls of prepare fail.
  void fail_next(int count) { failures_ = count; }
  void set_path_length(std::size_t length) { path_length_ = length; }

  [[nodiscard]] static Digest32 leaf_of(std::string_view entry);

 private:
  struct Subtree {
    std::uint32_t level = 0;
    Digest32 hash{};
  };
  struct Frontier {
    std::uint64_t size = 0;
    std::vector<Subtree> subtrees;  // largest first
  };
  static void push(Frontier& frontier, std::uint32_t level, const Digest32& hash, std::vector<TreeNode>* kept);
  [[nodiscard]] static Digest32 root_of(const Frontier& frontier);
  [[nodiscard]] static std::string note_of(const Frontier& frontier);

  Frontier frontier_;
  Frontier prepared_;
  std::atomic<int> failures_ = 0;
  std::size_t path_length_ = 3;
};

}  // namespace tongqu::test
