#pragma once
// HTTP messages as values, for everything above the sessions.
#include <cstdint>
#include <functional>
#include <memory>
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
  // Set by a legacy listener, whose lines protect nothing: the one partner that may come here. Who authenticates
  // refuses everybody else, answers nothing without credentials, and marks the identity (mark_legacy).
  std::string only_partner;
};

struct HttpRequest {
  std::string method;
  std::string target;  // origin-form, as received: path and query
  Headers headers;
  std::string body;  // whole body, already bounded by the listener's limit
  // The body is not here: it is taken in pieces (HttpHandler::stream_body). Credentials then vouch for the digest that
  // the head declares, and who takes the pieces compares (Identity::body_digests).
  bool body_follows = false;
  Peer peer;
  Instant received_at;
};

// A body that is sent in pieces, so that its size is no matter of memory.
class BodySource {
 public:
  virtual ~BodySource() = default;
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;  // becomes Content-Length
  // The next piece, at most 256 KiB, never empty. Nothing: it cannot be read, and the connection is cut, so that the
  // peer sees that its answer is not whole. `done` is called exactly once, from any thread; the next call comes after
  // it.
  using Done = std::function<void(std::optional<std::string>)>;
  virtual void next(Done done) = 0;
};

struct HttpResponse {
  int status = 200;
  Headers headers;  // without Content-Length, Date, Connection: the session writes those
  std::string body;
  bool close = false;  // close the connection afterwards
  // Instead of `body` when it is set. Second owner: its own work on another thread.
  std::shared_ptr<BodySource> stream = {};
};

// Takes one request's body in pieces. Calls come one after another, each when the one before was answered; `done` is
// called exactly once each time, from any thread. Destroyed before `end` was called, the body was cut: the peer is
// gone, slow, or sent what is no body.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // With an answer no further piece is read; without one the next may come.
  using Done = std::function<void(std::optional<HttpResponse>)>;
  // Before the first piece, and before a client that asked is told to go on.
  virtual void begin(Done done) = 0;
  // Above: 413. Asked after `begin`.
  [[nodiscard]] virtual std::uint64_t max_body_bytes() const = 0;
  // Pieces of 64 KiB or a little more; the last one may be smaller.
  virtual void take(std::string piece, Done done) = 0;
  // The whole body has arrived; answers.
  virtual void end(Done done) = 0;
};

// Answers requests. `handle` returns at once; `done` is called exactly once, from any thread. The session that waits
// may be gone by then: `done` then does nothing.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  using Done = std::function<void(HttpResponse)>;
  virtual void handle(HttpRequest request, Done done) = 0;
  // Asked for every request that has a body, when its head has arrived: who wants the body in pieces gives a sink, and
  // `handle` is not called. Returns at once. nullptr = the body is read into memory, up to the listener's limit.
  [[nodiscard]] virtual std::unique_ptr<BodySink> stream_body(const HttpRequest& head) {
    (void)head;
    return nullptr;
  }
};

}  // namespace tongqu
