#include "security/audit/proofs.hpp"

#include <map>
#include <span>

#include "security/audit/audit_codes.hpp"

namespace tongqu {
namespace {

constexpr std::uint32_t kTileLevels = 8;
constexpr std::uint64_t kTileWidth = 256;

// Complete subtrees out of tiles. A proof touches few tiles, but several subtrees of each: they are kept for the
// length of one proof.
class TileReader {
 public:
  TileReader(const Suite& suite, const TileSource& source) : suite_(suite), source_(source) {}

  Result<Digest32> operator()(std::uint32_t level, std::uint64_t index) {
    const std::uint32_t base = level / kTileLevels * kTileLevels;
    const std::uint64_t width = std::uint64_t{1} << (level - base);
    const std::uint64_t first = index * width;
    const auto tile = fetch(base, first / kTileWidth);
    if (tile.has_error()) return tile.error();
    const std::size_t at = first % kTileWidth;
    if (at + width > (*tile)->size()) return make_error(codes::kAuditTile);
    return merkle::root_of(suite_, std::span(**tile).subspan(at, width));
  }

 private:
  Result<const std::vector<Digest32>*> fetch(std::uint32_t level, std::uint64_t tile) {
    const auto known = tiles_.find({level, tile});
    if (known != tiles_.end()) return &known->second;
    auto read = level == 0 ? source_.leaf_tile(tile) : source_.node_tile(level, tile);
    if (read.has_error()) return read.error();
    return &tiles_.emplace(std::pair{level, tile}, std::move(*read)).first->second;
  }

  const Suite& suite_;
  const TileSource& source_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<Digest32>> tiles_;
};

}  // namespace

Result<merkle::Path> prove_inclusion(const Suite& suite, const TileSource& tiles, std::uint64_t index,
                                     std::uint64_t size) {
  TileReader reader(suite, tiles);
  return merkle::inclusion_proof(suite, index, size, std::ref(reader));
}

Result<merkle::Path> prove_consistency(const Suite& suite, const TileSource& tiles, std::uint64_t size1,
                                       std::uint64_t size2) {
  TileReader reader(suite, tiles);
  return merkle::consistency_proof(suite, size1, size2, std::ref(reader));
}

Result<Digest32> root_at(const Suite& suite, const TileSource& tiles, std::uint64_t size) {
  TileReader reader(suite, tiles);
  return merkle::root_at(suite, size, std::ref(reader));
}

}  // namespace tongqu
