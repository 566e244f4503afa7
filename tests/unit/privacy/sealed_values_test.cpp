#include "security/privacy/sealed_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/crypto/crypto_codes.hpp"
#include "security/privacy/privacy_codes.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu {
namespace {

const SealedPlace kPlace{"case", "report.hand-over@1", "informant.name"};

class SealedValues : public testing::TestWithParam<SuiteId> {
 protected:
  ValueSealer sealer(std::optional<Instant> expires = std::nullopt, const Clock* clock = nullptr) const {
    return {make_public_sealer(GetParam(), pair_.public_pem).value(), expires, clock};
  }
  KeyPair pair_ = *generate_sealing_key(GetParam());
  std::unique_ptr<PublicOpener> opener_ = make_public_opener(pair_.private_pem).value();
};
INSTANTIATE_TEST_SUITE_P(Suites, SealedValues, testing::Values(SuiteId::kGm, SuiteId::kIntl),
                         [](const auto& p) { return p.param == SuiteId::kGm ? "Gm" : "Intl"; });

TEST_P(SealedValues, OpensWithItsPlace) {
  const auto text = sealer().seal(kPlace, "李四光");
  ASSERT_TRUE(text.has_value());
  EXPECT_THAT(*text, testing::MatchesRegex("sealed:v1:(gm|intl):[0-9a-f]{16}:[A-Za-z0-9_-]+"));
  EXPECT_THAT(*text, testing::Not(testing::HasSubstr("李四光")));
  const auto opened = open_sealed(*opener_, *text);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->place, kPlace);
  EXPECT_EQ(opened->value, "李四光");
  EXPECT_EQ(*open_sealed_at(*opener_, kPlace, *text), "李四光");
}

TEST_P(SealedValues, BelongsToOnePlace) {
  const std::string text = *sealer().seal(kPlace, "李四光");
  for (const SealedPlace& other : {SealedPlace{"credit", "report.hand-over@1", "informant.name"},
                                   SealedPlace{"case", "complaint.register@1", "informant.name"},
                                   SealedPlace{"case", "report.hand-over@1", "informant.phone"}}) {
    EXPECT_EQ(open_sealed_at(*opener_, other, text).error().code, &codes::kCryptoSealed);
  }
}

TEST_P(SealedValues, EveryChangedCharacterIsRefused) {
  const std::string text = *sealer().seal(kPlace, "李四光");
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'A', 'b', '1', '_', ':', '=', '\n'}) {
      if (text[at] == c) continue;
      std::string other = text;
      other[at] = c;
      ASSERT_TRUE(open_sealed(*opener_, other).has_error()) << at;
    }
  }
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_TRUE(open_sealed(*opener_, text.substr(0, size)).has_error()) << size;
  EXPECT_TRUE(open_sealed(*opener_, text + "A").has_error());
}

TEST_P(SealedValues, SaysWhenItIsNoneOrForAnotherKey) {
  for (const char* text : {"", "李四光", "sealed:v2:gm:00:AAAA", "sealed:v1:gm", "sealed:v1:gm:0011223344556677"})
    EXPECT_EQ(open_sealed(*opener_, text).error().code, &codes::kSealedForm) << text;
  const auto other = make_public_opener(generate_sealing_key(GetParam())->private_pem);
  EXPECT_EQ(open_sealed(**other, *sealer().seal(kPlace, "李四光")).error().code, &codes::kSealedKey);
}

TEST_P(SealedValues, NothingIsSealedAfterTheKeysEndOrToAPlaceThatCannotBeWritten) {
  test::ManualClock clock;
  const Instant end{clock.now().ms + 1000};
  const ValueSealer until = sealer(end, &clock);
  EXPECT_TRUE(until.seal(kPlace, "李四光").has_value());
  clock.advance(1000);
  EXPECT_EQ(until.seal(kPlace, "李四光").error().code, &codes::kSealExpired);
  EXPECT_EQ(sealer().seal({"a\nb", "s", "p"}, "x").error().code, &codes::kSealPlace);
  EXPECT_EQ(sealer().seal({"a", "s", std::string(1025, 'p')}, "x").error().code, &codes::kSealPlace);
}

// Made with openssl and Python's cryptography from docs/formats.md alone. The keys are of this test.
struct Vector {
  const char* key;
  const char* text;
};
constexpr Vector kVectors[] = {
    {"-----BEGIN PRIVATE KEY-----\n"
     "MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgVsZvrXLsHfGvQeji\n"
     "w+J7rtbE/3MDCnoesrPDlM+JuAKhRANCAATEXNftHwnDGpdEVvBvH7Yh4NgKFt3B\n"
     "mX2f2zgBJaiwniNWxMTi26vok1AwCTphQvMFlexATaRRDLj+482jR6o9\n"
     "-----END PRIVATE KEY-----\n",
     "sealed:v1:gm:f9819c6bef0f6761:ACZjYXNlCnJlcG9ydC5oYW5kLW92ZXJAMQppbmZvcm1hbnQubmFtZTCBkgIgZKx_rohaYZ"
     "a7a3Wwhz3tLMcKJenCVZwaEvXAaOTo7u4CIQD2Q2gbv_ojn3YWOts9hJONn31Y-2VWJY2jOeqajnrGHQQgfQiUVVGgay3LIX-BiZ"
     "WXJ6wGrf1wryt2_FwOVtHgxJQEKZ6qSncy8w8PqnhtDFdiHz94j3N9V_hsKbmdnPVbZSP8LdxkPEpZuUS6"},
    {"-----BEGIN PRIVATE KEY-----\n"
     "MC4CAQAwBQYDK2VuBCIEIODdk8HXT9mX8mOoiJBhiQYTQNMWU2duJn/I4oJj2Q1Q\n"
     "-----END PRIVATE KEY-----\n",
     "sealed:v1:intl:16c4b184c584026d:ACZjYXNlCnJlcG9ydC5oYW5kLW92ZXJAMQppbmZvcm1hbnQubmFtZa7eFmA-6Ze4eoZU"
     "5vkQKq7HOtT0dMU4cCtUGFDb1gZoJ1F8pBQv4SE6uhXi9HWg8BMx04PxgnRSPw"},
};

TEST(SealedValueVectors, Open) {
  for (const Vector& vector : kVectors) {
    const auto opener = make_public_opener(vector.key);
    ASSERT_TRUE(opener.has_value());
    const auto opened = open_sealed_at(**opener, kPlace, vector.text);
    ASSERT_TRUE(opened.has_value()) << vector.text;
    EXPECT_EQ(*opened, "李四光");
  }
}

}  // namespace
}  // namespace tongqu
