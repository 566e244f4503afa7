#pragma once
// What a partner's HTTP answer means: status, envelope, lists of the partner's codes. No I/O.
//
//   code in one of the lists                     what the list says, whatever the status
//   2xx, and success named by the envelope       done
//   2xx whose envelope names another failure     refused
//   2xx without a readable envelope              unreadable: something in between answered, the effect is unknown
//   3xx                                          redirect (followed by the caller or not at all)
//   400, 401, 403, 405, 406, 409, 413, 415, 422  refused
//   404, 410                                     not found
//   anything else                                later (Retry-After in seconds is respected)
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/support/http_address.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/net/http_client.hpp"

namespace tongqu {

// How a partner says success inside an answer of HTTP 200. Empty path: the status alone decides. Paths as at_path.
struct AnswerEnvelope {
  std::string success_path;
  std::string success_value;
  std::string code_path;  // empty: success_path
  // The partner's codes and what they mean. A code stands in one list at most.
  std::vector<std::string> retry_codes;
  std::vector<std::string> refused_codes;
  std::vector<std::string> received_codes;  // it has the message already: as good as delivered
  std::vector<std::string> not_found_codes;
  std::vector<std::string> forbidden_codes;    // it does not know us, or not for this service
  std::vector<std::string> key_invalid_codes;  // the key that signed is over: worth one renewal
  std::vector<std::string> clock_codes;        // our time and its own differ too much
};

enum class AnswerKind : std::uint8_t {
  kDone,
  kAlready,
  kLater,
  kRefused,
  kNotFound,
  kForbidden,
  kKeyInvalid,
  kClock,
  kUnreadable,
  kRedirect,
};

struct Answer {
  AnswerKind kind = AnswerKind::kLater;
  const ErrorCode* code = nullptr;  // null with kDone and kAlready
  std::int64_t retry_after_ms = 0;
  bool by_code = false;  // one of the lists said so
  std::string detail;    // kClock: both clocks; never anything of the content
};

// Immutable and thread-safe. `json` and `clock` outlive it.
class AnswerReader {
 public:
  AnswerReader(AnswerEnvelope envelope, const Codec& json, const Clock& clock);
  [[nodiscard]] Answer read(const net::HttpResponseIn& answer) const;
  // The same for an answer that the caller has decoded already (its body is `root`).
  [[nodiscard]] Answer read(const net::HttpResponseIn& answer, const Node* root) const;

 private:
  [[nodiscard]] Answer by_code(const net::HttpResponseIn& answer, std::string_view code, bool& known) const;
  [[nodiscard]] Answer by_status(const net::HttpResponseIn& answer) const;
  [[nodiscard]] Answer clocks(const net::HttpResponseIn& answer) const;

  AnswerEnvelope envelope_;
  const Codec& json_;
  const Clock& clock_;
};

// As the delivery's verdict: kAlready is delivered, kForbidden, kNotFound and kRefused are refused, kKeyInvalid,
// kClock, kLater and kRedirect are retried, kUnreadable is no answer.
[[nodiscard]] DeliveryVerdict verdict_of(AnswerKind kind);

// Where a redirect leads: the new target on the same host and port over https. Empty when `answer` is no redirect that
// keeps the method (GET: 301, 302, 303, 307, 308; others: 307, 308), the origin has no TLS, or the place is another.
[[nodiscard]] std::optional<std::string> redirect_target(const net::Origin& origin, std::string_view method,
                                                         const net::HttpResponseIn& answer);

}  // namespace tongqu
