#pragma once
// What is served to one partner.
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/core/ids.hpp"
#include "gateway/core/soap.hpp"

namespace tongqu::soap {

enum class Style : std::uint8_t { kDocument, kRpcLiteral, kRpcEncoded };
[[nodiscard]] Style style_of(std::string_view word);  // "document", "rpc", "rpc-encoded"

struct Operation {
  std::string name;
  std::string element;  // local name of the payload; the name unless a partner's WSDL says otherwise
  ServiceId service;
  bool in_string = false;               // the document is the text of a parameter, not the payload itself
  std::string parameter;                // which; empty: the only one that holds no credential
  std::vector<std::string> parameters;  // all that the WSDL describes; empty: any element
};

enum class CredentialKind : std::uint8_t { kNone, kParameters, kBasic, kUsernameToken, kSignature };

struct Credentials {
  CredentialKind kind = CredentialKind::kNone;
  std::string user;
  std::string password;
  std::string user_parameter;
  std::string password_parameter;
  bool text_allowed = true;    // username-token: #PasswordText
  bool digest_allowed = true;  // username-token: #PasswordDigest
  std::int64_t max_clock_skew_ms = 300'000;
};

// How an answer says what happened. In the texts {exchange}, {receipt} and {state} are replaced, in `failure` {code},
// {text} and {retry} (true or false); in a text that begins with '<' the values are escaped.
struct Answer {
  std::string element = "return";
  std::string success = "{receipt}";
  std::string failure;  // empty: failures are SOAP faults
};

struct Service {
  PartnerId partner;
  std::string name;  // of the WSDL's service and port
  std::string uri;   // namespace
  Style style = Style::kDocument;
  bool qualified = false;  // children of the payload and of the answer are in the namespace
  std::vector<Operation> operations;
  Credentials credentials;
  Answer answer;
  std::string wsdl;             // the partner's own, served as it is; empty = generated
  bool drop_namespaces = true;  // from what goes to the line
  DecodeLimits limits;
  std::size_t max_inline_bytes = 256 * 1024;

  // By the payload's name, else by SOAPAction (whole, or its last segment) when the body is empty or of another name.
  [[nodiscard]] const Operation* find(const SoapName& payload, std::string_view soap_action) const;
  // Names of the parameters that hold credentials.
  [[nodiscard]] std::vector<std::string> secret_parameters() const;
};

}  // namespace tongqu::soap
