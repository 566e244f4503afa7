// Credentials of a request whose body comes later in pieces: they vouch for the digest that the head declares.
#include <gtest/gtest.h>

#include "security/identity/content_digest.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/partner_directory.hpp"
#include "tests/unit/identity/identity_fixture.hpp"

namespace tongqu {
namespace {

using test::code_of;

class BodyFollows : public testing::TestWithParam<SuiteId> {
 protected:
  HmacOptions options() const {
    HmacOptions made;
    made.partner = PartnerId("city-a");
    made.key_id = "city-a-key";
    made.key = "demo-secret";
    made.hash = GetParam();
    return made;
  }
  // Signed with its body in hand, then sent ahead of it.
  HttpRequest head(const std::string& body) {
    HttpRequest made = test::request(body);
    made.headers.emplace_back("Content-Digest", digests_->make(GetParam(), body));
    EXPECT_TRUE((*make_hmac_signer(options(), clock_))->sign(made).has_value());
    made.body.clear();
    made.body_follows = true;
    return made;
  }
  static void replace(HttpRequest& request, std::string_view name, std::string value) {
    for (auto& [known, text] : request.headers) {
      if (known == name) text = value;
    }
  }
  test::ManualClock clock_;
  Result<ContentDigest> digests_ = ContentDigest::create();
  Result<std::unique_ptr<Authenticator>> authenticator_ = make_hmac_authenticator(options(), clock_);
};
INSTANTIATE_TEST_SUITE_P(Identity, BodyFollows, testing::Values(SuiteId::kGm, SuiteId::kIntl),
                         [](const auto& p) { return p.param == SuiteId::kGm ? "Gm" : "Intl"; });

TEST_P(BodyFollows, TheDeclaredDigestIsWhatIsSignedAndWhatIsExpected) {
  const auto identity = (*authenticator_)->authenticate(head("the body"));
  ASSERT_TRUE(identity.has_value());
  ASSERT_EQ(identity->body_digests.size(), 1U);
  EXPECT_EQ(identity->body_digests[0].hash, GetParam());
  EXPECT_EQ(identity->body_digests[0].digest, digests_->suite(GetParam()).hash({"the body"}));
}

TEST_P(BodyFollows, AnotherDigestThanTheSignedOneIsRefused) {
  HttpRequest other = head("the body");
  replace(other, "Content-Digest", digests_->make(GetParam(), "another body"));
  EXPECT_EQ(code_of((*authenticator_)->authenticate(other)), &codes::kIdentityRefused);
}

TEST_P(BodyFollows, WithoutADigestInItsHashNothingIsVouchedFor) {
  const SuiteId wrong = GetParam() == SuiteId::kGm ? SuiteId::kIntl : SuiteId::kGm;
  for (const std::string& value : {digests_->make(wrong, "the body"), std::string("md5=:AAAA:"), std::string("sha-256"),
                                   std::string("sha-256=:AAAA:, sm3=:AAAA:"), std::string()}) {
    HttpRequest request = head("the body");
    replace(request, "Content-Digest", value);
    EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityRefused) << value;
  }
  // The empty body's hash must not stand in for a body that is not there.
  HttpRequest bare = test::request("");
  ASSERT_TRUE((*make_hmac_signer(options(), clock_))->sign(bare).has_value());
  bare.body_follows = true;
  EXPECT_EQ(code_of((*authenticator_)->authenticate(bare)), &codes::kIdentityRefused);
}

TEST_P(BodyFollows, ASecondDigestIsExpectedAsWell) {
  const SuiteId also = GetParam() == SuiteId::kGm ? SuiteId::kIntl : SuiteId::kGm;
  HttpRequest request = head("the body");
  replace(request, "Content-Digest", digests_->make(GetParam(), "the body") + ", " + digests_->make(also, "lie"));
  const auto identity = (*authenticator_)->authenticate(request);
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->body_digests.size(), 2U) << "whoever takes the body compares both";
}

TEST(BodyFollowsMtls, ACertificateVouchesWithoutADigestAndNeverForABrokenOne) {
  MtlsOptions options;
  options.partner = PartnerId("city-a");
  options.cert_sha256 = {std::string(64, 'a')};
  const auto authenticator = make_mtls_authenticator(options, nullptr);
  ASSERT_TRUE(authenticator.has_value());
  HttpRequest request = test::request("");
  request.body_follows = true;
  request.peer.tls = true;
  request.peer.cert_sha256 = std::string(64, 'a');
  const auto identity = (*authenticator)->authenticate(request);
  ASSERT_TRUE(identity.has_value());
  EXPECT_TRUE(identity->body_digests.empty());
  request.headers.emplace_back("Content-Digest", "sha-256=:AAAA:");
  EXPECT_EQ(code_of((*authenticator)->authenticate(request)), &codes::kIdentityContentDigest);
}

}  // namespace
}  // namespace tongqu
