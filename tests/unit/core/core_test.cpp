#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/core/audit.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

TEST(ExchangeId, IdsOfOneProcessSortInTheOrderOfTheirMaking) {
  ExchangeId last = make_exchange_id(1'700'000'000'000);
  for (int i = 0; i < 1000; ++i) {
    const ExchangeId next = make_exchange_id(1'700'000'000'000);
    EXPECT_LT(last, next);
    EXPECT_TRUE(is_exchange_id(next.str()));
    last = next;
  }
  EXPECT_EQ(last.str().substr(0, 10), "01HF7YAT00");
}

TEST(ExchangeId, RefusesOtherAlphabetsAndLengths) {
  EXPECT_FALSE(is_exchange_id("01HF7YAT00AAAAAAAAAAAAAAA"));
  EXPECT_FALSE(is_exchange_id("81HF7YAT00AAAAAAAAAAAAAAAA"));
  EXPECT_FALSE(is_exchange_id("01HF7YAT00AAAAAAAAAAAAAAAU"));
}

TEST(Clock, CivilTimeIsBeijingTimeInBothDirections) {
  const auto at = from_beijing({2026, 4, 15, 0, 0, 0, 0});
  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(to_beijing_text(*at), "2026-04-15T00:00:00.000+08:00");
  EXPECT_EQ(parse_rfc3339("2026-04-14T16:00:00Z"), at);
  EXPECT_EQ(parse_rfc3339("2026-04-15T00:00:00+08:00"), at);
  EXPECT_EQ(parse_rfc3339("2026-04-15T00:00:00.000999+08:00"), at);
  EXPECT_EQ(to_beijing_text({-1}), "1970-01-01T07:59:59.999+08:00");
}

TEST(Clock, RefusesTimesThatDoNotExistOrHaveNoZone) {
  for (const char* text :
       {"2026-02-30T00:00:00Z", "2026-04-15T24:00:00Z", "2026-04-15T00:00:60Z", "2026-04-15T00:00:00",
        "2026-04-15 00:00:00Z", "2026-04-15T00:00:00.+08:00", "2026-04-15T00:00:00+0800", ""}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
}

TEST(Document, KeepsMembersInSourceOrderAndFindsThemByPath) {
  Document doc;
  Node* root = doc.make(Kind::kObject);
  doc.set_root(root);
  Node* target = doc.add_object(*root, "target");
  doc.add_text(*target, "name", "某火锅店");
  Node* files = doc.add_list(*root, "attachments");
  doc.add_text(*doc.add_object(*files), "url", "a");
  doc.add_text(*doc.add_object(*files), "url", "b");
  ASSERT_NE(at_path(doc.root(), "target.name"), nullptr);
  EXPECT_EQ(at_path(doc.root(), "$.target.name")->text, "某火锅店");
  EXPECT_EQ(at_path(doc.root(), "attachments[1].url")->text, "b");
  EXPECT_EQ(at_path(doc.root(), "attachments[2].url"), nullptr);
  EXPECT_EQ(at_path(doc.root(), "target.name.more"), nullptr);
  EXPECT_EQ(at_path(doc.root(), "$"), root);
}

TEST(Jcs, SortsMembersByUtf16UnitsAndEscapesMinimally) {
  Document doc;
  Node* root = doc.make(Kind::kObject);
  doc.set_root(root);
  // RFC 8785 3.2.3: the surrogate pair of U+1F600 sorts before U+FB33.
  for (const char* name : {"\xE2\x82\xAC", "\r", "\xEF\xAC\xB3", "1", "\xF0\x9F\x98\x80", "\xC2\x80", "\xC3\xB6"}) {
    doc.add_number(*root, name, 1);
  }
  EXPECT_EQ(
      to_jcs(doc.root()).value(),
      "{\"\\r\":1,\"1\":1,\"\xC2\x80\":1,\"\xC3\xB6\":1,\"\xE2\x82\xAC\":1,\"\xF0\x9F\x98\x80\":1,\"\xEF\xAC\xB3\":1}");
}

TEST(Jcs, RefusesNumbersThatAreNotSafeIntegers) {
  for (const char* text : {"1.5", "9007199254740992", "1e3", "-9007199254740992"}) {
    Document doc;
    doc.set_root(doc.make(Kind::kNumber, text));
    const auto result = to_jcs(doc.root());
    ASSERT_TRUE(result.has_error()) << text;
    EXPECT_EQ(result.error().code, &codes::kJcsNumber);
  }
}

TEST(AuditEntryBuilder, EntriesAreCanonicalAndSalted) {
  const auto make = [] {
    return AuditEntryBuilder("stored", Instant{0})
        .text("partner", "city-a")
        .number("bytes", 7)
        .canonical("to", "[]")
        .finish();
  };
  const AuditDraft one = make();
  EXPECT_TRUE(one.entry.starts_with(
      R"({"at":"1970-01-01T08:00:00.000+08:00","bytes":7,"kind":"stored","partner":"city-a","salt":")"));
  EXPECT_TRUE(one.entry.ends_with(R"(","to":[],"v":1})"));
  EXPECT_NE(one.entry, make().entry);
}

TEST(Text, Base64IsStrict) {
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    EXPECT_EQ(from_base64(to_base64(text)), text);
  }
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  for (const char* bad : {"Zg=", "Zh==", "Zg==Zg==", "Z===", "Zm9=", "Zm9v\n", "===="}) {
    EXPECT_FALSE(from_base64(bad).has_value()) << bad;
  }
}

TEST(Text, Utf8RefusesOverlongSurrogatesAndCutSequences) {
  EXPECT_TRUE(is_utf8("段正淳𠮷"));
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\xAE", "\xFF"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
  EXPECT_EQ(count_code_points("段正淳𠮷"), 4U);
}

TEST(Text, SuggestsTheNearestWordOnly) {
  static constexpr std::string_view kWords[] = {"partner", "service", "route"};
  EXPECT_EQ(nearest_word("parner", kWords, 3), "partner");
  EXPECT_EQ(nearest_word("zzzzzzzz", kWords, 3), "");
}

TEST(ErrorText, PutsTheParameterIntoBothLanguages) {
  const Error error = make_error(codes::kLimitBytes, "10");
  EXPECT_EQ(error.text(Lang::kEnglish), "More than 10 bytes.");
  EXPECT_EQ(error.text(Lang::kChinese), "超过 10 字节的上限。");
}

}  // namespace
}  // namespace tongqu
