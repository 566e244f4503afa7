// Who may call: every scheme, every way to be wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/soap/soap_fixture.hpp"

namespace tongqu::test {
namespace {

using ::testing::HasSubstr;

const std::string kGood = "<submit><no>1</no></submit>";
const std::string kCreated = "2026-04-20T16:00:10Z";  // ten seconds behind ManualClock

soap::Service with_token() {
  soap::Service with = service();
  with.credentials.kind = soap::CredentialKind::kUsernameToken;
  return with;
}

std::string token(const std::string& user, const std::string& password, const std::string& type,
                  const std::string& nonce, const std::string& created) {
  return "<w:Security s:mustUnderstand=\"1\" xmlns:w=\"" + std::string(kWsseUri) +
         "\" xmlns:u=\"http://docs.oasis-open.org/wss/2004/01/"
         "oasis-200401-wss-wssecurity-utility-1.0.xsd\"><w:UsernameToken><w:Username>" +
         user + "</w:Username><w:Password Type=\"x#" + type + "\">" + password + "</w:Password><w:Nonce>" + nonce +
         "</w:Nonce><u:Created>" + created + "</u:Created></w:UsernameToken></w:Security>";
}

// The code of the refusal, or the way the identity was proven.
std::string outcome(Bench& bench, HttpRequest request) {
  bench.intake.messages.clear();
  bench.intake.refused.clear();
  bench.call(std::move(request));
  if (!bench.intake.refused.empty()) return bench.intake.refused[0];
  return bench.intake.messages.at(0).identity.method;
}

TEST(SoapCredentials, Basic) {
  Bench bench;
  EXPECT_EQ(outcome(bench, post(envelope(kGood))), "soap:basic");
  for (const std::string& value : {"Basic " + to_base64("u:q"), "Basic " + to_base64("v:p"), std::string("Basic !"),
                                   "Basic " + to_base64("up"), std::string("Bearer x"), std::string()}) {
    HttpRequest request = post(envelope(kGood));
    request.headers[1].second = value;
    EXPECT_EQ(outcome(bench, request), "soap.credentials") << value;
  }
  HttpRequest request = post(envelope(kGood));
  request.headers.pop_back();
  const HttpResponse answer = bench.call(request);
  EXPECT_EQ(answer.status, 401);
  EXPECT_FALSE(header(answer.headers, "WWW-Authenticate").empty());
}

TEST(SoapCredentials, Parameters) {
  soap::Service with = service();
  with.credentials.kind = soap::CredentialKind::kParameters;
  with.credentials.user_parameter = "userName";
  with.credentials.password_parameter = "pwd";
  Bench bench(with);
  const auto body = [](const std::string& user, const std::string& password) {
    return envelope("<submit><userName>" + user + "</userName><pwd>" + password + "</pwd><no>1</no></submit>");
  };
  EXPECT_EQ(outcome(bench, post(body("u", "p"))), "soap:parameters");
  EXPECT_EQ(bench.intake.messages.at(0).body, "<submit><no>1</no></submit>") << "no credential reaches the store";
  EXPECT_EQ(outcome(bench, post(body("u", "x"))), "soap.credentials");
  EXPECT_EQ(outcome(bench, post(body("x", "p"))), "soap.credentials");
  EXPECT_EQ(outcome(bench, post(envelope(kGood))), "soap.credentials");
}

TEST(SoapCredentials, UsernameTokenWithText) {
  Bench bench(with_token());
  EXPECT_EQ(outcome(bench, post(envelope(kGood, token("u", "p", "PasswordText", "", "")))), "soap:username-token");
  EXPECT_EQ(outcome(bench, post(envelope(kGood, token("u", "q", "PasswordText", "", "")))), "soap.credentials");
  EXPECT_EQ(outcome(bench, post(envelope(kGood))), "soap.credentials");
  soap::Service digest_only = with_token();
  digest_only.credentials.text_allowed = false;
  Bench strict(digest_only);
  EXPECT_EQ(outcome(strict, post(envelope(kGood, token("u", "p", "PasswordText", "", "")))), "soap.credentials");
}

TEST(SoapCredentials, UsernameTokenWithDigest) {
  XmlSecSecurity security;
  soap::Proofs proofs;
  proofs.security = &security;
  Bench bench(with_token(), std::move(proofs));
  const std::string nonce = to_base64("0123456789abcdef");
  const auto digest = [&](const std::string& password, const std::string& created) {
    return security.password_digest("0123456789abcdef", created, password);
  };
  const auto call = [&](const std::string& user, const std::string& password, const std::string& used_nonce,
                        const std::string& created) {
    return outcome(bench, post(envelope(kGood, token(user, password, "PasswordDigest", used_nonce, created))));
  };
  EXPECT_EQ(call("u", digest("p", kCreated), nonce, kCreated), "soap:username-digest");
  const Identity& identity = bench.intake.messages.at(0).identity;
  EXPECT_EQ(identity.nonce, nonce);
  EXPECT_GT(identity.nonce_expires_ms, ManualClock().now().ms + 299'000);
  EXPECT_EQ(call("u", digest("q", kCreated), nonce, kCreated), "soap.credentials");
  EXPECT_EQ(call("v", digest("p", kCreated), nonce, kCreated), "soap.credentials");
  EXPECT_EQ(call("u", digest("p", kCreated), to_base64("other"), kCreated), "soap.credentials");
  EXPECT_EQ(call("u", digest("p", kCreated), "", kCreated), "soap.credentials");
  EXPECT_EQ(call("u", digest("p", kCreated), nonce, "2026-04-20T16:00:11Z"), "soap.credentials");
  for (const std::string& created : {"2026-04-20T15:54:59Z", "2026-04-20T16:05:01Z", "yesterday"}) {
    EXPECT_EQ(call("u", digest("p", created), nonce, created), "soap.clock") << created;
  }
}

TEST(SoapCredentials, VectorOfTheUsernameTokenProfile) {
  // Computed with openssl dgst -sha1 over nonce, created and password.
  EXPECT_EQ(XmlSecSecurity().password_digest("nonce", "2026-04-20T16:00:00Z", "secret"),
            "6fklzD6HkvWdqkPokjq8TN80Vww=");
}

// Says of every envelope what the test says.
class FakeVerifier final : public XmlVerifier {
 public:
  explicit FakeVerifier(XmlSignature says) : says_(std::move(says)) {}
  [[nodiscard]] Result<XmlSignature> verify(std::string_view, Instant) const override { return says_; }

 private:
  XmlSignature says_;
};

const std::string kSigned = "<w:Security xmlns:w=\"" + std::string(kWsseUri) +
                            "\"><d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"/></w:Security>";

Bench with_signature(bool covers_addressing) {
  soap::Service with = service();
  with.credentials.kind = soap::CredentialKind::kSignature;
  soap::Proofs proofs;
  proofs.signature = std::make_unique<FakeVerifier>(XmlSignature{"value", "digest", 1'000, covers_addressing});
  return Bench(with, std::move(proofs));
}

TEST(SoapCredentials, Signature) {
  Bench bench = with_signature(true);
  EXPECT_EQ(outcome(bench, post(envelope(kGood, kSigned))), "soap:x509");
  const Identity& identity = bench.intake.messages.at(0).identity;
  EXPECT_EQ(identity.signature, "value");
  EXPECT_EQ(identity.nonce, "digest") << "what cannot be changed without the key";
  EXPECT_EQ(identity.nonce_expires_ms, 1'000 + soap::Credentials().max_clock_skew_ms + 1) << "of the signed time";
  EXPECT_EQ(outcome(bench, post(envelope(kGood))), "soap.credentials");
}

TEST(SoapCredentials, WhatASignatureDoesNotCoverIsNotBelieved) {
  const std::string id =
      kSigned + "<a:MessageID xmlns:a=\"http://www.w3.org/2005/08/addressing\">urn:uuid:7</a:MessageID>";
  Bench covered = with_signature(true);
  covered.call(post(envelope(kGood, id)));
  EXPECT_EQ(covered.intake.messages.at(0).idempotency_key, "urn:uuid:7");
  Bench bench = with_signature(false);
  HttpRequest with_key = post(envelope(kGood, id));
  with_key.headers.emplace_back("Idempotency-Key", "another");
  bench.call(with_key);
  EXPECT_EQ(bench.intake.messages.at(0).idempotency_key, "");
  HttpRequest by_action = post(envelope("<anything/>", kSigned));
  by_action.headers.emplace_back("SOAPAction", "submit");
  EXPECT_EQ(outcome(bench, by_action), "soap.operation");
  const std::string multipart = "--B\r\nContent-Type: text/xml\r\n\r\n" +
                                envelope("<submit><no href=\"cid:f\"/></submit>", kSigned) +
                                "\r\n--B\r\nContent-ID: <f>\r\n\r\nhello\r\n--B--";
  EXPECT_EQ(outcome(bench, post(multipart, "multipart/related; boundary=B")), "soap.attachment-unsigned");
}

TEST(SoapCredentials, Networks) {
  soap::Proofs proofs;
  proofs.network = [](const std::string& address) { return address == "10.0.0.1"; };
  Bench bench(service(), std::move(proofs));
  EXPECT_EQ(outcome(bench, post(envelope(kGood))), "soap.network");
  HttpRequest request = post(envelope(kGood));
  request.peer.address = "10.0.0.1";
  EXPECT_EQ(outcome(bench, request), "soap:basic");
}

}  // namespace
}  // namespace tongqu::test
