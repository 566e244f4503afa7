#include "security/xmldsig/xmlsec_verifier.hpp"

#include <xmlsec/crypto.h>
#include <xmlsec/transforms.h>

#include <cstdlib>
#include <set>

#include "security/xmldsig/xmldsig_codes.hpp"

namespace tongqu {
namespace {

using namespace xmlsec;

Error refused() { return make_error(codes::kXmlSignatureRefused); }

// A context that knows what xmlsec_security.hpp lists, and nothing else.
Context make_context(const xmlSecKey& key) {
  Context context(xmlSecDSigCtxCreate(nullptr));
  if (context == nullptr) return nullptr;
  context->flags = XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
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

// Ids of what the signature covers; empty when it does not verify.
std::set<std::string> covered(xmlNode& signature, const xmlSecKey& key) {
  const Context context = make_context(key);
  if (context == nullptr || xmlSecDSigCtxVerify(context.get(), &signature) != 0) return {};
  if (context->status != xmlSecDSigStatusSucceeded) return {};
  std::set<std::string> ids;
  const xmlSecSize count = xmlSecPtrListGetSize(&context->signedInfoReferences);
  for (xmlSecSize i = 0; i < count; ++i) {
    const auto* reference =
        static_cast<const xmlSecDSigReferenceCtx*>(xmlSecPtrListGetItem(&context->signedInfoReferences, i));
    if (reference == nullptr || reference->status != xmlSecDSigStatusSucceeded) return {};
    const std::string_view uri = view(reference->uri);
    if (uri.size() > 1 && uri.front() == '#') ids.emplace(uri.substr(1));
  }
  return ids;
}

}  // namespace

Result<std::string> XmlSecVerifier::verify(std::string_view envelope, Instant now) const {
  const Tree tree = parse(envelope);
  if (tree == nullptr || !register_ids(*tree)) return refused();
  const xmlNode* header = envelope_part(*tree, "Header");
  const xmlNode* body = envelope_part(*tree, "Body");
  if (header == nullptr || body == nullptr) return refused();
  const xmlNode* security = only_child(*header, kWsseUri, "Security");
  xmlNode* signature = security == nullptr ? nullptr : only_child(*security, kDsUri, "Signature");
  const xmlNode* timestamp = security == nullptr ? nullptr : only_child(*security, kWsuUri, "Timestamp");
  if (signature == nullptr || timestamp == nullptr) return refused();
  const std::string body_id = id_of(*body);
  const std::string timestamp_id = id_of(*timestamp);
  bool good = false;
  for (const Key& key : keys_) {
    const std::set<std::string> ids = covered(*signature, *key);
    good = good || (ids.contains(body_id) && ids.contains(timestamp_id));
  }
  if (!good || body_id.empty() || timestamp_id.empty()) return refused();
  const xmlNode* created_element = only_child(*timestamp, kWsuUri, "Created");
  const auto created = created_element == nullptr ? std::nullopt : parse_rfc3339(text_in(*created_element));
  if (!created || std::abs(created->ms - now.ms) > max_clock_skew_ms_) return make_error(codes::kXmlSignatureClock);
  const xmlNode* value = only_child(*signature, kDsUri, "SignatureValue");
  std::string text;
  for (const char c : value == nullptr ? std::string() : text_in(*value)) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') text.push_back(c);
  }
  return text;
}

}  // namespace tongqu
