#include "security/audit/sequencer.hpp"

#include <algorithm>

#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"
#include "security/audit/audit_codes.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

constexpr std::uint32_t kTileLevels = 8;
constexpr std::uint64_t kTileWidth = 256;

// One level of the tree from the batch's view: the complete nodes from an even index `first` on. Where the old tree
// ended with an odd number of nodes, the first is its frontier node; everything else is new. That is all that the
// paths of the batch's leaves touch.
struct Level {
  std::uint64_t first = 0;
  std::vector<Digest32> nodes;
  std::optional<Digest32> tail;  // root of the leaves behind the last complete node, if there are any
};

bool has_bit(std::uint64_t size, std::uint32_t level) { return (size >> level & 1U) == 1; }

std::vector<Level> build_levels(const Suite& suite, const merkle::Frontier& old, const std::vector<Digest32>& leaves) {
  const std::uint64_t old_size = old.size();
  const std::uint64_t size = old_size + leaves.size();
  std::vector<Level> levels;
  std::vector<Digest32> fresh = leaves;
  std::optional<Digest32> tail;
  for (std::uint32_t l = 0; size >> l != 0; ++l) {
    Level level;
    level.first = (old_size >> l) - (has_bit(old_size, l) ? 1 : 0);
    if (has_bit(old_size, l)) level.nodes.push_back(old.at(l));
    level.nodes.insert(level.nodes.end(), fresh.begin(), fresh.end());
    level.tail = tail;
    fresh = merkle::parents_of(suite, level.nodes);
    if (has_bit(size, l)) tail = tail ? merkle::node_hash(suite, level.nodes.back(), *tail) : level.nodes.back();
    levels.push_back(std::move(level));
  }
  return levels;
}

std::vector<Digest32> path_of(const std::vector<Level>& levels, std::uint64_t index, std::uint64_t size) {
  std::vector<Digest32> path;
  path.reserve(levels.size());
  for (std::uint32_t l = 0; l < levels.size(); ++l) {
    const Level& level = levels[l];
    const std::uint64_t sibling = (index >> l) ^ 1U;
    const std::uint64_t complete = size >> l;
    if (sibling < complete) {
      path.push_back(level.nodes[sibling - level.first]);
    } else if (sibling == complete && level.tail) {
      path.push_back(*level.tail);
    }
  }
  return path;
}

std::vector<TreeNode> kept_nodes(const std::vector<Level>& levels, std::uint64_t old_size) {
  std::vector<TreeNode> kept;
  for (std::uint32_t l = kTileLevels; l < levels.size(); l += kTileLevels) {
    const Level& level = levels[l];
    for (std::size_t i = 0; i < level.nodes.size(); ++i) {
      const std::uint64_t index = level.first + i;
      if (index >= old_size >> l) kept.push_back({l, index, level.nodes[i]});
    }
  }
  return kept;
}

// The nodes of one level that restore() asks for, in order and without a gap.
Result<std::vector<Digest32>> take_level(std::span<const TreeNode> nodes, std::uint32_t level, std::uint64_t size) {
  const std::uint64_t first = level + kTileLevels < 64 ? size >> (level + kTileLevels) << kTileLevels : 0;
  std::vector<Digest32> taken;
  for (std::uint64_t index = first; index < size >> level; ++index) {
    const auto found = std::find_if(nodes.begin(), nodes.end(),
                                    [&](const TreeNode& n) { return n.level == level && n.index == index; });
    if (found == nodes.end()) return make_error(codes::kAuditRestore, "node");
    taken.push_back(found->hash);
  }
  return taken;
}

}  // namespace

Result<std::unique_ptr<LogSequencer>> LogSequencer::create(SuiteId id, std::string_view origin,
                                                           std::string_view private_pem) {
  auto suite = make_suite(id);
  if (suite.has_error()) return suite.error();
  auto signer = NoteSigner::create(origin, id, private_pem);
  if (signer.has_error()) return signer.error();
  auto verifier = LogVerifier::create(signer->verifier_key_text());
  if (verifier.has_error()) return verifier.error();
  return std::unique_ptr<LogSequencer>(new LogSequencer(std::move(*suite), std::move(*signer), std::move(*verifier)));
}

Result<SequencedBatch> LogSequencer::prepare(std::span<const std::string_view> entries) {
  if (broken_) return make_error(codes::kAuditSequence);
  if (entries.empty() || entries.size() > kMaxBatchEntries)
    return make_error(codes::kAuditBatch, std::to_string(kMaxBatchEntries));
  SequencedBatch batch;
  batch.first_index = frontier_.size();
  batch.tree_size = frontier_.size() + entries.size();
  batch.leaves = merkle::leaf_hashes(*suite_, entries);
  const std::vector<Level> levels = build_levels(*suite_, frontier_, batch.leaves);

  batch.paths.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
    batch.paths.push_back(path_of(levels, batch.first_index + i, batch.tree_size));
  batch.nodes = kept_nodes(levels, batch.first_index);

  // The complete nodes at the right of each level are the new frontier: no hash is computed twice.
  merkle::Frontier next;
  for (std::size_t l = levels.size(); l-- > 0;) {
    if (has_bit(batch.tree_size, static_cast<std::uint32_t>(l)))
      next.append_subtree(*suite_, static_cast<std::uint32_t>(l), levels[l].nodes.back());
  }
  batch.root = next.root(*suite_);
  auto checkpoint = signer_.sign(checkpoint_text(signer_.origin(), batch.tree_size, batch.root));
  if (checkpoint.has_error()) return checkpoint.error();
  batch.checkpoint = std::move(*checkpoint);
  prepared_ = std::move(next);
  prepared_checkpoint_ = batch.checkpoint;
  return batch;
}

void LogSequencer::accept(const SequencedBatch& batch) {
  if (!prepared_ || batch.checkpoint != prepared_checkpoint_) {
    broken_ = true;
    return;
  }
  frontier_ = std::move(*prepared_);
  prepared_.reset();
}

Status LogSequencer::restore(std::uint64_t size, std::span<const Digest32> leaves, std::span<const TreeNode> nodes,
                             std::string_view checkpoint) {
  if (leaves.size() != size % kTileWidth) return make_error(codes::kAuditRestore, "leaves");
  merkle::Frontier restored;
  for (std::uint32_t level = 56; level >= kTileLevels; level -= kTileLevels) {
    const auto taken = take_level(nodes, level, size);
    if (taken.has_error()) return taken.error();
    for (const Digest32& node : *taken) restored.append_subtree(*suite_, level, node);
  }
  for (const Digest32& leaf : leaves) restored.append(*suite_, leaf);
  if (size != 0 || !checkpoint.empty()) {
    const auto signed_state = open_checkpoint(verifier_, checkpoint);
    if (signed_state.has_error()) return signed_state.error();
    if (signed_state->size != size || signed_state->root != restored.root(*suite_))
      return make_error(codes::kAuditRoot);
  }
  frontier_ = std::move(restored);
  prepared_.reset();
  broken_ = false;
  return {};
}

// The members stand in the order that RFC 8785 asks for.
std::string LogSequencer::receipt(const SequencedBatch& batch, std::size_t i, const AuditDraft& draft) const {
  std::string json = "{\"checkpoint\":";
  append_json_string(json, batch.checkpoint);
  json.append(",\"entry\":").append(draft.entry);
  json.append(",\"index\":").append(std::to_string(batch.first_index + i)).append(",\"notice\":");
  append_json_string(json, kReceiptNotice);
  json += ",\"path\":[";
  for (std::size_t k = 0; k < batch.paths[i].size(); ++k) {
    if (k != 0) json.push_back(',');
    json.append("\"").append(to_base64(as_text(batch.paths[i][k]))).append("\"");
  }
  json += "],\"receipt\":";
  append_json_string(json, draft.kind);
  json += ",\"v\":1}";
  return json;
}

}  // namespace tongqu
