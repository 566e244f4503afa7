#include "security/identity/partner_directory.hpp"

#include <gtest/gtest.h>

#include "security/crypto/keys.hpp"
#include "security/identity/content_digest.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/message_signature.hpp"
#include "tests/unit/identity/identity_fixture.hpp"

namespace tongqu {
namespace {

using test::code_of;

const std::string kPinA(64, 'a');
const std::string kPinB(64, 'b');
constexpr std::string_view kSubject = "CN=case,O=Bureau,C=CN";

HmacOptions hmac_options(std::string_view partner) {
  HmacOptions made;
  made.partner = PartnerId(partner);
  made.key_id = std::string(partner) + "-key";
  made.key = "secret of " + std::string(partner);
  return made;
}

MessageSignatureOptions signature_options(std::string_view partner) {
  MessageSignatureOptions made;
  made.partner = PartnerId(partner);
  made.key_id = std::string(partner) + "-sig";
  made.algorithm = kHmacSha256;
  made.key = "signature secret of " + std::string(partner);
  return made;
}

NetworkList networks(const std::vector<std::string>& blocks) {
  auto list = NetworkList::create(blocks);
  return list.has_value() ? std::move(*list) : NetworkList();
}

// city-a: HMAC from 10.0.0.0/8. p12315: mTLS and signature. case: certificate by pin or subject.
class Directory : public testing::Test {
 protected:
  Directory() {
    std::vector<PartnerCredential> credentials(3);
    credentials[0].partner = PartnerId("city-a");
    credentials[0].api_key_id = "city-a-key";
    credentials[0].networks = networks({"10.0.0.0/8"});
    credentials[0].authenticator = *make_hmac_authenticator(hmac_options("city-a"), clock_);
    credentials[1].partner = PartnerId("p12315");
    credentials[1].signature_key_id = "p12315-sig";
    credentials[1].cert_sha256 = {kPinA};
    credentials[1].any_network = true;
    auto inner = make_message_signature_authenticator(signature_options("p12315"), clock_);
    credentials[1].authenticator = *make_mtls_authenticator({PartnerId("p12315"), {kPinA}, {}}, std::move(*inner));
    credentials[2].partner = PartnerId("case");
    credentials[2].cert_sha256 = {kPinB};
    credentials[2].cert_subjects = {std::string(kSubject)};
    credentials[2].any_network = true;
    credentials[2].authenticator = *make_mtls_authenticator({PartnerId("case"), {kPinB}, {std::string(kSubject)}});
    auto made = PartnerDirectory::create(std::move(credentials));
    if (made.has_value()) directory_ = std::move(*made);
  }

  HttpRequest from_city_a() {
    HttpRequest request = test::request();
    EXPECT_TRUE((*make_hmac_signer(hmac_options("city-a"), clock_))->sign(request).has_value());
    return request;
  }
  HttpRequest from_platform() {
    HttpRequest request = test::request();
    EXPECT_TRUE((*make_message_signature_signer(signature_options("p12315"), clock_))->sign(request).has_value());
    request.peer.tls = true;
    request.peer.cert_sha256 = kPinA;
    return request;
  }
  static HttpRequest with_certificate(const std::string& pin, std::string_view subject = {}) {
    HttpRequest request = test::request();
    request.peer.tls = true;
    request.peer.cert_sha256 = pin;
    request.peer.cert_subject = subject;
    return request;
  }

  test::ManualClock clock_;
  std::unique_ptr<PartnerDirectory> directory_;
};

TEST_F(Directory, FindsEachPartner) {
  struct Case {
    HttpRequest request;
    std::string_view partner, method;
  };
  const Case cases[] = {
      {from_city_a(), "city-a", "hmac-sha256"},
      {from_platform(), "p12315", "mtls+rfc9421:hmac-sha256"},
      {with_certificate(kPinB), "case", "mtls"},
      {with_certificate(std::string(64, 'c'), kSubject), "case", "mtls"},
  };
  for (const Case& c : cases) {
    const auto identity = directory_->authenticate(c.request);
    ASSERT_TRUE(identity.has_value()) << c.partner;
    EXPECT_EQ(identity->partner.str(), c.partner);
    EXPECT_EQ(identity->method, c.method);
  }
}

TEST_F(Directory, ALegacyListenerTakesItsPartnerAloneAndMarksIt) {
  HttpRequest own = from_city_a();
  own.peer.only_partner = "city-a";
  const auto identity = directory_->authenticate(own);
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->method, "hmac-sha256@legacy");
  for (HttpRequest other : {from_platform(), with_certificate(kPinB), test::request()}) {
    other.peer.only_partner = "city-a";
    const auto refusal = directory_->authenticate(other);
    ASSERT_TRUE(refusal.has_error());
    EXPECT_EQ(refusal.error().code->id, "identity.refused");
  }
}

TEST_F(Directory, UnknownAndWrongLookAlike) {
  std::vector<std::pair<std::string_view, HttpRequest>> cases;
  cases.emplace_back("nothing claimed", test::request());
  cases.emplace_back("unknown key id", from_city_a());
  test::replace(cases.back().second, "X-Api-Key", "stranger");
  cases.emplace_back("empty key id", from_city_a());
  test::replace(cases.back().second, "X-Api-Key", "");
  cases.emplace_back("key id twice", from_city_a());
  test::repeat(cases.back().second, "X-Api-Key");
  cases.emplace_back("wrong signature", from_city_a());
  cases.back().second.body += "x";
  cases.emplace_back("other network", from_city_a());
  cases.back().second.peer.address = "192.168.1.1";
  cases.emplace_back("no address", from_city_a());
  cases.back().second.peer.address = "";
  cases.emplace_back("certificate of another partner", from_city_a());
  cases.back().second.peer.cert_sha256 = kPinB;
  cases.emplace_back("signature without certificate", from_platform());
  cases.back().second.peer = Peer{};
  cases.emplace_back("signature with the wrong certificate", from_platform());
  cases.back().second.peer.cert_sha256 = kPinB;
  cases.emplace_back("signature with an unknown certificate", from_platform());
  cases.back().second.peer.cert_sha256 = std::string(64, 'c');
  cases.emplace_back("certificate without signature", with_certificate(kPinA));
  cases.emplace_back("unknown certificate", with_certificate(std::string(64, 'c')));
  cases.emplace_back("unknown subject", with_certificate("", "CN=other"));
  cases.emplace_back("subject without TLS", with_certificate("", kSubject));
  cases.back().second.peer.tls = false;
  cases.emplace_back("unknown signature key id", from_platform());
  std::string input(header(cases.back().second.headers, "Signature-Input"));
  test::replace(cases.back().second, "Signature-Input", input.replace(input.find("p12315-sig"), 10, "q12315-sig"));
  cases.emplace_back("malformed signature input", from_platform());
  test::replace(cases.back().second, "Signature-Input", "tongqu=(");
  cases.emplace_back("two claims", from_platform());
  test::replace(cases.back().second, "X-Api-Key", "city-a-key");
  for (const auto& [name, request] : cases) {
    const auto result = directory_->authenticate(request);
    ASSERT_TRUE(result.has_error()) << name;
    EXPECT_EQ(result.error().code, &codes::kIdentityRefused) << name;
    EXPECT_TRUE(result.error().param.empty()) << name;
    EXPECT_TRUE(result.error().faults.empty()) << name;
  }
}

TEST_F(Directory, ClockIsNamedToWhoHoldsTheKey) {
  const HttpRequest city = from_city_a();
  const HttpRequest platform = from_platform();
  clock_.advance(3'600'000);
  EXPECT_EQ(code_of(directory_->authenticate(city)), &codes::kIdentityClock);
  EXPECT_EQ(code_of(directory_->authenticate(platform)), &codes::kIdentityClock);
}

TEST_F(Directory, ContentDigestIsCheckedForCertificatesToo) {
  const auto digests = ContentDigest::create();
  ASSERT_TRUE(digests.has_value());
  HttpRequest request = with_certificate(kPinB);
  test::replace(request, "Content-Digest", digests->make(SuiteId::kGm, request.body));
  EXPECT_EQ(code_of(directory_->authenticate(request)), nullptr);
  request.body += "x";
  EXPECT_EQ(code_of(directory_->authenticate(request)), &codes::kIdentityContentDigest);
}

PartnerCredential credential(const Clock& clock, std::string_view partner = "city-a") {
  PartnerCredential made;
  made.partner = PartnerId(partner);
  made.api_key_id = std::string(partner) + "-key";
  made.any_network = true;
  made.authenticator = *make_hmac_authenticator(hmac_options(partner), clock);
  return made;
}

TEST(DirectorySetup, ContradictionsAreRefused) {
  const test::ManualClock clock;
  struct Case {
    std::string_view name;
    std::function<void(PartnerCredential&)> alter;
    const ErrorCode* code;
  };
  const Case cases[] = {
      {"no claim", [](auto& c) { c.api_key_id.clear(); }, &codes::kIdentitySetup},
      {"no scheme", [](auto& c) { c.authenticator.reset(); }, &codes::kIdentitySetup},
      {"no partner", [](auto& c) { c.partner = PartnerId(); }, &codes::kIdentitySetup},
      {"same key id", [](auto& c) { c.api_key_id = "city-a-key"; }, &codes::kIdentityDuplicate},
      {"same signature key id", [](auto& c) { c.signature_key_id = "shared"; }, &codes::kIdentityDuplicate},
      {"same certificate", [](auto& c) { c.cert_sha256 = {kPinA}; }, &codes::kIdentityDuplicate},
      {"same subject", [](auto& c) { c.cert_subjects = {"CN=x"}; }, &codes::kIdentityDuplicate},
      {"none", [](auto&) {}, nullptr},
  };
  for (const Case& c : cases) {
    std::vector<PartnerCredential> credentials;
    credentials.push_back(credential(clock, "city-a"));
    credentials[0].signature_key_id = "shared";
    credentials[0].cert_sha256 = {kPinA};
    credentials[0].cert_subjects = {"CN=x"};
    credentials.push_back(credential(clock, "city-b"));
    c.alter(credentials[1]);
    const auto made = PartnerDirectory::create(std::move(credentials));
    EXPECT_EQ(made.has_error() ? made.error().code : nullptr, c.code) << c.name;
  }
}

TEST(DirectorySetup, KeysOfOnePartnerRotateBehindOneCertificate) {
  const test::ManualClock clock;
  std::vector<PartnerCredential> credentials;
  credentials.push_back(credential(clock));
  credentials.push_back(credential(clock));
  credentials[0].cert_sha256 = credentials[1].cert_sha256 = {kPinA};
  credentials[1].api_key_id = "city-a-key-2";
  HmacOptions second = hmac_options("city-a");
  second.key_id = "city-a-key-2";
  second.key = "the next secret";
  credentials[1].authenticator = *make_hmac_authenticator(second, clock);
  const auto directory = PartnerDirectory::create(std::move(credentials));
  ASSERT_TRUE(directory.has_value());
  for (const HmacOptions& options : {hmac_options("city-a"), second}) {
    HttpRequest request = test::request();
    ASSERT_TRUE((*make_hmac_signer(options, clock))->sign(request).has_value());
    EXPECT_TRUE((*directory)->authenticate(request).has_value());
  }
}

TEST(DirectorySetup, SchemeOfAnotherPartnerIsNotBelieved) {
  const test::ManualClock clock;
  std::vector<PartnerCredential> credentials;
  credentials.push_back(credential(clock, "city-b"));
  credentials[0].partner = PartnerId("city-a");
  const auto directory = PartnerDirectory::create(std::move(credentials));
  ASSERT_TRUE(directory.has_value());
  HttpRequest request = test::request();
  ASSERT_TRUE((*make_hmac_signer(hmac_options("city-b"), clock))->sign(request).has_value());
  EXPECT_EQ(code_of((*directory)->authenticate(request)), &codes::kIdentityRefused);
}

TEST(Mtls, OptionsThatCannotWorkAreRefused) {
  const PartnerId partner("p");
  for (const MtlsOptions& options :
       {MtlsOptions{partner, {}, {}}, MtlsOptions{partner, {"abc"}, {}},
        MtlsOptions{partner, {std::string(64, 'A')}, {}}, MtlsOptions{partner, {}, {""}}}) {
    const auto made = make_mtls_authenticator(options);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kIdentitySetup);
  }
}

TEST(Mtls, SecondSchemeMustNameTheSamePartner) {
  const test::ManualClock clock;
  auto inner = make_hmac_authenticator(hmac_options("city-b"), clock);
  const auto both = make_mtls_authenticator({PartnerId("city-a"), {kPinA}, {}}, std::move(*inner));
  ASSERT_TRUE(both.has_value());
  HttpRequest request = test::request();
  ASSERT_TRUE((*make_hmac_signer(hmac_options("city-b"), clock))->sign(request).has_value());
  request.peer.tls = true;
  request.peer.cert_sha256 = kPinA;
  EXPECT_EQ(code_of((*both)->authenticate(request)), &codes::kIdentityRefused);
}

TEST(Networks, ContainWhatTheirPrefixSays) {
  struct Case {
    std::string block;
    std::string_view address;
    bool inside;
  };
  const Case cases[] = {
      {"10.1.0.0/16", "10.1.255.255", true},
      {"10.1.0.0/16", "10.2.0.0", false},
      {"10.1.2.3", "10.1.2.3", true},
      {"10.1.2.3", "10.1.2.4", false},
      {"10.1.2.3/32", "::ffff:10.1.2.3", true},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"10.0.0.0/9", "10.127.255.255", true},
      {"10.0.0.0/9", "10.128.0.0", false},
      {"2001:db8::/32", "2001:db8:ffff::1", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"::1", "::1", true},
      {"::1", "127.0.0.1", false},
      {"::/0", "10.0.0.1", true},
      {"10.0.0.0/8", "", false},
      {"10.0.0.0/8", "10.1.2", false},
      {"10.0.0.0/8", "10.1.2.3:80", false},
      {"10.0.0.0/8", "host", false},
  };
  for (const Case& c : cases)
    EXPECT_EQ(networks({c.block}).contains(c.address), c.inside) << c.block << ' ' << c.address;
  EXPECT_FALSE(networks({}).contains("10.0.0.1"));
  EXPECT_TRUE(networks({"192.0.2.0/24", "10.0.0.0/8"}).contains("10.0.0.1"));
}

TEST(Networks, MalformedBlocksAreRefused) {
  for (const std::string& block :
       {std::string(), std::string("10.0.0.0/33"), std::string("10.0.0.0/"), std::string("10.0.0.0/-1"),
        std::string("10.0.0.1/8"), std::string("10.0.0"), std::string("::1/129"), std::string("::1/64"),
        std::string("10.0.0.0/8x"), std::string("a/8"), std::string("10.0.0.0/8/8")}) {
    const auto made = NetworkList::create(std::vector<std::string>{block});
    ASSERT_TRUE(made.has_error()) << block;
    EXPECT_EQ(made.error().code, &codes::kIdentitySetup);
  }
}

TEST(IdentityCodes, AreUniqueAndBilingual) {
  std::vector<std::string_view> ids;
  for (const ErrorCode* code : codes::identity_codes()) {
    EXPECT_FALSE(code->en.empty());
    EXPECT_FALSE(code->zh.empty());
    EXPECT_TRUE(code->id.starts_with("identity."));
    ids.push_back(code->id);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace
}  // namespace tongqu
