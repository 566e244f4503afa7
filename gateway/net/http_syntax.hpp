#pragma once
// Bytes of HTTP/1.1 heads (RFC 9110 section 5, RFC 9112 sections 2 and 5): classes, header lines, the end of a head.
// Pure functions over memory; shared by requests, answers and trailers.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::net {

struct HeadLimits {
  std::size_t max_header_bytes = 16 * 1024;  // from the first byte to the empty line, inclusive
  std::size_t max_headers_count = 100;
};

// A header line; both views point into the head.
struct Field {
  std::string_view name;
  std::string_view value;  // without white space around it
};

// How a message's body ends (RFC 9112 section 6).
enum class Framing : std::uint8_t { kNone, kLength, kChunked, kUntilClose };

[[nodiscard]] bool is_token(std::string_view text);        // at least one tchar, nothing else
[[nodiscard]] bool is_field_value(std::string_view text);  // visible ASCII, obs-text, space, tab
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);
// True when `list` (comma-separated tokens) has the element `token`, compared without case.
[[nodiscard]] bool list_has(std::string_view list, std::string_view token);
// Digits only, no sign, no space, at least one, below 2^63. Returns false otherwise; `value` then stays.
[[nodiscard]] bool parse_length(std::string_view digits, std::uint64_t& value);
// Takes one line ending in CRLF off the front of `head`. False when there is none; a line may still hold bad bytes.
[[nodiscard]] bool take_line(std::string_view& head, std::string_view& line);
// Splits a header line. nullptr = fine; otherwise why it is refused.
[[nodiscard]] const ErrorCode* parse_field(std::string_view line, Field& field);

// Finds the end of a head while it arrives, and refuses what can never become one: a bare CR or LF, a control byte,
// more lines than headers are allowed, more bytes than the limit.
class HeadScanner {
 public:
  explicit HeadScanner(HeadLimits limits) : limits_(limits) {}
  struct Outcome {
    std::size_t end = 0;                 // bytes of the head with its empty line; 0 = not complete yet
    const ErrorCode* refusal = nullptr;  // set: refuse
  };
  // `buffer` begins with the head and only grows from call to call; each byte is looked at once.
  [[nodiscard]] Outcome scan(std::string_view buffer);
  void reset();
  [[nodiscard]] bool untouched() const { return at_ == 0; }

 private:
  HeadLimits limits_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::size_t lines_ = 0;
};

// Collects what frames a body while header lines are read one after another; the same for requests and answers.
class FramingCheck {
 public:
  // Looks at one header. Refuses a repeated or malformed length, a transfer coding other than one "chunked", and
  // names that only look like these two headers.
  [[nodiscard]] const ErrorCode* add(const Field& field);
  // After the last header; `minor` is the HTTP/1 minor version.
  [[nodiscard]] const ErrorCode* finish(int minor) const;
  [[nodiscard]] bool has_length() const { return has_length_; }
  [[nodiscard]] bool chunked() const { return chunked_; }
  [[nodiscard]] std::uint64_t length() const { return length_; }

 private:
  bool has_length_ = false;
  bool chunked_ = false;
  std::uint64_t length_ = 0;
};

}  // namespace tongqu::net
