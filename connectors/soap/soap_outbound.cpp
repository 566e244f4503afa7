#include "connectors/soap/soap_outbound.hpp"

#include "gateway/core/text.hpp"

namespace tongqu::soap {
namespace {

DeliveryOutcome failed(DeliveryVerdict verdict, const ErrorCode& code) {
  DeliveryOutcome outcome;
  outcome.verdict = verdict;
  outcome.code = &code;
  return outcome;
}

}  // namespace

Status SoapOutbound::prepare(const OutboundMessage& message, HttpRequest& request) const {
  request.method = "POST";
  request.target = parts_.target;
  Status made = parts_.writer.write(message, clock_.now(), request.headers, request.body);
  if (made.has_value() && parts_.signer != nullptr) made = parts_.signer->sign(request);
  return made;
}

net::HttpRequestOut SoapOutbound::to_send(HttpRequest request) const {
  return {parts_.origin, "POST", std::move(request.target), std::move(request.headers), std::move(request.body), false};
}

std::string SoapOutbound::related_to(const OutboundMessage& message) const {
  return parts_.addressing ? addressing_id(message.message_id) : std::string();
}

void SoapOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) {
  HttpRequest request;
  if (const Status made = prepare(message, request); made.has_error()) {
    // What cannot be written today cannot be written tomorrow; what cannot be signed may be.
    const bool later = made.error().retryable();
    return done(failed(later ? DeliveryVerdict::kRetry : DeliveryVerdict::kRefused, *made.error().code));
  }
  parts_.client->request(
      to_send(std::move(request)), timeout_ms,
      [this, relates_to = related_to(message), done = std::move(done)](net::HttpOutcome answer) {
        if (answer.has_error()) {
          const bool unsent = answer.error().phase == net::NetPhase::kConnect;
          return done(failed(unsent ? DeliveryVerdict::kRetry : DeliveryVerdict::kNoAnswer, *answer.error().code));
        }
        DeliveryOutcome outcome =
            parts_.judge.judge({answer->status, header(answer->headers, "Content-Type"), answer->body}, relates_to);
        outcome.answer_digest = to_hex(as_text(suite_.hash({answer->body})));
        done(std::move(outcome));
      });
}

void SoapOutbound::ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) {
  HttpRequest request;
  if (const Status made = prepare(question, request); made.has_error()) {
    QueryOutcome outcome;
    outcome.verdict = made.error().retryable() ? QueryVerdict::kUnavailable : QueryVerdict::kRefused;
    outcome.code = made.error().code;
    return done(std::move(outcome));
  }
  parts_.client->request(to_send(std::move(request)), timeout_ms,
                         [this, relates_to = related_to(question), done = std::move(done)](net::HttpOutcome answer) {
                           if (answer.has_error()) {
                             QueryOutcome outcome;
                             outcome.code = answer.error().code;
                             return done(std::move(outcome));
                           }
                           done(parts_.judge.judge_question(
                               {answer->status, header(answer->headers, "Content-Type"), answer->body}, relates_to));
                         });
}

}  // namespace tongqu::soap
