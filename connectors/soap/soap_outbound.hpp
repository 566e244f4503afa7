#pragma once
// Calls a partner's SOAP service (soap_request.hpp) and judges its answer (soap_judge.hpp). A question goes the same
// way.
//
//   not connected                                        retry, certainly without effect
//   sent, but no answer, or one that was cut             no answer
#include <memory>
#include <string>

#include "connectors/soap/soap_judge.hpp"
#include "connectors/soap/soap_request.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/core/stream.hpp"
#include "gateway/net/http_client.hpp"

namespace tongqu::soap {

// What an outbound connector owns; the members are destroyed from the last: the client before its TLS.
struct OutboundParts {
  net::Origin origin;
  std::string target;
  bool addressing = false;
  RequestWriter writer;
  Judge judge;
  std::unique_ptr<RequestSigner> signer;  // of HTTP; may be null
  std::unique_ptr<TlsFactory> tls;        // null: plain
  std::unique_ptr<net::HttpClient> client;
};

class SoapOutbound final : public OutboundConnector, public QueryConnector {
 public:
  SoapOutbound(OutboundParts parts, const Clock& clock, const Suite& suite)
      : parts_(std::move(parts)), clock_(clock), suite_(suite) {}
  void deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) override;
  void ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) override;

 private:
  [[nodiscard]] Status prepare(const OutboundMessage& message, HttpRequest& request) const;
  [[nodiscard]] net::HttpRequestOut to_send(HttpRequest request) const;
  [[nodiscard]] std::string related_to(const OutboundMessage& message) const;

  OutboundParts parts_;
  const Clock& clock_;
  const Suite& suite_;
};

}  // namespace tongqu::soap
