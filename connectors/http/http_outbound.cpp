#include "connectors/http/http_outbound.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "connectors/http/http_codes.hpp"

namespace tongqu {
namespace {

// Statuses that say: this message, as it is, will never do.
constexpr std::array<int, 11> kRefusals{400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422};
constexpr std::int64_t kMaxRetryAfterMs = 3'600'000;

std::int64_t retry_after_ms(const Headers& headers) {
  const std::string_view text = header(headers, "Retry-After");
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size() || seconds < 0) return 0;
  return std::min(seconds * 1000, kMaxRetryAfterMs);
}

DeliveryOutcome failed(DeliveryVerdict verdict, const ErrorCode& code) {
  DeliveryOutcome outcome;
  outcome.verdict = verdict;
  outcome.code = &code;
  return outcome;
}

// What was certainly not sent may be repeated; what may have had an effect is "no answer".
DeliveryOutcome judge_error(const net::NetError& error) {
  if (error.phase == net::NetPhase::kConnect) return failed(DeliveryVerdict::kRetry, *error.code);
  return failed(DeliveryVerdict::kNoAnswer, *error.code);
}

}  // namespace

HttpOutbound::HttpOutbound(HttpOutboundOptions options, std::unique_ptr<net::HttpClient> client,
                           std::unique_ptr<RequestSigner> signer, const Codec& json, const Suite& suite)
    : options_(std::move(options)),
      client_(std::move(client)),
      signer_(std::move(signer)),
      json_(json),
      suite_(suite) {}

Result<net::HttpRequestOut> HttpOutbound::request(OutboundMessage message) const {
  HttpRequest request;
  request.method = options_.method;
  const auto own = options_.targets.find(message.service.str());
  request.target = own == options_.targets.end() ? options_.target : own->second;
  request.headers = options_.headers;
  request.headers.emplace_back("Content-Type", message.content_type);
  request.headers.emplace_back("Tongqu-Message-Id", message.message_id);
  request.headers.emplace_back("Tongqu-Service", message.service.str());
  request.headers.emplace_back("Tongqu-Attempt", std::to_string(message.attempt));
  request.body = std::move(message.body);
  if (signer_ != nullptr) {
    if (auto status = signer_->sign(request); status.has_error()) return status.error();
  }
  return net::HttpRequestOut{options_.origin,           std::move(request.method),
                             std::move(request.target), std::move(request.headers),
                             std::move(request.body),   true};
}

void HttpOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) {
  auto out = request(std::move(message));
  if (out.has_error()) return done(failed(DeliveryVerdict::kRetry, *out.error().code));
  client_->request(std::move(*out), timeout_ms, [this, done = std::move(done)](const net::HttpOutcome& answer) {
    done(answer.has_value() ? judge(*answer) : judge_error(answer.error()));
  });
}

void HttpOutbound::ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) {
  auto out = request(std::move(question));
  if (out.has_error()) {
    QueryOutcome outcome;
    outcome.code = out.error().code;
    return done(std::move(outcome));
  }
  client_->request(std::move(*out), timeout_ms, [this, done = std::move(done)](net::HttpOutcome answer) {
    if (answer.has_value()) return done(judge_question(std::move(*answer)));
    QueryOutcome outcome;
    outcome.code = answer.error().code;
    done(std::move(outcome));
  });
}

// Whatever is neither an answer nor a refusal in the agreed form is no answer: nothing is guessed.
QueryOutcome HttpOutbound::judge_question(net::HttpResponseIn answer) const {
  const DeliveryOutcome judged = judge(answer);
  QueryOutcome outcome;
  outcome.status = answer.status;
  outcome.code = judged.code;
  outcome.retry_after_ms = judged.retry_after_ms;
  if (says_not_found(answer)) {
    outcome.verdict = QueryVerdict::kNotFound;
    outcome.code = nullptr;
  } else if (judged.verdict == DeliveryVerdict::kDelivered) {
    outcome.verdict = QueryVerdict::kAnswered;
    outcome.content_type = media_type(header(answer.headers, "Content-Type"));
    outcome.body = std::move(answer.body);
  } else if (judged.verdict == DeliveryVerdict::kRefused) {
    outcome.verdict = QueryVerdict::kRefused;
  }
  return outcome;
}

bool HttpOutbound::says_not_found(const net::HttpResponseIn& answer) const {
  if (answer.status == 404) return options_.not_found_status;
  const auto& words = options_.envelope.not_found;
  if (words.empty() || answer.status < 200 || answer.status >= 300) return false;
  Document document;
  if (json_.decode(answer.body, DecodeLimits{}, document).has_error()) return false;
  const Node* code = at_path(document.root(), options_.envelope.code_path);
  return code != nullptr && code->is_scalar() && std::find(words.begin(), words.end(), code->text) != words.end();
}

DeliveryOutcome HttpOutbound::judge(const net::HttpResponseIn& answer) const {
  DeliveryOutcome outcome;
  outcome.status = answer.status;
  outcome.answer_digest = to_hex(as_text(suite_.hash({answer.body})));
  if (answer.status >= 200 && answer.status < 300) return judge_envelope(answer, std::move(outcome));
  if (std::find(kRefusals.begin(), kRefusals.end(), answer.status) != kRefusals.end()) {
    outcome.verdict = DeliveryVerdict::kRefused;
    outcome.code = &codes::kAnswerRefused;
    return outcome;
  }
  outcome.verdict = DeliveryVerdict::kRetry;
  outcome.code = &codes::kAnswerStatus;
  outcome.retry_after_ms = retry_after_ms(answer.headers);
  return outcome;
}

DeliveryOutcome HttpOutbound::judge_envelope(const net::HttpResponseIn& answer, DeliveryOutcome outcome) const {
  outcome.verdict = DeliveryVerdict::kDelivered;
  if (options_.envelope.success_path.empty()) return outcome;
  Document document;
  const bool readable = json_.decode(answer.body, DecodeLimits{}, document).has_value();
  const Node* success = readable ? at_path(document.root(), options_.envelope.success_path) : nullptr;
  if (success == nullptr) {
    // Something in between answered (a gateway's error page); whether the message got through is not known.
    outcome.verdict = DeliveryVerdict::kNoAnswer;
    outcome.code = &codes::kAnswerUnreadable;
  } else if (success->text != options_.envelope.success_value) {
    outcome.verdict = DeliveryVerdict::kRefused;
    outcome.code = &codes::kAnswerRefused;
  }
  return outcome;
}

}  // namespace tongqu
