#pragma once
// Merkle trees of RFC 9162 section 2.1 (the structure of RFC 6962) with the suite's hash. Pure functions.
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/core/crypto.hpp"

namespace tongqu::merkle {

[[nodiscard]] Digest32 leaf_hash(const Suite& suite, std::string_view entry);                       // H(0x00 ‖ entry)
[[nodiscard]] Digest32 node_hash(const Suite& suite, const Digest32& left, const Digest32& right);  // H(0x01 ‖ l ‖ r)
// leaf_hash of each entry.
[[nodiscard]] std::vector<Digest32> leaf_hashes(const Suite& suite, std::span<const std::string_view> entries);
// node_hash of the first two, of the next two, and so on; a last one without a partner is left out.
[[nodiscard]] std::vector<Digest32> parents_of(const Suite& suite, std::span<const Digest32> nodes);
[[nodiscard]] Digest32 empty_root(const Suite& suite);  // H("")
// Root over leaf hashes; empty_root for none. Linear.
[[nodiscard]] Digest32 root_of(const Suite& suite, std::span<const Digest32> leaves);

// Hash of a complete subtree: the leaves [index << level, (index + 1) << level).
using SubtreeReader = std::function<Result<Digest32>(std::uint32_t level, std::uint64_t index)>;
using Path = std::vector<Digest32>;

// Proofs, lowest first, from O(log size) complete subtrees. Fail with audit.range when index >= size, or unless
// 0 < size1 <= size2; errors of `reader` are passed on.
[[nodiscard]] Result<Path> inclusion_proof(const Suite& suite, std::uint64_t index, std::uint64_t size,
                                           const SubtreeReader& reader);
[[nodiscard]] Result<Path> consistency_proof(const Suite& suite, std::uint64_t size1, std::uint64_t size2,
                                             const SubtreeReader& reader);
[[nodiscard]] Result<Digest32> root_at(const Suite& suite, std::uint64_t size, const SubtreeReader& reader);

// RFC 9162 sections 2.1.3.2 and 2.1.4.2. A consistency proof from size 0 says nothing and is refused; equal sizes
// need an empty proof and equal roots.
[[nodiscard]] bool verify_inclusion(const Suite& suite, std::uint64_t index, std::uint64_t size, const Digest32& leaf,
                                    std::span<const Digest32> path, const Digest32& root);
[[nodiscard]] bool verify_consistency(const Suite& suite, std::uint64_t size1, std::uint64_t size2,
                                      const Digest32& root1, const Digest32& root2, std::span<const Digest32> path);

// The roots of the complete subtrees of a tree, largest first: all that appending and the root need.
class Frontier {
 public:
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Root of the complete subtree of 2^level leaves at the right; level is a bit that is set in size().
  [[nodiscard]] const Digest32& at(std::uint32_t level) const;
  void append(const Suite& suite, const Digest32& leaf);
  // Appends a complete subtree of 2^level leaves. size() is a multiple of 2^level.
  void append_subtree(const Suite& suite, std::uint32_t level, Digest32 root);
  [[nodiscard]] Digest32 root(const Suite& suite) const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest32> roots_;  // one for each bit of size_, highest bit first
};

}  // namespace tongqu::merkle
