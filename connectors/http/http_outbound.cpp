#include "connectors/http/http_outbound.hpp"

namespace tongqu {

HttpOutbound::HttpOutbound(HttpOutboundOptions options, HttpParts parts, const Suite& suite)
    : options_(std::move(options)), suite_(suite), parts_(std::move(parts)) {}

HttpRequest HttpOutbound::request(OutboundMessage message) const {
  HttpRequest request;
  request.method = options_.method;
  const auto own = options_.targets.find(message.service.str());
  request.target = own == options_.targets.end() ? parts_.target : own->second;
  request.headers = options_.headers;
  request.headers.emplace_back("Content-Type", message.content_type);
  request.headers.emplace_back("Tongqu-Message-Id", message.message_id);
  request.headers.emplace_back("Tongqu-Service", message.service.str());
  request.headers.emplace_back("Tongqu-Attempt", std::to_string(message.attempt));
  request.body = std::move(message.body);
  return request;
}

void HttpOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) {
  parts_.caller->call(request(std::move(message)), true, timeout_ms,
                      [this, done = std::move(done)](const CallOutcome& outcome) { done(judge(outcome)); });
}

void HttpOutbound::ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) {
  parts_.caller->call(
      request(std::move(question)), true, timeout_ms,
      [this, done = std::move(done)](CallOutcome outcome) { done(judge_question(std::move(outcome))); });
}

// Whatever is neither an answer nor a refusal in the agreed form is no answer: nothing is guessed.
QueryOutcome HttpOutbound::judge_question(CallOutcome outcome) const {
  QueryOutcome judged;
  if (outcome.has_error()) {
    judged.verdict = outcome.error().refused ? QueryVerdict::kRefused : QueryVerdict::kUnavailable;
    judged.code = outcome.error().code;
    return judged;
  }
  const Answer answer = parts_.caller->reader().read(*outcome);
  judged.status = outcome->status;
  judged.code = answer.code;
  judged.retry_after_ms = answer.retry_after_ms;
  if (answer.kind == AnswerKind::kNotFound && (answer.by_code || options_.not_found_status)) {
    judged.verdict = QueryVerdict::kNotFound;
    judged.code = nullptr;
  } else if (answer.kind == AnswerKind::kDone) {
    judged.verdict = QueryVerdict::kAnswered;
    judged.content_type = media_type(header(outcome->headers, "Content-Type"));
    judged.body = std::move(outcome->body);
  } else if (verdict_of(answer.kind) == DeliveryVerdict::kRefused) {
    judged.verdict = QueryVerdict::kRefused;
  }
  return judged;
}

DeliveryOutcome HttpOutbound::judge(const CallOutcome& outcome) const {
  DeliveryOutcome judged;
  if (outcome.has_error()) {
    // What was certainly not sent may be repeated; what may have had an effect is "no answer".
    const CallFailure& failure = outcome.error();
    judged.verdict = failure.refused                            ? DeliveryVerdict::kRefused
                     : failure.phase == net::NetPhase::kConnect ? DeliveryVerdict::kRetry
                                                                : DeliveryVerdict::kNoAnswer;
    judged.code = failure.code;
    judged.detail = failure.detail;
    return judged;
  }
  Answer answer = parts_.caller->reader().read(*outcome);
  judged.verdict = verdict_of(answer.kind);
  judged.status = outcome->status;
  judged.code = answer.code;
  judged.retry_after_ms = answer.retry_after_ms;
  judged.detail = std::move(answer.detail);
  judged.answer_digest = to_hex(as_text(suite_.hash({outcome->body})));
  return judged;
}

}  // namespace tongqu
