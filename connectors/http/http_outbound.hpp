#pragma once
// Outbound HTTP: one partner, one address. The message id travels as `Tongqu-Message-Id`, so that the partner can
// de-duplicate; `Tongqu-Attempt` counts from 1.
//
//   2xx (and, with an envelope, success named in the answer)   delivered
//   2xx whose envelope names a failure; 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422    refused
//   429, 5xx and other statuses                               retry (Retry-After in seconds is respected)
//   not connected                                              retry, certainly without effect
//   sent, but no answer, or one that cannot be read            no answer
#include <memory>
#include <string>

#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/net/http_client.hpp"

namespace tongqu {

// How a partner says success inside an answer of HTTP 200. Empty path: the status alone decides.
struct AnswerEnvelope {
  std::string success_path;
  std::string success_value;
  std::string code_path;  // read for nobody yet but the operator's eyes in a trace; may be empty
};

struct HttpOutboundOptions {
  net::Origin origin;
  std::string target = "/";
  std::string method = "POST";
  Headers headers;  // constant
  AnswerEnvelope envelope;
};

class HttpOutbound final : public OutboundConnector {
 public:
  // `client` is owned; `signer` may be null. `json` and `suite` outlive the connector.
  HttpOutbound(HttpOutboundOptions options, std::unique_ptr<net::HttpClient> client,
               std::unique_ptr<RequestSigner> signer, const Codec& json, const Suite& suite);
  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override;

 private:
  [[nodiscard]] DeliveryOutcome judge(const net::HttpResponseIn& answer) const;
  [[nodiscard]] DeliveryOutcome judge_envelope(const net::HttpResponseIn& answer, DeliveryOutcome outcome) const;

  HttpOutboundOptions options_;
  std::unique_ptr<net::HttpClient> client_;
  std::unique_ptr<RequestSigner> signer_;
  const Codec& json_;
  const Suite& suite_;
};

}  // namespace tongqu
