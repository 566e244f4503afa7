#include "security/audit/proofs.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "security/audit/audit_codes.hpp"
#include "tests/unit/audit/audit_fixture.hpp"

namespace tongqu {
namespace {

// Keeps tiles as a store does, and counts the reads.
class KeptTiles final : public TileSource {
 public:
  explicit KeptTiles(const std::vector<std::size_t>& batches) {
    const auto sequencer = test::sequencer(SuiteId::kIntl);
    for (const std::size_t count : batches) {
      const auto texts = test::entries(count, leaves.size());
      const auto batch = sequencer->prepare(test::views(texts));
      sequencer->accept(*batch);
      leaves.insert(leaves.end(), batch->leaves.begin(), batch->leaves.end());
      for (const TreeNode& node : batch->nodes) nodes[node.level].push_back(node.hash);
      roots[batch->tree_size] = batch->root;
    }
  }
  [[nodiscard]] Result<std::vector<Digest32>> leaf_tile(std::uint64_t tile) const override { return cut(leaves, tile); }
  [[nodiscard]] Result<std::vector<Digest32>> node_tile(std::uint32_t level, std::uint64_t tile) const override {
    const auto found = nodes.find(level);
    return found == nodes.end() ? std::vector<Digest32>() : cut(found->second, tile);
  }

  std::vector<Digest32> leaves;
  std::map<std::uint32_t, std::vector<Digest32>> nodes;
  std::map<std::uint64_t, Digest32> roots;
  mutable std::size_t reads = 0;

 private:
  std::vector<Digest32> cut(const std::vector<Digest32>& all, std::uint64_t tile) const {
    ++reads;
    const std::size_t first = std::min<std::size_t>(tile * 256, all.size());
    const std::size_t last = std::min<std::size_t>(first + 256, all.size());
    return {all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(last)};
  }
};

TEST(Proofs, OfAnyEntryAndAnySizesVerify) {
  const std::uint32_t seed = 12315;
  std::mt19937_64 random(seed);
  const auto s = test::suite(SuiteId::kIntl);
  const KeptTiles tiles({1, 254, 2, 300, 65'000, 700, 1});
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t size2 = round % 3 == 0 ? tiles.leaves.size() : random() % tiles.leaves.size() + 1;
    const std::uint64_t size1 = random() % size2 + 1;
    const std::uint64_t index = random() % size2;
    tiles.reads = 0;
    const auto root2 = root_at(*s, tiles, size2);
    const auto root1 = root_at(*s, tiles, size1);
    const auto inclusion = prove_inclusion(*s, tiles, index, size2);
    const auto consistency = prove_consistency(*s, tiles, size1, size2);
    ASSERT_TRUE(root1.has_value() && root2.has_value() && inclusion.has_value() && consistency.has_value());
    EXPECT_TRUE(merkle::verify_inclusion(*s, index, size2, tiles.leaves[index], *inclusion, *root2)) << "seed " << seed;
    EXPECT_TRUE(merkle::verify_consistency(*s, size1, size2, *root1, *root2, *consistency)) << "seed " << seed;
    EXPECT_LE(tiles.reads, 24U) << "tiles are read once a proof";
  }
}

TEST(Proofs, RootsAreTheSignedOnes) {
  const auto s = test::suite(SuiteId::kIntl);
  const KeptTiles tiles({5, 251, 256, 100});
  for (const auto& [size, root] : tiles.roots) {
    const auto computed = root_at(*s, tiles, size);
    ASSERT_TRUE(computed.has_value());
    EXPECT_EQ(*computed, root) << size;
  }
}

TEST(Proofs, MissingTilesAndWrongRangesAreErrors) {
  const auto s = test::suite(SuiteId::kIntl);
  KeptTiles tiles({600});
  EXPECT_EQ(prove_inclusion(*s, tiles, 600, 600).error().code, &codes::kAuditRange);
  EXPECT_EQ(prove_consistency(*s, tiles, 0, 600).error().code, &codes::kAuditRange);
  EXPECT_EQ(prove_inclusion(*s, tiles, 0, 601).error().code, &codes::kAuditTile);
  tiles.nodes.clear();
  EXPECT_EQ(prove_inclusion(*s, tiles, 599, 600).error().code, &codes::kAuditTile);
  EXPECT_EQ(prove_consistency(*s, tiles, 1, 600).error().code, &codes::kAuditTile);
  EXPECT_EQ(root_at(*s, tiles, 600).error().code, &codes::kAuditTile);
}

}  // namespace
}  // namespace tongqu
