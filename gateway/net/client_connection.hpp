#pragma once
// One connection of a client: opens, sends one request at a time, reads the answer. Lives on one io thread.
#include <chrono>
#include <memory>
#include <string>

#include "gateway/core/stream.hpp"
#include "gateway/net/answer_taker.hpp"
#include "gateway/net/http_client.hpp"
#include "gateway/net/response_head_check.hpp"

namespace tongqu::net {

// Why a request cannot be sent as it is; nullptr = it can.
[[nodiscard]] const ErrorCode* check_request(const HttpRequestOut& request, const TlsFactory* tls);

class ClientConnection {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `options`, `origin` and `tls` (nullptr: plain only) outlive the connection.
  ClientConnection(const ClientOptions& options, const Origin& origin, TlsFactory* tls, IoExecutor executor);

  // Sends the request, over the open connection if it still looks good, else over a fresh one.
  [[nodiscard]] Task<HttpOutcome> exchange(const HttpRequestOut& request, TimePoint deadline);
  // The same with a body that `taker` takes piece by piece: the outcome's body is empty. `step_ms` holds for opening,
  // for the head, and again for each piece. What a taker declines is no error; the connection is then closed.
  [[nodiscard]] Task<HttpOutcome> download(const HttpRequestOut& request, std::int64_t step_ms, AnswerTaker& taker);
  // Between exchanges: the connection can carry another request.
  [[nodiscard]] bool is_open() const { return stream_ != nullptr; }
  // The rest may be called while an exchange is suspended. Ends it when its time is over.
  void check_deadline(TimePoint now);
  // Ends it with net.client-stopped.
  void stop();
  void close();

 private:
  struct Lookup;

  [[nodiscard]] Task<const ErrorCode*> open(TimePoint deadline);
  [[nodiscard]] Task<const ErrorCode*> connect_any(const std::vector<boost::asio::ip::tcp::endpoint>& endpoints);
  [[nodiscard]] Task<const ErrorCode*> find_endpoints(std::vector<boost::asio::ip::tcp::endpoint>& endpoints);
  [[nodiscard]] Task<const ErrorCode*> open_tunnel();
  [[nodiscard]] bool is_proxied() const { return !options_.proxy.host.empty(); }
  [[nodiscard]] std::string authority(bool always_port) const;
  [[nodiscard]] Task<HttpOutcome> attempt(const HttpRequestOut& request);
  [[nodiscard]] Task<const ErrorCode*> read_answer(std::string_view method, HttpResponseIn& answer);
  [[nodiscard]] Task<const ErrorCode*> read_head(std::string_view method, HttpResponseIn& answer);
  [[nodiscard]] Task<const ErrorCode*> read_body(HttpResponseIn& answer);
  [[nodiscard]] Task<const ErrorCode*> read_chunks(HttpResponseIn& answer);
  [[nodiscard]] Task<const ErrorCode*> read_until_close(HttpResponseIn& answer);
  [[nodiscard]] Task<const ErrorCode*> read_pieces(const HttpResponseIn& answer);
  [[nodiscard]] Task<boost::system::error_code> fill();
  [[nodiscard]] std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void write_head(const HttpRequestOut& request);
  [[nodiscard]] NetError failed(NetPhase phase, const ErrorCode& otherwise) const;

  const ClientOptions& options_;
  const Origin& origin_;
  TlsFactory* tls_;
  IoExecutor executor_;
  std::shared_ptr<Lookup> lookup_;      // shared with the resolver's callback, which may come late
  std::unique_ptr<Socket> connecting_;  // until the stream takes it over
  std::unique_ptr<Stream> stream_;
  HeadLimits limits_;
  ResponseHead head_;
  std::string head_out_;
  std::string buffer_;  // bytes [begin_, end_) were read and not used
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  TimePoint deadline_;
  AnswerTaker* taker_ = nullptr;  // of a download
  std::chrono::milliseconds step_{0};
  bool busy_ = false;
  bool expired_ = false;
  bool stopped_ = false;
  bool fresh_ = true;        // no answer came over this connection yet
  bool any_byte_ = false;    // of the current answer
  bool refused_us_ = false;  // the peer's TLS did not take our certificate
};

}  // namespace tongqu::net
