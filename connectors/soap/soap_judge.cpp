#include "connectors/soap/soap_judge.hpp"

#include <algorithm>
#include <array>

#include "connectors/soap/multipart.hpp"
#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_text.hpp"

namespace tongqu::soap {
namespace {

constexpr std::array<int, 4> kRefusals{400, 413, 415, 422};
constexpr std::size_t kMaxAnswerBytes = 4U << 20U;

DeliveryOutcome as(DeliveryOutcome outcome, DeliveryVerdict verdict, const ErrorCode& code) {
  outcome.verdict = verdict;
  outcome.code = &code;
  return outcome;
}

bool is_among(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Result<SoapMessage> Judge::read(const HttpAnswer& answer) const {
  const MediaType media = parse_media_type(answer.content_type);
  SoapReadOptions options;
  options.limits.max_bytes = kMaxAnswerBytes;
  if (media.type != "multipart/related") {
    const std::string charset = media.parameter("charset");
    options.charset = charset;
    return codec_.read(answer.body, options);
  }
  auto related = parse_related(media, answer.body);
  if (related.has_error()) return related.error();
  std::vector<SoapAttachment> attachments;
  for (const Part& part : related->others) attachments.push_back({part.content_id, part.body});
  const std::string charset = related->root.type.parameter("charset");
  options.charset = charset;
  options.attachments = attachments;
  options.max_inline_bytes = options.limits.max_bytes;
  return codec_.read(related->root.body, options);
}

std::optional<std::string> Judge::value_in_text(const std::string& text) const {
  if (text.starts_with('{')) {
    Document document;
    if (json_.decode(text, DecodeLimits{}, document).has_error()) return std::nullopt;
    const Node* node = at_path(document.root(), options_.value);
    if (node == nullptr || !node->is_scalar()) return std::nullopt;
    return std::string(node->text);
  }
  auto document = inner_document(text);
  if (document.has_error()) return std::nullopt;
  auto value = codec_.text_of(*document, options_.value);
  if (value.has_error()) return std::nullopt;
  return std::move(*value);
}

std::optional<std::string> Judge::value_in(const SoapMessage& message) const {
  for (const SoapParameter& one : message.parameters) {
    if (options_.value.empty() || one.name == options_.value) return std::string(trimmed(one.text));
  }
  for (const SoapParameter& one : message.parameters) {
    if (one.has_elements) continue;
    if (auto value = value_in_text(std::string(trimmed(one.text)))) return value;
  }
  if (message.payload.empty()) return std::nullopt;
  auto value = codec_.text_of(message.payload, options_.value);
  if (value.has_error()) return std::nullopt;
  return std::move(*value);
}

DeliveryOutcome Judge::judge_return(const SoapMessage& message, DeliveryOutcome outcome) const {
  if (options_.success.empty()) {
    outcome.verdict = DeliveryVerdict::kDelivered;
    return outcome;
  }
  const auto value = value_in(message);
  if (!value) return as(std::move(outcome), DeliveryVerdict::kNoAnswer, codes::kSoapAnswer);
  if (is_among(options_.success, *value)) {
    outcome.verdict = DeliveryVerdict::kDelivered;
    return outcome;
  }
  if (is_among(options_.retry, *value)) {
    return as(std::move(outcome), DeliveryVerdict::kRetry, codes::kSoapReturnedLater);
  }
  return as(std::move(outcome), DeliveryVerdict::kRefused, codes::kSoapReturned);
}

std::optional<DeliveryOutcome> Judge::judge_envelope(const HttpAnswer& answer, const std::string& relates_to,
                                                     SoapMessage& message) const {
  DeliveryOutcome outcome;
  outcome.status = answer.status;
  const bool good = answer.status >= 200 && answer.status < 300;
  auto read_message = read(answer);
  if (read_message.has_error()) {
    if (good) return as(std::move(outcome), DeliveryVerdict::kNoAnswer, codes::kSoapAnswer);
    const bool refused = std::find(kRefusals.begin(), kRefusals.end(), answer.status) != kRefusals.end();
    return as(std::move(outcome), refused ? DeliveryVerdict::kRefused : DeliveryVerdict::kRetry, codes::kSoapStatus);
  }
  message = std::move(*read_message);
  const std::string& related = message.addressing.relates_to;
  if (!relates_to.empty() && !related.empty() && related != relates_to) {
    return as(std::move(outcome), DeliveryVerdict::kNoAnswer, codes::kSoapAnswer);
  }
  if (message.fault) {
    const bool ours = message.fault->side != SoapFaultSide::kReceiver;
    return as(std::move(outcome), ours ? options_.sender_fault : options_.receiver_fault,
              ours ? codes::kSoapFaultSender : codes::kSoapFaultReceiver);
  }
  if (!good) return as(std::move(outcome), DeliveryVerdict::kRetry, codes::kSoapStatus);
  return std::nullopt;
}

DeliveryOutcome Judge::judge(const HttpAnswer& answer, const std::string& relates_to) const {
  DeliveryOutcome outcome;
  outcome.status = answer.status;
  const bool good = answer.status >= 200 && answer.status < 300;
  if (good && trimmed(answer.body).empty() && options_.success.empty()) {
    outcome.verdict = DeliveryVerdict::kDelivered;  // one way: taken, and nothing to say
    return outcome;
  }
  SoapMessage message;
  if (auto decided = judge_envelope(answer, relates_to, message)) return std::move(*decided);
  return judge_return(message, std::move(outcome));
}

bool Judge::take_document(SoapMessage& message, QueryOutcome& outcome) const {
  outcome.content_type = "application/xml";
  if (!options_.document_in_string) {
    outcome.body = std::move(message.payload);
    return !outcome.body.empty();
  }
  for (const SoapParameter& one : message.parameters) {
    if (one.has_elements) continue;
    if (const std::string_view text = trimmed(one.text); text.starts_with('{')) {
      outcome.content_type = "application/json";
      outcome.body = text;
      return true;
    }
    if (auto document = inner_document(one.text); document.has_value()) {
      outcome.body = std::move(*document);
      return true;
    }
  }
  return false;
}

QueryOutcome Judge::judge_question(const HttpAnswer& answer, const std::string& relates_to) const {
  QueryOutcome outcome;
  SoapMessage message;
  auto decided = judge_envelope(answer, relates_to, message);
  if (!decided) {
    const auto value = options_.not_found.empty() ? std::nullopt : value_in(message);
    if (value && is_among(options_.not_found, *value)) {
      outcome.status = answer.status;
      outcome.verdict = QueryVerdict::kNotFound;
      return outcome;
    }
    decided = judge_return(message, {});
    decided->status = answer.status;
  }
  outcome.status = decided->status;
  outcome.code = decided->code;
  if (decided->verdict == DeliveryVerdict::kRefused) outcome.verdict = QueryVerdict::kRefused;
  if (decided->verdict != DeliveryVerdict::kDelivered) return outcome;
  outcome.verdict = take_document(message, outcome) ? QueryVerdict::kAnswered : QueryVerdict::kUnavailable;
  if (outcome.verdict == QueryVerdict::kUnavailable) outcome.code = &codes::kSoapAnswer;
  return outcome;
}

}  // namespace tongqu::soap
