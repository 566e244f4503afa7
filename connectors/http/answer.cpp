#include "connectors/http/answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "connectors/http/http_codes.hpp"

namespace tongqu {
namespace {

// Statuses that say: this message, as it is, will never do.
constexpr std::array<int, 9> kRefusals{400, 401, 403, 405, 406, 409, 413, 415, 422};
constexpr std::int64_t kMaxRetryAfterMs = 3'600'000;
// A Date header counts whole seconds and is written before it travels; below this, clocks are not the trouble.
constexpr std::int64_t kClocksDifferMs = 60'000;

std::int64_t retry_after_ms(const Headers& headers) {
  const std::string_view text = header(headers, "Retry-After");
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size() || seconds < 0) return 0;
  return std::min(seconds, kMaxRetryAfterMs / 1000) * 1000;
}

bool holds(const std::vector<std::string>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool same_host(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

}  // namespace

AnswerReader::AnswerReader(AnswerEnvelope envelope, const Codec& json, const Clock& clock)
    : envelope_(std::move(envelope)), json_(json), clock_(clock) {
  if (envelope_.code_path.empty()) envelope_.code_path = envelope_.success_path;
}

Answer AnswerReader::read(const net::HttpResponseIn& answer) const {
  if (envelope_.code_path.empty()) return by_status(answer);
  Document document;
  const bool readable = json_.decode(answer.body, DecodeLimits{}, document).has_value();
  return read(answer, readable ? &document.root() : nullptr);
}

Answer AnswerReader::read(const net::HttpResponseIn& answer, const Node* root) const {
  if (envelope_.code_path.empty()) return by_status(answer);
  const Node* code = root == nullptr ? nullptr : at_path(*root, envelope_.code_path);
  if (code != nullptr && code->is_scalar()) {
    bool known = false;
    Answer found = by_code(answer, code->text, known);
    found.by_code = known;
    if (known) return found;
  }
  if (answer.status < 200 || answer.status > 299 || envelope_.success_path.empty()) return by_status(answer);
  const Node* success = root == nullptr ? nullptr : at_path(*root, envelope_.success_path);
  if (success == nullptr || !success->is_scalar())
    return {AnswerKind::kUnreadable, &codes::kAnswerUnreadable, 0, false, {}};
  if (success->text != envelope_.success_value) return {AnswerKind::kRefused, &codes::kAnswerRefused, 0, false, {}};
  return {AnswerKind::kDone, nullptr, 0, false, {}};
}

Answer AnswerReader::by_code(const net::HttpResponseIn& answer, std::string_view code, bool& known) const {
  known = true;
  if (holds(envelope_.received_codes, code)) return {AnswerKind::kAlready, nullptr, 0, false, {}};
  if (holds(envelope_.retry_codes, code))
    return {AnswerKind::kLater, &codes::kAnswerLater, retry_after_ms(answer.headers), false, {}};
  if (holds(envelope_.refused_codes, code)) return {AnswerKind::kRefused, &codes::kAnswerRefused, 0, false, {}};
  if (holds(envelope_.not_found_codes, code)) return {AnswerKind::kNotFound, &codes::kAnswerNotFound, 0, false, {}};
  if (holds(envelope_.forbidden_codes, code)) return {AnswerKind::kForbidden, &codes::kAnswerForbidden, 0, false, {}};
  if (holds(envelope_.clock_codes, code)) return clocks(answer);
  if (holds(envelope_.key_invalid_codes, code)) {
    // A partner that finds the time wrong often says no more than "wrong signature".
    const auto theirs = parse_http_date(header(answer.headers, "Date"));
    if (theirs && std::llabs(theirs->ms - clock_.now().ms) > kClocksDifferMs) return clocks(answer);
    return {AnswerKind::kKeyInvalid, &codes::kAnswerKeyInvalid, 0, false, {}};
  }
  known = false;
  return {};
}

Answer AnswerReader::clocks(const net::HttpResponseIn& answer) const {
  const auto theirs = parse_http_date(header(answer.headers, "Date"));
  return {AnswerKind::kClock, &codes::kAnswerClock, 0, false,
          "gateway " + to_beijing_text(clock_.now()) + ", partner " + (theirs ? to_beijing_text(*theirs) : "?")};
}

Answer AnswerReader::by_status(const net::HttpResponseIn& answer) const {
  const int status = answer.status;
  if (status >= 200 && status < 300) return {AnswerKind::kDone, nullptr, 0, false, {}};
  if (status >= 300 && status < 400) return {AnswerKind::kRedirect, &codes::kAnswerRedirect, 0, false, {}};
  if (status == 404 || status == 410) return {AnswerKind::kNotFound, &codes::kAnswerNotFound, 0, false, {}};
  if (std::find(kRefusals.begin(), kRefusals.end(), status) != kRefusals.end())
    return {AnswerKind::kRefused, &codes::kAnswerRefused, 0, false, {}};
  return {AnswerKind::kLater, &codes::kAnswerStatus, retry_after_ms(answer.headers), false, {}};
}

DeliveryVerdict verdict_of(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::kDone:
    case AnswerKind::kAlready: return DeliveryVerdict::kDelivered;
    case AnswerKind::kRefused:
    case AnswerKind::kNotFound:
    case AnswerKind::kForbidden: return DeliveryVerdict::kRefused;
    case AnswerKind::kUnreadable: return DeliveryVerdict::kNoAnswer;
    case AnswerKind::kLater:
    case AnswerKind::kKeyInvalid:
    case AnswerKind::kClock:
    case AnswerKind::kRedirect: break;
  }
  return DeliveryVerdict::kRetry;
}

std::optional<std::string> redirect_target(const net::Origin& origin, std::string_view method,
                                           const net::HttpResponseIn& answer) {
  const int status = answer.status;
  const bool keeps_method = status == 307 || status == 308;
  const bool becomes_get = status == 301 || status == 302 || status == 303;
  if (!origin.tls || (!keeps_method && !(becomes_get && method == "GET"))) return std::nullopt;
  if (header_count(answer.headers, "Location") != 1) return std::nullopt;
  const std::string_view location = header(answer.headers, "Location");
  if (location.starts_with('/') && !location.starts_with("//")) return std::string(location);
  const auto address = parse_http_url(location);
  if (!address || !address->origin.tls || address->origin.port != origin.port ||
      !same_host(address->origin.host, origin.host))
    return std::nullopt;
  return address->target;
}

}  // namespace tongqu
