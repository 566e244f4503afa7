#include "security/audit/export.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "security/audit/audit_codes.hpp"
#include "tests/support/lines.hpp"
#include "tests/unit/audit/audit_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

using test::joined;
using test::lines_of;

class ListedEntries final : public EntrySource {
 public:
  explicit ListedEntries(std::vector<std::string> texts, std::size_t page = 100)
      : texts_(std::move(texts)), page_(page) {}
  Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t limit) override {
    const std::size_t first = std::min<std::size_t>(from, texts_.size());
    const std::size_t last = std::min(first + std::min(limit, page_), texts_.size());
    return std::vector<std::string>(texts_.begin() + static_cast<std::ptrdiff_t>(first),
                                    texts_.begin() + static_cast<std::ptrdiff_t>(last));
  }

 private:
  std::vector<std::string> texts_;
  std::size_t page_;
};

LogVerifier verifier_of(SuiteId id) { return *LogVerifier::create(test::sequencer(id)->verifier_key_text()); }

// A signed note over the tree of these entries.
std::string checkpoint_of(SuiteId id, const std::vector<std::string>& texts) {
  const auto signer = NoteSigner::create(test::kOrigin, id, test::log_key(id));
  const auto s = test::suite(id);
  merkle::Frontier tree;
  for (const std::string& text : texts) tree.append(*s, merkle::leaf_hash(*s, text));
  return *signer->sign(checkpoint_text(test::kOrigin, texts.size(), tree.root(*s)));
}

std::string export_of(SuiteId id, const std::vector<std::string>& texts) {
  std::string out;
  ListedEntries source(texts);
  const Status written = write_export(verifier_of(id), checkpoint_of(id, texts), source, [&](std::string_view bytes) {
    out += bytes;
    return Status{};
  });
  EXPECT_TRUE(written.has_value());
  return out;
}

ExportVerdict verify(const LogVerifier& verifier, const std::string& text) {
  std::istringstream in(text);
  StreamLines lines(in);
  return verify_export(verifier, JsonCodec(), lines);
}

TEST(Export, WhatIsWrittenVerifies) {
  for (const SuiteId id : test::kSuites) {
    const LogVerifier verifier = verifier_of(id);
    for (const std::size_t size : {0U, 1U, 2U, 255U, 256U, 257U, 700U}) {
      const std::string text = export_of(id, test::entries(size));
      const ExportVerdict verdict = verify(verifier, text);
      EXPECT_TRUE(verdict.good) << size << ' ' << verdict.text(Lang::kEnglish);
      EXPECT_EQ(verdict.entries, size);
      EXPECT_EQ(verdict.checkpoint.size, size);
      EXPECT_EQ(lines_of(text).size(), 1 + size + (size + 255) / 256 + 1);
      EXPECT_EQ(verdict.line, lines_of(text).size());
      EXPECT_NE(verdict.text(Lang::kChinese), verdict.text(Lang::kEnglish));
    }
  }
}

TEST(Export, LinesAreThoseOfTheFormat) {
  const std::string text = export_of(SuiteId::kGm, test::entries(1));
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 4U);
  const std::string leaf = to_base64(as_text(merkle::leaf_hash(*test::suite(SuiteId::kGm), test::entry(0))));
  EXPECT_EQ(lines[0], "{\"export\":1,\"from\":0,\"origin\":\"log.example.cn/tongqu\",\"size\":1,\"suite\":\"gm\"}\n");
  EXPECT_EQ(lines[1], "{\"entry\":" + test::entry(0) + ",\"index\":0,\"leaf\":\"" + leaf + "\"}\n");
  EXPECT_EQ(lines[2], "{\"root\":\"" + leaf + "\",\"tile\":0}\n");
  EXPECT_TRUE(lines[3].starts_with("{\"checkpoint\":\"log.example.cn/tongqu\\n1\\n"));
}

TEST(Export, EveryFlippedByteIsFoundAndItsEntryNamed) {
  for (const SuiteId id : test::kSuites) {
    const LogVerifier verifier = verifier_of(id);
    const std::string text = export_of(id, test::entries(3));
    const auto lines = lines_of(text);
    std::size_t line = 0;
    std::size_t line_end = lines[0].size();
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (i == line_end) line_end += lines[++line].size();
      for (const int mask : {1, 16, 128}) {
        std::string altered = text;
        altered[i] = static_cast<char>(altered[i] ^ mask);
        const ExportVerdict verdict = verify(verifier, altered);
        ASSERT_FALSE(verdict.good) << "byte " << i << " mask " << mask;
        if (line >= 1 && line <= 3 && altered[i] != '\n') {
          EXPECT_EQ(verdict.first_bad, line - 1) << "byte " << i << ": " << verdict.text(Lang::kEnglish);
          EXPECT_EQ(verdict.line, line + 1);
        }
      }
    }
  }
}

TEST(Export, EveryTruncationIsFound) {
  for (const SuiteId id : test::kSuites) {
    const LogVerifier verifier = verifier_of(id);
    const std::string text = export_of(id, test::entries(3));
    for (std::size_t size = 0; size < text.size(); ++size)
      EXPECT_FALSE(verify(verifier, text.substr(0, size)).good) << size;
    EXPECT_FALSE(verify(verifier, text + "\n").good);
    EXPECT_FALSE(verify(verifier, text + text).good);
    EXPECT_EQ(verify(verifier, text + "x").error->code, &codes::kAuditAdditional);
  }
}

TEST(Export, DroppedSwappedAndRepeatedLinesAreNamed) {
  const SuiteId id = SuiteId::kIntl;
  const LogVerifier verifier = verifier_of(id);
  const auto good = lines_of(export_of(id, test::entries(300)));
  const auto line_of_entry = [](std::size_t i) { return 1 + i + i / 256; };
  for (const std::size_t i : {0U, 1U, 100U, 255U, 256U, 298U, 299U}) {
    auto dropped = good;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(line_of_entry(i)));
    EXPECT_EQ(verify(verifier, joined(dropped)).first_bad, i) << "dropped";
    auto repeated = good;
    repeated.insert(repeated.begin() + static_cast<std::ptrdiff_t>(line_of_entry(i)), good[line_of_entry(i)]);
    const ExportVerdict verdict = verify(verifier, joined(repeated));
    EXPECT_FALSE(verdict.good);
    EXPECT_EQ(verdict.first_bad, i + 1) << "repeated";
    if (i + 1 < 300) {
      auto swapped = good;
      std::swap(swapped[line_of_entry(i)], swapped[line_of_entry(i + 1)]);
      EXPECT_EQ(verify(verifier, joined(swapped)).first_bad, i) << "swapped";
    }
    auto cut = good;
    cut.resize(line_of_entry(i));
    EXPECT_EQ(verify(verifier, joined(cut)).first_bad, i) << "cut";
  }
  for (std::size_t i = 0; i < good.size(); i += 7) {
    auto dropped = good;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify(verifier, joined(dropped)).good) << i;
  }
}

// A forger who recomputes as much as can be recomputed without the key.
TEST(Export, RecomputedHashesAreCaughtOneLevelUp) {
  for (const SuiteId id : test::kSuites) {
    const LogVerifier verifier = verifier_of(id);
    const auto original = test::entries(300);
    const auto good = lines_of(export_of(id, original));
    auto forged_entries = original;
    forged_entries[270] = test::entry(9999);
    const auto forged = lines_of(export_of(id, forged_entries));

    auto entry_only = good;
    const std::string tail = good[272].substr(good[272].rfind(",\"index\""));
    entry_only[272] = "{\"entry\":" + forged_entries[270] + tail;
    ExportVerdict verdict = verify(verifier, joined(entry_only));
    EXPECT_EQ(verdict.error->code, &codes::kAuditLeaf);
    EXPECT_EQ(verdict.first_bad, 270U);
    EXPECT_EQ(verdict.last_bad, 270U);

    auto entry_and_leaf = good;
    entry_and_leaf[272] = forged[272];
    verdict = verify(verifier, joined(entry_and_leaf));
    EXPECT_EQ(verdict.error->code, &codes::kAuditTileRoot);
    EXPECT_EQ(verdict.first_bad, 256U);
    EXPECT_EQ(verdict.last_bad, 299U);

    auto all_but_signature = forged;
    all_but_signature.back() = good.back();
    verdict = verify(verifier, joined(all_but_signature));
    EXPECT_EQ(verdict.error->code, &codes::kAuditRoot);
    EXPECT_EQ(verdict.first_bad, 0U);
    EXPECT_EQ(verdict.last_bad, 299U);
    EXPECT_NE(verdict.text(Lang::kChinese).find("0 到 299"), std::string::npos);
  }
}

TEST(Export, OtherKeyOtherLogAndOtherSuiteAreRefused) {
  const std::string text = export_of(SuiteId::kIntl, test::entries(2));
  const auto other = generate_key(kEd25519);
  const auto stranger = NoteSigner::create(test::kOrigin, SuiteId::kIntl, other->private_pem);
  ExportVerdict verdict = verify(*LogVerifier::create(stranger->verifier_key_text()), text);
  EXPECT_EQ(verdict.error->code, &codes::kAuditSignature);
  const auto elsewhere = NoteSigner::create("other.log", SuiteId::kIntl, test::log_key(SuiteId::kIntl));
  verdict = verify(*LogVerifier::create(elsewhere->verifier_key_text()), text);
  EXPECT_EQ(verdict.error->code, &codes::kAuditOrigin);
  verdict = verify(verifier_of(SuiteId::kGm), text);
  EXPECT_EQ(verdict.error->code, &codes::kAuditForm);
}

TEST(Export, EntriesMustBeCanonical) {
  const SuiteId id = SuiteId::kIntl;
  const LogVerifier verifier = verifier_of(id);
  for (const std::string& entry :
       {std::string(R"({"b":1,"a":2})"), std::string(R"({ "a":1})"), std::string(R"({"a":1.0})"),
        std::string(R"({"a":"\u0041"})"), std::string(R"({"a":1,"a":1})"), std::string("[]"), std::string("1"),
        std::string("{\"a\":\"\xFF\"}")}) {
    const std::vector<std::string> texts{entry};
    const ExportVerdict verdict = verify(verifier, export_of(id, texts));
    ASSERT_FALSE(verdict.good) << entry;
    EXPECT_EQ(verdict.error->code, &codes::kAuditNotCanonical) << entry;
    EXPECT_EQ(verdict.first_bad, 0U);
  }
  EXPECT_TRUE(verify(verifier, export_of(id, {R"({"a":",\"index\":0,\"leaf\":"})"})).good) << "no text confuses";
}

TEST(Export, LinesAreBounded) {
  const LogVerifier verifier = verifier_of(SuiteId::kIntl);
  const ExportVerdict verdict = verify(verifier, std::string(kMaxExportLineBytes + 1, 'x') + "\n");
  EXPECT_EQ(verdict.error->code, &codes::kAuditLineEnd);
  const std::string wide = "{\"a\":\"" + std::string(kMaxExportLineBytes - 200, 'x') + "\"}";
  EXPECT_TRUE(verify(verifier, export_of(SuiteId::kIntl, {wide, wide})).good);
}

TEST(Export, WriterRefusesWhatWasNotSigned) {
  const SuiteId id = SuiteId::kIntl;
  const LogVerifier verifier = verifier_of(id);
  const auto ignore = [](std::string_view) { return Status{}; };
  const std::string checkpoint = checkpoint_of(id, test::entries(10));
  ListedEntries fewer(test::entries(9));
  EXPECT_EQ(write_export(verifier, checkpoint, fewer, ignore).error().code, &codes::kAuditMissing);
  ListedEntries others(test::entries(10, 1));
  EXPECT_EQ(write_export(verifier, checkpoint, others, ignore).error().code, &codes::kAuditRoot);
  ListedEntries more(test::entries(20), 1000);
  EXPECT_TRUE(write_export(verifier, checkpoint, more, ignore).has_value()) << "the log has grown meanwhile";
  EXPECT_EQ(write_export(verifier, "no note", more, ignore).error().code, &codes::kAuditNote);
  std::size_t calls = 0;
  const auto full_disk = [&](std::string_view) {
    return ++calls == 4 ? Status{make_error(codes::kUnavailable)} : Status{};
  };
  EXPECT_EQ(write_export(verifier, checkpoint, more, full_disk).error().code, &codes::kUnavailable);
  EXPECT_EQ(calls, 4U);
}

}  // namespace
}  // namespace tongqu
