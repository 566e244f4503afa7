#pragma once
// One outbound call, without I/O: a document → the bytes of an envelope and the headers around it.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connectors/soap/soap_service.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/soap.hpp"
#include "gateway/core/xml_security.hpp"

namespace tongqu::soap {

// How a document travels as the text of a parameter.
enum class StringForm : std::uint8_t { kNone, kEscaped, kTwice, kCdata };

struct OutboundOperation {
  std::string name;
  std::string action;  // SOAPAction; empty: an empty one
  StringForm form = StringForm::kNone;
  std::string parameter = "xml";
};

// What proves who we are inside the envelope.
enum class OutboundProof : std::uint8_t { kNone, kBasic, kParameters, kUsernameText, kUsernameDigest, kSignature };

struct RequestOptions {
  SoapVersion version = SoapVersion::k11;
  Style style = Style::kDocument;
  std::string uri;
  bool qualified = false;
  std::string charset = "UTF-8";
  std::map<std::string, OutboundOperation, std::less<>> operations;  // by service
  OutboundProof proof = OutboundProof::kNone;
  std::string user;
  std::string password;
  std::string user_parameter;
  std::string password_parameter;
  bool addressing = false;
  std::string to;  // wsa:To
};

// The id that travels as wsa:MessageID and comes back as RelatesTo.
[[nodiscard]] std::string addressing_id(const std::string& message_id);

class RequestWriter {
 public:
  // `codec` and `security` outlive the writer; `signer` is there with OutboundProof::kSignature.
  RequestWriter(RequestOptions options, std::unique_ptr<XmlSigner> signer, const SoapCodec& codec,
                const XmlSecurity* security)
      : options_(std::move(options)), signer_(std::move(signer)), codec_(codec), security_(security) {}

  // Headers and body; nothing of the connection. Fails with soap.no-operation, and as the codec, nonce and signer do.
  [[nodiscard]] Status write(const OutboundMessage& message, Instant now, Headers& headers, std::string& body) const;

 private:
  [[nodiscard]] Result<std::string> payload(const OutboundMessage& message, const OutboundOperation& operation) const;
  [[nodiscard]] Result<std::string> string_payload(const std::string& document,
                                                   const OutboundOperation& operation) const;
  [[nodiscard]] Result<std::string> header_blocks(const OutboundMessage& message, const OutboundOperation& operation,
                                                  Instant now) const;
  [[nodiscard]] std::string parameter(const std::string& name, const std::string& escaped_text) const;

  RequestOptions options_;
  std::unique_ptr<XmlSigner> signer_;
  const SoapCodec& codec_;
  const XmlSecurity* security_;
};

}  // namespace tongqu::soap
