// takes bytes, gives a document, may turn back with xml.* and charset.*
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_parser.hpp"
#include "transforms/codecs/xml_parts.hpp"
#include "transforms/codecs/xml_text.hpp"

namespace tongqu {

namespace {

// Holds what the sender wrote against every limit and rule of the parser; the stylesheet's own parser has none of them.
Status measure(std::string_view utf8, const xml::Names& names, bool bare_doctype, const DecodeLimits& limits) {
  static const FieldNode kAnything;
  Document scratch;
  xml::Builder builder({}, kAnything, limits, scratch);
  return xml::parse(utf8, names, bare_doctype, builder);
}

void forget_positions(Node& node) {
  node.position = {};
  for (Node& child : children(node)) forget_positions(child);
}

}  // namespace

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
  if (parts_->format.before_decode == nullptr) {
    xml::Builder builder(parts_->format.root, parts_->fields, limits, out);
    return xml::parse(utf8, parts_->names, parts_->format.bare_doctype, builder);
  }
  if (Status measured = measure(utf8, parts_->names, parts_->format.bare_doctype, limits); measured.has_error())
    return measured;
  auto shaped = parts_->format.before_decode->apply(utf8);
  if (shaped.has_error()) return shaped.error();
  xml::Builder builder(parts_->format.root, parts_->fields, limits, out);
  Status read = xml::parse(*shaped, parts_->names, false, builder);
  if (read.has_error()) {
    Error error = read.error();
    for (Fault& fault : error.faults) fault.position = {};
    return error;
  }
  forget_positions(out.root());
  return {};
}

}  // namespace tongqu
