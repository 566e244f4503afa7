#include "security/audit/merkle.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <random>

#include "security/audit/audit_codes.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/audit/audit_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

using test::suite;

std::uint64_t number(const Node& node, std::string_view name) {
  const std::string_view text = node.find(name)->text;
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Empty when a hash has not 32 bytes: no verifier takes such a proof.
std::optional<std::vector<Digest32>> proof_of(const Node& node) {
  std::vector<Digest32> proof;
  for (const Node& hash : children(*node.find("proof"))) {
    bool good = false;
    proof.push_back(test::digest_from_base64(hash.text, good));
    if (!good) return std::nullopt;
  }
  return proof;
}

std::vector<Digest32> leaves_of(const Suite& s, std::size_t count) {
  std::vector<Digest32> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(merkle::leaf_hash(s, std::to_string(i)));
  return leaves;
}

// RFC 9162 section 2.1.1, literally.
Digest32 root_by_definition(const Suite& s, std::span<const Digest32> leaves) {
  if (leaves.empty()) return s.hash({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return merkle::node_hash(s, root_by_definition(s, leaves.first(k)), root_by_definition(s, leaves.subspan(k)));
}

TEST(Merkle, ReferenceTree) {
  const auto folder = test::data_folder();
  if (!folder) GTEST_SKIP() << "no test data";
  const auto document = decode_json(test::read_file(*folder / "merkle/rfc6962_reference_tree.json"));
  ASSERT_TRUE(document.has_value());
  const auto s = suite(SuiteId::kIntl);
  std::vector<Digest32> leaves;
  merkle::Frontier frontier;
  const Node* root = document->root().find("root_by_tree_size")->first;
  EXPECT_EQ(to_hex(as_text(frontier.root(*s))), root->text);
  for (const Node& input : children(*document->root().find("leaf_inputs_hex"))) {
    leaves.push_back(merkle::leaf_hash(*s, *from_hex(input.text)));
    frontier.append(*s, leaves.back());
    root = root->next;
    EXPECT_EQ(to_hex(as_text(merkle::root_of(*s, leaves))), root->text);
    EXPECT_EQ(to_hex(as_text(frontier.root(*s))), root->text);
  }
  std::uint32_t level = 0;
  for (const Node& row : children(*document->root().find("node_hashes_by_level"))) {
    std::uint64_t index = 0;
    for (const Node& hash : children(row)) {
      const auto node = test::reader_over(*s, leaves)(level, index++);
      ASSERT_TRUE(node.has_value());
      EXPECT_EQ(to_hex(as_text(*node)), hash.text);
    }
    ++level;
  }
}

TEST(Merkle, InclusionProofsOfTheReferenceSet) {
  const auto s = suite(SuiteId::kIntl);
  for (const std::string& line : test::data_lines("merkle/inclusion.dev.jsonl")) {
    const auto document = decode_json(line);
    ASSERT_TRUE(document.has_value());
    const Node& one = document->root();
    bool leaf_good = false;
    bool root_good = false;
    const Digest32 leaf = test::digest_from_base64(one.find("leafHash")->text, leaf_good);
    const Digest32 root = test::digest_from_base64(one.find("root")->text, root_good);
    const auto proof = proof_of(one);
    const bool good = leaf_good && root_good && proof &&
                      merkle::verify_inclusion(*s, number(one, "leafIdx"), number(one, "treeSize"), leaf, *proof, root);
    EXPECT_EQ(good, one.find("wantErr")->text == "false") << one.find("_id")->text;
  }
}

// Some cases of the set carry a short text where the root does not matter; equal texts stand for equal roots.
Digest32 placeholder_root(std::string_view base64) {
  Digest32 out{};
  const Bytes bytes = from_base64(base64).value_or("");
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

TEST(Merkle, ConsistencyProofsOfTheReferenceSet) {
  const auto s = suite(SuiteId::kIntl);
  for (const std::string& line : test::data_lines("merkle/consistency.dev.jsonl")) {
    const auto document = decode_json(line);
    ASSERT_TRUE(document.has_value());
    const Node& one = document->root();
    const auto proof = proof_of(one);
    const bool good = proof && merkle::verify_consistency(*s, number(one, "size1"), number(one, "size2"),
                                                          placeholder_root(one.find("root1")->text),
                                                          placeholder_root(one.find("root2")->text), *proof);
    EXPECT_EQ(good, one.find("wantErr")->text == "false") << one.find("_id")->text;
  }
}

TEST(Merkle, RootsFollowTheDefinition) {
  for (const SuiteId id : test::kSuites) {
    const auto s = suite(id);
    const auto leaves = leaves_of(*s, 130);
    merkle::Frontier frontier;
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
      const Digest32 expected = root_by_definition(*s, std::span(leaves).first(size));
      EXPECT_EQ(merkle::root_of(*s, std::span(leaves).first(size)), expected) << size;
      EXPECT_EQ(frontier.root(*s), expected) << size;
      const auto read = merkle::root_at(*s, size, test::reader_over(*s, leaves));
      ASSERT_TRUE(read.has_value());
      EXPECT_EQ(*read, expected) << size;
      if (size < leaves.size()) frontier.append(*s, leaves[size]);
    }
  }
}

TEST(Merkle, EveryInclusionProofOfSmallTreesVerifies) {
  for (const SuiteId id : test::kSuites) {
    const auto s = suite(id);
    const auto leaves = leaves_of(*s, 40);
    for (std::uint64_t size = 1; size <= leaves.size(); ++size) {
      const Digest32 root = merkle::root_of(*s, std::span(leaves).first(size));
      for (std::uint64_t index = 0; index < size; ++index) {
        const auto proof = merkle::inclusion_proof(*s, index, size, test::reader_over(*s, leaves));
        ASSERT_TRUE(proof.has_value());
        EXPECT_TRUE(merkle::verify_inclusion(*s, index, size, leaves[index], *proof, root)) << index << '/' << size;
        const std::uint64_t other = (index + 1) % size;
        EXPECT_EQ(merkle::verify_inclusion(*s, other, size, leaves[index], *proof, root), size == 1);
        EXPECT_EQ(merkle::verify_inclusion(*s, index, size, leaves[other], *proof, root), size == 1);
      }
    }
  }
}

TEST(Merkle, EveryConsistencyProofOfSmallTreesVerifies) {
  for (const SuiteId id : test::kSuites) {
    const auto s = suite(id);
    const auto leaves = leaves_of(*s, 40);
    for (std::uint64_t size2 = 1; size2 <= leaves.size(); ++size2) {
      const Digest32 root2 = merkle::root_of(*s, std::span(leaves).first(size2));
      for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
        const Digest32 root1 = merkle::root_of(*s, std::span(leaves).first(size1));
        auto proof = merkle::consistency_proof(*s, size1, size2, test::reader_over(*s, leaves));
        ASSERT_TRUE(proof.has_value());
        EXPECT_TRUE(merkle::verify_consistency(*s, size1, size2, root1, root2, *proof)) << size1 << "->" << size2;
        EXPECT_EQ(merkle::verify_consistency(*s, size1, size2, root2, root2, *proof), size1 == size2);
        EXPECT_EQ(merkle::verify_consistency(*s, size1, size2, root1, root1, *proof), size1 == size2);
        if (proof->empty()) continue;
        proof->back()[7] ^= 1;
        EXPECT_FALSE(merkle::verify_consistency(*s, size1, size2, root1, root2, *proof));
        proof->pop_back();
        EXPECT_FALSE(merkle::verify_consistency(*s, size1, size2, root1, root2, *proof));
      }
    }
  }
}

TEST(Merkle, RandomProofsOfALargeTreeVerify) {
  const std::uint32_t seed = 20260421;
  std::mt19937_64 random(seed);
  const auto s = suite(SuiteId::kIntl);
  const auto leaves = leaves_of(*s, 5000);
  const auto reader = test::reader_over(*s, leaves);
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t size2 = random() % leaves.size() + 1;
    const std::uint64_t size1 = random() % size2 + 1;
    const std::uint64_t index = random() % size2;
    const auto root2 = merkle::root_at(*s, size2, reader);
    const auto root1 = merkle::root_at(*s, size1, reader);
    const auto inclusion = merkle::inclusion_proof(*s, index, size2, reader);
    const auto consistency = merkle::consistency_proof(*s, size1, size2, reader);
    ASSERT_TRUE(root1.has_value() && root2.has_value() && inclusion.has_value() && consistency.has_value());
    EXPECT_TRUE(merkle::verify_inclusion(*s, index, size2, leaves[index], *inclusion, *root2)) << "seed " << seed;
    EXPECT_TRUE(merkle::verify_consistency(*s, size1, size2, *root1, *root2, *consistency)) << "seed " << seed;
  }
}

TEST(Merkle, NothingOutsideTheTreeIsProven) {
  const auto s = suite(SuiteId::kGm);
  const auto leaves = leaves_of(*s, 4);
  const auto reader = test::reader_over(*s, leaves);
  const Result<merkle::Path> cases[] = {
      merkle::inclusion_proof(*s, 4, 4, reader), merkle::inclusion_proof(*s, 0, 0, reader),
      merkle::consistency_proof(*s, 0, 4, reader), merkle::consistency_proof(*s, 5, 4, reader)};
  for (const auto& one : cases) {
    ASSERT_TRUE(one.has_error());
    EXPECT_EQ(one.error().code, &codes::kAuditRange);
  }
  const auto failing = [](std::uint32_t, std::uint64_t) -> Result<Digest32> { return make_error(codes::kAuditTile); };
  EXPECT_EQ(merkle::inclusion_proof(*s, 0, 4, failing).error().code, &codes::kAuditTile);
  EXPECT_EQ(merkle::consistency_proof(*s, 3, 4, failing).error().code, &codes::kAuditTile);
}

}  // namespace
}  // namespace tongqu
