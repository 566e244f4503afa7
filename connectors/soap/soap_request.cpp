#include "connectors/soap/soap_request.hpp"

#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_text.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::soap {
namespace {

constexpr std::string_view kWsuUri =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
constexpr std::string_view kPasswordType =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#Password";
constexpr std::string_view kBase64Type =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";
constexpr std::string_view kAddressingUri = "http://www.w3.org/2005/08/addressing";

// A CDATA section cannot hold its own end.
std::string cdata(std::string_view text) {
  std::string out = "<![CDATA[";
  for (auto end = text.find("]]>"); end != std::string_view::npos; end = text.find("]]>")) {
    out.append(text.substr(0, end + 2)).append("]]><![CDATA[");
    text.remove_prefix(end + 2);
  }
  return out.append(text) + "]]>";
}

}  // namespace

std::string addressing_id(const std::string& message_id) { return "urn:tongqu:message:" + message_id; }

std::string RequestWriter::parameter(const std::string& name, const std::string& escaped_text) const {
  const std::string tag = (options_.qualified ? "op:" : "") + name;
  const bool encoded = options_.style == Style::kRpcEncoded;
  return "<" + tag + (encoded ? " xsi:type=\"xsd:string\"" : "") + ">" + escaped_text + "</" + tag + ">";
}

Result<std::string> RequestWriter::string_payload(const std::string& document,
                                                  const OutboundOperation& operation) const {
  auto text = codec_.characters(document);
  if (text.has_error()) return text.error();
  std::string out = "<op:" + operation.name + " xmlns:op=\"" + escaped(options_.uri) + "\"";
  if (options_.style == Style::kRpcEncoded) {
    out +=
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
        " soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"";
  }
  out += ">";
  if (options_.proof == OutboundProof::kParameters) {
    if (!options_.user_parameter.empty()) out += parameter(options_.user_parameter, escaped(options_.user));
    out += parameter(options_.password_parameter, escaped(options_.password));
  }
  std::string value = escaped(*text);
  if (operation.form == StringForm::kTwice) value = escaped(value);
  if (operation.form == StringForm::kCdata) value = cdata(*text);
  return out + parameter(operation.parameter, value) + "</op:" + operation.name + ">";
}

Result<std::string> RequestWriter::payload(const OutboundMessage& message, const OutboundOperation& operation) const {
  if (operation.form != StringForm::kNone) return string_payload(message.body, operation);
  SoapElementOptions shape;
  if (options_.style != Style::kDocument) {
    shape.root = SoapName{options_.uri, operation.name};
    shape.typed = options_.style == Style::kRpcEncoded;
  }
  return codec_.element(message.body, shape);
}

Result<std::string> RequestWriter::header_blocks(const OutboundMessage& message, const OutboundOperation& operation,
                                                 Instant now) const {
  std::string out;
  if (options_.proof == OutboundProof::kUsernameText || options_.proof == OutboundProof::kUsernameDigest) {
    const bool digest = options_.proof == OutboundProof::kUsernameDigest;
    auto nonce = security_->nonce();
    if (nonce.has_error()) return nonce.error();
    const std::string created = wsu_time(now);
    const std::string password =
        digest ? security_->password_digest(*nonce, created, options_.password) : options_.password;
    out += "<wsse:Security soap:mustUnderstand=\"1\" xmlns:wsse=\"" + std::string(kWsseUri) + "\" xmlns:wsu=\"" +
           std::string(kWsuUri) + "\"><wsse:UsernameToken><wsse:Username>" + escaped(options_.user) +
           "</wsse:Username><wsse:Password Type=\"" + std::string(kPasswordType) + (digest ? "Digest" : "Text") +
           "\">" + escaped(password) + "</wsse:Password><wsse:Nonce EncodingType=\"" + std::string(kBase64Type) +
           "\">" + to_base64(*nonce) + "</wsse:Nonce><wsu:Created>" + created +
           "</wsu:Created></wsse:UsernameToken></wsse:Security>";
  }
  if (options_.addressing) {
    const std::string action = operation.action.empty() ? options_.uri + "/" + operation.name : operation.action;
    const std::string space = " xmlns:wsa=\"" + std::string(kAddressingUri) + "\">";
    out += "<wsa:Action" + space + escaped(action) + "</wsa:Action><wsa:MessageID" + space +
           escaped(addressing_id(message.message_id)) + "</wsa:MessageID><wsa:To" + space + escaped(options_.to) +
           "</wsa:To>";
  }
  return out;
}

Status RequestWriter::write(const OutboundMessage& message, Instant now, Headers& headers, std::string& body) const {
  const auto found = options_.operations.find(message.service.str());
  if (found == options_.operations.end()) return make_error(codes::kSoapNoOperation, message.service.str());
  const OutboundOperation& operation = found->second;
  auto inner = payload(message, operation);
  if (inner.has_error()) return inner.error();
  auto blocks = header_blocks(message, operation, now);
  if (blocks.has_error()) return blocks.error();
  const bool old = options_.version == SoapVersion::k11;
  std::string text = "<soap:Envelope xmlns:soap=\"" + std::string(old ? kSoap11Uri : kSoap12Uri) + "\">";
  if (!blocks->empty()) text += "<soap:Header>" + *blocks + "</soap:Header>";
  text += "<soap:Body>" + *inner + "</soap:Body></soap:Envelope>";
  if (options_.proof == OutboundProof::kSignature) {
    auto signed_text = signer_->sign(text, now);
    if (signed_text.has_error()) return signed_text.error();
    text = std::move(*signed_text);
  }
  auto bytes = codec_.encode(text, options_.charset);
  if (bytes.has_error()) return bytes.error();
  body = std::move(*bytes);
  std::string type = (old ? "text/xml; charset=" : "application/soap+xml; charset=") + options_.charset;
  if (old) {
    headers.emplace_back("SOAPAction", "\"" + operation.action + "\"");
  } else if (!operation.action.empty()) {
    type += "; action=\"" + operation.action + "\"";
  }
  headers.emplace_back("Content-Type", std::move(type));
  if (options_.proof == OutboundProof::kBasic) {
    headers.emplace_back("Authorization", "Basic " + to_base64(options_.user + ":" + options_.password));
  }
  headers.emplace_back("Tongqu-Message-Id", message.message_id);
  headers.emplace_back("Tongqu-Attempt", std::to_string(message.attempt));
  return {};
}

}  // namespace tongqu::soap
