// The claims beside key ids and certificates: static keys, bearer tokens, the sharing platform's requester.
#include <gtest/gtest.h>

#include "security/crypto/suites.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/partner_directory.hpp"
#include "security/identity/sharing_scheme.hpp"
#include "security/identity/static_key_scheme.hpp"
#include "tests/unit/identity/identity_fixture.hpp"

namespace tongqu {
namespace {

using test::code_of;

constexpr std::string_view kApiKey = "api-key-0123456789";
constexpr std::string_view kToken = "token-0123456789ab";

PartnerCredential static_key(std::string_view partner, StaticKeyPlace place, std::string_view key) {
  StaticKeyOptions options;
  options.partner = PartnerId(partner);
  options.place = place;
  options.key = key;
  PartnerCredential made;
  made.partner = options.partner;
  (place == StaticKeyPlace::kHeader ? made.static_key : made.bearer) = key;
  made.any_network = true;
  made.authenticator = make_static_key_authenticator(std::move(options)).value();
  return made;
}

class PartnerClaims : public testing::Test {
 protected:
  PartnerClaims() {
    std::vector<PartnerCredential> credentials;
    credentials.push_back(static_key("by-key", StaticKeyPlace::kHeader, kApiKey));
    credentials.push_back(static_key("by-token", StaticKeyPlace::kBearer, kToken));
    SharingOptions sharing;
    sharing.partner = PartnerId("shared");
    sharing.rid = "rid-1";
    sharing.sid = "s_1";
    sharing.key = "demo-secret";
    PartnerCredential shared;
    shared.partner = sharing.partner;
    shared.sharing_rid = "rid-1";
    shared.any_network = true;
    shared.authenticator = make_sharing_authenticator(std::move(sharing), clock_).value();
    credentials.push_back(std::move(shared));
    directory_ = PartnerDirectory::create(std::move(credentials)).value();
  }
  [[nodiscard]] HttpRequest shared_request() const {
    HttpRequest request = test::request();
    const std::string rtime = std::to_string(clock_.now().ms);
    test::replace(request, kSharingRid, "rid-1");
    test::replace(request, kSharingSid, "s_1");
    test::replace(request, kSharingTime, rtime);
    test::replace(request, kSharingSign,
                  sharing_signature(*make_suite(SuiteId::kIntl).value(), "demo-secret", "s_1", "rid-1", rtime));
    return request;
  }
  test::ManualClock clock_;
  std::unique_ptr<PartnerDirectory> directory_;
};

TEST_F(PartnerClaims, EachFindsItsPartner) {
  HttpRequest by_key = test::request();
  test::replace(by_key, "X-Api-Key", std::string(kApiKey));
  HttpRequest by_token = test::request();
  test::replace(by_token, "Authorization", "bearer " + std::string(kToken));
  const auto first = directory_->authenticate(by_key);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->partner, PartnerId("by-key"));
  EXPECT_EQ(first->method, "api-key");
  const auto second = directory_->authenticate(by_token);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->partner, PartnerId("by-token"));
  EXPECT_EQ(second->method, "bearer");
  const auto third = directory_->authenticate(shared_request());
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(third->partner, PartnerId("shared"));
}

TEST_F(PartnerClaims, RefusesWhatIsWrongMixedOrElsewhere) {
  const std::vector<test::Alteration> cases = {
      {"nothing", [](HttpRequest&) {}},
      {"wrong key", [](HttpRequest& r) { test::replace(r, "X-Api-Key", "api-key-0123456788"); }},
      {"token as key", [](HttpRequest& r) { test::replace(r, "X-Api-Key", std::string(kToken)); }},
      {"key as token", [](HttpRequest& r) { test::replace(r, "Authorization", "Bearer " + std::string(kApiKey)); }},
      {"other scheme", [](HttpRequest& r) { test::replace(r, "Authorization", "Basic " + std::string(kToken)); }},
      {"empty token", [](HttpRequest& r) { test::replace(r, "Authorization", "Bearer "); }},
      {"token twice",
       [](HttpRequest& r) {
         test::replace(r, "Authorization", "Bearer " + std::string(kToken));
         test::repeat(r, "Authorization");
       }},
      {"two partners",
       [](HttpRequest& r) {
         test::replace(r, "Authorization", "Bearer " + std::string(kToken));
         test::replace(r, "X-Api-Key", std::string(kApiKey));
       }},
      {"unknown requester", [](HttpRequest& r) { test::replace(r, kSharingRid, "rid-2"); }},
  };
  for (const test::Alteration& alteration : cases) {
    HttpRequest request = test::request();
    alteration.apply(request);
    EXPECT_EQ(code_of(directory_->authenticate(request)), &codes::kIdentityRefused) << alteration.name;
  }
  HttpRequest mixed = shared_request();
  test::replace(mixed, "X-Api-Key", std::string(kApiKey));
  EXPECT_EQ(code_of(directory_->authenticate(mixed)), &codes::kIdentityRefused);
}

TEST(PartnerClaimsSetup, TwoPartnersCannotShareAKey) {
  for (const auto place : {StaticKeyPlace::kHeader, StaticKeyPlace::kBearer}) {
    std::vector<PartnerCredential> credentials;
    credentials.push_back(static_key("a", place, kApiKey));
    credentials.push_back(static_key("b", place, kApiKey));
    const auto made = PartnerDirectory::create(std::move(credentials));
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kIdentityDuplicate);
  }
}

TEST(StaticKeys, AreLongAndVisible) {
  for (const std::string_view key : {"short", "with a space 0123456789", "tab\t0123456789012345"}) {
    StaticKeyOptions options;
    options.key = key;
    EXPECT_TRUE(make_static_key_signer(options).has_error());
    EXPECT_TRUE(make_static_key_authenticator(options).has_error());
  }
}

TEST(StaticKeys, TheSignerReplacesTheHeader) {
  StaticKeyOptions options;
  options.header = "x-token";
  options.key = kApiKey;
  HttpRequest request = test::request();
  test::replace(request, "X-Token", "old");
  ASSERT_TRUE((*make_static_key_signer(options))->sign(request).has_value());
  EXPECT_EQ(header(request.headers, "x-token"), kApiKey);
  EXPECT_EQ(header_count(request.headers, "x-token"), 1U);
}

}  // namespace
}  // namespace tongqu
