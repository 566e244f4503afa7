#pragma once
// The strict reading of an answer's head: the framing rules of request_head_check.hpp, seen from the client. No I/O.
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/net/http_syntax.hpp"

namespace tongqu::net {

// An answer's head; all views point into the bytes that were read.
struct ResponseHead {
  int status = 0;  // 100–599
  int minor = 1;
  std::vector<Field> fields;
  Framing framing = Framing::kNone;
  std::uint64_t content_length = 0;  // with kLength
  bool keep_alive = true;            // false with kUntilClose
};

// Reads `head`, which ends with its empty line. `method` is the request's: an answer to HEAD, 1xx, 204 and 304 have no
// body. nullptr = `out` is filled. A reason phrase may be absent; everything else is as strict as for requests.
[[nodiscard]] const ErrorCode* check_response_head(std::string_view head, std::string_view method,
                                                   const HeadLimits& limits, ResponseHead& out);

}  // namespace tongqu::net
