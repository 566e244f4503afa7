#include "security/audit/merkle.hpp"

#include <algorithm>
#include <bit>

#include "security/audit/audit_codes.hpp"

namespace tongqu::merkle {
namespace {

constexpr std::string_view kLeafPrefix{"\0", 1};
constexpr std::string_view kNodePrefix{"\1", 1};

// Largest power of two below `size`; size > 1.
std::uint64_t split_of(std::uint64_t size) { return std::bit_floor(size - 1); }

bool is_complete(std::uint64_t begin, std::uint64_t width) { return std::has_single_bit(width) && begin % width == 0; }

// Root over the leaves [begin, begin + width), width > 0, out of complete subtrees.
Result<Digest32> range_root(const Suite& suite, std::uint64_t begin, std::uint64_t width, const SubtreeReader& reader) {
  if (is_complete(begin, width)) {
    const auto level = static_cast<std::uint32_t>(std::countr_zero(width));
    return reader(level, begin >> level);
  }
  const std::uint64_t split = split_of(width);
  const auto left = range_root(suite, begin, split, reader);
  if (left.has_error()) return left.error();
  const auto right = range_root(suite, begin + split, width - split, reader);
  if (right.has_error()) return right.error();
  return node_hash(suite, *left, *right);
}

Status push_range(const Suite& suite, std::uint64_t begin, std::uint64_t width, const SubtreeReader& reader,
                  Path& path) {
  const auto root = range_root(suite, begin, width, reader);
  if (root.has_error()) return root.error();
  path.push_back(*root);
  return {};
}

}  // namespace

Digest32 leaf_hash(const Suite& suite, std::string_view entry) { return suite.hash({kLeafPrefix, entry}); }

Digest32 node_hash(const Suite& suite, const Digest32& left, const Digest32& right) {
  return suite.hash({kNodePrefix, as_text(left), as_text(right)});
}

// Two hashes side by side are what a node is made of: nothing is copied.
std::vector<Digest32> parents_of(const Suite& suite, std::span<const Digest32> nodes) {
  static_assert(sizeof(Digest32) == 32);
  std::vector<std::string_view> pairs;
  pairs.reserve(nodes.size() / 2);
  for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) {
    pairs.emplace_back(reinterpret_cast<const char*>(nodes[i].data()), 2 * sizeof(Digest32));
  }
  std::vector<Digest32> parents(pairs.size());
  suite.hash_each(kNodePrefix, pairs, parents);
  return parents;
}

std::vector<Digest32> leaf_hashes(const Suite& suite, std::span<const std::string_view> entries) {
  std::vector<Digest32> leaves(entries.size());
  suite.hash_each(kLeafPrefix, entries, leaves);
  return leaves;
}

Digest32 empty_root(const Suite& suite) { return suite.hash({}); }

Digest32 root_of(const Suite& suite, std::span<const Digest32> leaves) {
  if (leaves.empty()) return empty_root(suite);
  // A node without a sibling rises unchanged, which is the split at the largest power of two.
  std::vector<Digest32> level(leaves.begin(), leaves.end());
  while (level.size() > 1) {
    std::vector<Digest32> above = parents_of(suite, level);
    if (level.size() % 2 == 1) above.push_back(level.back());
    level = std::move(above);
  }
  return level.front();
}

// RFC 9162 2.1.3.1, from the top down: at each split the other side's root goes into the path.
Result<Path> inclusion_proof(const Suite& suite, std::uint64_t index, std::uint64_t size, const SubtreeReader& reader) {
  if (index >= size) return make_error(codes::kAuditRange);
  Path path;
  std::uint64_t begin = 0;
  for (std::uint64_t width = size; width > 1;) {
    const std::uint64_t split = split_of(width);
    const bool left = index - begin < split;
    const Status pushed = left ? push_range(suite, begin + split, width - split, reader, path)
                               : push_range(suite, begin, split, reader, path);
    if (pushed.has_error()) return pushed.error();
    if (!left) begin += split;
    width = left ? split : width - split;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

// RFC 9162 2.1.4.1: SUBPROOF(m, D_n, true), as a loop from the top down.
Result<Path> consistency_proof(const Suite& suite, std::uint64_t size1, std::uint64_t size2,
                               const SubtreeReader& reader) {
  if (size1 == 0 || size1 > size2) return make_error(codes::kAuditRange);
  Path path;
  std::uint64_t begin = 0;
  std::uint64_t width = size2;
  bool known = true;  // the verifier has the root of what is left: the first tree itself
  while (size1 - begin < width) {
    const std::uint64_t split = split_of(width);
    const bool left = size1 - begin <= split;
    const Status pushed = left ? push_range(suite, begin + split, width - split, reader, path)
                               : push_range(suite, begin, split, reader, path);
    if (pushed.has_error()) return pushed.error();
    if (!left) {
      begin += split;
      known = false;
    }
    width = left ? split : width - split;
  }
  if (!known) {
    const Status pushed = push_range(suite, begin, width, reader, path);
    if (pushed.has_error()) return pushed.error();
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Result<Digest32> root_at(const Suite& suite, std::uint64_t size, const SubtreeReader& reader) {
  if (size == 0) return empty_root(suite);
  return range_root(suite, 0, size, reader);
}

bool verify_inclusion(const Suite& suite, std::uint64_t index, std::uint64_t size, const Digest32& leaf,
                      std::span<const Digest32> path, const Digest32& root) {
  if (index >= size) return false;
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Digest32 r = leaf;
  for (const Digest32& p : path) {
    if (sn == 0) return false;
    if ((fn & 1U) == 1 || fn == sn) {
      r = node_hash(suite, p, r);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      r = node_hash(suite, r, p);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && r == root;
}

bool verify_consistency(const Suite& suite, std::uint64_t size1, std::uint64_t size2, const Digest32& root1,
                        const Digest32& root2, std::span<const Digest32> path) {
  if (size1 == 0 || size1 > size2) return false;
  if (size1 == size2) return path.empty() && root1 == root2;
  // A first tree that is one complete subtree is its own first node.
  const bool own_root = std::has_single_bit(size1);
  if (!own_root && path.empty()) return false;
  std::uint64_t fn = size1 - 1;
  std::uint64_t sn = size2 - 1;
  while ((fn & 1U) == 1) {
    fn >>= 1U;
    sn >>= 1U;
  }
  Digest32 fr = own_root ? root1 : path.front();
  Digest32 sr = fr;
  for (const Digest32& c : path.subspan(own_root ? 0 : 1)) {
    if (sn == 0) return false;
    if ((fn & 1U) == 1 || fn == sn) {
      fr = node_hash(suite, c, fr);
      sr = node_hash(suite, c, sr);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      sr = node_hash(suite, sr, c);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && fr == root1 && sr == root2;
}

const Digest32& Frontier::at(std::uint32_t level) const {
  return roots_[static_cast<std::size_t>(std::popcount(size_ >> level)) - 1];
}

void Frontier::append(const Suite& suite, const Digest32& leaf) { append_subtree(suite, 0, leaf); }

void Frontier::append_subtree(const Suite& suite, std::uint32_t level, Digest32 root) {
  size_ += std::uint64_t{1} << level;
  // Each bit that the addition carried over is a pair of subtrees that became one.
  for (std::uint64_t rest = size_ >> level; (rest & 1U) == 0; rest >>= 1U) {
    root = node_hash(suite, roots_.back(), root);
    roots_.pop_back();
  }
  roots_.push_back(root);
}

Digest32 Frontier::root(const Suite& suite) const {
  if (roots_.empty()) return empty_root(suite);
  Digest32 root = roots_.back();
  for (auto left = roots_.rbegin() + 1; left != roots_.rend(); ++left) root = node_hash(suite, *left, root);
  return root;
}

}  // namespace tongqu::merkle
