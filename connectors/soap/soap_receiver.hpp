#pragma once
// One inbound call, without I/O: bytes → a message for the line, or the reason why not.
//
// Order: network, HTTP credentials, media type, multipart, envelope, SOAP credentials (token, parameters, signature),
// headers that must be understood, operation, payload. What proves an identity inside the envelope can be looked at
// only after it was read: reading is bounded, loads nothing, and nothing is stored before the proof. Where a signature
// is the proof, what it does not cover is not believed: SOAPAction, Idempotency-Key, a message id outside it,
// attachments.
#include <functional>
#include <memory>
#include <string>

#include "connectors/soap/soap_answer.hpp"
#include "connectors/soap/soap_service.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/soap.hpp"
#include "gateway/core/xml_security.hpp"

namespace tongqu::soap {

// What proves identities; the references outlive the receiver.
struct Proofs {
  std::function<bool(const std::string& address)> network;  // empty: from anywhere
  std::unique_ptr<Authenticator> http;                      // null: no HTTP scheme
  std::unique_ptr<XmlVerifier> signature;                   // null: none
  const XmlSecurity* security = nullptr;                    // for digests
};

class Receiver {
 public:
  // All references outlive the receiver.
  Receiver(const Service& service, Proofs proofs, const SoapCodec& codec)
      : service_(service), proofs_(std::move(proofs)), codec_(codec) {}

  // Fills `caller` with what is known, also when it fails. Takes the request's body.
  [[nodiscard]] Result<InboundMessage> receive(HttpRequest& request, Caller& caller) const;
  // Who may read the WSDL: everybody in the network, and over a legacy listener only who shows HTTP credentials.
  [[nodiscard]] Status admits_reader(const HttpRequest& request) const;

 private:
  [[nodiscard]] Status admits_network(const HttpRequest& request) const;
  [[nodiscard]] Result<Identity> http_identity(const HttpRequest& request) const;
  [[nodiscard]] Result<SoapMessage> read(const HttpRequest& request, Caller& caller) const;
  [[nodiscard]] Status prove(SoapMessage& message, Instant now, Identity& identity) const;
  [[nodiscard]] Status prove_token(const SoapMessage& message, Instant now, Identity& identity) const;
  [[nodiscard]] Status prove_signature(SoapMessage& message, Instant now, Identity& identity) const;
  [[nodiscard]] Status prove_parameters(const SoapMessage& message, Identity& identity) const;
  [[nodiscard]] Status check_headers(const SoapMessage& message) const;
  [[nodiscard]] Result<std::string> document_of(SoapMessage& message, const Operation& operation) const;

  const Service& service_;
  Proofs proofs_;
  const SoapCodec& codec_;
};

}  // namespace tongqu::soap
