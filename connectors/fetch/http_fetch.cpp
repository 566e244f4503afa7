#include "connectors/fetch/http_fetch.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/fetch/fetch_codes.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::fetch {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kLongestWish = 3600 * kSecond;

// What proves that the content is the same later on: a strong ETag, or a time of change that lies behind the answer by
// a second at least (RFC 9110 section 8.8.2.2). Empty = nothing does.
std::string validator_of(const Headers& headers) {
  const std::string_view tag = header(headers, "ETag");
  if (tag.size() >= 2 && tag.starts_with('"') && tag.ends_with('"')) return std::string(tag);
  if (!tag.empty()) return {};
  const std::string_view changed = header(headers, "Last-Modified");
  const auto changed_at = parse_http_date(changed);
  const auto answered_at = parse_http_date(header(headers, "Date"));
  if (!changed_at || !answered_at || answered_at->ms - changed_at->ms < kSecond) return {};
  return std::string(changed);
}

bool take_number(std::string_view& text, std::uint64_t& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_char(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// "bytes FIRST-LAST/SIZE": exactly the rest that was asked for.
bool is_rest(std::string_view range, const FetchFrom& from, std::optional<std::uint64_t> length_bytes) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t size = 0;
  if (!range.starts_with("bytes ")) return false;
  range.remove_prefix(6);
  const bool read = take_number(range, first) && take_char(range, '-') && take_number(range, last) &&
                    take_char(range, '/') && take_number(range, size) && range.empty();
  return read && first == from.offset_bytes && size == from.size_bytes && last + 1 == size &&
         (!length_bytes || *length_bytes == size - first);
}

std::int64_t wished_wait(const Headers& headers, Instant now) {
  const std::string_view text = header(headers, "Retry-After");
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed == std::errc{} && end == text.data() + text.size() && seconds >= 0)
    return seconds > kLongestWish / kSecond ? kLongestWish : seconds * kSecond;
  const auto date = parse_http_date(text);
  return date ? std::clamp<std::int64_t>(date->ms - now.ms, 0, kLongestWish) : 0;
}

HeadVerdict fail(const ErrorCode& code, bool final, std::int64_t retry_after_ms = 0) {
  return {.content = std::nullopt, .once_more = false, .failure = {&code, final, retry_after_ms}};
}

HeadVerdict judge_status(int status, const Headers& headers, Instant now) {
  if (status >= 300 && status < 400) return fail(codes::kFetchRedirect, true);
  if (status == 404 || status == 410) return fail(codes::kFetchMissing, true);
  // Rights are given and taken by people, who may be about to.
  if (status == 401 || status == 403 || status == 407) return fail(codes::kFetchDenied, false);
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return fail(codes::kFetchLater, false, wished_wait(headers, now));
  return fail(codes::kFetchStatus, true);
}

HeadVerdict judge_part(const FetchFrom& from, const Headers& headers, std::optional<std::uint64_t> length_bytes) {
  if (!asks_range(from)) return fail(codes::kFetchAnswer, false);
  const std::string_view tag = header(headers, "ETag");
  const bool same = tag.empty() || !from.validator.starts_with('"') || tag == from.validator;
  if (same && is_rest(header(headers, "Content-Range"), from, length_bytes)) return {.content = from, .failure = {}};
  return {.content = std::nullopt, .once_more = true, .failure = {}};
}

}  // namespace

bool asks_range(const FetchFrom& from) { return from.offset_bytes > 0 && !from.validator.empty(); }

Headers fetch_headers(const FetchFrom& from) {
  // Nothing on the way may pack it: size and range are those of the content itself.
  Headers headers{{"Accept-Encoding", "identity"}, {"Accept", "*/*"}};
  if (!asks_range(from)) return headers;
  headers.emplace_back("Range", "bytes=" + std::to_string(from.offset_bytes) + "-");
  headers.emplace_back("If-Range", from.validator);
  return headers;
}

HeadVerdict judge_head(const FetchFrom& from, const net::HttpResponseIn& head,
                       std::optional<std::uint64_t> length_bytes, Instant now) {
  if (head.status == 416 && asks_range(from)) return {.content = std::nullopt, .once_more = true, .failure = {}};
  if (head.status != 200 && head.status != 206) return judge_status(head.status, head.headers, now);
  const std::string_view coding = header(head.headers, "Content-Encoding");
  if (!coding.empty() && coding != "identity") return fail(codes::kFetchEncoding, true);
  if (head.status == 206) return judge_part(from, head.headers, length_bytes);
  if (!length_bytes) return fail(codes::kFetchNoSize, true);
  if (*length_bytes == 0) return fail(codes::kFetchEmpty, true);
  return {.content = FetchFrom{0, *length_bytes, validator_of(head.headers)}, .failure = {}};
}

FetchFailure judge_failure(const net::NetError& error) {
  const bool final = error.code == &codes::kNetAddressForbidden || error.code == &codes::kNetRequestInvalid;
  return {error.code, final, 0};
}

}  // namespace tongqu::fetch
