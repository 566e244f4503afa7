#pragma once
// HTTP/1.1 server (RFC 9110, 9112; HTTP/1.0 without keep-alive unless asked for). What it refuses, and why, stands in
// request_head_check.hpp; refusals are problem+json with a code of net_codes.hpp and close the connection.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/stream.hpp"
#include "gateway/net/io_pool.hpp"
#include "gateway/net/net_observer.hpp"

namespace tongqu::net {

// Times are of a whole phase and do not start anew with every byte, so that dripping bytes gains nothing. They are
// looked at every 50 ms.
struct ListenerOptions {
  std::string name = {};                     // goes into Peer::listener and to the observer
  std::string address = "127.0.0.1";         // numeric
  std::uint16_t port = 0;                    // 0: any free one, see HttpServer::port
  std::size_t max_header_bytes = 16 * 1024;  // 256 … 1 MiB; above: 431
  std::size_t max_headers_count = 100;       // 1 … 10 000; above: 431
  std::size_t max_body_bytes = 4U << 20U;    // above: 413
  // Bodies of all requests of this listener together, from arrival to answer; above: 503. Without it the limit in
  // memory would be max_connections times max_body_bytes.
  std::size_t max_in_flight_bytes = 256U << 20U;
  std::int64_t handshake_timeout_ms = 10'000;  // of TLS; then cut
  std::int64_t header_timeout_ms = 10'000;     // from the first byte of a request (or the handshake) to its empty line
  std::int64_t body_timeout_ms = 60'000;       // from there to the end of the body; both: 408
  std::int64_t answer_timeout_ms = 120'000;    // of the handler; then 504, and its later answer is dropped
  std::int64_t write_timeout_ms = 60'000;      // of one whole answer; then cut
  std::int64_t idle_timeout_ms = 60'000;       // between two requests; then closed
  std::size_t max_connections = 4096;  // above: closed, without TLS after a 503; nobody waits in an invisible queue
  std::size_t max_connections_per_address = 1024;       // above: the same with 429
  std::size_t max_requests_per_connection = 1'000'000;  // the last answer carries Connection: close
  // Asked with the address of each connection before a byte of it is read; false = closed without a word. Empty: all
  // may come. Called on the pool's first thread; must not block.
  std::function<bool(const std::string& address)> admits = {};
  std::string only_partner = {};  // goes into Peer::only_partner
  // Requests answered out of bytes that had already arrived, without reading; then the connection is closed after an
  // answer, which pipelining clients have to expect (RFC 9112 section 9.3.2).
  std::size_t max_pipelined = 128;
};

// Accepts connections and hands requests to a handler. Pipelined requests are handled one after another, so answers
// keep the order. Thread-safe; never to be stopped or destroyed on one of the pool's threads.
class HttpServer {
 public:
  // `tls` nullptr = plain HTTP. Everything given stays alive until the server is destroyed. Fails with net.options
  // (the parameter names the option). Nothing is bound yet.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> create(ListenerOptions options, HttpHandler& handler,
                                                                  TlsFactory* tls, IoPool& pool, const Clock& clock,
                                                                  NetObserver* observer = nullptr);
  // stop(0, 0).
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Binds and accepts. Fails with net.listen; may then be repeated. Does nothing when it was done before, stopped or
  // not.
  [[nodiscard]] Status start();
  // The bound port; 0 before start.
  [[nodiscard]] std::uint16_t port() const;
  // Closes the listening socket; what is connected goes on.
  void stop_accepting();
  // Stops in two phases and returns when no session is left: idle connections close at once, requests that have begun
  // are finished and answered with Connection: close. After `grace_ms` requests that have not fully arrived are cut;
  // after `hard_ms` (from the call) the rest. Repeating it does nothing.
  void stop(std::int64_t grace_ms, std::int64_t hard_ms);
  [[nodiscard]] std::size_t open_connections() const;

 private:
  struct Parts;
  explicit HttpServer(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;  // shared with the callbacks that wait in the pool's queues
};

}  // namespace tongqu::net
