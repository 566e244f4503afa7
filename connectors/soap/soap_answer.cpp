#include "connectors/soap/soap_answer.hpp"

#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_text.hpp"

namespace tongqu::soap {
namespace {

constexpr std::string_view kErrorUri = "urn:tongqu:error";

std::string tag(std::string_view name, std::string_view text) {
  if (text.empty()) return {};
  return "<e:" + std::string(name) + ">" + escaped(text) + "</e:" + std::string(name) + ">";
}

bool blames_sender(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid:
    case ErrorKind::kUnauthenticated:
    case ErrorKind::kForbidden:
    case ErrorKind::kNotFound:
    case ErrorKind::kConflict:
    case ErrorKind::kTooLarge: return true;
    default: return false;
  }
}

// Local name of the fault code in the version's words.
std::string_view fault_code(const Error& error, SoapVersion version) {
  if (error.code == &codes::kSoapMustUnderstand) return "MustUnderstand";
  if (error.code->id == "envelope.version") return "VersionMismatch";
  const bool old = version == SoapVersion::k11;
  if (blames_sender(error.kind())) return old ? "Client" : "Sender";
  return old ? "Server" : "Receiver";
}

// `{name}` → value; values are escaped when the text is XML.
std::string filled(std::string text, std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  const bool is_xml = text.starts_with('<');
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    bool replaced = false;
    for (const auto& [name, value] : values) {
      const std::string mark = "{" + std::string(name) + "}";
      if (text.compare(at, mark.size(), mark) != 0) continue;
      out += is_xml ? escaped(value) : std::string(value);
      at += mark.size();
      replaced = true;
      break;
    }
    if (!replaced) out.push_back(text[at++]);
  }
  return out;
}

std::string_view lang_of(Lang lang) { return lang == Lang::kChinese ? "zh" : "en"; }

}  // namespace

std::string error_detail(const Error& error, Lang lang) {
  std::string out = "<e:error xmlns:e=\"" + std::string(kErrorUri) + "\">" + tag("code", error.code->id) +
                    tag("text", error.text(lang));
  for (const Fault& fault : error.faults) {
    out += "<e:fault>" + tag("code", fault.code->id) + tag("path", fault.path) + tag("field", fault.field_zh);
    if (fault.position.line > 0) out += tag("line", std::to_string(fault.position.line));
    if (fault.position.column > 0) out += tag("column", std::to_string(fault.position.column));
    out += tag("grade", name_of(fault.grade)) + tag("text", fault.text(lang)) + "</e:fault>";
  }
  return out + "</e:error>";
}

std::string AnswerWriter::envelope(const Caller& caller, const std::string& body, bool is_fault) const {
  const bool old = caller.version == SoapVersion::k11;
  std::string text = "<soap:Envelope xmlns:soap=\"" + std::string(old ? kSoap11Uri : kSoap12Uri) + "\">";
  if (!caller.addressing.uri.empty()) {
    const std::string action =
        is_fault ? caller.addressing.uri + "/fault" : service_.uri + "/" + caller.operation + "Response";
    text += "<soap:Header><wsa:Action xmlns:wsa=\"" + escaped(caller.addressing.uri) + "\">" + escaped(action) +
            "</wsa:Action>";
    if (!caller.addressing.message_id.empty()) {
      text += "<wsa:RelatesTo xmlns:wsa=\"" + escaped(caller.addressing.uri) + "\">" +
              escaped(caller.addressing.message_id) + "</wsa:RelatesTo>";
    }
    text += "</soap:Header>";
  }
  return text + "<soap:Body>" + body + "</soap:Body></soap:Envelope>";
}

std::string AnswerWriter::returned(const Caller& caller, const std::string& text) const {
  const bool encoded = service_.style == Style::kRpcEncoded;
  std::string name = "tns:" + caller.operation + "Response";
  std::string out = "<" + name + " xmlns:tns=\"" + escaped(service_.uri) + "\"";
  if (encoded) out += " soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"";
  const std::string value = (service_.qualified ? "tns:" : "") + service_.answer.element;
  out += "><" + value;
  if (encoded) {
    out +=
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
        " xsi:type=\"xsd:string\"";
  }
  return out + ">" + escaped(text) + "</" + value + "></" + name + ">";
}

std::string AnswerWriter::fault(const Caller& caller, const Error& error) const {
  const std::string code = "soap:" + std::string(fault_code(error, caller.version));
  const std::string text = escaped(error.text(caller.lang));
  const std::string detail = error_detail(error, caller.lang);
  const std::string lang(lang_of(caller.lang));
  if (caller.version == SoapVersion::k11) {
    return "<soap:Fault><faultcode>" + code + "</faultcode><faultstring xml:lang=\"" + lang + "\">" + text +
           "</faultstring><detail>" + detail + "</detail></soap:Fault>";
  }
  return "<soap:Fault><soap:Code><soap:Value>" + code + "</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"" +
         lang + "\">" + text + "</soap:Text></soap:Reason><soap:Detail>" + detail + "</soap:Detail></soap:Fault>";
}

HttpResponse AnswerWriter::response(const Caller& caller, int status, const std::string& text) const {
  HttpResponse response;
  response.status = status;
  auto bytes = codec_.encode(text, caller.charset);
  const std::string charset = bytes.has_value() ? caller.charset : "UTF-8";
  response.body = bytes.has_value() ? *bytes : text;
  const std::string_view type = caller.version == SoapVersion::k11 ? "text/xml" : "application/soap+xml";
  response.headers.emplace_back("Content-Type", std::string(type) + "; charset=" + charset);
  return response;
}

HttpResponse AnswerWriter::stored(const Caller& caller, const Accepted& accepted) const {
  const std::string text = filled(service_.answer.success, {{"exchange", accepted.exchange.str()},
                                                            {"receipt", accepted.receipt},
                                                            {"state", accepted.held ? "held" : "stored"}});
  HttpResponse answer = response(caller, 200, envelope(caller, returned(caller, text), false));
  answer.headers.emplace_back("Tongqu-Exchange", accepted.exchange.str());
  if (accepted.repeated) answer.headers.emplace_back("Tongqu-Repeated", "true");
  return answer;
}

HttpResponse AnswerWriter::failed(const Caller& caller, const Error& error) const {
  HttpResponse answer;
  if (!service_.answer.failure.empty() && !caller.operation.empty()) {
    const std::string text = filled(
        service_.answer.failure,
        {{"code", error.code->id}, {"text", error.text(caller.lang)}, {"retry", error.retryable() ? "true" : "false"}});
    answer = response(caller, 200, envelope(caller, returned(caller, text), false));
  } else {
    const bool sender_in_12 = caller.version == SoapVersion::k12 && blames_sender(error.kind());
    answer = response(caller, sender_in_12 ? 400 : 500, envelope(caller, fault(caller, error), true));
  }
  if (error.code == &codes::kSoapCredentials && service_.credentials.kind == CredentialKind::kBasic) {
    answer.status = 401;
    answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"tongqu\", charset=\"UTF-8\"");
  }
  if (error.retryable()) answer.headers.emplace_back("Retry-After", "2");
  return answer;
}

}  // namespace tongqu::soap
