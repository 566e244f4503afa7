#pragma once
// Answers as bytes (RFC 9112 sections 4 and 6). No I/O.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"

namespace tongqu::net {

// The Date header's value (RFC 9110 section 5.6.7), made anew once a second. Not thread-safe: one per thread.
class DateCache {
 public:
  [[nodiscard]] std::string_view at(Instant now);

 private:
  std::int64_t second_ = -1;
  std::string text_;
};

// True when the answer can be written: status 200–599, names tokens, values without control bytes.
[[nodiscard]] bool is_writable(const HttpResponse& response);

struct AnswerForm {
  int minor = 1;           // of the request
  bool keep_alive = true;  // whether the connection stays
  bool head_only = false;  // the request was HEAD
};
// Replaces `out` by status line and headers of a writable answer. Content-Length, Date and Connection are the
// session's; a handler's own Content-Length, Transfer-Encoding, Connection and Date are left out.
void write_answer_head(std::string& out, const HttpResponse& response, const AnswerForm& form, std::string_view date);
// True when the body of the answer goes out after the head.
[[nodiscard]] bool has_answer_body(const HttpResponse& response, const AnswerForm& form);

// The session's own refusal: application/problem+json (RFC 9457) with the members of docs/formats.md section 10 and
// detail_zh. The connection is closed afterwards.
[[nodiscard]] HttpResponse make_refusal(const ErrorCode& code, std::string_view param);

}  // namespace tongqu::net
