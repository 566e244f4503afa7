#include "gateway/net/http_syntax.hpp"

#include <algorithm>
#include <array>

#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

enum : std::uint8_t { kTchar = 1, kText = 2, kHeadByte = 4 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0x20; c < 256; ++c) {
    if (c != 0x7F) table[c] = kText | kHeadByte;
  }
  table['\t'] = kText | kHeadByte;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] |= kTchar;
  }
  return table;
}
constexpr auto kClasses = make_classes();

bool has_class(char c, std::uint8_t wanted) { return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0; }

bool all_of_class(std::string_view text, std::uint8_t wanted) {
  return std::ranges::all_of(text, [wanted](char c) { return has_class(c, wanted); });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Letters and digits of `name`, compared with `plain` (lower case, no separators): "Content_Length", "Content--Length".
bool reads_like(std::string_view name, std::string_view plain) {
  std::size_t at = 0;
  for (const char raw : name) {
    const char c = lower(raw);
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) continue;
    if (at == plain.size() || plain[at] != c) return false;
    ++at;
  }
  return at == plain.size();
}

}  // namespace

bool is_token(std::string_view text) { return !text.empty() && all_of_class(text, kTchar); }
bool is_field_value(std::string_view text) { return all_of_class(text, kText); }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool list_has(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (equal_ignoring_case(trim(list.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

bool parse_length(std::string_view digits, std::uint64_t& value) {
  constexpr std::size_t kMaxDigits = 18;  // 10^18 is below 2^63
  if (digits.empty()) return false;
  std::uint64_t sum = 0;
  std::size_t significant = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    if (significant > 0 || c != '0') ++significant;
    if (significant > kMaxDigits) return false;
    sum = sum * 10 + static_cast<std::uint64_t>(c - '0');
  }
  value = sum;
  return true;
}

bool take_line(std::string_view& head, std::string_view& line) {
  const auto end = head.find("\r\n");
  if (end == std::string_view::npos) return false;
  line = head.substr(0, end);
  head.remove_prefix(end + 2);
  return true;
}

const ErrorCode* parse_field(std::string_view line, Field& field) {
  if (!line.empty() && is_blank(line.front())) return &codes::kNetFoldedLine;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return &codes::kNetHeaderName;
  field.name = line.substr(0, colon);
  if (!is_token(field.name)) {
    const bool spaced = !field.name.empty() && is_blank(field.name.back()) && is_token(trim(field.name));
    return spaced ? &codes::kNetSpaceBeforeColon : &codes::kNetHeaderName;
  }
  field.value = trim(line.substr(colon + 1));
  return is_field_value(field.value) ? nullptr : &codes::kNetHeaderValue;
}

HeadScanner::Outcome HeadScanner::scan(std::string_view buffer) {
  const std::size_t stop = std::min(buffer.size(), limits_.max_header_bytes);
  for (; at_ < stop; ++at_) {
    const char c = buffer[at_];
    const bool after_cr = at_ > 0 && buffer[at_ - 1] == '\r';
    if (c == '\n') {
      if (!after_cr) return {0, &codes::kNetBareLineFeed};
      if (at_ - line_start_ == 1) return {at_ + 1, nullptr};
      // The request or status line and the headers, one line each.
      if (++lines_ > limits_.max_headers_count + 1) return {0, &codes::kNetTooManyHeaders};
      line_start_ = at_ + 1;
      continue;
    }
    if (after_cr) return {0, &codes::kNetBareCarriageReturn};
    if (c != '\r' && !has_class(c, kHeadByte)) return {0, &codes::kNetControlByte};
  }
  if (buffer.size() >= limits_.max_header_bytes) return {0, &codes::kNetHeadTooLarge};
  return {};
}

void HeadScanner::reset() {
  at_ = 0;
  line_start_ = 0;
  lines_ = 0;
}

const ErrorCode* FramingCheck::add(const Field& field) {
  if (equal_ignoring_case(field.name, "content-length")) {
    if (has_length_) return &codes::kNetContentLengthRepeated;
    has_length_ = true;
    return parse_length(field.value, length_) ? nullptr : &codes::kNetContentLength;
  }
  if (equal_ignoring_case(field.name, "transfer-encoding")) {
    if (chunked_ || !equal_ignoring_case(field.value, "chunked")) return &codes::kNetTransferEncoding;
    chunked_ = true;
    return nullptr;
  }
  constexpr std::size_t kShortestLookalike = 13;  // "contentlength"
  if (field.name.size() < kShortestLookalike) return nullptr;
  const bool lookalike = reads_like(field.name, "contentlength") || reads_like(field.name, "transferencoding");
  return lookalike ? &codes::kNetHeaderAmbiguous : nullptr;
}

const ErrorCode* FramingCheck::finish(int minor) const {
  if (chunked_ && has_length_) return &codes::kNetLengthConflict;
  if (chunked_ && minor == 0) return &codes::kNetTransferEncoding;
  return nullptr;
}

}  // namespace tongqu::net
