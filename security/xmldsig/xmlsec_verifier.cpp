#include "security/xmldsig/xmlsec_verifier.hpp"

#include <openssl/evp.h>
#include <xmlsec/buffer.h>
#include <xmlsec/crypto.h>
#include <xmlsec/transforms.h>

#include <array>
#include <cstdlib>
#include <set>

#include "gateway/core/text.hpp"
#include "security/xmldsig/xmldsig_codes.hpp"

namespace tongqu {
namespace {

using xmlsec::Context;
using xmlsec::envelope_part;
using xmlsec::has_child;
using xmlsec::is;
using xmlsec::kDsUri;
using xmlsec::Key;
using xmlsec::kWsseUri;
using xmlsec::kWsuUri;
using xmlsec::only_child;
using xmlsec::parse;
using xmlsec::referenced;
using xmlsec::register_ids;
using xmlsec::text_in;
using xmlsec::Tree;
using xmlsec::view;

// Each reference costs a canonical form and a digest of what it names, before anything is proven.
constexpr std::size_t kMaxReferences = 16;
constexpr std::size_t kMaxSignedInfoNodes = 256;
// Algorithm names and ids are short; a list of prefixes (exclusive canonical form) is looked up at every element.
constexpr std::size_t kMaxSignedInfoAttributeBytes = 160;

constexpr std::string_view kAddressingUris[] = {"http://www.w3.org/2005/08/addressing",
                                                "http://schemas.xmlsoap.org/ws/2004/08/addressing"};

Error refused() { return make_error(codes::kXmlSignatureRefused); }

// A context that knows what xmlsec_security.hpp lists, and nothing else.
Context make_context(const xmlSecKey& key) {
  Context context(xmlSecDSigCtxCreate(nullptr));
  if (context == nullptr) return nullptr;
  // A manifest's references would be looked up unsigned and uncounted.
  context->flags = XMLSEC_DSIG_FLAGS_STORE_SIGNATURE | XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
  context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
  context->signKey = xmlSecKeyDuplicate(const_cast<xmlSecKey*>(&key));
  bool good = context->signKey != nullptr;
  for (const xmlSecTransformId id :
       {xmlSecTransformInclC14NId, xmlSecTransformExclC14NId, xmlSecTransformInclC14N11Id, xmlSecTransformEnvelopedId,
        xmlSecTransformSha256Id, xmlSecTransformSha384Id, xmlSecTransformSha512Id}) {
    good = good && xmlSecDSigCtxEnableReferenceTransform(context.get(), id) == 0;
  }
  for (const xmlSecTransformId id : {xmlSecTransformInclC14NId, xmlSecTransformExclC14NId, xmlSecTransformInclC14N11Id,
                                     xmlSecTransformRsaSha256Id, xmlSecTransformRsaSha384Id, xmlSecTransformRsaSha512Id,
                                     xmlSecTransformEcdsaSha256Id, xmlSecTransformEcdsaSha384Id}) {
    good = good && xmlSecDSigCtxEnableSignatureTransform(context.get(), id) == 0;
  }
  return good ? std::move(context) : nullptr;
}

bool is_bounded(const xmlNode& element, std::size_t& nodes) {
  for (const xmlAttr* attribute = element.properties; attribute != nullptr; attribute = attribute->next) {
    const std::string value = text_in(*reinterpret_cast<const xmlNode*>(attribute));
    if (++nodes > kMaxSignedInfoNodes || value.size() > kMaxSignedInfoAttributeBytes) return false;
  }
  for (const xmlNode* child = element.children; child != nullptr; child = child->next) {
    if (++nodes > kMaxSignedInfoNodes) return false;
    if (child->type == XML_ELEMENT_NODE && !is_bounded(*child, nodes)) return false;
  }
  return true;
}

using Elements = std::set<const xmlNode*>;

// What the references name, each another element; empty when one names nothing or there are too many.
Elements named_by(const xmlNode& signature, xmlDoc& document) {
  const xmlNode* info = only_child(signature, kDsUri, "SignedInfo");
  std::size_t nodes = 0;
  if (info == nullptr || !is_bounded(*info, nodes)) return {};
  Elements named;
  for (const xmlNode* child = info->children; child != nullptr; child = child->next) {
    if (!is(*child, kDsUri, "Reference")) continue;
    const xmlAttr* uri = xmlHasNsProp(const_cast<xmlNode*>(child), reinterpret_cast<const xmlChar*>("URI"), nullptr);
    const xmlNode* element =
        uri == nullptr ? nullptr : referenced(document, text_in(*reinterpret_cast<const xmlNode*>(uri)));
    if (element == nullptr || !named.insert(element).second || named.size() > kMaxReferences) return {};
  }
  return named;
}

// SHA-256 over the canonical SignedInfo, base64; empty when the signature does not verify with the key.
std::string verified(xmlNode& signature, const xmlSecKey& key) {
  const Context context = make_context(key);
  if (context == nullptr || xmlSecDSigCtxVerify(context.get(), &signature) != 0) return {};
  if (context->status != xmlSecDSigStatusSucceeded) return {};
  const xmlSecBuffer* info = xmlSecDSigCtxGetPreSignBuffer(context.get());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (info == nullptr || EVP_Digest(info->data, info->size, digest.data(), &size, EVP_sha256(), nullptr) != 1)
    return {};
  return to_base64({reinterpret_cast<const char*>(digest.data()), size});
}

// Created, when the timestamp is one of now.
std::optional<Instant> current(const xmlNode& timestamp, Instant now, std::int64_t max_clock_skew_ms) {
  const xmlNode* created_element = only_child(timestamp, kWsuUri, "Created");
  const auto created = created_element == nullptr ? std::nullopt : parse_rfc3339(text_in(*created_element));
  if (!created || std::abs(created->ms - now.ms) > max_clock_skew_ms) return std::nullopt;
  if (!has_child(timestamp, kWsuUri, "Expires")) return created;
  const xmlNode* expires_element = only_child(timestamp, kWsuUri, "Expires");
  const auto expires = expires_element == nullptr ? std::nullopt : parse_rfc3339(text_in(*expires_element));
  return expires && expires->ms > now.ms ? created : std::nullopt;
}

bool covers_addressing(const xmlNode& header, const Elements& covered) {
  for (const xmlNode* block = header.children; block != nullptr; block = block->next) {
    for (const std::string_view uri : kAddressingUris) {
      const bool is_addressing =
          block->type == XML_ELEMENT_NODE && block->ns != nullptr && view(block->ns->href) == uri;
      if (is_addressing && !covered.contains(block)) return false;
    }
  }
  return true;
}

std::string without_blanks(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') out.push_back(c);
  }
  return out;
}

}  // namespace

Result<XmlSignature> XmlSecVerifier::verify(std::string_view envelope, Instant now) const {
  const Tree tree = parse(envelope);
  if (tree == nullptr || !register_ids(*tree)) return refused();
  const xmlNode* header = envelope_part(*tree, "Header");
  const xmlNode* body = envelope_part(*tree, "Body");
  if (header == nullptr || body == nullptr) return refused();
  const xmlNode* security = only_child(*header, kWsseUri, "Security");
  xmlNode* signature = security == nullptr ? nullptr : only_child(*security, kDsUri, "Signature");
  const xmlNode* timestamp = security == nullptr ? nullptr : only_child(*security, kWsuUri, "Timestamp");
  if (signature == nullptr || timestamp == nullptr) return refused();
  const Elements covered = named_by(*signature, *tree);
  if (!covered.contains(body) || !covered.contains(timestamp)) return refused();
  XmlSignature proven;
  for (const Key& key : keys_) {
    if (proven.digest.empty()) proven.digest = verified(*signature, *key);
  }
  if (proven.digest.empty()) return refused();
  const auto created = current(*timestamp, now, max_clock_skew_ms_);
  if (!created) return make_error(codes::kXmlSignatureClock);
  proven.created_ms = created->ms;
  proven.covers_addressing = covers_addressing(*header, covered);
  if (const xmlNode* value = only_child(*signature, kDsUri, "SignatureValue"))
    proven.value = without_blanks(text_in(*value));
  return proven;
}

}  // namespace tongqu
