// Vectors of docs/formats.md: what was written once must be readable for good. The hashes were recomputed with another
// program (Python's hashlib and hmac).
#include <gtest/gtest.h>

#include "security/audit/commitments.hpp"
#include "security/audit/receipt_check.hpp"
#include "tests/unit/audit/audit_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kStarted =
    R"({"at":"2026-04-21T00:00:00.000+08:00","kind":"started","salt":"AAAAAAAAAAAAAAAAAAAAAA==","v":1})";
constexpr std::string_view kStored =
    R"({"at":"2026-04-21T00:00:01.000+08:00","config":"c0ffee","exchange":"01HF7YAT00ABCDEFGHJKMNPQRS",)"
    R"("kind":"stored","salt":"AQEBAQEBAQEBAQEBAQEBAQ==","v":1})";

struct Vector {
  SuiteId id;
  std::string_view leaf, root, record, key_text, receipt;
};

std::vector<Vector> vectors() {
  return {
      {SuiteId::kGm, "72a202eb2dd70a5ef7f230f1f23d314650ea94a322f1b7c3d210b01167ff12d1",
       "1ab6ad691119710dbc2b0a94d188a694cfae834cdc2c09b31984dd0626b3b102",
       "b60156c75c058c81d8a34511b1c65598e92aa44af1914e00d5195968599fa417",
       "log.example.cn/tongqu+131881b1+/3NtMi1zbTMEiSCPsere39y+UASxmPMH8b+6icS6neOtU9TfA43y/"
       "vGfHB8mGnUyO0mCWkYRWfvwXeBzY3KXbRUSr+gS8sLIpA==",
       R"({"checkpoint":"log.example.cn/tongqu\n2\nGrataREZcQ28KwqU0YimlM+ug0zcLAmzGYTdBiazsQI=\n\n— log.example.cn/tongqu ExiBsTBEAiBNDvGBEokoT9NShTsEx8yyq+wBxZmi/HPGPVoYqpPG2AIgeyBJsjqhojYYiHSv4wQs4nvj2aOgkVzN7rMcmkkF8yQ=\n","entry":{"at":"2026-04-21T00:00:01.000+08:00","config":"c0ffee","exchange":"01HF7YAT00ABCDEFGHJKMNPQRS","kind":"stored","salt":"AQEBAQEBAQEBAQEBAQEBAQ==","v":1},"index":1,"notice":"本回执不代表受理决定","path":["44eZwmU1TUP55+8sgwlLTWmoqb/HTMJNyFubCw8LN9w="],"receipt":"stored","v":1})"},
      {SuiteId::kIntl, "b5544fccd52b7b210f2477b883a743697f51529532280860c36c6baf8cb14e8d",
       "321c54317579c573a73fad11177585723b63ccb1b11cae9d95b6cd9818891481",
       "96ccc23f2def882616d2e5fb78d600611ac76a0a865aba9076ce30850b27c438",
       "log.example.cn/tongqu+05f0614f+ATvZy6SaK7Gl6Fyw0SCs8jMy1gIyVJU0R09vk/uCnR2a",
       R"({"checkpoint":"log.example.cn/tongqu\n2\nMhxUMXV5xXOnP60RF3WFcjtjzLGxHK6dlbbNmBiJFIE=\n\n— log.example.cn/tongqu BfBhT0ZFKOdQDCWwaVRxKKFx8Tl/17CHgeZkQrdtykcrHSR6aouZJBcLXCmzJRZHgf/PFlRUXG06JrSXF/11BMLAnwQ=\n","entry":{"at":"2026-04-21T00:00:01.000+08:00","config":"c0ffee","exchange":"01HF7YAT00ABCDEFGHJKMNPQRS","kind":"stored","salt":"AQEBAQEBAQEBAQEBAQEBAQ==","v":1},"index":1,"notice":"本回执不代表受理决定","path":["rYkoglrPGRavIMGsozVQkzK/hSYO5KuJGmou+G8z6WQ="],"receipt":"stored","v":1})"},
  };
}

TEST(FormatVectors, LeafAndRoot) {
  for (const Vector& v : vectors()) {
    const auto s = test::suite(v.id);
    const Digest32 leaves[] = {merkle::leaf_hash(*s, kStarted), merkle::leaf_hash(*s, kStored)};
    EXPECT_EQ(to_hex(as_text(leaves[1])), v.leaf);
    EXPECT_EQ(to_hex(as_text(merkle::root_of(*s, leaves))), v.root);
  }
}

TEST(FormatVectors, RecordDigest) {
  for (const Vector& v : vectors()) {
    const auto document = decode_json(R"({"name":"张小明","amount":1200})");
    ASSERT_TRUE(document.has_value());
    const RecordCommitment record = commit_fields(document->root(), *test::suite(v.id), Bytes(32, 'k'));
    EXPECT_EQ(to_hex(as_text(record.root)), v.record);
  }
}

TEST(FormatVectors, ReceiptVerifiesWithTheKeyTextAlone) {
  for (const Vector& v : vectors()) {
    const auto verifier = LogVerifier::create(v.key_text);
    ASSERT_TRUE(verifier.has_value());
    EXPECT_EQ(verifier->suite().id(), v.id);
    const auto checked = check_receipt(*verifier, JsonCodec(), v.receipt);
    ASSERT_TRUE(checked.has_value()) << checked.error().text(Lang::kEnglish);
    EXPECT_EQ(checked->index, 1U);
    EXPECT_EQ(checked->exchange, "01HF7YAT00ABCDEFGHJKMNPQRS");
    EXPECT_EQ(to_hex(as_text(checked->checkpoint.root)), v.root);
  }
}

}  // namespace
}  // namespace tongqu
