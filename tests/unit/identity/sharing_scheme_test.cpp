#include "security/identity/sharing_scheme.hpp"

#include <gtest/gtest.h>

#include "security/crypto/suites.hpp"
#include "security/identity/content_digest.hpp"
#include "security/identity/identity_codes.hpp"
#include "tests/unit/identity/identity_fixture.hpp"

namespace tongqu {
namespace {

using test::Alteration;
using test::code_of;

constexpr std::string_view kSid = "s_1200000900000_2108";
constexpr std::string_view kRid = "7acbccd9-0000-0000-0000-000000000000";

SharingOptions options() {
  SharingOptions made;
  made.partner = PartnerId("credit");
  made.rid = kRid;
  made.sid = kSid;
  made.key = "demo-secret";
  return made;
}

TEST(SharingVectors, SignatureIsTheOneOfTheDomainGuide) {
  const auto sha256 = make_suite(SuiteId::kIntl);
  ASSERT_TRUE(sha256.has_value());
  EXPECT_EQ(sharing_signature(**sha256, "demo-secret", kSid, kRid, "1700000000000"),
            "98LqxtZ4bkRFu4ICbWr04nKxF9BztN0Rd1P2utuR4Ak=");
}

class SharingScheme : public testing::Test {
 protected:
  [[nodiscard]] HttpRequest signed_request(std::int64_t rtime_ms, std::string_view key = "demo-secret") const {
    HttpRequest made = test::request();
    const std::string rtime = std::to_string(rtime_ms);
    test::replace(made, kSharingRid, std::string(kRid));
    test::replace(made, kSharingSid, std::string(kSid));
    test::replace(made, kSharingTime, rtime);
    test::replace(made, kSharingSign, sharing_signature(**sha256_, key, kSid, kRid, rtime));
    return made;
  }
  [[nodiscard]] HttpRequest good() const { return signed_request(clock_.now().ms); }

  test::ManualClock clock_;
  Result<std::unique_ptr<Suite>> sha256_ = make_suite(SuiteId::kIntl);
  Result<std::unique_ptr<Authenticator>> authenticator_ = make_sharing_authenticator(options(), clock_);
};

TEST_F(SharingScheme, TakesWhatIsSignedWithTheAppKey) {
  const HttpRequest request = good();
  const auto identity = (*authenticator_)->authenticate(request);
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->partner, PartnerId("credit"));
  EXPECT_EQ(identity->method, "sharing-platform");
  EXPECT_EQ(identity->nonce, header(request.headers, kSharingSign));
  EXPECT_EQ(identity->nonce_expires_ms, clock_.now().ms + kDefaultClockSkewMs + 1);
}

TEST_F(SharingScheme, RefusesEveryAlteration) {
  const std::vector<Alteration> alterations = {
      {"no rid", [](HttpRequest& r) { test::drop(r, kSharingRid); }},
      {"no sid", [](HttpRequest& r) { test::drop(r, kSharingSid); }},
      {"no time", [](HttpRequest& r) { test::drop(r, kSharingTime); }},
      {"no signature", [](HttpRequest& r) { test::drop(r, kSharingSign); }},
      {"rid twice", [](HttpRequest& r) { test::repeat(r, std::string(kSharingRid)); }},
      {"signature twice", [](HttpRequest& r) { test::repeat(r, std::string(kSharingSign)); }},
      {"other sid", [](HttpRequest& r) { test::replace(r, kSharingSid, "s_1"); }},
      {"other rid", [](HttpRequest& r) { test::replace(r, kSharingRid, "x"); }},
      {"time in seconds", [](HttpRequest& r) { test::replace(r, kSharingTime, "1776700800"); }},
      {"time with sign", [](HttpRequest& r) { test::replace(r, kSharingTime, "-776700800000"); }},
      {"time no number", [](HttpRequest& r) { test::replace(r, kSharingTime, "177670080000x"); }},
      {"signature cut", [](HttpRequest& r) { test::replace(r, kSharingSign, "98Lq"); }},
  };
  for (const Alteration& alteration : alterations) {
    HttpRequest request = good();
    alteration.apply(request);
    EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityRefused) << alteration.name;
  }
  EXPECT_EQ(code_of((*authenticator_)->authenticate(signed_request(clock_.now().ms, "other-secret"))),
            &codes::kIdentityRefused);
}

TEST_F(SharingScheme, TellsTheClockOnlyToWhoKnowsTheKey) {
  const std::int64_t late = clock_.now().ms - kDefaultClockSkewMs - 1;
  EXPECT_EQ(code_of((*authenticator_)->authenticate(signed_request(late))), &codes::kIdentityClock);
  EXPECT_EQ(code_of((*authenticator_)->authenticate(signed_request(late + 1))), nullptr);
  EXPECT_EQ(code_of((*authenticator_)->authenticate(signed_request(late, "other-secret"))), &codes::kIdentityRefused);
}

TEST_F(SharingScheme, ChecksAContentDigest) {
  HttpRequest request = good();
  test::replace(request, "Content-Digest", ContentDigest::create()->make(SuiteId::kIntl, "other"));
  EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityContentDigest);
}

TEST(SharingSetup, RefusesOptionsThatCannotWork) {
  const test::ManualClock clock;
  SharingOptions no_rid = options();
  no_rid.rid.clear();
  SharingOptions short_key = options();
  short_key.key = "1234567";
  SharingOptions no_skew = options();
  no_skew.max_clock_skew_ms = 0;
  for (SharingOptions& bad : std::array{no_rid, short_key, no_skew}) {
    const auto made = make_sharing_authenticator(std::move(bad), clock);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kIdentitySetup);
  }
}

}  // namespace
}  // namespace tongqu
