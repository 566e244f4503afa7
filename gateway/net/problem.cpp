#include "gateway/net/problem.hpp"

#include <charconv>

#include "gateway/core/jcs.hpp"

namespace tongqu {
namespace {

void member(std::string& out, std::string_view name, std::string_view text) {
  if (out.size() > 1 && out.back() != '{') out.push_back(',');
  append_json_string(out, name);
  out.push_back(':');
  append_json_string(out, text);
}

void number_member(std::string& out, std::string_view name, std::uint64_t value) {
  if (out.size() > 1 && out.back() != '{') out.push_back(',');
  append_json_string(out, name);
  out.push_back(':');
  out += std::to_string(value);
}

void append_fault(std::string& out, const Fault& fault, Lang lang) {
  std::string item = "{";
  member(item, "code", fault.code->id);
  member(item, "path", fault.path);
  if (!fault.field_zh.empty()) member(item, "field", fault.field_zh);
  member(item, "grade", name_of(fault.grade));
  member(item, "message", fault.text(lang));
  if (fault.position.line != 0) {
    number_member(item, "line", fault.position.line);
    number_member(item, "column", fault.position.column);
  }
  item.push_back('}');
  if (out.back() != '[') out.push_back(',');
  out += item;
}

// Weight of the first range that begins with `tag`; -1 = not named. "q" has at most three decimals (RFC 9110 12.4.2).
double weight(std::string_view header_text, std::string_view tag) {
  while (!header_text.empty()) {
    const auto comma = header_text.find(',');
    std::string_view range = header_text.substr(0, comma);
    header_text = comma == std::string_view::npos ? std::string_view{} : header_text.substr(comma + 1);
    while (range.starts_with(' ')) range.remove_prefix(1);
    if (!range.starts_with(tag)) continue;
    const auto q = range.find("q=");
    if (q == std::string_view::npos) return 1;
    double value = 1;
    std::from_chars(range.data() + q + 2, range.data() + range.size(), value);
    return value;
  }
  return -1;
}

}  // namespace

Lang preferred_language(std::string_view accept_language) {
  const double zh = weight(accept_language, "zh");
  return zh > 0 && zh > weight(accept_language, "en") ? Lang::kChinese : Lang::kEnglish;
}

HttpResponse problem_response(const Error& error, Lang lang, std::string_view exchange, int retry_after_s) {
  HttpResponse response;
  response.status = http_status(error.kind());
  std::string& body = response.body;
  body = "{";
  member(body, "type", "urn:tongqu:error:" + std::string(error.code->id));
  member(body, "title", name_of(error.kind()));
  number_member(body, "status", static_cast<std::uint64_t>(response.status));
  member(body, "code", error.code->id);
  member(body, "detail", error.text(lang));
  if (!exchange.empty()) member(body, "exchange", exchange);
  if (!error.faults.empty()) {
    std::string list = "[";
    for (const Fault& fault : error.faults) append_fault(list, fault, lang);
    body += ",\"faults\":" + list + "]";
  }
  body += "}";
  response.headers.emplace_back("Content-Type", "application/problem+json");
  response.headers.emplace_back("Content-Language", lang == Lang::kChinese ? "zh-CN" : "en");
  if (retry_after_s > 0) response.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
  return response;
}

}  // namespace tongqu
