#include "tests/support/chain_sequencer.hpp"

#include <cstring>

namespace tongqu::test {
namespace {

const ErrorCode kNoSignature{"test.signature", ErrorKind::kInternal, "The signature failed.", "签名失败。"};
const ErrorCode kTreeDiffers{"test.tree", ErrorKind::kCorrupt, "The tree differs from its checkpoint.",
                             "树与检查点不符。"};

// FNV-1a in four lanes; enough to tell trees apart, nothing more.
Digest32 toy_hash(std::uint8_t kind, std::string_view a, std::string_view b = {}) {
  Digest32 out{};
  for (std::uint64_t lane = 0; lane < 4; ++lane) {
    std::uint64_t state = 14'695'981'039'346'656'037ULL + lane * 7919 + kind;
    for (const std::string_view part : {a, b}) {
      std::size_t i = 0;
      for (; i + 8 <= part.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, part.data() + i, 8);
        state = (state ^ word) * 1'099'511'628'211ULL;
        state ^= state >> 29;
      }
      for (; i < part.size(); ++i) state = (state ^ static_cast<std::uint8_t>(part[i])) * 1'099'511'628'211ULL;
      state = (state ^ part.size()) * 1'099'511'628'211ULL;
    }
    state ^= state >> 32;
    std::memcpy(out.data() + 8 * lane, &state, 8);
  }
  return out;
}

}  // namespace

Digest32 ChainSequencer::leaf_of(std::string_view entry) { return toy_hash(0, entry); }

void ChainSequencer::push(Frontier& frontier, std::uint32_t level, const Digest32& hash, std::vector<TreeNode>* kept) {
  frontier.size += std::uint64_t{1} << level;
  frontier.subtrees.push_back({level, hash});
  auto& trees = frontier.subtrees;
  while (trees.size() > 1 && trees[trees.size() - 2].level == trees.back().level) {
    const Subtree right = trees.back();
    trees.pop_back();
    trees.back() = {right.level + 1, toy_hash(1, as_text(trees.back().hash), as_text(right.hash))};
    const std::uint32_t made = trees.back().level;
    if (kept != nullptr && made % 8 == 0) kept->push_back({made, (frontier.size >> made) - 1, trees.back().hash});
  }
}

Digest32 ChainSequencer::root_of(const Frontier& frontier) {
  Digest32 root{};
  for (auto tree = frontier.subtrees.rbegin(); tree != frontier.subtrees.rend(); ++tree) {
    root = tree == frontier.subtrees.rbegin() ? tree->hash : toy_hash(1, as_text(tree->hash), as_text(root));
  }
  return root;
}

std::string ChainSequencer::note_of(const Frontier& frontier) {
  return "tongqu.test/log\n" + std::to_string(frontier.size) + "\n" + to_base64(as_text(root_of(frontier))) + "\n";
}

Result<SequencedBatch> ChainSequencer::prepare(std::span<const std::string_view> entries) {
  if (failures_ > 0) {
    --failures_;
    return make_error(kNoSignature);
  }
  SequencedBatch batch;
  batch.first_index = frontier_.size;
  prepared_ = frontier_;
  for (const std::string_view entry : entries) {
    batch.leaves.push_back(leaf_of(entry));
    push(prepared_, 0, batch.leaves.back(), &batch.nodes);
    batch.paths.emplace_back(path_length_, batch.leaves.back());
  }
  batch.tree_size = prepared_.size;
  batch.root = root_of(prepared_);
  batch.checkpoint = note_of(prepared_);
  return batch;
}

void ChainSequencer::accept(const SequencedBatch&) { frontier_ = prepared_; }

Status ChainSequencer::restore(std::uint64_t size, std::span<const Digest32> leaves_of_last_tile,
                               std::span<const TreeNode> nodes, std::string_view checkpoint) {
  Frontier frontier;
  for (std::uint32_t level = 56; level >= 8; level -= 8) {
    for (const TreeNode& node : nodes) {
      if (node.level != level) continue;
      if (node.index != frontier.size >> level) return make_error(kTreeDiffers);
      push(frontier, level, node.hash, nullptr);
    }
  }
  for (const Digest32& leaf : leaves_of_last_tile) push(frontier, 0, leaf, nullptr);
  if (frontier.size != size || (size > 0 && note_of(frontier) != checkpoint)) return make_error(kTreeDiffers);
  frontier_ = frontier;
  return {};
}

std::string ChainSequencer::receipt(const SequencedBatch& batch, std::size_t i, const AuditDraft& draft) const {
  std::string out = R"({"checkpoint":")" + to_base64(batch.checkpoint) + R"(","entry":)" + draft.entry +
                    R"(,"index":)" + std::to_string(batch.first_index + i) + R"(,"path":[)";
  for (std::size_t step = 0; step < batch.paths[i].size(); ++step) {
    out += (step > 0 ? ",\"" : "\"") + to_base64(as_text(batch.paths[i][step])) + '"';
  }
  return out + R"(],"receipt":")" + draft.kind + R"(","v":1})";
}

}  // namespace tongqu::test
