#include "gateway/net/answer_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "gateway/core/jcs.hpp"
#include "gateway/net/http_syntax.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

std::string_view reason(int status) {
  struct Reason {
    int status;
    std::string_view text;
  };
  static constexpr auto kReasons = std::to_array<Reason>({{200, "OK"},
                                                          {201, "Created"},
                                                          {202, "Accepted"},
                                                          {204, "No Content"},
                                                          {206, "Partial Content"},
                                                          {302, "Found"},
                                                          {304, "Not Modified"},
                                                          {400, "Bad Request"},
                                                          {401, "Unauthorized"},
                                                          {403, "Forbidden"},
                                                          {404, "Not Found"},
                                                          {405, "Method Not Allowed"},
                                                          {406, "Not Acceptable"},
                                                          {408, "Request Timeout"},
                                                          {409, "Conflict"},
                                                          {413, "Content Too Large"},
                                                          {415, "Unsupported Media Type"},
                                                          {416, "Range Not Satisfiable"},
                                                          {417, "Expectation Failed"},
                                                          {422, "Unprocessable Content"},
                                                          {429, "Too Many Requests"},
                                                          {431, "Request Header Fields Too Large"},
                                                          {500, "Internal Server Error"},
                                                          {501, "Not Implemented"},
                                                          {502, "Bad Gateway"},
                                                          {503, "Service Unavailable"},
                                                          {504, "Gateway Timeout"},
                                                          {505, "HTTP Version Not Supported"}});
  const auto* found = std::ranges::find(kReasons, status, &Reason::status);
  return found != kReasons.end() ? found->text : "Other";
}

bool is_sessions_own(std::string_view name) {
  switch (name.size()) {
    case 4: return equal_ignoring_case(name, "date");
    case 10: return equal_ignoring_case(name, "connection");
    case 14: return equal_ignoring_case(name, "content-length");
    case 17: return equal_ignoring_case(name, "transfer-encoding");
    default: return false;
  }
}

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

bool status_has_body(int status) { return status != 204 && status != 304; }

}  // namespace

std::string_view DateCache::at(Instant now) {
  const std::int64_t second = now.ms / 1000;
  if (second == second_) return text_;
  second_ = second;
  const std::time_t time = second;
  std::tm utc{};
  gmtime_r(&time, &utc);
  // Not strftime: its names follow the process's locale.
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                   kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                                   utc.tm_min, utc.tm_sec);
  text_.assign(text.data(), static_cast<std::size_t>(length));
  return text_;
}

bool is_writable(const HttpResponse& response) {
  if (response.status < 200 || response.status > 599) return false;
  return std::ranges::all_of(response.headers,
                             [](const auto& h) { return is_token(h.first) && is_field_value(h.second); });
}

void write_answer_head(std::string& out, const HttpResponse& response, const AnswerForm& form, std::string_view date) {
  out.assign("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(response.status));
  out.append(" ").append(reason(response.status)).append("\r\nDate: ").append(date).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    if (!is_sessions_own(name)) out.append(name).append(": ").append(value).append("\r\n");
  }
  if (status_has_body(response.status)) {
    out.append("Content-Length: ");
    append_number(out, response.stream ? response.stream->size_bytes() : response.body.size());
    out.append("\r\n");
  }
  if (!form.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (form.minor == 0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

bool has_answer_body(const HttpResponse& response, const AnswerForm& form) {
  return !form.head_only && status_has_body(response.status);
}

HttpResponse make_refusal(const ErrorCode& code, std::string_view param) {
  HttpResponse response;
  response.status = codes::net_status(code);
  response.close = true;
  response.headers = {{"Content-Type", "application/problem+json"}};
  if (code.kind == ErrorKind::kUnavailable || code.kind == ErrorKind::kRateLimited) {
    response.headers.emplace_back("Retry-After", "5");
  }
  std::string& body = response.body;
  body = R"({"type":)";
  append_json_string(body, std::string("urn:tongqu:error:").append(code.id));
  body.append(R"(,"title":)");
  append_json_string(body, name_of(code.kind));
  body.append(R"(,"status":)").append(std::to_string(response.status)).append(R"(,"code":)");
  append_json_string(body, code.id);
  body.append(R"(,"detail":)");
  append_json_string(body, format_message(code.en, param));
  // A head that was refused has no language that could be trusted: both are given.
  body.append(R"(,"detail_zh":)");
  append_json_string(body, format_message(code.zh, param));
  body.append("}");
  return response;
}

}  // namespace tongqu::net
