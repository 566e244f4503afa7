#pragma once
// An XML document as libxml2's tree, for what needs to look back and forth: SOAP envelopes. Same bytes, same limits and
// same refusals as the XML codec (xml_text.hpp, xml_codec.hpp).
#include <libxml/tree.h>

#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/codec.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::xml {

struct FreeTree {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Tree = std::unique_ptr<xmlDoc, FreeTree>;

// Comments and processing instructions are left out, CDATA is text. `utf8` outlives nothing. Fails with xml.*.
[[nodiscard]] Result<Tree> parse_tree(std::string_view utf8, const DecodeLimits& limits);

// UTF-8 of `bytes` and the charset they came in, as a label. `preferred` (a label, may be empty) counts when the bytes
// are of it; else the declaration. Fails with charset.*, xml.encoding, xml.bytes.
struct Decoded {
  std::string utf8;
  std::string charset;
};
[[nodiscard]] Result<Decoded> decode_bytes(std::string_view bytes, std::string_view preferred, std::size_t max_bytes);

[[nodiscard]] inline std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}
[[nodiscard]] inline std::string_view local_of(const xmlNode& node) { return view(node.name); }
[[nodiscard]] inline std::string_view uri_of(const xmlNode& node) {
  return node.ns == nullptr ? std::string_view{} : view(node.ns->href);
}
[[nodiscard]] inline bool is(const xmlNode& node, std::string_view uri, std::string_view local) {
  return local_of(node) == local && uri_of(node) == uri;
}
// First element among the children (nullptr: any), and the next one.
[[nodiscard]] const xmlNode* first_element(const xmlNode& parent);
[[nodiscard]] const xmlNode* next_element(const xmlNode& node);
[[nodiscard]] const xmlNode* find_element(const xmlNode& parent, std::string_view uri, std::string_view local);
// Character data directly in the element.
[[nodiscard]] std::string text_in(const xmlNode& element);
[[nodiscard]] std::string trimmed_text_in(const xmlNode& element);
// Value of an attribute; `uri` empty = in no namespace. Empty when absent.
[[nodiscard]] std::string attribute_of(const xmlNode& element, std::string_view uri, std::string_view local);
[[nodiscard]] Position position_of(const xmlNode& node);

// Appends `text` with the five characters escaped that may not stand in a text or attribute.
void append_xml_escaped(std::string& out, std::string_view text);

}  // namespace tongqu::xml
