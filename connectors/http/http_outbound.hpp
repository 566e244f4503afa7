#pragma once
// Outbound HTTP: one partner, one address. The message id travels as `Tongqu-Message-Id`, so that the partner can
// de-duplicate; `Tongqu-Attempt` counts from 1.
//
//   2xx (and, with an envelope, success named in the answer)   delivered
//   2xx whose envelope names a failure; 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422    refused
//   429, 5xx and other statuses                               retry (Retry-After in seconds is respected)
//   not connected                                              retry, certainly without effect
//   sent, but no answer, or one that cannot be read            no answer
//
// Questions go the same way. Their answer is the body of a 2xx whose envelope names success; a code of
// `envelope.not_found`, or status 404 with `not_found_status`, is the answer that there is no such record.
#include <map>
#include <memory>
#include <string>
#include <vector>

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
  std::string code_path;               // may be empty
  std::vector<std::string> not_found;  // values at code_path
};

struct HttpOutboundOptions {
  net::Origin origin;
  std::string target = "/";
  std::string method = "POST";
  std::map<std::string, std::string> targets;  // by service, where not `target`
  bool not_found_status = false;
  Headers headers;  // constant
  AnswerEnvelope envelope;
};

class HttpOutbound final : public OutboundConnector, public QueryConnector {
 public:
  // `client` is owned; `signer` may be null. `json` and `suite` outlive the connector.
  HttpOutbound(HttpOutboundOptions options, std::unique_ptr<net::HttpClient> client,
               std::unique_ptr<RequestSigner> signer, const Codec& json, const Suite& suite);
  void deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) override;
  void ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) override;

 private:
  [[nodiscard]] Result<net::HttpRequestOut> request(OutboundMessage message) const;
  [[nodiscard]] QueryOutcome judge_question(net::HttpResponseIn answer) const;
  [[nodiscard]] bool says_not_found(const net::HttpResponseIn& answer) const;
  [[nodiscard]] DeliveryOutcome judge(const net::HttpResponseIn& answer) const;
  [[nodiscard]] DeliveryOutcome judge_envelope(const net::HttpResponseIn& answer, DeliveryOutcome outcome) const;

  HttpOutboundOptions options_;
  std::unique_ptr<net::HttpClient> client_;
  std::unique_ptr<RequestSigner> signer_;
  const Codec& json_;
  const Suite& suite_;
};

}  // namespace tongqu
