// takes bytes, gives a document, may turn back with xml.* and charset.*
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_parser.hpp"
#include "transforms/codecs/xml_parts.hpp"
#include "transforms/codecs/xml_text.hpp"

namespace tongqu {

XmlCodec::XmlCodec(XmlFormat format, const FieldNode& fields)
    : parts_(std::make_unique<const Parts>(Parts{format, xml::Names(format.namespaces), fields})) {}
XmlCodec::~XmlCodec() = default;

Status XmlCodec::decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const {
  out.clear();
  if (bytes.size() > limits.max_bytes) {
    return refusal(codes::kXmlBytes, "$", {}, std::to_string(limits.max_bytes));
  }
  std::string utf8;
  if (Status decoded = xml::to_utf8(bytes, parts_->format.charset, utf8); decoded.has_error()) return decoded;
  if (Status checked = xml::check_text(utf8); checked.has_error()) return checked;
  xml::Builder builder(parts_->format.root, parts_->fields, limits, out);
  return xml::parse(utf8, parts_->names, parts_->format.bare_doctype, builder);
}

}  // namespace tongqu
