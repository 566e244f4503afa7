#pragma once
// One request whose answer is taken in pieces, on the thread that calls: for contents of any size, fetched by threads
// of their own. As strict as HttpClient; redirects are not followed, no connection is kept.
#include <memory>
#include <optional>

#include "gateway/net/answer_taker.hpp"
#include "gateway/net/http_client.hpp"

namespace tongqu::net {

// One thread at a time, but for stop().
class HttpDownload {
 public:
  // Of `options`: connect_timeout_ms, max_header_bytes, max_headers_count, proxy, tls_server_name, permits. `tls`
  // outlives the object; nullptr: origins with TLS fail with net.request-invalid.
  HttpDownload(ClientOptions options, TlsFactory* tls);
  ~HttpDownload();
  HttpDownload(const HttpDownload&) = delete;
  HttpDownload& operator=(const HttpDownload&) = delete;

  // Blocks until the whole body was taken, or the taker declined (both: nothing), or it failed. `step_ms` is the time
  // for connecting and the head together, and again for each piece of AnswerTaker::kPieceBytes: a peer that drips is
  // late. It is looked at every 25 ms. A name is looked up by the system, which may take longer and is waited for.
  [[nodiscard]] std::optional<NetError> get(const HttpRequestOut& request, std::int64_t step_ms, AnswerTaker& taker);
  // From any thread: ends what runs, and every later call, with net.client-stopped.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongqu::net
