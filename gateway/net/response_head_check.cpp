#include "gateway/net/response_head_check.hpp"

#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

const ErrorCode* check_status_line(std::string_view line, ResponseHead& out) {
  constexpr std::size_t kShortest = 12;  // "HTTP/1.1 200"
  if (line.size() < kShortest || !line.starts_with("HTTP/1.") || (line[7] != '0' && line[7] != '1') || line[8] != ' ') {
    return &codes::kNetStatusLine;
  }
  if (line[9] < '1' || line[9] > '5' || !is_digit(line[10]) || !is_digit(line[11])) return &codes::kNetStatusLine;
  const auto rest = line.substr(kShortest);
  if (!rest.empty() && (rest.front() != ' ' || !is_field_value(rest))) return &codes::kNetStatusLine;
  out.minor = line[7] - '0';
  out.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  return nullptr;
}

const ErrorCode* set_framing(const FramingCheck& seen, std::string_view method, ResponseHead& out) {
  if (const auto* refusal = seen.finish(out.minor)) return refusal;
  out.content_length = seen.length();
  const bool never_a_body = out.status < 200 || out.status == 204;
  // A body behind a status that has none would be read as the next answer.
  if (never_a_body && (seen.chunked() || seen.length() > 0)) return &codes::kNetBodyUnexpected;
  if (never_a_body || out.status == 304 || method == "HEAD") {
    out.framing = Framing::kNone;
  } else if (seen.chunked()) {
    out.framing = Framing::kChunked;
  } else if (seen.has_length()) {
    out.framing = seen.length() > 0 ? Framing::kLength : Framing::kNone;
  } else {
    out.framing = Framing::kUntilClose;
  }
  return nullptr;
}

}  // namespace

const ErrorCode* check_response_head(std::string_view head, std::string_view method, const HeadLimits& limits,
                                     ResponseHead& out) {
  out.fields.clear();
  if (head.size() > limits.max_header_bytes) return &codes::kNetHeadTooLarge;
  std::string_view line;
  if (!take_line(head, line)) return &codes::kNetStatusLine;
  if (const auto* refusal = check_status_line(line, out)) return refusal;
  FramingCheck framing;
  bool close = false;
  bool keep_alive = false;
  while (true) {
    if (!take_line(head, line)) return &codes::kNetBareCarriageReturn;
    if (line.empty()) break;
    if (out.fields.size() == limits.max_headers_count) return &codes::kNetTooManyHeaders;
    Field field;
    if (const auto* refusal = parse_field(line, field)) return refusal;
    if (const auto* refusal = framing.add(field)) return refusal;
    if (equal_ignoring_case(field.name, "connection")) {
      close = close || list_has(field.value, "close");
      keep_alive = keep_alive || list_has(field.value, "keep-alive");
    }
    out.fields.push_back(field);
  }
  if (const auto* refusal = set_framing(framing, method, out)) return refusal;
  out.keep_alive = !close && (out.minor > 0 || keep_alive) && out.framing != Framing::kUntilClose;
  return nullptr;
}

}  // namespace tongqu::net
