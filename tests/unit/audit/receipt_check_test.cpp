#include "security/audit/receipt_check.hpp"

#include <gtest/gtest.h>

#include "gateway/core/jcs.hpp"
#include "security/audit/audit_codes.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/audit/audit_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

const Bytes kKey(32, 'k');
constexpr std::string_view kRecord = R"({"provider":{"name":"张小明","phone":"13800000000"},"amount":1200})";

// A log of five entries, the fourth of which is of an exchange with a record.
struct Made {
  std::unique_ptr<LogSequencer> sequencer;
  LogVerifier verifier;
  AuditDraft draft;
  SequencedBatch batch;
  RecordCommitment record;
  std::string receipt;
};
Made make(SuiteId id) {
  auto sequencer = test::sequencer(id);
  auto verifier = *LogVerifier::create(sequencer->verifier_key_text());
  const auto document = decode_json(kRecord);
  RecordCommitment record = commit_fields(document->root(), sequencer->suite(), kKey);
  AuditDraft draft = AuditEntryBuilder("stored", Instant{1'776'700'800'000})
                         .text("exchange", "01HF7YAT00ABCDEFGHJKMNPQRS")
                         .text("config", "c0ffee")
                         .text("record", to_hex(as_text(record.root)))
                         .finish();
  const auto other = test::entries(3);
  const auto first = sequencer->prepare(test::views({other[0]}));
  sequencer->accept(*first);
  const std::string_view texts[] = {other[1], other[2], draft.entry, other[0]};
  auto batch = sequencer->prepare(texts);
  std::string receipt = sequencer->receipt(*batch, 2, draft);
  return {std::move(sequencer), std::move(verifier), std::move(draft), std::move(*batch), std::move(record), receipt};
}

EvidenceParts parts_of(const Made& made) {
  EvidenceParts parts;
  parts.checkpoint = made.batch.checkpoint;
  parts.entry = made.draft.entry;
  parts.index = made.batch.first_index + 2;
  parts.path = made.batch.paths[2];
  parts.config = "c0ffee";
  parts.route = "city-a-workorders";
  parts.signature = "rx8PYC3sZRTGUi6XUSPHMrt/9aZpq8pDQC3FE5swGtw=";
  parts.record = &made.record;
  return parts;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Receipts, VerifyOffline) {
  for (const SuiteId id : test::kSuites) {
    const Made made = make(id);
    const auto checked = check_receipt(made.verifier, JsonCodec(), made.receipt);
    ASSERT_TRUE(checked.has_value()) << checked.error().text(Lang::kEnglish);
    EXPECT_EQ(checked->receipt, "stored");
    EXPECT_EQ(checked->exchange, "01HF7YAT00ABCDEFGHJKMNPQRS");
    EXPECT_EQ(checked->at, "2026-04-21T00:00:00.000+08:00");
    EXPECT_EQ(checked->index, 3U);
    EXPECT_EQ(checked->checkpoint.size, 5U);
    EXPECT_EQ(checked->checkpoint.origin, test::kOrigin);
  }
}

TEST(Receipts, EveryFlippedByteIsFound) {
  for (const SuiteId id : test::kSuites) {
    const Made made = make(id);
    for (std::size_t i = 0; i < made.receipt.size(); ++i) {
      for (const int mask : {1, 32, 128}) {
        std::string altered = made.receipt;
        altered[i] = static_cast<char>(altered[i] ^ mask);
        EXPECT_TRUE(check_receipt(made.verifier, JsonCodec(), altered).has_error()) << i;
      }
    }
    for (std::size_t size = 0; size < made.receipt.size(); ++size)
      EXPECT_TRUE(check_receipt(made.verifier, JsonCodec(), made.receipt.substr(0, size)).has_error());
  }
}

TEST(Receipts, ErrorsSayWhatIsWrong) {
  const Made made = make(SuiteId::kIntl);
  const Made other = make(SuiteId::kGm);
  struct Case {
    std::string text;
    const ErrorCode* code;
    std::string param;
  };
  const std::string& r = made.receipt;
  const Case cases[] = {
      {"", &codes::kAuditNotCanonical, ""},
      {r + "\n", &codes::kAuditNotCanonical, ""},
      {"[]", &codes::kAuditForm, "object"},
      {"{}", &codes::kAuditForm, "checkpoint"},
      {replaced(r, "\"stored\",\"v\":1}", "\"stored\",\"v\":2}"), &codes::kAuditForm, "v"},
      {replaced(r, "\"stored\",\"v\":1}", "\"stored\",\"v\":1,\"x\":1}"), &codes::kAuditForm, "additional member"},
      {replaced(r, "\"index\":3", "\"index\":4"), &codes::kAuditPath, ""},
      {replaced(r, "\"index\":3", "\"index\":5"), &codes::kAuditPath, ""},
      {replaced(r, "\"index\":3", "\"index\":-3"), &codes::kAuditForm, "index"},
      {replaced(r, "\"index\":3", "\"index\":\"3\""), &codes::kAuditForm, "index"},
      {replaced(r, "\"receipt\":\"stored\"", "\"receipt\":\"delivered\""), &codes::kAuditForm, "receipt"},
      {replaced(r, "\"kind\":\"stored\"", "\"kind\":\"storee\""), &codes::kAuditPath, ""},
      {replaced(r, "不代表", "代表"), &codes::kAuditForm, "notice"},
      {replaced(r, "\"path\":[\"", "\"path\":[\"AAAA\",\""), &codes::kAuditForm, "path"},
      {replaced(r, "\"path\":[", "\"path\":[\"" + to_base64(Bytes(32, 'x')) + "\","), &codes::kAuditPath, ""},
      {other.receipt, &codes::kAuditSignature, ""},
      {std::string(kMaxReceiptBytes + 1, 'x'), &codes::kLimitBytes, std::to_string(kMaxReceiptBytes)},
  };
  for (const Case& c : cases) {
    const auto checked = check_receipt(made.verifier, JsonCodec(), c.text);
    ASSERT_TRUE(checked.has_error()) << c.text.substr(0, 60);
    EXPECT_EQ(checked.error().code, c.code) << checked.error().text(Lang::kEnglish);
    EXPECT_EQ(checked.error().param, c.param);
    EXPECT_FALSE(checked.error().text(Lang::kChinese).empty());
  }
}

TEST(Receipts, AProofOfAnEntryVerifiesAndPromisesNothing) {
  const Made made = make(SuiteId::kGm);
  const std::string proof = replaced(made.receipt, "\"receipt\":\"stored\"", "\"receipt\":\"proof\"");
  const auto checked = check_receipt(made.verifier, JsonCodec(), proof);
  ASSERT_TRUE(checked.has_value()) << checked.error().text(Lang::kEnglish);
  EXPECT_EQ(checked->receipt, "proof");
  EXPECT_EQ(checked->index, 3U);
  const auto altered = check_receipt(made.verifier, JsonCodec(), replaced(proof, "\"index\":3", "\"index\":4"));
  EXPECT_EQ(altered.error().code, &codes::kAuditPath);
}

TEST(Evidence, VerifiesWithAndWithoutOpenedFields) {
  for (const SuiteId id : test::kSuites) {
    const Made made = make(id);
    EvidenceParts parts = parts_of(made);
    for (const bool open : {false, true}) {
      if (open) parts.opened = {{"amount", "1200"}, {"provider.name", "张小明"}};
      const auto text = build_evidence(made.verifier.suite(), parts);
      ASSERT_TRUE(text.has_value());
      if (!open) {
        EXPECT_EQ(text->find("张小明"), std::string::npos);
      }
      const auto checked = check_evidence(made.verifier, JsonCodec(), *text);
      ASSERT_TRUE(checked.has_value()) << checked.error().text(Lang::kEnglish);
      EXPECT_EQ(checked->receipt.index, 3U);
      EXPECT_EQ(checked->fields, 3U);
      EXPECT_EQ(checked->opened.size(), open ? 2U : 0U);
      EXPECT_EQ(checked->route, "city-a-workorders");
      EXPECT_EQ(checked->config, "c0ffee");
    }
  }
}

// Route, sender's signature and the paths of fields that stay closed are statements beside the signed entry;
// everything else is bound to the signed root.
TEST(Evidence, EveryFlippedByteOfWhatIsSignedIsFound) {
  for (const SuiteId id : test::kSuites) {
    const Made made = make(id);
    EvidenceParts parts = parts_of(made);
    parts.opened = {{"provider.name", "张小明"}};
    const auto text = build_evidence(made.verifier.suite(), parts);
    ASSERT_TRUE(text.has_value());
    const std::size_t end = text->find(",\"route\":");
    for (std::size_t i = 0; i < end; ++i) {
      const auto within = [&](std::string_view closed) {
        const auto at = text->find(closed);
        return i >= at && i < at + closed.size();
      };
      if (within("amount") || within("provider.phone")) continue;
      std::string altered = *text;
      altered[i] = static_cast<char>(altered[i] ^ 1);
      EXPECT_TRUE(check_evidence(made.verifier, JsonCodec(), altered).has_error()) << i;
    }
  }
}

TEST(Evidence, ErrorsSayWhatIsWrong) {
  const Made made = make(SuiteId::kIntl);
  EvidenceParts parts = parts_of(made);
  parts.opened = {{"amount", "1200"}};
  const auto good = build_evidence(made.verifier.suite(), parts);
  ASSERT_TRUE(good.has_value());
  const std::string first =
      "{\"hash\":\"" + to_base64(as_text(made.record.fields[0].hash)) + "\",\"path\":\"amount\"},";
  struct Case {
    std::string text;
    const ErrorCode* code;
  };
  const Case cases[] = {
      {replaced(*good, "\"value\":\"1200\"", "\"value\":\"1300\""), &codes::kAuditOpened},
      {replaced(*good, "\"opened\":[{\"path\":\"amount\"", "\"opened\":[{\"path\":\"amouns\""), &codes::kAuditOpened},
      {replaced(*good, "\"path\":\"amount\",\"salt\":\"", "\"path\":\"amount\",\"salt\":\"AAAA"), &codes::kAuditOpened},
      {replaced(*good, first, ""), &codes::kAuditRecord},
      {replaced(*good, first, first + first), &codes::kAuditForm},
      {replaced(*good, "\"config\":\"c0ffee\",\"entry\"", "\"config\":\"c0ffed\",\"entry\""), &codes::kAuditConfig},
      {replaced(*good, "\"evidence\":1", "\"evidence\":2"), &codes::kAuditForm},
      {replaced(*good, "\"value\":\"1200\"", "\"value\":1200"), &codes::kAuditForm},
      {made.receipt, &codes::kAuditForm},
  };
  for (const Case& c : cases) {
    const auto checked = check_evidence(made.verifier, JsonCodec(), c.text);
    ASSERT_TRUE(checked.has_error());
    EXPECT_EQ(checked.error().code, c.code) << checked.error().text(Lang::kEnglish);
  }
}

TEST(Evidence, BuilderChecksWhatItOpensAndItsSize) {
  const Made made = make(SuiteId::kIntl);
  EvidenceParts parts = parts_of(made);
  for (const OpenedField& wrong : {OpenedField{"amount", "1"}, OpenedField{"nothing", ""}}) {
    parts.opened = {wrong};
    const auto text = build_evidence(made.verifier.suite(), parts);
    ASSERT_TRUE(text.has_error());
    EXPECT_EQ(text.error().code, &codes::kAuditOpened);
  }
  parts.opened.clear();
  const std::string wide(kMaxEvidenceBytes, 's');
  parts.signature = wide;
  EXPECT_EQ(build_evidence(made.verifier.suite(), parts).error().code, &codes::kLimitBytes);
}

TEST(AuditCodes, AreUniqueAndBilingual) {
  std::vector<std::string_view> ids;
  for (const ErrorCode* code : codes::audit_codes()) {
    EXPECT_FALSE(code->en.empty());
    EXPECT_FALSE(code->zh.empty());
    EXPECT_EQ(code->en.find("{}") == std::string_view::npos, code->zh.find("{}") == std::string_view::npos);
    EXPECT_TRUE(code->id.starts_with("audit."));
    ids.push_back(code->id);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace
}  // namespace tongqu
