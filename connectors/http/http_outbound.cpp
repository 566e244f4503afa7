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

void HttpOutbound::deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) {
  HttpRequest request;
  request.method = options_.method;
  request.target = options_.target;
  request.headers = options_.headers;
  request.headers.emplace_back("Content-Type", message.content_type);
  request.headers.emplace_back("Tongqu-Message-Id", message.message_id);
  request.headers.emplace_back("Tongqu-Service", message.service.str());
  request.headers.emplace_back("Tongqu-Attempt", std::to_string(message.attempt));
  request.body = std::move(message.body);
  if (signer_ != nullptr) {
    if (auto status = signer_->sign(request); status.has_error()) {
      done(failed(DeliveryVerdict::kRetry, *status.error().code));
      return;
    }
  }
  net::HttpRequestOut out{options_.origin,           std::move(request.method),
                          std::move(request.target), std::move(request.headers),
                          std::move(request.body),   true};
  client_->request(std::move(out), timeout_ms, [this, done = std::move(done)](net::HttpOutcome answer) {
    done(answer.has_value() ? judge(*answer) : judge_error(answer.error()));
  });
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
