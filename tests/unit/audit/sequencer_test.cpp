#include "security/audit/sequencer.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "security/audit/audit_codes.hpp"
#include "tests/unit/audit/audit_fixture.hpp"

namespace tongqu {
namespace {

// What a store keeps of a log.
struct KeptLog {
  std::vector<Digest32> leaves;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Digest32> nodes;
  std::string checkpoint;

  void keep(const SequencedBatch& batch) {
    leaves.insert(leaves.end(), batch.leaves.begin(), batch.leaves.end());
    for (const TreeNode& node : batch.nodes) nodes[{node.level, node.index}] = node.hash;
    checkpoint = batch.checkpoint;
  }
  [[nodiscard]] std::vector<Digest32> last_leaves() const {
    return {leaves.begin() + static_cast<std::ptrdiff_t>(leaves.size() / 256 * 256), leaves.end()};
  }
  [[nodiscard]] std::vector<TreeNode> right_nodes() const {
    std::vector<TreeNode> right;
    for (const auto& [place, hash] : nodes) {
      if (place.second >= leaves.size() >> (place.first + 8) << 8) right.push_back({place.first, place.second, hash});
    }
    return right;
  }
  [[nodiscard]] Status restore(AuditSequencer& sequencer) const {
    return sequencer.restore(leaves.size(), last_leaves(), right_nodes(), checkpoint);
  }
};

SequencedBatch append(LogSequencer& sequencer, KeptLog& kept, std::size_t count) {
  const auto texts = test::entries(count, kept.leaves.size());
  auto batch = sequencer.prepare(test::views(texts));
  EXPECT_TRUE(batch.has_value());
  sequencer.accept(*batch);
  kept.keep(*batch);
  return std::move(*batch);
}

TEST(Sequencer, PathsLeadToTheSignedRootForEverySplit) {
  for (const SuiteId id : test::kSuites) {
    const auto s = test::suite(id);
    for (std::size_t before = 0; before < 20; ++before) {
      for (std::size_t count = 1; count < 20; ++count) {
        const auto sequencer = test::sequencer(id);
        KeptLog kept;
        if (before != 0) append(*sequencer, kept, before);
        const SequencedBatch batch = append(*sequencer, kept, count);
        EXPECT_EQ(batch.first_index, before);
        EXPECT_EQ(batch.tree_size, before + count);
        EXPECT_EQ(batch.root, merkle::root_of(*s, kept.leaves));
        for (std::size_t i = 0; i < count; ++i) {
          EXPECT_EQ(batch.leaves[i], merkle::leaf_hash(*s, test::entry(before + i)));
          EXPECT_TRUE(
              merkle::verify_inclusion(*s, before + i, batch.tree_size, batch.leaves[i], batch.paths[i], batch.root))
              << before << '+' << count << " at " << i;
        }
      }
    }
  }
}

TEST(Sequencer, CheckpointIsSignedOverSizeAndRoot) {
  for (const SuiteId id : test::kSuites) {
    const auto sequencer = test::sequencer(id);
    KeptLog kept;
    const SequencedBatch batch = append(*sequencer, kept, 3);
    const auto verifier = LogVerifier::create(sequencer->verifier_key_text());
    ASSERT_TRUE(verifier.has_value());
    const auto checkpoint = open_checkpoint(*verifier, batch.checkpoint);
    ASSERT_TRUE(checkpoint.has_value());
    EXPECT_EQ(checkpoint->size, 3U);
    EXPECT_EQ(checkpoint->root, batch.root);
  }
}

TEST(Sequencer, RandomBatchesGiveTheRootOfOneBatch) {
  const std::uint32_t seed = 315;
  std::mt19937 random(seed);
  for (const SuiteId id : test::kSuites) {
    const auto s = test::suite(id);
    for (const std::size_t total : {1U, 255U, 256U, 257U, 1500U}) {
      auto sequencer = test::sequencer(id);
      KeptLog kept;
      while (kept.leaves.size() < total) {
        const std::size_t left = total - kept.leaves.size();
        append(*sequencer, kept, std::min<std::size_t>(left, random() % 300 + 1));
        // Every other batch the process restarts.
        if (random() % 2 == 0) {
          sequencer = test::sequencer(id);
          const Status restored = kept.restore(*sequencer);
          ASSERT_TRUE(restored.has_value()) << restored.error().text(Lang::kEnglish);
        }
      }
      const auto one = test::sequencer(id);
      KeptLog once;
      const SequencedBatch batch = append(*one, once, total);
      EXPECT_EQ(batch.root, merkle::root_of(*s, kept.leaves)) << "seed " << seed;
      EXPECT_EQ(once.leaves, kept.leaves);
      EXPECT_EQ(once.nodes, kept.nodes) << "seed " << seed;
    }
  }
}

TEST(Sequencer, FullTilesAreKeptAtLevelsEightAndSixteen) {
  const auto s = test::suite(SuiteId::kIntl);
  const auto sequencer = test::sequencer(SuiteId::kIntl);
  KeptLog kept;
  append(*sequencer, kept, 65'000);
  append(*sequencer, kept, 600);
  ASSERT_EQ(kept.nodes.size(), 256U + 1U);
  for (std::uint64_t k = 0; k < 256; ++k)
    EXPECT_EQ((kept.nodes[{8, k}]), merkle::root_of(*s, std::span(kept.leaves).subspan(k * 256, 256)));
  EXPECT_EQ((kept.nodes[{16, 0}]), merkle::root_of(*s, std::span(kept.leaves).first(65'536)));
  const auto again = test::sequencer(SuiteId::kIntl);
  ASSERT_TRUE(kept.restore(*again).has_value());
  const SequencedBatch batch = append(*again, kept, 5);
  EXPECT_EQ(batch.root, merkle::root_of(*s, kept.leaves));
}

TEST(Sequencer, NothingIsInEffectBeforeAccept) {
  const auto sequencer = test::sequencer(SuiteId::kIntl);
  KeptLog kept;
  append(*sequencer, kept, 5);
  const auto texts = test::entries(3);
  const auto dropped = sequencer->prepare(test::views(texts));
  ASSERT_TRUE(dropped.has_value());
  const auto again = sequencer->prepare(test::views(texts));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->first_index, 5U);
  EXPECT_EQ(again->root, dropped->root);
  EXPECT_EQ(sequencer->size(), 5U);
}

TEST(Sequencer, WrongAcceptStopsTheLogUntilRestored) {
  const auto sequencer = test::sequencer(SuiteId::kGm);
  KeptLog kept;
  append(*sequencer, kept, 5);
  const auto texts = test::entries(1, 5);
  const auto first = sequencer->prepare(test::views(texts));
  const auto second = sequencer->prepare(test::views(texts));
  ASSERT_TRUE(first.has_value() && second.has_value());
  sequencer->accept(*first);
  const auto refused = sequencer->prepare(test::views(texts));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, &codes::kAuditSequence);
  ASSERT_TRUE(kept.restore(*sequencer).has_value());
  EXPECT_TRUE(sequencer->prepare(test::views(texts)).has_value());
}

TEST(Sequencer, BatchesAreBounded) {
  const auto sequencer = test::sequencer(SuiteId::kIntl);
  const std::vector<std::string_view> none;
  const std::vector<std::string_view> many(kMaxBatchEntries + 1, "{}");
  for (const auto& batch : {none, many}) {
    const auto refused = sequencer->prepare(batch);
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, &codes::kAuditBatch);
  }
}

TEST(Sequencer, RestoreFindsWhatDoesNotFit) {
  for (const SuiteId id : test::kSuites) {
    const auto sequencer = test::sequencer(id);
    KeptLog kept;
    append(*sequencer, kept, 700);
    struct Case {
      std::string_view name;
      std::function<void(std::uint64_t&, std::vector<Digest32>&, std::vector<TreeNode>&, std::string&)> alter;
      const ErrorCode* code;
    };
    const auto other_key = generate_key(log_algorithm(id));
    ASSERT_TRUE(other_key.has_value());
    const auto stranger = NoteSigner::create(test::kOrigin, id, other_key->private_pem);
    const auto elsewhere = NoteSigner::create("other.log", id, test::log_key(id));
    ASSERT_TRUE(stranger.has_value() && elsewhere.has_value());
    const std::string text = checkpoint_text(test::kOrigin, 700, merkle::root_of(*test::suite(id), kept.leaves));
    const Case cases[] = {
        {"leaf", [](auto&, auto& l, auto&, auto&) { l[0][0] ^= 1; }, &codes::kAuditRoot},
        {"missing leaf", [](auto&, auto& l, auto&, auto&) { l.pop_back(); }, &codes::kAuditRestore},
        {"node", [](auto&, auto&, auto& n, auto&) { n[1].hash[31] ^= 1; }, &codes::kAuditRoot},
        {"missing node", [](auto&, auto&, auto& n, auto&) { n.erase(n.begin()); }, &codes::kAuditRestore},
        {"smaller size",
         [](auto& s, auto& l, auto&, auto&) {
           --s;
           l.pop_back();
         },
         &codes::kAuditRoot},
        {"checkpoint", [](auto&, auto&, auto&, auto& c) { c[30] ^= 1; }, &codes::kAuditSignature},
        {"no checkpoint", [](auto&, auto&, auto&, auto& c) { c.clear(); }, &codes::kAuditNote},
        {"strange key", [&](auto&, auto&, auto&, auto& c) { c = *stranger->sign(text); }, &codes::kAuditSignature},
        {"other log", [&](auto&, auto&, auto&, auto& c) { c = *elsewhere->sign(text); }, &codes::kAuditSignature},
        {"lost log",
         [](auto& s, auto& l, auto& n, auto&) {
           s = 0;
           l.clear();
           n.clear();
         },
         &codes::kAuditRoot},
    };
    for (const Case& c : cases) {
      std::uint64_t size = kept.leaves.size();
      auto leaves = kept.last_leaves();
      auto nodes = kept.right_nodes();
      std::string checkpoint = kept.checkpoint;
      c.alter(size, leaves, nodes, checkpoint);
      const Status restored = sequencer->restore(size, leaves, nodes, checkpoint);
      ASSERT_TRUE(restored.has_error()) << c.name;
      EXPECT_EQ(restored.error().code, c.code) << c.name;
      EXPECT_EQ(restored.error().kind(), ErrorKind::kCorrupt) << c.name;
      EXPECT_EQ(sequencer->size(), 700U) << "a failed restore changes nothing";
    }
    EXPECT_TRUE(sequencer->restore(0, {}, {}, "").has_value());
    EXPECT_EQ(sequencer->size(), 0U);
  }
}

TEST(Sequencer, ReceiptIsCanonicalText) {
  const auto sequencer = test::sequencer(SuiteId::kIntl);
  const std::string text = test::entry(0);
  const std::string_view one[] = {text, text};
  const auto batch = sequencer->prepare(one);
  ASSERT_TRUE(batch.has_value());
  const std::string receipt = sequencer->receipt(*batch, 1, {"stored", text});
  std::string note = batch->checkpoint;
  for (std::size_t at = 0; (at = note.find('\n', at)) != std::string::npos; at += 2) note.replace(at, 1, "\\n");
  EXPECT_EQ(receipt, "{\"checkpoint\":\"" + note + "\",\"entry\":" + text +
                         ",\"index\":1,\"notice\":\"本回执不代表受理决定\",\"path\":[\"" +
                         to_base64(as_text(batch->leaves[0])) + "\"],\"receipt\":\"stored\",\"v\":1}");
}

TEST(Sequencer, NeedsAKeyOfItsSuite) {
  EXPECT_TRUE(LogSequencer::create(SuiteId::kGm, test::kOrigin, test::log_key(SuiteId::kIntl)).has_error());
  EXPECT_TRUE(LogSequencer::create(SuiteId::kGm, "two words", test::log_key(SuiteId::kGm)).has_error());
}

}  // namespace
}  // namespace tongqu
