#include "security/crypto/public_sealing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/crypto/crypto_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kContext = "city-a\ncomplaint.register@1\nprovider.name";

class PublicSealing : public testing::TestWithParam<SuiteId> {
 protected:
  void SetUp() override {
    auto pair = generate_sealing_key(GetParam());
    ASSERT_TRUE(pair.has_value());
    pair_ = *pair;
    auto sealer = make_public_sealer(GetParam(), pair_.public_pem);
    auto opener = make_public_opener(pair_.private_pem);
    ASSERT_TRUE(sealer.has_value() && opener.has_value());
    sealer_ = std::move(*sealer);
    opener_ = std::move(*opener);
  }
  KeyPair pair_;
  std::unique_ptr<PublicSealer> sealer_;
  std::unique_ptr<PublicOpener> opener_;
};
INSTANTIATE_TEST_SUITE_P(Suites, PublicSealing, testing::Values(SuiteId::kGm, SuiteId::kIntl),
                         [](const auto& p) { return p.param == SuiteId::kGm ? "Gm" : "Intl"; });

TEST_P(PublicSealing, OpensWhatItSealed) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{1000}, kMaxPublicSealBytes}) {
    const Bytes plain(size, 'p');
    const auto sealed = sealer_->seal(kContext, plain);
    ASSERT_TRUE(sealed.has_value()) << size;
    const auto opened = opener_->open(kContext, *sealed);
    ASSERT_TRUE(opened.has_value()) << size;
    EXPECT_EQ(*opened, plain);
  }
  EXPECT_EQ(sealer_->suite(), GetParam());
  EXPECT_EQ(sealer_->key_id(), opener_->key_id());
  EXPECT_EQ(sealer_->key_id().size(), 16U);
  EXPECT_FALSE(sealer_->expires().has_value());
}

TEST_P(PublicSealing, TheSameValueIsNeverSealedTheSameWay) {
  EXPECT_NE(*sealer_->seal(kContext, "张小明"), *sealer_->seal(kContext, "张小明"));
}

TEST_P(PublicSealing, EveryChangedByteIsRefused) {
  const Bytes sealed = *sealer_->seal(kContext, "张小明");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
      Bytes other = sealed;
      other[at] = static_cast<char>(static_cast<unsigned char>(other[at]) ^ change);
      const auto opened = opener_->open(kContext, other);
      // The top bit of an X25519 point does not count (RFC 7748 section 5), but it enters the derivation.
      ASSERT_TRUE(opened.has_error()) << at;
      EXPECT_EQ(opened.error().code, &codes::kCryptoSealed);
    }
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_TRUE(opener_->open(kContext, sealed.substr(0, size)).has_error()) << size;
  }
  EXPECT_TRUE(opener_->open(kContext, sealed + 'x').has_error());
}

TEST_P(PublicSealing, OpensInItsContextAndWithItsKeyOnly) {
  const Bytes sealed = *sealer_->seal(kContext, "张小明");
  for (const char* context :
       {"", "city-b\ncomplaint.register@1\nprovider.name", "city-a\ncomplaint.register@1\nprovider.nam"}) {
    EXPECT_EQ(opener_->open(context, sealed).error().code, &codes::kCryptoSealed) << context;
  }
  auto other = make_public_opener(generate_sealing_key(GetParam())->private_pem);
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ((*other)->open(kContext, sealed).error().code, &codes::kCryptoSealed);
}

TEST_P(PublicSealing, RefusesWhatIsTooLong) {
  EXPECT_EQ(sealer_->seal(kContext, Bytes(kMaxPublicSealBytes + 1, 'p')).error().code, &codes::kLimitBytes);
}

TEST_P(PublicSealing, TakesOnlyPublicKeysOfItsSuite) {
  const SuiteId other = GetParam() == SuiteId::kGm ? SuiteId::kIntl : SuiteId::kGm;
  for (const std::string& pem : {std::string(), std::string("no key"), pair_.private_pem,
                                 generate_sealing_key(other)->public_pem, std::string(kMaxPemBytes + 1, 'x')}) {
    const auto made = make_public_sealer(GetParam(), pem);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kCryptoKey);
  }
  for (const std::string& pem : {std::string(), pair_.public_pem, generate_key(kEd25519)->private_pem}) {
    const auto made = make_public_opener(pem);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kCryptoKey);
  }
}

}  // namespace
}  // namespace tongqu
