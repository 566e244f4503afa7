#include "security/xmldsig/xmlsec_security.hpp"

#include <libxml/xmlmemory.h>
#include <openssl/evp.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmltree.h>

#include <array>

#include "security/crypto/random.hpp"
#include "security/xmldsig/xmldsig_codes.hpp"
#include "security/xmldsig/xmlsec_verifier.hpp"

namespace tongqu {
namespace {

using xmlsec::Context;
using xmlsec::envelope_part;
using xmlsec::initialise;
using xmlsec::kDsUri;
using xmlsec::Key;
using xmlsec::kWsseUri;
using xmlsec::kWsuUri;
using xmlsec::only_child;
using xmlsec::parse;
using xmlsec::register_ids;
using xmlsec::Tree;
using xmlsec::view;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr std::string_view kRsaMethod = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
constexpr std::string_view kEcdsaMethod = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
constexpr std::string_view kCanonical = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::int64_t kTimestampMs = 300'000;

Key load(std::string_view pem, xmlSecKeyDataFormat format) {
  return Key(xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(pem.data()),
                                          static_cast<xmlSecSize>(pem.size()), format, nullptr, nullptr, nullptr));
}

// The base64 of the first certificate.
std::string bare_certificate(std::string_view pem) {
  const auto begin = pem.find(kBegin);
  const auto end = pem.find(kEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  std::string bare;
  for (const char c : pem.substr(begin + kBegin.size(), end - begin - kBegin.size())) {
    if (c != '\n' && c != '\r' && c != ' ') bare.push_back(c);
  }
  return bare;
}

std::string reference(std::string_view id) {
  return "<ds:Reference URI=\"#" + std::string(id) + "\"><ds:Transforms><ds:Transform Algorithm=\"" +
         std::string(kCanonical) +
         "\"/></ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
         "<ds:DigestValue/></ds:Reference>";
}

class XmlSecSigner final : public XmlSigner {
 public:
  XmlSecSigner(Key key, std::string certificate) : key_(std::move(key)), certificate_(std::move(certificate)) {}

  [[nodiscard]] Result<std::string> sign(std::string_view envelope, Instant now) const override {
    const Tree tree = parse(envelope);
    xmlNode* body = tree == nullptr ? nullptr : envelope_part(*tree, "Body");
    if (body == nullptr) return make_error(codes::kXmlSignatureFailed);
    xmlNode* root = xmlDocGetRootElement(tree.get());
    xmlNode* header = envelope_part(*tree, "Header");
    if (header == nullptr) {
      header = xmlNewDocNode(tree.get(), root->ns, reinterpret_cast<const xmlChar*>("Header"), nullptr);
      if (header == nullptr || xmlAddPrevSibling(body, header) == nullptr) {
        return make_error(codes::kXmlSignatureFailed);
      }
    }
    xmlNs* wsu = xmlNewNs(body, reinterpret_cast<const xmlChar*>(std::string(kWsuUri).c_str()),
                          reinterpret_cast<const xmlChar*>("wsu"));
    xmlNewNsProp(body, wsu, reinterpret_cast<const xmlChar*>("Id"), reinterpret_cast<const xmlChar*>("tongqu-body"));
    const Tree block = parse(security_block(view(root->ns->href), now));
    xmlNode* copy = block == nullptr ? nullptr : xmlDocCopyNode(xmlDocGetRootElement(block.get()), tree.get(), 1);
    if (copy == nullptr || xmlAddChild(header, copy) == nullptr) return make_error(codes::kXmlSignatureFailed);
    xmlNode* signature = only_child(*copy, kDsUri, "Signature");
    const Context context(xmlSecDSigCtxCreate(nullptr));
    if (context == nullptr || signature == nullptr || !register_ids(*tree)) {
      return make_error(codes::kXmlSignatureFailed);
    }
    context->signKey = xmlSecKeyDuplicate(key_.get());
    if (context->signKey == nullptr || xmlSecDSigCtxSign(context.get(), signature) != 0) {
      return make_error(codes::kXmlSignatureFailed);
    }
    return text_of(*tree);
  }

 private:
  [[nodiscard]] std::string security_block(std::string_view soap_uri, Instant now) const {
    const bool rsa = xmlSecKeyCheckId(key_.get(), xmlSecKeyDataRsaId) == 1;
    return "<wsse:Security xmlns:wsse=\"" + std::string(kWsseUri) + "\" xmlns:wsu=\"" + std::string(kWsuUri) +
           "\" xmlns:s=\"" + std::string(soap_uri) +
           "\" s:mustUnderstand=\"1\"><wsse:BinarySecurityToken wsu:Id=\"tongqu-certificate\" EncodingType=\""
           "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary\" "
           "ValueType=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3\">" +
           certificate_ + "</wsse:BinarySecurityToken><wsu:Timestamp wsu:Id=\"tongqu-timestamp\"><wsu:Created>" +
           wsu_time(now) + "</wsu:Created><wsu:Expires>" + wsu_time({now.ms + kTimestampMs}) +
           "</wsu:Expires></wsu:Timestamp><ds:Signature xmlns:ds=\"" + std::string(kDsUri) +
           "\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" + std::string(kCanonical) +
           "\"/><ds:SignatureMethod Algorithm=\"" + std::string(rsa ? kRsaMethod : kEcdsaMethod) + "\"/>" +
           reference("tongqu-timestamp") + reference("tongqu-body") +
           "</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference "
           "URI=\"#tongqu-certificate\" ValueType=\"http://docs.oasis-open.org/wss/2004/01/"
           "oasis-200401-wss-x509-token-profile-1.0#X509v3\"/></wsse:SecurityTokenReference></ds:KeyInfo>"
           "</ds:Signature></wsse:Security>";
  }

  static Result<std::string> text_of(xmlDoc& document) {
    xmlChar* memory = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(&document, &memory, &size, "UTF-8");
    if (memory == nullptr) return make_error(codes::kXmlSignatureFailed);
    std::string text(reinterpret_cast<const char*>(memory), static_cast<std::size_t>(size));
    xmlFree(memory);
    // The caller writes the declaration, for it knows the charset.
    if (text.starts_with("<?xml")) text.erase(0, text.find("?>") + 2);
    const auto first = text.find('<');
    if (first == std::string::npos) return make_error(codes::kXmlSignatureFailed);
    text.erase(0, first);
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  Key key_;
  std::string certificate_;
};

}  // namespace

std::string XmlSecSecurity::password_digest(std::string_view nonce, std::string_view created,
                                            std::string_view password) const {
  const std::string text = std::string(nonce).append(created).append(password);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) return {};
  return to_base64({reinterpret_cast<const char*>(digest.data()), size});
}

Result<Bytes> XmlSecSecurity::nonce() const { return random_bytes(16); }

Result<std::unique_ptr<XmlVerifier>> XmlSecSecurity::make_verifier(std::string_view certificates_pem,
                                                                   std::int64_t max_clock_skew_ms) const {
  if (!initialise()) return make_error(codes::kXmlSignatureSetup, "xmlsec1");
  std::vector<Key> keys;
  for (auto begin = certificates_pem.find(kBegin); begin != std::string_view::npos;
       begin = certificates_pem.find(kBegin, begin + 1)) {
    const auto end = certificates_pem.find(kEnd, begin);
    if (end == std::string_view::npos) break;
    Key key = load(certificates_pem.substr(begin, end + kEnd.size() - begin), xmlSecKeyDataFormatCertPem);
    if (key == nullptr) return make_error(codes::kXmlSignatureSetup, "certificate");
    keys.push_back(std::move(key));
  }
  if (keys.empty()) return make_error(codes::kXmlSignatureSetup, "certificate");
  return std::unique_ptr<XmlVerifier>(std::make_unique<XmlSecVerifier>(std::move(keys), max_clock_skew_ms));
}

Result<std::unique_ptr<XmlSigner>> XmlSecSecurity::make_signer(std::string_view certificate_pem,
                                                               std::string_view key_pem) const {
  if (!initialise()) return make_error(codes::kXmlSignatureSetup, "xmlsec1");
  Key key = load(key_pem, xmlSecKeyDataFormatPem);
  if (key == nullptr) return make_error(codes::kXmlSignatureSetup, "key");
  std::string certificate = bare_certificate(certificate_pem);
  if (certificate.empty()) return make_error(codes::kXmlSignatureSetup, "certificate");
  return std::unique_ptr<XmlSigner>(std::make_unique<XmlSecSigner>(std::move(key), std::move(certificate)));
}

}  // namespace tongqu
