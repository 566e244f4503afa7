#pragma once
// HTTP/1.1 client with kept connections. Redirects are not followed; answers are read as strictly as requests are
// (response_head_check.hpp).
#include <boost/system/result.hpp>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/stream.hpp"
#include "gateway/net/io_pool.hpp"

namespace tongqu::net {

// Whom to talk to. `host`: DNS name or numeric address (IPv6 without brackets).
struct Origin {
  std::string host;
  std::uint16_t port = 80;
  bool tls = false;
  friend auto operator<=>(const Origin&, const Origin&) = default;
};

struct HttpRequestOut {
  Origin origin;
  std::string method;
  std::string target;  // origin-form
  Headers headers;     // without Host, Content-Length, Transfer-Encoding, Connection: the client writes those
  std::string body;
  // The peer recognises a repetition: allows one more attempt when a kept connection turns out to have been closed.
  bool idempotent = false;
};

struct HttpResponseIn {
  int status = 0;
  Headers headers;
  std::string body;
};

// How far a failed request came.
enum class NetPhase : std::uint8_t {
  kConnect,  // certainly not sent: no connection, no TLS, no room, no time left before the first byte
  kSend,     // some of it left
  kAnswer,   // all of it left; the effect is unknown
};

struct NetError {
  NetPhase phase = NetPhase::kConnect;
  const ErrorCode* code = nullptr;  // of net_codes.hpp, or of security/tls; never null
};
[[noreturn]] void throw_exception_from_error(const NetError& error, const boost::source_location& where);

using HttpOutcome = boost::system::result<HttpResponseIn, NetError>;

// A forward proxy: origins with TLS are reached through CONNECT, others by requests in absolute form.
struct ProxyOptions {
  std::string host;  // empty = none; as Origin::host
  std::uint16_t port = 0;
  std::string authorization;  // value of Proxy-Authorization; empty = not sent. Never sent to an origin with TLS.
};

struct ClientOptions {
  std::size_t max_connections = 16;         // per origin, 1–1024
  std::size_t max_waiting = 1024;           // requests per origin that wait for a connection; above: net.queue-full
  std::size_t max_origins = 64;             // above: net.too-many-origins
  std::int64_t connect_timeout_ms = 5'000;  // resolving, connecting and TLS together
  std::int64_t idle_timeout_ms = 15'000;    // of a kept connection; keep it below the peer's
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_headers_count = 100;
  std::size_t max_response_bytes = 4U << 20U;  // of a body
  ProxyOptions proxy = {};
  std::string tls_server_name = {};  // name in the peer's certificate; empty = the origin's host
  // Asked with the very address that is about to be connected to, whatever name led to it; empty = all are permitted.
  // When none may be used: net.address-forbidden, in phase kConnect. Called on the pool's threads; does not throw.
  std::function<bool(const std::string& address)> permits = {};
};

// Thread-safe. Each origin's connections live on one thread of the pool. Never to be stopped or destroyed on a thread
// of the pool.
class HttpClient {
 public:
  using Done = std::function<void(HttpOutcome)>;

  // `tls` nullptr: origins with TLS fail with net.request-invalid. Pool and factory outlive the client. Fails with
  // net.options. A proxy that does not let a connection through fails it with net.proxy-refused, one that wants other
  // credentials with net.proxy-authorization; both in phase kConnect.
  [[nodiscard]] static Result<std::unique_ptr<HttpClient>> create(ClientOptions options, IoPool& pool, TlsFactory* tls);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Returns at once. `done` is called exactly once: on a thread of the pool, or on the caller's before this returns
  // when the request cannot even wait. `timeout_ms` counts from now, waiting for a connection included; it is looked at
  // every 25 ms. `done` does not throw.
  void request(HttpRequestOut request, std::int64_t timeout_ms, Done done);
  // Fails everything that waits or is under way (net.client-stopped, with the phase it had reached), and returns when
  // every `done` was called. Later requests fail at once.
  void stop();

 private:
  struct Parts;
  explicit HttpClient(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongqu::net
