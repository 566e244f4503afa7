#pragma once
// Proofs about a stored log, computed from its tiles.
#include <cstdint>
#include <vector>

#include "gateway/core/crypto.hpp"
#include "security/audit/merkle.hpp"

namespace tongqu {

// Reads of a stored log; Store::leaf_tile and Store::node_tile have this shape.
class TileSource {
 public:
  virtual ~TileSource() = default;
  // Leaf hashes [256·tile, …), at most 256.
  [[nodiscard]] virtual Result<std::vector<Digest32>> leaf_tile(std::uint64_t tile) const = 0;
  // Kept nodes of `level` (8, 16, …), [256·tile, …), at most 256.
  [[nodiscard]] virtual Result<std::vector<Digest32>> node_tile(std::uint32_t level, std::uint64_t tile) const = 0;
};

// Proofs within the tree of `size` (at most what the source holds), lowest hash first. O(log size) tiles are read.
// Fail with audit.range, audit.tile (a tile is shorter than the tree says), or an error of the source.
[[nodiscard]] Result<merkle::Path> prove_inclusion(const Suite& suite, const TileSource& tiles, std::uint64_t index,
                                                   std::uint64_t size);
[[nodiscard]] Result<merkle::Path> prove_consistency(const Suite& suite, const TileSource& tiles, std::uint64_t size1,
                                                     std::uint64_t size2);
[[nodiscard]] Result<Digest32> root_at(const Suite& suite, const TileSource& tiles, std::uint64_t size);

}  // namespace tongqu
