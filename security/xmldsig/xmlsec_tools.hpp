#pragma once
// What signing and verifying share.
#include <libxml/tree.h>
#include <xmlsec/keys.h>
#include <xmlsec/xmldsig.h>

#include <memory>
#include <string>
#include <string_view>

namespace tongqu::xmlsec {

inline constexpr std::string_view kWsuUri =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
inline constexpr std::string_view kWsseUri =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
inline constexpr std::string_view kDsUri = "http://www.w3.org/2000/09/xmldsig#";

struct FreeTree {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct FreeKey {
  void operator()(xmlSecKey* key) const { xmlSecKeyDestroy(key); }
};
struct FreeContext {
  void operator()(xmlSecDSigCtx* context) const { xmlSecDSigCtxDestroy(context); }
};
using Tree = std::unique_ptr<xmlDoc, FreeTree>;
using Key = std::unique_ptr<xmlSecKey, FreeKey>;
using Context = std::unique_ptr<xmlSecDSigCtx, FreeContext>;

// Once before anything else; false when the libraries do not work. Thread-safe.
[[nodiscard]] bool initialise();
// Null when it is not well-formed or has a DOCTYPE, before anything that one declares could grow. A declaration's
// encoding is not looked at.
[[nodiscard]] Tree parse(std::string_view utf8);

inline constexpr int kMaxDepth = 256;
// A name that means itself as "#name": no blanks, quotes or brackets, which make an XPointer expression of it.
[[nodiscard]] bool is_plain_name(std::string_view id);
// The element that "#name" means among the registered ids; nullptr when it is none or `uri` is something else.
[[nodiscard]] const xmlNode* referenced(xmlDoc& document, std::string_view uri);

[[nodiscard]] std::string_view view(const xmlChar* text);
[[nodiscard]] bool is(const xmlNode& node, std::string_view uri, std::string_view local);
// The only child element of that name; nullptr when there is none or more than one.
[[nodiscard]] xmlNode* only_child(const xmlNode& parent, std::string_view uri, std::string_view local);
[[nodiscard]] bool has_child(const xmlNode& parent, std::string_view uri, std::string_view local);
[[nodiscard]] std::string text_in(const xmlNode& element);
[[nodiscard]] std::string id_of(const xmlNode& element);  // wsu:Id; of Body and Timestamp also a bare Id
// Makes every wsu:Id findable by reference; false when one stands twice, is no plain name, or elements lie deeper
// than kMaxDepth.
[[nodiscard]] bool register_ids(xmlDoc& document);
// The envelope's part of that name in the envelope's own namespace.
[[nodiscard]] xmlNode* envelope_part(xmlDoc& document, std::string_view local);

}  // namespace tongqu::xmlsec
