#include "security/identity/hmac_scheme.hpp"

#include <gtest/gtest.h>

#include "security/identity/content_digest.hpp"
#include "security/identity/identity_codes.hpp"
#include "tests/unit/identity/identity_fixture.hpp"

namespace tongqu {
namespace {

using test::Alteration;
using test::code_of;

HmacOptions options(SuiteId hash = SuiteId::kIntl) {
  HmacOptions made;
  made.partner = PartnerId("city-a");
  made.key_id = "city-a-key";
  made.key = "demo-secret";
  made.hash = hash;
  return made;
}

class HmacScheme : public testing::TestWithParam<SuiteId> {
 protected:
  HttpRequest signed_request(std::string body = "{}") {
    HttpRequest made = test::request(std::move(body));
    EXPECT_TRUE((*signer_)->sign(made).has_value());
    return made;
  }
  test::ManualClock clock_;
  Result<std::unique_ptr<RequestSigner>> signer_ = make_hmac_signer(options(GetParam()), clock_);
  Result<std::unique_ptr<Authenticator>> authenticator_ = make_hmac_authenticator(options(GetParam()), clock_);
};
INSTANTIATE_TEST_SUITE_P(Identity, HmacScheme, testing::Values(SuiteId::kGm, SuiteId::kIntl),
                         [](const auto& p) { return p.param == SuiteId::kGm ? "Gm" : "Intl"; });

TEST(HmacVectors, SignatureIsTheOneOfTheFormats) {
  struct Case {
    SuiteId hash;
    std::string_view signature;
  };
  for (const Case& c : {Case{SuiteId::kIntl, "4GRdbxXzrZOx02jLeDdelJ2dyRtIvpzUxwY3kGXUxgo="},
                        Case{SuiteId::kGm, "rx8PYC3sZRTGUi6XUSPHMrt/9aZpq8pDQC3FE5swGtw="}}) {
    const test::ManualClock clock(Instant{1'700'000'000'000});
    const auto signer = make_hmac_signer(options(c.hash), clock,
                                         []() -> Result<std::string> { return std::string("0123456789abcdef"); });
    ASSERT_TRUE(signer.has_value());
    HttpRequest request;
    request.method = "POST";
    request.target = "/exchange/v1/workorder.transfer";
    request.body = "{}";
    ASSERT_TRUE((*signer)->sign(request).has_value());
    EXPECT_EQ(header(request.headers, "X-Signature"), c.signature);
    EXPECT_EQ(header(request.headers, "X-Timestamp"), "1700000000000");
    const auto authenticator = make_hmac_authenticator(options(c.hash), clock);
    ASSERT_TRUE(authenticator.has_value());
    EXPECT_TRUE((*authenticator)->authenticate(request).has_value());
  }
}

TEST_P(HmacScheme, AcceptsWhatItSigned) {
  for (const std::string& body : {std::string(), std::string("{}"), std::string(100'000, 'x')}) {
    const HttpRequest request = signed_request(body);
    const auto identity = (*authenticator_)->authenticate(request);
    ASSERT_TRUE(identity.has_value());
    EXPECT_EQ(identity->partner, PartnerId("city-a"));
    EXPECT_EQ(identity->method, GetParam() == SuiteId::kGm ? "hmac-sm3" : "hmac-sha256");
    EXPECT_EQ(identity->nonce, header(request.headers, "X-Nonce"));
    EXPECT_EQ(identity->signature, header(request.headers, "X-Signature"));
    EXPECT_EQ(identity->nonce_expires_ms, clock_.now().ms + kDefaultClockSkewMs + 1);
  }
}

TEST_P(HmacScheme, AnyAlterationIsRefused) {
  const Alteration cases[] = {
      {"method", [](auto& r) { r.method = "PUT"; }},
      {"target", [](auto& r) { r.target += "0"; }},
      {"query dropped", [](auto& r) { r.target.resize(r.target.find('?')); }},
      {"body", [](auto& r) { r.body += " "; }},
      {"idempotency key", [](auto& r) { test::replace(r, "Idempotency-Key", "key-2"); }},
      {"idempotency key dropped", [](auto& r) { test::drop(r, "Idempotency-Key"); }},
      {"idempotency key repeated", [](auto& r) { test::repeat(r, "idempotency-key"); }},
      {"key id", [](auto& r) { test::replace(r, "X-Api-Key", "city-b-key"); }},
      {"key id dropped", [](auto& r) { test::drop(r, "X-Api-Key"); }},
      {"key id repeated", [](auto& r) { test::repeat(r, "x-api-key"); }},
      {"timestamp", [](auto& r) { test::replace(r, "X-Timestamp", "1776700800001"); }},
      {"timestamp with zero", [](auto& r) { test::replace(r, "X-Timestamp", "01776700800000"); }},
      {"timestamp negative", [](auto& r) { test::replace(r, "X-Timestamp", "-1"); }},
      {"timestamp text", [](auto& r) { test::replace(r, "X-Timestamp", "1776700800000x"); }},
      {"timestamp empty", [](auto& r) { test::replace(r, "X-Timestamp", ""); }},
      {"timestamp long", [](auto& r) { test::replace(r, "X-Timestamp", std::string(40, '9')); }},
      {"timestamp dropped", [](auto& r) { test::drop(r, "X-Timestamp"); }},
      {"timestamp repeated", [](auto& r) { test::repeat(r, "X-TIMESTAMP"); }},
      {"nonce", [](auto& r) { test::replace(r, "X-Nonce", "0123456789abcdef"); }},
      {"nonce short", [](auto& r) { test::replace(r, "X-Nonce", "0123456789abcde"); }},
      {"nonce dropped", [](auto& r) { test::drop(r, "X-Nonce"); }},
      {"nonce repeated", [](auto& r) { test::repeat(r, "X-Nonce"); }},
      {"signature of nothing", [](auto& r) { test::replace(r, "X-Signature", ""); }},
      {"signature no base64", [](auto& r) { test::replace(r, "X-Signature", "***"); }},
      {"signature cut", [](auto& r) { test::replace(r, "X-Signature", to_base64(Bytes(16, 'x'))); }},
      {"signature dropped", [](auto& r) { test::drop(r, "X-Signature"); }},
      {"signature repeated", [](auto& r) { test::repeat(r, "X-Signature"); }},
      {"line feed in the target", [](auto& r) { r.target += "\n"; }},
  };
  for (const Alteration& c : cases) {
    HttpRequest request = signed_request();
    c.apply(request);
    EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityRefused) << c.name;
  }
}

TEST_P(HmacScheme, EveryFlippedBitOfTheSignatureIsRefused) {
  const HttpRequest good = signed_request();
  const Bytes mac = *from_base64(header(good.headers, "X-Signature"));
  for (std::size_t i = 0; i < mac.size() * 8; ++i) {
    Bytes altered = mac;
    altered[i / 8] = static_cast<char>(altered[i / 8] ^ 1 << i % 8);
    HttpRequest request = good;
    test::replace(request, "X-Signature", to_base64(altered));
    EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityRefused) << i;
  }
}

TEST_P(HmacScheme, WindowEndsWhereItSays) {
  struct Case {
    std::int64_t shift_ms;
    const ErrorCode* code;
  };
  for (const Case& c :
       {Case{0, nullptr}, Case{kDefaultClockSkewMs, nullptr}, Case{kDefaultClockSkewMs + 1, &codes::kIdentityClock},
        Case{-kDefaultClockSkewMs, nullptr}, Case{-kDefaultClockSkewMs - 1, &codes::kIdentityClock}}) {
    test::ManualClock receiver(Instant{clock_.now().ms + c.shift_ms});
    const auto authenticator = make_hmac_authenticator(options(GetParam()), receiver);
    ASSERT_TRUE(authenticator.has_value());
    const auto result = (*authenticator)->authenticate(signed_request());
    EXPECT_EQ(code_of(result), c.code) << c.shift_ms;
    if (c.code != nullptr) {
      EXPECT_EQ(result.error().param, to_beijing_text(receiver.now()));
      EXPECT_EQ(result.error().kind(), ErrorKind::kUnauthenticated);
    } else {
      EXPECT_GT(result->nonce_expires_ms, receiver.now().ms) << "a nonce that passes is still remembered";
    }
  }
}

TEST_P(HmacScheme, ClockIsNoOracle) {
  HttpRequest request = signed_request();
  test::replace(request, "X-Signature", to_base64(Bytes(32, 'x')));
  clock_.advance(2 * kDefaultClockSkewMs);
  EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityRefused);
}

TEST_P(HmacScheme, ContentDigestIsCheckedWhenPresent) {
  const auto digests = ContentDigest::create();
  ASSERT_TRUE(digests.has_value());
  HttpRequest request = signed_request();
  test::replace(request, "Content-Digest", digests->make(GetParam(), request.body));
  EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), nullptr);
  test::replace(request, "Content-Digest", digests->make(GetParam(), "other"));
  EXPECT_EQ(code_of((*authenticator_)->authenticate(request)), &codes::kIdentityContentDigest);
}

TEST(HmacOptions, OnesThatCannotWorkAreRefused) {
  const test::ManualClock clock;
  const std::function<void(HmacOptions&)> cases[] = {
      [](auto& o) { o.key_id.clear(); },        [](auto& o) { o.key_id = "two words"; },
      [](auto& o) { o.key = "short"; },         [](auto& o) { o.key_id = std::string(129, 'k'); },
      [](auto& o) { o.max_clock_skew_ms = 0; }, [](auto& o) { o.max_clock_skew_ms = 3'600'001; }};
  for (const auto& alter : cases) {
    HmacOptions altered = options();
    alter(altered);
    const auto made = make_hmac_authenticator(altered, clock);
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().code, &codes::kIdentitySetup);
    EXPECT_TRUE(make_hmac_signer(altered, clock).has_error());
  }
}

TEST(ContentDigests, AreCheckedStrictly) {
  const auto digests = ContentDigest::create();
  ASSERT_TRUE(digests.has_value());
  const std::string sha = digests->make(SuiteId::kIntl, "{\"hello\": \"world\"}");
  const std::string sm3 = digests->make(SuiteId::kGm, "{\"hello\": \"world\"}");
  EXPECT_EQ(sha, "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:") << "RFC 9530 appendix B";
  struct Case {
    std::string field;
    bool good;
  };
  const Case cases[] = {
      {sha, true},
      {sm3, true},
      {sha + ", " + sm3, true},
      {"md5=:AAAA:, " + sha, true},
      {"md5=:AAAA:", false},
      {"", false},
      {sha + ", sm3=:AAAA:", false},
      {"sha-256=:AAAA:, " + sm3, false},
      {sha + ", " + sha, false},
      {"sha-256=\"X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\"", false},
      {"sha-256=(:AAAA:)", false},
      {"sha-256", false},
      {sha + ",", false},
  };
  for (const Case& c : cases) {
    HttpRequest request;
    request.body = "{\"hello\": \"world\"}";
    request.headers = {{"content-digest", c.field}};
    EXPECT_EQ(digests->check(request).has_value(), c.good) << c.field;
    request.headers.emplace_back("Content-Digest", c.field);
    EXPECT_TRUE(digests->check(request).has_error()) << "twice: " << c.field;
  }
  EXPECT_TRUE(digests->check(HttpRequest{}).has_value());
}

TEST(Credentials, NoncesAreFreshAndWellFormed) {
  const auto a = random_nonce();
  const auto b = random_nonce();
  ASSERT_TRUE(a.has_value() && b.has_value());
  EXPECT_TRUE(is_nonce(*a));
  EXPECT_NE(*a, *b);
  EXPECT_TRUE(is_nonce(std::string(64, '_')));
  EXPECT_FALSE(is_nonce(std::string(65, '_')));
  EXPECT_FALSE(is_nonce("0123456789abcde!"));
}

}  // namespace
}  // namespace tongqu
