#include "security/xmldsig/xmlsec_security.hpp"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.hpp"
#include "tests/support/test_pki.hpp"

namespace tongqu::test {
namespace {

const std::string kEnvelope =
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><a>1</a></s:Body></s:Envelope>";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

class XmlSignature : public ::testing::Test {
 protected:
  XmlSignature() : ours_(pki_.issue()), theirs_(pki_.issue()) {
    verifier_ = *security_.make_verifier(ours_.certificate_pem, 300'000);
    auto signer = security_.make_signer(ours_.certificate_pem, ours_.key_pem);
    signed_ = *(*signer)->sign(kEnvelope, clock_.now());
  }
  std::string code(const std::string& envelope, std::int64_t later_ms = 0) {
    auto verified = verifier_->verify(envelope, {clock_.now().ms + later_ms});
    return verified.has_value() ? "" : std::string(verified.error().code->id);
  }

  TestPki pki_;
  TestCertificate ours_;
  TestCertificate theirs_;
  ManualClock clock_;
  XmlSecSecurity security_;
  std::unique_ptr<XmlVerifier> verifier_;
  std::string signed_;
};

TEST_F(XmlSignature, WhatWeSignVerifies) {
  EXPECT_EQ(code(signed_), "");
  EXPECT_GT(verifier_->verify(signed_, clock_.now())->value.size(), 60U);
  EXPECT_EQ(verifier_->verify(signed_, {clock_.now().ms + 60'000})->created_ms, clock_.now().ms / 1000 * 1000);
}

TEST_F(XmlSignature, AnyChangeIsSeen) {
  EXPECT_EQ(code(replaced(signed_, "<a>1</a>", "<a>2</a>")), "xmldsig.refused");
  EXPECT_EQ(code(replaced(signed_, "<wsu:Created>2026", "<wsu:Created>2027")), "xmldsig.refused");
  EXPECT_EQ(code(kEnvelope), "xmldsig.refused");
  EXPECT_EQ(code("<a>"), "xmldsig.refused");
  EXPECT_EQ(code("<!DOCTYPE x>" + signed_), "xmldsig.refused");
}

TEST_F(XmlSignature, OnlyPinnedKeysCount) {
  auto other = security_.make_verifier(theirs_.certificate_pem, 300'000);
  EXPECT_TRUE((*other)->verify(signed_, clock_.now()).has_error());
  auto both = security_.make_verifier(theirs_.certificate_pem + ours_.certificate_pem, 300'000);
  EXPECT_TRUE((*both)->verify(signed_, clock_.now()).has_value());
}

TEST_F(XmlSignature, SignedPartsMovedElsewhereCoverNothing) {
  // The signed body hides in a header, another one stands in its place.
  const auto begin = signed_.find("<s:Body");
  const auto end = signed_.find("</s:Body>") + 9;
  const std::string body = signed_.substr(begin, end - begin);
  std::string wrapped = replaced(signed_, body, "<s:Body><a>evil</a></s:Body>");
  wrapped = replaced(wrapped, "</s:Header>", "<x:Wrap xmlns:x=\"urn:x\">" + body + "</x:Wrap></s:Header>");
  EXPECT_EQ(code(wrapped), "xmldsig.refused");
  const std::string id =
      "xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/"
      "oasis-200401-wss-wssecurity-utility-1.0.xsd\" wsu:Id=\"tongqu-body\"";
  EXPECT_EQ(code(replaced(wrapped, "<s:Body><a>evil", "<s:Body " + id + "><a>evil")), "xmldsig.refused");
}

TEST_F(XmlSignature, WeakOrForeignAlgorithmsAreRefused) {
  EXPECT_EQ(code(replaced(signed_, "xmldsig-more#ecdsa-sha256", "xmldsig-more#hmac-sha256")), "xmldsig.refused");
  EXPECT_EQ(
      code(replaced(signed_, "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1")),
      "xmldsig.refused");
  EXPECT_EQ(code(replaced(signed_, "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
                          "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>")),
            "xmldsig.refused");
}

TEST_F(XmlSignature, TheSignedTimeIsHeldAgainstTheClock) {
  EXPECT_EQ(code(signed_, 299'000), "");
  EXPECT_EQ(code(signed_, 301'000), "xmldsig.clock");
  EXPECT_EQ(code(signed_, -301'000), "xmldsig.clock");
}

TEST_F(XmlSignature, KeysThatCannotBeUsedAreFoundAtOnce) {
  EXPECT_EQ(security_.make_verifier("", 1).error().code->id, "xmldsig.setup");
  const std::string nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(security_.make_verifier(nonsense, 1).error().code->id, "xmldsig.setup");
  EXPECT_EQ(security_.make_signer(ours_.certificate_pem, "nonsense").error().code->id, "xmldsig.setup");
  EXPECT_EQ(security_.make_signer("", ours_.key_pem).error().code->id, "xmldsig.setup");
}

TEST(UsernameToken, NoncesDiffer) {
  const XmlSecSecurity security;
  EXPECT_EQ(security.nonce()->size(), 16U);
  EXPECT_NE(*security.nonce(), *security.nonce());
}

}  // namespace
}  // namespace tongqu::test
