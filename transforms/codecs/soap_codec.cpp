#include "transforms/codecs/soap_codec.hpp"

#include <algorithm>
#include <array>

#include "transforms/codecs/charset.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/soap_payload.hpp"
#include "transforms/codecs/soap_tree.hpp"

namespace tongqu {
namespace {

using xml::attribute_of;
using xml::find_element;
using xml::first_element;
using xml::is;
using xml::local_of;
using xml::next_element;
using xml::trimmed_text_in;

constexpr std::string_view kDsUri = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view kWsuUri =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
constexpr std::array<std::string_view, 2> kAddressingUris{"http://www.w3.org/2005/08/addressing",
                                                          "http://schemas.xmlsoap.org/ws/2004/08/addressing"};
constexpr std::string_view kNext11 = "http://schemas.xmlsoap.org/soap/actor/next";
constexpr std::array<std::string_view, 2> kRoles12{"http://www.w3.org/2003/05/soap-envelope/role/next",
                                                   "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"};

// Documents of our own: what a mapping wrote, or a payload that was read.
constexpr std::size_t kMaxDocumentBytes = 16U << 20U;

std::string_view envelope_uri(SoapVersion version) { return version == SoapVersion::k11 ? kSoap11Uri : kSoap12Uri; }

bool is_for_us(const xmlNode& block, SoapVersion version) {
  const bool old = version == SoapVersion::k11;
  const std::string role = attribute_of(block, envelope_uri(version), old ? "actor" : "role");
  if (role.empty()) return true;
  return old ? role == kNext11 : std::find(kRoles12.begin(), kRoles12.end(), role) != kRoles12.end();
}

void read_username_token(const xmlNode& token, SoapMessage& message) {
  SoapUsernameToken read;
  if (const xmlNode* name = find_element(token, kWsseUri, "Username")) read.username = trimmed_text_in(*name);
  if (const xmlNode* password = find_element(token, kWsseUri, "Password")) {
    read.digest = attribute_of(*password, {}, "Type").ends_with("#PasswordDigest");
    // A clear password may begin or end with a blank.
    read.password = read.digest ? trimmed_text_in(*password) : xml::text_in(*password);
  }
  if (const xmlNode* nonce = find_element(token, kWsseUri, "Nonce")) read.nonce = trimmed_text_in(*nonce);
  if (const xmlNode* created = find_element(token, kWsuUri, "Created")) read.created = trimmed_text_in(*created);
  message.username_token = std::move(read);
}

void read_addressing(const xmlNode& block, SoapMessage& message) {
  SoapAddressing& to = message.addressing;
  const std::string_view uri = xml::uri_of(block);
  if (std::find(kAddressingUris.begin(), kAddressingUris.end(), uri) == kAddressingUris.end()) return;
  to.uri = uri;
  const std::string_view name = local_of(block);
  if (name == "MessageID") to.message_id = trimmed_text_in(block);
  if (name == "RelatesTo") to.relates_to = trimmed_text_in(block);
  if (name == "Action") to.action = trimmed_text_in(block);
  if (name == "ReplyTo") {
    if (const xmlNode* address = find_element(block, uri, "Address")) to.reply_to = trimmed_text_in(*address);
  }
}

void read_headers(const xmlNode& envelope, SoapMessage& message) {
  const std::string_view uri = envelope_uri(message.version);
  const xmlNode* header = find_element(envelope, uri, "Header");
  if (header == nullptr) return;
  for (const xmlNode* block = first_element(*header); block != nullptr; block = next_element(*block)) {
    if (!is_for_us(*block, message.version)) continue;
    const std::string must = attribute_of(*block, uri, "mustUnderstand");
    message.headers.push_back(
        {{std::string(xml::uri_of(*block)), std::string(local_of(*block))}, must == "1" || must == "true"});
    read_addressing(*block, message);
    if (!is(*block, kWsseUri, "Security")) continue;
    if (const xmlNode* token = find_element(*block, kWsseUri, "UsernameToken")) read_username_token(*token, message);
    message.is_signed = message.is_signed || find_element(*block, kDsUri, "Signature") != nullptr;
  }
}

std::string local_part(std::string name) {
  const auto colon = name.rfind(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

SoapFault read_fault(const xmlNode& element, SoapVersion version) {
  SoapFault fault;
  std::string side;
  if (version == SoapVersion::k11) {
    if (const xmlNode* code = find_element(element, {}, "faultcode")) side = local_part(trimmed_text_in(*code));
    fault.code = side;
  } else if (const xmlNode* code = find_element(element, kSoap12Uri, "Code")) {
    if (const xmlNode* value = find_element(*code, kSoap12Uri, "Value")) side = local_part(trimmed_text_in(*value));
    fault.code = side;
    if (const xmlNode* subcode = find_element(*code, kSoap12Uri, "Subcode")) {
      if (const xmlNode* value = find_element(*subcode, kSoap12Uri, "Value"))
        fault.code = local_part(trimmed_text_in(*value));
    }
  }
  if (side.starts_with("Client") || side.starts_with("Sender")) fault.side = SoapFaultSide::kSender;
  if (side == "VersionMismatch") fault.side = SoapFaultSide::kVersion;
  if (side == "MustUnderstand") fault.side = SoapFaultSide::kMustUnderstand;
  return fault;
}

// Every element of the body with an id, for href. An id that stands twice names nothing.
void collect_targets(const xmlNode& parent, xml::Targets& targets) {
  for (const xmlNode* child = first_element(parent); child != nullptr; child = next_element(*child)) {
    std::string id = attribute_of(*child, {}, "id");
    if (id.empty()) id = attribute_of(*child, "http://www.w3.org/2003/05/soap-encoding", "id");
    if (!id.empty() && !targets.emplace(id, child).second) targets.erase(id);
    collect_targets(*child, targets);
  }
}

bool uses_references(const xmlNode& parent) {
  for (const xmlNode* child = first_element(parent); child != nullptr; child = next_element(*child)) {
    if (attribute_of(*child, {}, "href").starts_with('#') ||
        attribute_of(*child, "http://www.w3.org/2003/05/soap-encoding", "ref").starts_with('#') ||
        uses_references(*child)) {
      return true;
    }
  }
  return false;
}

// The payload is the first element of the body; in a multi-reference encoding the values it refers to stand behind it.
Status read_body(const xmlNode& body, const SoapReadOptions& options, SoapMessage& message) {
  const xmlNode* payload = first_element(body);
  if (payload == nullptr) return {};
  if (is(*payload, envelope_uri(message.version), "Fault")) {
    message.fault = read_fault(*payload, message.version);
    return {};
  }
  xml::Targets targets;
  const bool references = uses_references(body);
  if (references) collect_targets(body, targets);
  for (const xmlNode* other = next_element(*payload); other != nullptr; other = next_element(*other)) {
    if (!references || attribute_of(*other, {}, "id").empty()) {
      return refusal(codes::kEnvelopeBody, "$", xml::position_of(*other));
    }
  }
  message.operation = {std::string(xml::uri_of(*payload)), std::string(local_of(*payload))};
  for (const xmlNode* child = first_element(*payload); child != nullptr; child = next_element(*child)) {
    const xmlNode& value = xml::resolved(*child, targets);
    const bool elements = first_element(value) != nullptr;
    message.parameters.push_back({std::string(local_of(*child)), elements ? "" : xml::text_in(value), elements});
  }
  if (message.parameters.empty()) message.parameters.push_back({"", xml::text_in(*payload), false});
  xml::PayloadOptions shape;
  shape.targets = &targets;
  shape.attachments = options.attachments;
  shape.max_inline_bytes = options.max_inline_bytes;
  shape.set_apart = options.set_apart;
  shape.drop_namespaces = options.drop_namespaces;
  shape.max_bytes = options.limits.max_bytes * 2 + options.max_inline_bytes * 2;
  xml::PayloadWriter writer(shape);
  auto written = writer.write(*payload);
  if (written.has_error()) return written.error();
  message.attachments_used = writer.attachments_used();
  message.payload = std::move(*written);
  return {};
}

Result<SoapVersion> version_of(const xmlNode& root) {
  if (local_of(root) != "Envelope") return refusal(codes::kEnvelopeRoot, "$", xml::position_of(root));
  if (xml::uri_of(root) == kSoap11Uri) return SoapVersion::k11;
  if (xml::uri_of(root) == kSoap12Uri) return SoapVersion::k12;
  return refusal(codes::kEnvelopeVersion, "$", xml::position_of(root));
}

}  // namespace

Result<SoapMessage> XmlSoapCodec::read(std::string_view bytes, const SoapReadOptions& options) const {
  auto decoded = xml::decode_bytes(bytes, options.charset, options.limits.max_bytes);
  if (decoded.has_error()) return decoded.error();
  auto tree = xml::parse_tree(decoded->utf8, options.limits);
  if (tree.has_error()) return tree.error();
  const xmlNode& root = *xmlDocGetRootElement(tree->get());
  const auto version = version_of(root);
  if (version.has_error()) return version.error();
  SoapMessage message;
  message.version = *version;
  message.charset = std::move(decoded->charset);
  const xmlNode* body = find_element(root, envelope_uri(*version), "Body");
  if (body == nullptr) return refusal(codes::kEnvelopeBody, "$", xml::position_of(root));
  for (const xmlNode* other = next_element(*body); other != nullptr; other = next_element(*other)) {
    // Two readers could take different bodies for the message.
    if (local_of(*other) == "Body") return refusal(codes::kEnvelopeBody, "$", xml::position_of(*other));
  }
  read_headers(root, message);
  if (auto status = read_body(*body, options, message); status.has_error()) return status.error();
  if (message.is_signed) message.text = std::move(decoded->utf8);
  return message;
}

Result<std::string> XmlSoapCodec::element(std::string_view document, const SoapElementOptions& options) const {
  const DecodeLimits limits{.max_bytes = kMaxDocumentBytes, .max_depth = 128, .max_nodes = 1'000'000};
  auto decoded = xml::decode_bytes(document, {}, limits.max_bytes);
  if (decoded.has_error()) return decoded.error();
  auto tree = xml::parse_tree(decoded->utf8, limits);
  if (tree.has_error()) return tree.error();
  xml::PayloadOptions shape;
  shape.drop_encoding = false;
  shape.max_bytes = limits.max_bytes * 4;
  shape.shape = options;
  return xml::PayloadWriter(shape).write(*xmlDocGetRootElement(tree->get()));
}

Result<std::string> XmlSoapCodec::characters(std::string_view document) const {
  auto decoded = xml::decode_bytes(document, {}, kMaxDocumentBytes);
  if (decoded.has_error()) return decoded.error();
  return std::move(decoded->utf8);
}

namespace {

const xmlNode* find_below(const xmlNode& element, std::string_view local) {
  if (local_of(element) == local) return &element;
  for (const xmlNode* child = first_element(element); child != nullptr; child = next_element(*child)) {
    if (const xmlNode* found = find_below(*child, local)) return found;
  }
  return nullptr;
}

}  // namespace

Result<std::string> XmlSoapCodec::text_of(std::string_view document, std::string_view local) const {
  // Characters that were read already: what a declaration says about bytes no longer holds.
  auto tree = xml::parse_tree(document, DecodeLimits{.max_bytes = kMaxDocumentBytes});
  if (tree.has_error()) return tree.error();
  const xmlNode* found = find_below(*xmlDocGetRootElement(tree->get()), local);
  if (found == nullptr) return make_error(codes::kNotFound, "element");
  return trimmed_text_in(*found);
}

Result<Bytes> XmlSoapCodec::encode(std::string_view utf8, std::string_view charset) const {
  const auto known = charset_of(charset);
  if (!known) return make_error(codes::kCharsetUnknown);
  std::string text = "<?xml version=\"1.0\" encoding=\"";
  text.append(name_of(*known)).append("\"?>").append(utf8);
  Bytes out;
  if (auto status = encode_charset(text, *known, Unencodable::kCharacterReference, out); status.has_error())
    return status.error();
  return out;
}

bool XmlSoapCodec::knows_charset(std::string_view label) const { return charset_of(label).has_value(); }

}  // namespace tongqu
