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

void SoapOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) {
  HttpRequest request;
  request.method = "POST";
  request.target = parts_.target;
  Status made = parts_.writer.write(message, clock_.now(), request.headers, request.body);
  if (made.has_value() && parts_.signer != nullptr) made = parts_.signer->sign(request);
  if (made.has_error()) {
    // What cannot be written today cannot be written tomorrow; what cannot be signed may be.
    const bool later = made.error().retryable();
    return done(failed(later ? DeliveryVerdict::kRetry : DeliveryVerdict::kRefused, *made.error().code));
  }
  net::HttpRequestOut out{parts_.origin,           "POST", std::move(request.target), std::move(request.headers),
                          std::move(request.body), false};
  std::string relates_to = parts_.addressing ? addressing_id(message.message_id) : std::string();
  parts_.client->request(
      std::move(out), timeout_ms,
      [this, relates_to = std::move(relates_to), done = std::move(done)](net::HttpOutcome answer) {
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

}  // namespace tongqu::soap
