#pragma once
// XML 1.0 with namespaces ↔ document, on libxml2.
//
//   element                               object; a leaf without attributes: text. What the schema calls an object is
//   one attribute                             member "@name" text beside attributes                member "#text" text
//   and elements mixed               member "#mixed": list of texts and of objects with one member, in source order
//   empty element                         empty text; xsi:nil="true": null
//   several elements of one name          list, if the schema has an array there – also for one element. Where the
//   schema has
//                                         something else a second element is a fault. Where it says nothing (no such
//                                         field, or no type) the second occurrence makes a list
//
// The schema also says when white space counts: an object whose fields include "#mixed" always has that member.
// Elsewhere white space between elements is dropped; in a leaf it is kept. Order between elements of different names is
// lost. Comments and processing instructions are read over. Attributes of xsi (nil, type, schemaLocation) are no
// members unless the schema names them.
//
// Names carry the prefix configured for their namespace, whatever the sender used; no namespace: bare name; a namespace
// that is not configured: "{uri}local". "xml" and "xsi" are always there.
//
// Refused: DOCTYPE (`bare_doctype` admits <!DOCTYPE name> and nothing more), hence every entity but the five
// predefined; nothing is ever loaded. The encoding is that of the byte order mark, else the declaration, else
// `charset`.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/codec.hpp"
#include "gateway/core/field_tree.hpp"
#include "transforms/codecs/charset.hpp"
#include "transforms/codecs/xslt_stylesheet.hpp"

namespace tongqu {

// Nesting of elements above this is refused whatever DecodeLimits say. An element is at most three levels of the
// document (list, object, #mixed).
inline constexpr std::size_t kMaxXmlDepth = 128;
inline constexpr std::size_t kMaxXmlAttributes = 256;  // of one element, declarations of namespaces included
inline constexpr std::size_t kMaxXmlNamespaces = 256;  // declarations in force at one place

struct XmlNamespace {
  std::string prefix;  // not empty, no '_' in front, neither "xml" nor "xsi"
  std::string uri;
};

struct XmlFormat {
  // Configured name of the root element: "cas:Clue". Empty: any root is read, and encoding fails.
  std::string root;
  std::vector<XmlNamespace> namespaces;
  Charset charset = Charset::kUtf8;
  bool bare_doctype = false;
  // What stands on the wire runs through the first before it is read, and through the second after it was written. A
  // document of the schema is what the first gives and the second takes; null = the wire has it already.
  std::shared_ptr<const XsltStylesheet> before_decode;
  std::shared_ptr<const XsltStylesheet> after_encode;
};

// Thread-safe.
class XmlCodec final : public Codec {
 public:
  // `fields` outlives the codec. Its prefixes and those of `root` are in `namespaces` (make_codec checks it).
  XmlCodec(XmlFormat format, const FieldNode& fields);
  ~XmlCodec() override;

  // Stops at the first fault: xml.*, charset.* and xslt.* of codecs_codes.hpp, with position and path. Behind a
  // stylesheet nothing has a position: the sender never saw its output. DecodeLimits::max_depth
  // counts elements, max_nodes all values of the document, max_text_bytes one text, attribute or name.
  [[nodiscard]] Status decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const override;
  // Declaration, root with the configured namespaces, attributes first, elements in the order of the schema's
  // properties, then those it does not know. A character that the charset lacks becomes a character reference. Empty
  // lists leave no trace. Fails with xml.encode-*, xml.depth, xslt.* or charset.unencodable (in a name), with the path;
  // then `out` is as it was.
  [[nodiscard]] Status encode(const Node& node, std::string& out) const override;
  [[nodiscard]] std::string_view content_type() const override { return "application/xml"; }

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

}  // namespace tongqu
