#pragma once
// HTTP messages as values, for everything above the sessions.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/core/clock.hpp"

namespace tongqu {

using Headers = std::vector<std::pair<std::string, std::string>>;  // order kept; names as received

// First value of a header, name compared without case; empty view if absent.
[[nodiscard]] std::string_view header(const Headers& headers, std::string_view name);
// Media type of a Content-Type without parameters, lower case.
[[nodiscard]] std::string media_type(std::string_view content_type);
[[nodiscard]] std::size_t header_count(const Headers& headers, std::string_view name);
// The preferred form of RFC 9110 section 5.6.7, "Sun, 06 Nov 1994 08:49:37 GMT"; the week day is not compared.
[[nodiscard]] std::optional<Instant> parse_http_date(std::string_view text);

// Who is at the other end of a connection, as far as the transport knows.
struct Peer {
  std::string address;   // "127.0.0.1" or "::1", without port
  std::string listener;  // configured name of the listener
  bool tls = false;
  std::string cert_sha256;   // lower-case hex of the client certificate's DER; empty = none presented
  std::string cert_subject;  // RFC 2253; only of a certificate whose chain was verified
};

struct HttpRequest {
  std::string method;
  std::string target;  // origin-form, as received: path and query
  Headers headers;
  std::string body;  // whole body, already bounded by the listener's limit
  Peer peer;
  Instant received_at;
};

struct HttpResponse {
  int status = 200;
  Headers headers;  // without Content-Length, Date, Connection: the session writes those
  std::string body;
  bool close = false;  // close the connection afterwards
};

// Answers requests. `handle` returns at once; `done` is called exactly once, from any thread. The session that waits
// may be gone by then: `done` then does nothing.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  using Done = std::function<void(HttpResponse)>;
  virtual void handle(HttpRequest request, Done done) = 0;
};

}  // namespace tongqu
