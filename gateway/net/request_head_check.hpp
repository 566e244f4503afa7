#pragma once
// The strict reading of a request head: RFC 9112 without its tolerances, because every tolerance is a place where two
// programs on one line can disagree about where a request ends (request smuggling). No I/O.
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/net/http_syntax.hpp"

namespace tongqu::net {

// A request head; all views point into the bytes that were read.
struct RequestHead {
  std::string_view method;
  std::string_view target;  // origin-form, or "*" for OPTIONS
  int minor = 1;            // of HTTP/1.x
  std::vector<Field> fields;
  Framing framing = Framing::kNone;  // kNone, kLength or kChunked
  std::uint64_t content_length = 0;  // with kLength
  bool keep_alive = true;            // what the client asks for
  bool expect_continue = false;
};

// Reads `head`, which ends with its empty line (HeadScanner finds it). nullptr = `out` is filled; otherwise the rule
// that was broken, and `out` is unspecified. Refused, beside what HeadScanner refuses:
//   request line: anything but "method SP target SP HTTP/1.x"; versions other than 1.0 and 1.1 (net.version; HTTP/0.9
//     and other protocols are net.request-line); a target that is not origin-form (absolute-form too: this is no
//     proxy; "*" with OPTIONS only) or holds "#" or a byte outside 0x21–0x7E
//   headers: folded lines, space before the colon, names that are no token, values with control bytes, more than the
//     limit; no or several Host in 1.1 or an invalid one; an expectation other than 100-continue
//   framing: Content-Length not digits, too large, repeated (even if equal), or with Transfer-Encoding;
//     Transfer-Encoding other than exactly one "chunked", or in 1.0; names that only read like these two; a body
//     announced by GET, HEAD, TRACE or CONNECT
[[nodiscard]] const ErrorCode* check_request_head(std::string_view head, const HeadLimits& limits, RequestHead& out);

// How many bytes of empty lines at the front of `buffer` to skip before a request line (RFC 9112 section 2.2 asks for
// at least one; here kMaxLeadingLines at most).
inline constexpr std::size_t kMaxLeadingLines = 4;
[[nodiscard]] std::size_t leading_empty_bytes(std::string_view buffer);

}  // namespace tongqu::net
