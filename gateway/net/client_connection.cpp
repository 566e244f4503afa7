#include "gateway/net/client_connection.hpp"

#include <algorithm>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <limits>

#include "gateway/net/chunk_decoder.hpp"
#include "gateway/net/net_codes.hpp"
#include "gateway/net/plain_stream.hpp"

namespace tongqu::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::size_t kMaxEndpoints = 8;
constexpr int kMaxInterimAnswers = 8;

bool is_clients_own(std::string_view name) {
  return equal_ignoring_case(name, "host") || equal_ignoring_case(name, "content-length") ||
         equal_ignoring_case(name, "transfer-encoding") || equal_ignoring_case(name, "connection");
}

}  // namespace

const ErrorCode* check_request(const HttpRequestOut& request, const TlsFactory* tls) {
  const bool target_fine = request.target.starts_with('/') &&
                           std::ranges::all_of(request.target, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
  const bool headers_fine =
      std::ranges::all_of(request.headers, [](const auto& h) { return is_token(h.first) && is_field_value(h.second); });
  const bool host_fine = !request.origin.host.empty() && is_field_value(request.origin.host) &&
                         request.origin.host.find_first_of(" \t/@[]") == std::string::npos;
  const bool fine =
      is_token(request.method) && target_fine && headers_fine && host_fine && (!request.origin.tls || tls != nullptr);
  return fine ? nullptr : &codes::kNetRequestInvalid;
}

// One name being looked up. The system's resolver cannot be interrupted, so the waiting coroutine sleeps on a timer
// that either the result or the deadline wakes; a result that comes later finds nobody.
struct ClientConnection::Lookup {
  explicit Lookup(const IoExecutor& executor) : resolver(executor), wake(executor) {
    wake.expires_at(TimePoint::max());
  }
  asio::ip::basic_resolver<tcp, IoExecutor> resolver;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, IoExecutor> wake;
  bool ended = false;
  std::vector<tcp::endpoint> endpoints;
};

ClientConnection::ClientConnection(const ClientOptions& options, const Origin& origin, TlsFactory* tls,
                                   IoExecutor executor)
    : options_(options),
      origin_(origin),
      tls_(tls),
      executor_(executor),
      limits_{options.max_header_bytes, options.max_headers_count} {
  buffer_.resize(options.max_header_bytes);
}

void ClientConnection::check_deadline(TimePoint now) {
  if (!busy_ || expired_ || now < deadline_) return;
  expired_ = true;
  close();
}

void ClientConnection::stop() {
  stopped_ = true;
  close();
}

// While an exchange runs its coroutine still uses the stream: only the socket is closed then.
void ClientConnection::close() {
  if (lookup_) lookup_->wake.cancel();
  if (connecting_) {
    error_code ignored;
    connecting_->close(ignored);
  }
  if (stream_) stream_->close();
  if (!busy_) stream_.reset();
}

NetError ClientConnection::failed(NetPhase phase, const ErrorCode& otherwise) const {
  if (stopped_) return {phase, &codes::kNetClientStopped};
  if (expired_) return {phase, phase == NetPhase::kConnect ? &codes::kNetConnectTimeout : &codes::kNetRequestTimeout};
  return {phase, &otherwise};
}

Task<HttpOutcome> ClientConnection::exchange(const HttpRequestOut& request, TimePoint deadline) {
  busy_ = true;
  expired_ = false;
  bool reused = stream_ != nullptr;
  if (reused && !stream_->looks_idle()) {
    stream_.reset();
    reused = false;
  }
  HttpOutcome outcome = NetError{NetPhase::kConnect, &codes::kNetConnect};
  while (true) {
    if (!stream_) {
      if (const ErrorCode* failure = co_await open(deadline)) {
        stream_.reset();
        outcome = failed(NetPhase::kConnect, *failure);
        break;
      }
    }
    deadline_ = deadline;
    outcome = co_await attempt(request);
    if (outcome.has_value()) break;
    stream_.reset();
    // Closing a kept connection while a request is on its way is no answer, and everyday life of HTTP: one fresh try.
    const bool once_more = reused && request.idempotent && !any_byte_ && !expired_ && !stopped_ &&
                           outcome.error().code == &codes::kNetConnectionCut;
    if (!once_more) break;
    reused = false;
  }
  busy_ = false;
  co_return outcome;
}

Task<HttpOutcome> ClientConnection::download(const HttpRequestOut& request, std::int64_t step_ms, AnswerTaker& taker) {
  taker_ = &taker;
  step_ = std::chrono::milliseconds(step_ms);
  auto outcome = co_await exchange(request, std::chrono::steady_clock::now() + step_);
  taker_ = nullptr;
  close();  // an answer that was declined may still be arriving
  co_return outcome;
}

Task<const ErrorCode*> ClientConnection::open(TimePoint deadline) {
  const auto now = std::chrono::steady_clock::now();
  deadline_ = std::min(deadline, now + std::chrono::milliseconds(options_.connect_timeout_ms));
  std::vector<tcp::endpoint> endpoints;
  if (const ErrorCode* failure = co_await find_endpoints(endpoints)) co_return failure;
  if (const ErrorCode* failure = co_await connect_any(endpoints)) co_return failure;
  error_code ignored;
  connecting_->set_option(tcp::no_delay(true), ignored);
  if (is_proxied() && origin_.tls) {
    if (const ErrorCode* refusal = co_await open_tunnel()) {
      connecting_.reset();
      co_return refusal;
    }
  }
  const std::string& name = options_.tls_server_name.empty() ? origin_.host : options_.tls_server_name;
  stream_ = origin_.tls ? tls_->client(std::move(*connecting_), name) : make_plain_stream(std::move(*connecting_));
  connecting_.reset();
  begin_ = end_ = 0;
  fresh_ = true;
  const ErrorCode* refusal = co_await stream_->handshake();
  if (refusal == nullptr && (expired_ || stopped_)) co_return &codes::kNetConnectTimeout;
  co_return refusal;
}

Task<const ErrorCode*> ClientConnection::find_endpoints(std::vector<tcp::endpoint>& endpoints) {
  const std::string& host = is_proxied() ? options_.proxy.host : origin_.host;
  const std::uint16_t port = is_proxied() ? options_.proxy.port : origin_.port;
  error_code not_numeric;
  const auto address = asio::ip::make_address(host, not_numeric);
  if (!not_numeric) {
    endpoints.emplace_back(address, port);
    co_return nullptr;
  }
  lookup_ = std::make_shared<Lookup>(executor_);
  lookup_->resolver.async_resolve(
      host, std::to_string(port), tcp::resolver::numeric_service,
      [lookup = lookup_](const error_code& failure, const tcp::resolver::results_type& results) {
        lookup->ended = true;
        for (auto at = results.begin(); !failure && at != results.end(); ++at) {
          if (lookup->endpoints.size() < kMaxEndpoints) lookup->endpoints.push_back(at->endpoint());
        }
        lookup->wake.cancel();
      });
  (void)co_await lookup_->wake.async_wait(kAsTuple);
  const auto lookup = std::move(lookup_);
  if (!lookup->ended || lookup->endpoints.empty() || expired_ || stopped_) co_return &codes::kNetResolve;
  endpoints = std::move(lookup->endpoints);
  co_return nullptr;
}

Task<const ErrorCode*> ClientConnection::connect_any(const std::vector<tcp::endpoint>& endpoints) {
  bool any_permitted = false;
  for (const tcp::endpoint& endpoint : endpoints) {
    if (expired_ || stopped_) break;
    if (options_.permits && !options_.permits(endpoint.address().to_string())) continue;
    any_permitted = true;
    connecting_ = std::make_unique<Socket>(executor_);
    const auto [failure] = co_await connecting_->async_connect(endpoint, kAsTuple);
    if (!failure && !expired_ && !stopped_) co_return nullptr;
  }
  connecting_.reset();
  co_return any_permitted || expired_ || stopped_ ? &codes::kNetConnect : &codes::kNetAddressForbidden;
}

std::string ClientConnection::authority(bool always_port) const {
  const bool numeric_v6 = origin_.host.find(':') != std::string::npos;
  const std::uint16_t usual_port = origin_.tls ? 443 : 80;
  std::string text = numeric_v6 ? "[" + origin_.host + "]" : origin_.host;
  if (always_port || origin_.port != usual_port) text += ":" + std::to_string(origin_.port);
  return text;
}

// Nothing of the origin may come before our handshake: bytes behind the proxy's head would be its own.
Task<const ErrorCode*> ClientConnection::open_tunnel() {
  const std::string to = authority(true);
  std::string ask = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n";
  if (!options_.proxy.authorization.empty()) ask += "Proxy-Authorization: " + options_.proxy.authorization + "\r\n";
  ask += "\r\n";
  const auto [failure, sent] = co_await asio::async_write(*connecting_, asio::buffer(ask), kAsTuple);
  if (failure) co_return &codes::kNetConnect;
  HeadScanner scanner(limits_);
  begin_ = end_ = 0;
  while (true) {
    const auto found = scanner.scan(unread());
    if (found.refusal != nullptr) co_return &codes::kNetProxyRefused;
    if (found.end > 0) {
      // An answer to CONNECT has no body, whatever its head says (RFC 9112 section 6.3); as one to HEAD.
      ResponseHead head;
      if (check_response_head(unread().substr(0, found.end), "HEAD", limits_, head) != nullptr)
        co_return &codes::kNetProxyRefused;
      if (head.status == 407) co_return &codes::kNetProxyAuthorization;
      co_return head.status / 100 == 2 && found.end == end_ ? nullptr : &codes::kNetProxyRefused;
    }
    const auto [cut, bytes] =
        co_await connecting_->async_read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_), kAsTuple);
    if (cut) co_return &codes::kNetProxyRefused;
    end_ += bytes;
  }
}

void ClientConnection::write_head(const HttpRequestOut& request) {
  const bool absolute = is_proxied() && !origin_.tls;
  head_out_.assign(request.method).append(" ").append(absolute ? "http://" + authority(false) : "");
  head_out_.append(request.target).append(" HTTP/1.1\r\nHost: ").append(authority(false)).append("\r\n");
  if (absolute && !options_.proxy.authorization.empty())
    head_out_.append("Proxy-Authorization: ").append(options_.proxy.authorization).append("\r\n");
  for (const auto& [name, value] : request.headers) {
    if (!is_clients_own(name)) head_out_.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
    head_out_.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  head_out_.append("\r\n");
}

Task<HttpOutcome> ClientConnection::attempt(const HttpRequestOut& request) {
  any_byte_ = false;
  refused_us_ = false;
  write_head(request);
  const auto [failure, bytes] = co_await stream_->write(head_out_, request.body);
  const bool interrupted = expired_ || stopped_;
  if (failure && interrupted) co_return failed(NetPhase::kSend, codes::kNetConnectionCut);
  HttpResponseIn answer;
  // A server may answer and close before it has read everything: its answer counts even if our sending failed.
  const ErrorCode* refusal = co_await read_answer(request.method, answer);
  if (refusal != nullptr) {
    // A peer that refuses our certificate (TLS 1.3 does so after the handshake) never saw a request.
    if (refused_us_ && fresh_) co_return NetError{NetPhase::kConnect, &codes::kNetTlsRefused};
    co_return failed(failure ? NetPhase::kSend : NetPhase::kAnswer, *refusal);
  }
  fresh_ = false;
  if (failure || !head_.keep_alive || begin_ != end_) {
    stream_->close();
    stream_.reset();
  }
  co_return answer;
}

Task<error_code> ClientConnection::fill() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == buffer_.size() && begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto [failure, bytes] = co_await stream_->read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_));
  if (failure == asio::error::access_denied) refused_us_ = true;
  end_ += bytes;
  any_byte_ = any_byte_ || bytes > 0;
  co_return failure;
}

Task<const ErrorCode*> ClientConnection::read_answer(std::string_view method, HttpResponseIn& answer) {
  for (int interim = 0; interim <= kMaxInterimAnswers; ++interim) {
    if (const ErrorCode* refusal = co_await read_head(method, answer)) co_return refusal;
    if (head_.status == 101) co_return &codes::kNetStatusLine;  // nobody asked for another protocol
    if (head_.status >= 200) co_return co_await read_body(answer);
  }
  co_return &codes::kNetStatusLine;
}

Task<const ErrorCode*> ClientConnection::read_head(std::string_view method, HttpResponseIn& answer) {
  HeadScanner scanner(limits_);
  while (true) {
    const auto found = scanner.scan(unread());
    if (found.refusal != nullptr) co_return found.refusal;
    if (found.end > 0) {
      const auto* refusal = check_response_head(unread().substr(0, found.end), method, limits_, head_);
      if (refusal != nullptr) co_return refusal;
      answer.status = head_.status;
      answer.headers.clear();
      for (const Field& field : head_.fields) answer.headers.emplace_back(field.name, field.value);
      begin_ += found.end;
      co_return nullptr;
    }
    if (co_await fill()) co_return &codes::kNetConnectionCut;
  }
}

Task<const ErrorCode*> ClientConnection::read_body(HttpResponseIn& answer) {
  constexpr std::size_t kStepBytes = 64 * 1024;
  if (taker_ != nullptr) co_return co_await read_pieces(answer);
  if (head_.framing == Framing::kNone) co_return nullptr;
  if (head_.framing == Framing::kChunked) co_return co_await read_chunks(answer);
  if (head_.framing == Framing::kUntilClose) co_return co_await read_until_close(answer);
  if (head_.content_length > options_.max_response_bytes) co_return &codes::kNetAnswerTooLarge;
  const auto total = static_cast<std::size_t>(head_.content_length);
  std::size_t have = std::min(total, end_ - begin_);
  answer.body.assign(buffer_.data() + begin_, have);
  begin_ += have;
  while (have < total) {
    if (answer.body.size() == have) answer.body.resize(std::min(total, have + std::max(kStepBytes, have)));
    const auto [failure, bytes] =
        co_await stream_->read_some(asio::buffer(answer.body.data() + have, answer.body.size() - have));
    if (failure) co_return &codes::kNetConnectionCut;
    have += bytes;
  }
  co_return nullptr;
}

Task<const ErrorCode*> ClientConnection::read_chunks(HttpResponseIn& answer) {
  ChunkDecoder decoder(ChunkLimits{.max_body_bytes = options_.max_response_bytes});
  while (true) {
    const auto step = decoder.feed(unread(), answer.body);
    begin_ += step.consumed;
    if (step.refusal == &codes::kNetBodyTooLarge) co_return &codes::kNetAnswerTooLarge;
    if (step.refusal != nullptr) co_return step.refusal;
    if (step.done) co_return nullptr;
    if (co_await fill()) co_return &codes::kNetConnectionCut;
  }
}

// The taker may block this thread: the peer waits for as long, and its time does not run.
Task<const ErrorCode*> ClientConnection::read_pieces(const HttpResponseIn& answer) {
  const bool counted = head_.framing == Framing::kLength;
  std::uint64_t left = counted ? head_.content_length : 0;
  if (!taker_->begin(answer, counted || head_.framing == Framing::kNone ? std::optional(left) : std::nullopt))
    co_return nullptr;
  ChunkDecoder decoder(ChunkLimits{.max_body_bytes = std::numeric_limits<std::size_t>::max()});
  std::string piece;
  bool done = head_.framing == Framing::kNone;
  deadline_ = std::chrono::steady_clock::now() + step_;
  while (!done) {
    std::size_t used = unread().size();
    if (head_.framing == Framing::kChunked) {
      const auto step = decoder.feed(unread(), piece);
      if (step.refusal != nullptr) co_return step.refusal;
      used = step.consumed;
      done = step.done;
    } else {
      if (counted) used = static_cast<std::size_t>(std::min<std::uint64_t>(left, used));
      piece.append(unread().substr(0, used));
      left -= counted ? used : 0;
      done = counted && left == 0;
    }
    begin_ += used;
    const auto failure = done ? error_code() : co_await fill();
    done = done || (failure == asio::error::eof && head_.framing == Framing::kUntilClose);
    // What came before a cut is handed over, too: whoever takes it can go on behind it.
    if (piece.size() >= AnswerTaker::kPieceBytes || done || failure) {
      if (!piece.empty() && !taker_->take(piece)) co_return nullptr;
      piece.clear();
      deadline_ = std::chrono::steady_clock::now() + step_;
    }
    if (failure && !done) co_return &codes::kNetConnectionCut;
  }
  co_return nullptr;
}

Task<const ErrorCode*> ClientConnection::read_until_close(HttpResponseIn& answer) {
  while (true) {
    if (unread().size() > options_.max_response_bytes - answer.body.size()) co_return &codes::kNetAnswerTooLarge;
    answer.body.append(unread());
    begin_ = end_;
    const auto failure = co_await fill();
    if (failure == asio::error::eof) co_return nullptr;
    if (failure) co_return &codes::kNetConnectionCut;
  }
}

}  // namespace tongqu::net
