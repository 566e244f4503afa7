#include "gateway/net/request_head_check.hpp"

#include <algorithm>

#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

const ErrorCode* check_version(std::string_view version, int& minor) {
  const bool formed = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                      version[6] == '.' && is_digit(version[7]);
  // What calls itself 0.9 has no head at all by definition: not a version we could name in an answer, a broken request.
  if (!formed || version[5] == '0') return &codes::kNetRequestLine;
  if (version[5] != '1' || version[7] > '1') return &codes::kNetVersion;
  minor = version[7] - '0';
  return nullptr;
}

bool is_target(std::string_view target, std::string_view method) {
  if (target == "*") return method == "OPTIONS";
  return target.starts_with('/') &&
         std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

const ErrorCode* check_request_line(std::string_view line, RequestHead& out) {
  const auto first = line.find(' ');
  if (first == std::string_view::npos) return &codes::kNetRequestLine;
  const auto second = line.find(' ', first + 1);
  if (second == std::string_view::npos) return &codes::kNetRequestLine;
  out.method = line.substr(0, first);
  out.target = line.substr(first + 1, second - first - 1);
  if (!is_token(out.method)) return &codes::kNetMethod;
  if (const auto* refusal = check_version(line.substr(second + 1), out.minor)) return refusal;
  return is_target(out.target, out.method) ? nullptr : &codes::kNetTarget;
}

bool is_port(std::string_view port) {
  std::uint64_t value = 0;
  constexpr std::size_t kMaxDigits = 5;
  return port.size() <= kMaxDigits && parse_length(port, value) && value <= 65535;
}

// uri-host [ ":" port ] (RFC 9110 section 7.2), with a name or an address in brackets; empty is refused.
bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const auto inside = host.substr(1, end - 1);
    const bool address = std::ranges::all_of(inside, [](char c) {
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    });
    const auto rest = host.substr(end + 1);
    return address && (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
  }
  const auto colon = host.find(':');
  const auto name = host.substr(0, colon);
  const auto allowed = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~%!$&'()*+,;=").find(c) != std::string_view::npos;
  };
  if (name.empty() || !std::ranges::all_of(name, allowed)) return false;
  return colon == std::string_view::npos || is_port(host.substr(colon + 1));
}

bool takes_no_body(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "TRACE" || method == "CONNECT";
}

// What the headers of one request say, collected line by line.
struct Collected {
  FramingCheck framing;
  std::size_t hosts = 0;
  bool close = false;
  bool keep_alive = false;
};

const ErrorCode* take_field(const Field& field, RequestHead& out, Collected& seen) {
  if (const auto* refusal = seen.framing.add(field)) return refusal;
  if (equal_ignoring_case(field.name, "host")) {
    ++seen.hosts;
    return is_host(field.value) ? nullptr : &codes::kNetHost;
  }
  if (equal_ignoring_case(field.name, "connection")) {
    seen.close = seen.close || list_has(field.value, "close");
    seen.keep_alive = seen.keep_alive || list_has(field.value, "keep-alive");
  } else if (equal_ignoring_case(field.name, "expect") && out.minor > 0) {
    if (!equal_ignoring_case(field.value, "100-continue")) return &codes::kNetExpectation;
    out.expect_continue = true;
  }
  return nullptr;
}

const ErrorCode* finish(RequestHead& out, const Collected& seen) {
  if (const auto* refusal = seen.framing.finish(out.minor)) return refusal;
  if (seen.hosts > 1 || (seen.hosts == 0 && out.minor > 0)) return &codes::kNetHost;
  out.content_length = seen.framing.length();
  if (seen.framing.chunked()) {
    out.framing = Framing::kChunked;
  } else {
    out.framing = out.content_length > 0 ? Framing::kLength : Framing::kNone;
  }
  if (out.framing != Framing::kNone && takes_no_body(out.method)) return &codes::kNetBodyUnexpected;
  out.keep_alive = !seen.close && (out.minor > 0 || seen.keep_alive);
  return nullptr;
}

}  // namespace

const ErrorCode* check_request_head(std::string_view head, const HeadLimits& limits, RequestHead& out) {
  out.fields.clear();
  out.expect_continue = false;
  if (head.size() > limits.max_header_bytes) return &codes::kNetHeadTooLarge;
  std::string_view line;
  if (!take_line(head, line)) return &codes::kNetRequestLine;
  if (const auto* refusal = check_request_line(line, out)) return refusal;
  Collected seen;
  while (true) {
    if (!take_line(head, line)) return &codes::kNetBareCarriageReturn;
    if (line.empty()) break;
    if (out.fields.size() == limits.max_headers_count) return &codes::kNetTooManyHeaders;
    Field field;
    if (const auto* refusal = parse_field(line, field)) return refusal;
    if (const auto* refusal = take_field(field, out, seen)) return refusal;
    out.fields.push_back(field);
  }
  return finish(out, seen);
}

std::size_t leading_empty_bytes(std::string_view buffer) {
  std::size_t bytes = 0;
  while (bytes < kMaxLeadingLines * 2 && buffer.substr(bytes).starts_with("\r\n")) bytes += 2;
  return bytes;
}

}  // namespace tongqu::net
