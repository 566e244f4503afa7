#pragma once
// Outbound HTTP: one partner, one address. The message id travels as `Tongqu-Message-Id`, so that the partner can
// de-duplicate; `Tongqu-Attempt` counts from 1. What an answer means is in answer.hpp; besides:
//
//   not connected, no key of the key service    retry, certainly without effect
//   the partner grants no key                   refused
//   sent, but no answer                         no answer
//
// Questions go the same way. Their answer is the body of a 2xx whose envelope names success; a code of `not_found`, or
// status 404 with `not_found_status`, is the answer that there is no such record.
#include <map>
#include <string>

#include "connectors/http/http_parts.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu {

struct HttpOutboundOptions {
  std::string method = "POST";
  std::map<std::string, std::string> targets;  // by service, where not that of the URL
  bool not_found_status = false;               // of questions: 404 says that there is no such record
  Headers headers;                             // constant
};

class HttpOutbound final : public OutboundConnector, public QueryConnector {
 public:
  // `suite` outlives the connector.
  HttpOutbound(HttpOutboundOptions options, HttpParts parts, const Suite& suite);
  void deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) override;
  void ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) override;

 private:
  [[nodiscard]] HttpRequest request(OutboundMessage message) const;
  [[nodiscard]] QueryOutcome judge_question(CallOutcome outcome) const;
  [[nodiscard]] DeliveryOutcome judge(const CallOutcome& outcome) const;

  HttpOutboundOptions options_;
  const Suite& suite_;
  HttpParts parts_;  // last: its destruction ends the calls in flight, which use the rest
};

}  // namespace tongqu
