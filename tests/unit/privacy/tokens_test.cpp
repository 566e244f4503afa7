#include "security/privacy/tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

const PartnerId kCity{"city-a"};
const Label kName{"name", "complainant"};
const Label kPhone{"phone", "complainant"};

TokenMaker maker(SuiteId suite = SuiteId::kGm, std::string_view key = "master", std::int64_t version = 1) {
  return {make_suite(suite).value(), key, version};
}

struct Form {
  const char* kind;
  const char* text;
  const char* normalised;
};

TEST(Tokens, NormalisesEachKind) {
  const Form forms[] = {
      {"phone", "13812345678", "13812345678"},
      {"phone", "+86 138-1234-5678", "13812345678"},
      {"phone", "（＋８６）１３８１２３４５６７８", "13812345678"},
      {"phone", "0086 138 1234 5678", "13812345678"},
      {"phone", "8613812345678", "13812345678"},
      {"phone", "0915-7518479", "09157518479"},
      {"phone", "+86 915 7518479", "09157518479"},
      {"phone", "(0915)7518479", "09157518479"},
      {"phone", "86123456", "86123456"},
      {"phone", "无", ""},
      {"phone", "+86", ""},
      {"id", " 11010519491231002x ", "11010519491231002X"},
      {"id", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"},
      {"plate", "苏d·40000", "苏D·40000"},
      {"bank", "1101 1111-2222", "110111112222"},
      {"passport", "e12345678", "E12345678"},
      {"email", "Duan.Dazhi@Example.CN", "duan.dazhi@example.cn"},
      {"name", "张　小明 ", "张小明"},
      {"name", "张\u200B小明", "张小明"},
      {"name", "John  Smith", "JohnSmith"},
      {"name", " \t", ""},
      {"name", "", ""},
      {"name", "\xFF\xFE", ""},
  };
  for (const Form& form : forms) EXPECT_EQ(normalised_value(form.kind, form.text), form.normalised) << form.text;
  EXPECT_EQ(normalised_value("name", std::string(64 * 1024 + 1, 'a')), "");
}

TEST(Tokens, HaveEightyBitsInLetters) {
  for (const SuiteId suite : {SuiteId::kGm, SuiteId::kIntl}) {
    const auto token = maker(suite).token(kCity, kName, "张小明");
    ASSERT_TRUE(token.has_value());
    EXPECT_THAT(*token, testing::MatchesRegex("T-[0-9A-HJKMNP-TV-Z]{16}"));
  }
}

// Known forever: recipients keep tokens for years.
TEST(Tokens, StayWhatTheyAre) {
  EXPECT_EQ(maker(SuiteId::kGm).token(kCity, kName, "张小明"), "T-QMDAE00KWGCQ8G6M");
  EXPECT_EQ(maker(SuiteId::kIntl).token(kCity, kName, "张小明"), "T-6E8M0RTG4RWC1FET");
}

TEST(Tokens, TheSamePersonInTheSameRoleHasOneToken) {
  const TokenMaker tokens = maker();
  const auto token = tokens.token(kCity, kPhone, "13812345678");
  EXPECT_EQ(token, tokens.token(kCity, kPhone, "+86 138 1234 5678"));
  EXPECT_EQ(token, maker().token(kCity, kPhone, "13812345678"));
}

TEST(Tokens, AreApartByRecipientRoleKindValueKeyVersionAndSuite) {
  const std::set<std::string> all{
      *maker().token(kCity, kPhone, "13812345678"),
      *maker().token(PartnerId("city-b"), kPhone, "13812345678"),
      *maker().token(kCity, {"phone", "respondent"}, "13812345678"),
      *maker().token(kCity, {"phone", ""}, "13812345678"),
      *maker().token(kCity, {"id", "complainant"}, "13812345678"),
      *maker().token(kCity, kPhone, "13812345679"),
      *maker(SuiteId::kGm, "other").token(kCity, kPhone, "13812345678"),
      *maker(SuiteId::kGm, "master", 2).token(kCity, kPhone, "13812345678"),
      *maker(SuiteId::kIntl).token(kCity, kPhone, "13812345678"),
      // Lengths keep the parts apart.
      *maker().token(PartnerId("city-ac"), {"phone", "omplainant"}, "13812345678"),
  };
  EXPECT_EQ(all.size(), 10U);
}

TEST(Tokens, NeverForInformantsAndNeverOfNothing) {
  EXPECT_FALSE(maker().token(kCity, {"name", "informant"}, "李四光").has_value());
  EXPECT_FALSE(maker().token(kCity, kPhone, "无").has_value());
  EXPECT_FALSE(maker().token(kCity, kName, "").has_value());
}

}  // namespace
}  // namespace tongqu
