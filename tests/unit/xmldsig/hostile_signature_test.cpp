// Signatures that verify, and messages that are refused all the same: what the key signed is not what would be read, it
// costs too much to look at, or it came before.
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <xmlsec/crypto.h>

#include "gateway/core/text.hpp"
#include "security/xmldsig/xmlsec_security.hpp"
#include "security/xmldsig/xmlsec_tools.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/test_pki.hpp"
#include "transforms/codecs/soap_codec.hpp"

namespace tongqu::test {
namespace {

constexpr std::string_view kWsaUri = "http://www.w3.org/2005/08/addressing";

// What a partner signs: references by URI, and what stands in the envelope.
struct Wish {
  std::string blocks = {};  // of the header, beside Security
  std::string body = "<s:Body u:Id=\"b\"><a>1</a></s:Body>";
  std::string created = "2026-04-20T16:00:10Z";
  std::string expires = {};
  std::vector<std::string> references = {"#t", "#b"};
  std::string transform = {};  // element behind the canonical form's, and attributes of it
  std::string object = {};     // behind SignatureValue
};

std::string reference(const std::string& uri, const std::string& inside) {
  return "<d:Reference URI=\"" + uri +
         "\"><d:Transforms><d:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">" + inside +
         "</d:Transform></d:Transforms><d:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
         "<d:DigestValue/></d:Reference>";
}

std::string form_of(const Wish& wish) {
  std::string references;
  for (const std::string& uri : wish.references) references += reference(uri, wish.transform);
  const std::string expires = wish.expires.empty() ? "" : "<u:Expires>" + wish.expires + "</u:Expires>";
  return "<s:Envelope xmlns:s=\"" + std::string(kSoap11Uri) + "\" xmlns:u=\"" + std::string(xmlsec::kWsuUri) +
         "\" xmlns:wsa=\"" + std::string(kWsaUri) + "\"><s:Header>" + wish.blocks + "<w:Security xmlns:w=\"" +
         std::string(kWsseUri) + "\"><u:Timestamp u:Id=\"t\"><u:Created>" + wish.created + "</u:Created>" + expires +
         "</u:Timestamp><d:Signature xmlns:d=\"" + std::string(xmlsec::kDsUri) +
         "\"><d:SignedInfo><d:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
         "<d:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/>" +
         references + "</d:SignedInfo><d:SignatureValue/>" + wish.object + "</d:Signature></w:Security></s:Header>" +
         wish.body + "</s:Envelope>";
}

class HostileSignature : public ::testing::Test {
 protected:
  HostileSignature() : ours_(pki_.issue()) { verifier_ = *security_.make_verifier(ours_.certificate_pem, 300'000); }

  // With the partner's key, and every algorithm xmlsec1 knows.
  std::string sign(const Wish& wish) {
    const xmlsec::Tree tree = xmlsec::parse(form_of(wish));
    EXPECT_NE(tree, nullptr);
    EXPECT_TRUE(xmlsec::register_ids(*tree));
    xmlNode* security = xmlsec::only_child(*xmlsec::envelope_part(*tree, "Header"), kWsseUri, "Security");
    const xmlsec::Context context(xmlSecDSigCtxCreate(nullptr));
    context->signKey = xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(ours_.key_pem.data()),
                                                    static_cast<xmlSecSize>(ours_.key_pem.size()),
                                                    xmlSecKeyDataFormatPem, nullptr, nullptr, nullptr);
    EXPECT_EQ(xmlSecDSigCtxSign(context.get(), xmlsec::only_child(*security, xmlsec::kDsUri, "Signature")), 0);
    xmlChar* memory = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(tree.get(), &memory, &size, "UTF-8");
    std::string text(reinterpret_cast<const char*>(memory), static_cast<std::size_t>(size));
    xmlFree(memory);
    return text.substr(text.find("?>") + 3);
  }
  std::string code(const std::string& envelope) {
    auto proven = verifier_->verify(envelope, clock_.now());
    return proven.has_value() ? "" : std::string(proven.error().code->id);
  }

  TestPki pki_;
  TestCertificate ours_;
  ManualClock clock_;
  XmlSecSecurity security_;
  std::unique_ptr<XmlVerifier> verifier_;
};

TEST_F(HostileSignature, TheFormItselfIsAccepted) {
  EXPECT_EQ(code(sign({})), "");
  EXPECT_EQ(code(sign({.expires = "2026-04-20T16:05:10Z"})), "");
}

TEST_F(HostileSignature, BodyAndTimestampMustBothBeCovered) {
  EXPECT_EQ(code(sign({.references = {"#b"}})), "xmldsig.refused");
  EXPECT_EQ(code(sign({.references = {"#t"}})), "xmldsig.refused");
  // The element that is signed is not the one that is read, though it bears the name.
  EXPECT_EQ(code(sign({.blocks = "<x u:Id=\"x\"><s:Body><a>1</a></s:Body></x>",
                       .body = "<s:Body><a>2</a></s:Body>",
                       .references = {"#t", "#x"}})),
            "xmldsig.refused");
}

TEST_F(HostileSignature, ReferencesAreNamesAndNothingElse) {
  EXPECT_EQ(code(sign({.references = {"#t", "#xpointer(id('b'))"}})), "xmldsig.refused");
  EXPECT_EQ(code(sign({.references = {"#t", "#b", ""}})), "xmldsig.refused") << "the whole document";
  EXPECT_EQ(code(sign({.references = {"#t", "#b", "#b"}})), "xmldsig.refused") << "one element twice";
  // An id that reads as an expression for another element.
  const std::string odd = sign({});
  std::string renamed = odd;
  for (auto at = renamed.find("\"b\""); at != std::string::npos; at = renamed.find("\"b\"", at + 1))
    renamed.replace(at, 3, "\"b t\"");
  EXPECT_EQ(code(renamed), "xmldsig.refused");
}

TEST_F(HostileSignature, WhatCostsTooMuchIsNotLookedAt) {
  Wish many;
  for (int i = 0; i < 15; ++i) {
    many.blocks += "<x u:Id=\"x" + std::to_string(i) + "\"/>";
    if (i < 14) many.references.push_back("#x" + std::to_string(i));
  }
  EXPECT_EQ(code(sign(many)), "");
  many.references.emplace_back("#x14");
  EXPECT_EQ(code(sign(many)), "xmldsig.refused");
  const std::string list = "<e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"";
  EXPECT_EQ(code(sign({.transform = list + "s u wsa\"/>"})), "");
  EXPECT_EQ(code(sign({.transform = list + std::string(200, 's') + "\"/>"})), "xmldsig.refused");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  std::string ends;
  for (int i = 0; i < 100'000; ++i) ends += "</a>";
  std::string nested = sign({});
  nested.replace(nested.find("<a>1</a>"), 8, deep + ends);
  EXPECT_EQ(code(nested), "xmldsig.refused");
}

TEST_F(HostileSignature, AManifestIsNotFollowed) {
  const std::string manifest =
      "<d:Object><d:Manifest>" + reference("http://127.0.0.1:1/", "") + "</d:Manifest></d:Object>";
  std::string text = sign({});
  text.replace(text.find("</d:SignatureValue>") + 19, 0, manifest);
  EXPECT_EQ(code(text), "") << "it is signed by nobody and means nothing";
}

TEST_F(HostileSignature, ADoctypeEndsTheReading) {
  const std::string text = sign({});
  std::string bomb = "<!DOCTYPE s:Envelope [<!ENTITY a \"aaaaaaaaaa\">";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += std::string("<!ENTITY ") + c + " \"";
    for (int i = 0; i < 10; ++i) bomb += std::string("&") + static_cast<char>(c - 1) + ";";
    bomb += "\">";
  }
  std::string swollen = text;
  swollen.replace(swollen.find("<a>"), 3, "<a x=\"&j;\">");
  EXPECT_EQ(code(bomb + "]>" + swollen), "xmldsig.refused");
}

TEST_F(HostileSignature, TheTimestampHoldsAsItsSignerSays) {
  EXPECT_EQ(code(sign({.created = "2026-04-20T15:58:00Z", .expires = "2026-04-20T15:59:00Z"})), "xmldsig.clock");
  EXPECT_EQ(code(sign({.expires = "never"})), "xmldsig.clock");
  EXPECT_EQ(code(sign({.created = ""})), "xmldsig.clock");
}

TEST_F(HostileSignature, AddressingCountsWhereItIsSigned) {
  Wish wish{.blocks = "<wsa:MessageID u:Id=\"m\">urn:uuid:1</wsa:MessageID>", .references = {"#t", "#b", "#m"}};
  EXPECT_TRUE(verifier_->verify(sign(wish), clock_.now())->covers_addressing);
  wish.references.pop_back();
  EXPECT_FALSE(verifier_->verify(sign(wish), clock_.now())->covers_addressing);
  EXPECT_TRUE(verifier_->verify(sign({}), clock_.now())->covers_addressing);
}

TEST_F(HostileSignature, AnotherValueForTheSameMessageIsTheSameMessage) {
  // ECDSA: with (r, s), (r, n - s) verifies too.
  const std::string text = sign({});
  const auto begin = text.find("<d:SignatureValue>") + 18;
  const auto end = text.find("</d:SignatureValue>");
  std::string bare;
  for (const char c : text.substr(begin, end - begin)) {
    if (c != '\n') bare.push_back(c);
  }
  const auto raw = from_base64(bare);
  ASSERT_TRUE(raw.has_value());
  ASSERT_EQ(raw->size(), 64U);
  EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  BIGNUM* s = BN_bin2bn(reinterpret_cast<const unsigned char*>(raw->data()) + 32, 32, nullptr);
  ASSERT_EQ(BN_sub(s, EC_GROUP_get0_order(group), s), 1);
  std::string other = raw->substr(0, 32) + std::string(32, '\0');
  ASSERT_EQ(BN_bn2binpad(s, reinterpret_cast<unsigned char*>(other.data()) + 32, 32), 32);
  BN_free(s);
  EC_GROUP_free(group);
  std::string copy = text;
  copy.replace(begin, end - begin, to_base64(other));
  const auto first = verifier_->verify(text, clock_.now());
  const auto second = verifier_->verify(copy, clock_.now());
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(first->value, second->value);
  EXPECT_EQ(first->digest, second->digest);
  EXPECT_NE(first->digest, verifier_->verify(sign({.created = "2026-04-20T16:00:11Z"}), clock_.now())->digest);
}

TEST_F(HostileSignature, CharactersCountAndNotTheBytesThatADeclarationNames) {
  Wish wish;
  wish.body = "<s:Body u:Id=\"b\"><a>段正淳</a></s:Body>";
  EXPECT_EQ(code("<?xml version=\"1.0\" encoding=\"GBK\"?>" + sign(wish)), "");
}

}  // namespace
}  // namespace tongqu::test
