#include "gateway/net/http_session.hpp"

#include <algorithm>
#include <cstring>

#include "gateway/net/chunk_decoder.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t kLingerTimeoutMs = 1000;
constexpr std::size_t kMaxLingerBytes = 256 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

HttpSession::HttpSession(SessionEnvironment environment, std::unique_ptr<Stream> stream)
    : environment_(environment),
      stream_(std::move(stream)),
      limits_{environment.options.max_header_bytes, environment.options.max_headers_count},
      scanner_(limits_) {
  buffer_.resize(environment.options.max_header_bytes);
  enter(Phase::kHandshake, environment.options.handshake_timeout_ms);
}

HttpSession::~HttpSession() { release(); }

// Counts the memory of this request's body as it grows. False: all sessions together have too much already.
bool HttpSession::reserve(std::size_t body_bytes) {
  if (body_bytes <= reserved_bytes_) return true;
  const std::size_t more = body_bytes - reserved_bytes_;
  auto& total = environment_.in_flight_bytes;
  if (total.fetch_add(more, std::memory_order_relaxed) + more > environment_.options.max_in_flight_bytes) {
    total.fetch_sub(more, std::memory_order_relaxed);
    return false;
  }
  reserved_bytes_ = body_bytes;
  return true;
}

void HttpSession::release() {
  if (reserved_bytes_ == 0) return;
  environment_.in_flight_bytes.fetch_sub(reserved_bytes_, std::memory_order_relaxed);
  reserved_bytes_ = 0;
}

void HttpSession::enter(Phase phase, std::int64_t timeout_ms) {
  phase_ = phase;
  expired_ = false;
  deadline_ = SteadyClock::now() + std::chrono::milliseconds(timeout_ms);
}

void HttpSession::check_deadline(SteadyClock::time_point now) {
  if (expired_ || now < deadline_) return;
  expired_ = true;
  end_phase();
}

void HttpSession::end_phase() {
  switch (phase_) {
    case Phase::kHandshake:
    case Phase::kIdle:
    case Phase::kHead:
    case Phase::kBody: stream_->cancel(); break;
    case Phase::kAnswer:
      if (slot_) slot_->abandon();
      break;
    // A peer that does not take our bytes gets no more of them.
    case Phase::kWrite:
    case Phase::kLinger: stream_->close(); break;
  }
}

void HttpSession::stop_politely() {
  stopping_ = true;
  if (phase_ == Phase::kIdle || phase_ == Phase::kHandshake) {
    cut_ = true;
    stream_->cancel();
  }
}

void HttpSession::stop_reading() {
  stop_politely();
  no_reading_ = true;
  if (phase_ != Phase::kHead && phase_ != Phase::kBody) return;
  cut_ = true;
  stream_->cancel();
}

void HttpSession::stop_hard() {
  stopping_ = true;
  cut_ = true;
  if (slot_) slot_->abandon();
  stream_->close();
}

Task<void> HttpSession::run() {
  const ErrorCode* refusal = co_await stream_->handshake();
  if (refusal != nullptr) {
    if (!cut_) environment_.observer.refused(environment_.options.name, *refusal);
  } else if (!cut_ && !expired_) {
    request_.peer = stream_->peer();
    request_.peer.listener = environment_.options.name;
    request_.peer.only_partner = environment_.options.only_partner;
    // The first request has no idle time before it: connecting announces it.
    enter(Phase::kHead, environment_.options.header_timeout_ms);
    while (co_await serve_one()) continue;
    if (!cut_) co_await linger();
  }
  stream_->close();
}

// Reads once into the buffer. False: the connection is over, or the phase is.
Task<bool> HttpSession::fill() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == buffer_.size() && begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size() || cut_ || expired_) co_return false;
  served_without_read_ = 0;
  const auto [failure, bytes] = co_await stream_->read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_));
  if (failure || cut_ || expired_) co_return false;
  end_ += bytes;
  co_return true;
}

// One request and its answer. False: no further request on this connection.
Task<bool> HttpSession::serve_one() {
  if (served_ > 0 && !co_await wait_for_first_byte()) co_return false;
  if (!co_await read_head()) co_return false;
  if (head_.framing != Framing::kNone) {
    request_.body_follows = true;
    auto sink = environment_.handler.stream_body(request_);
    request_.body_follows = false;
    if (sink) {
      ++served_;
      const bool stays = co_await receive(std::move(sink));
      release();
      co_return stays;
    }
  }
  if (!co_await read_body()) co_return false;
  ++served_;
  ++served_without_read_;
  const bool stays = co_await answer();
  release();
  co_return stays;
}

Task<bool> HttpSession::wait_for_first_byte() {
  if (begin_ == end_) {
    if (stopping_) co_return false;
    enter(Phase::kIdle, environment_.options.idle_timeout_ms);
    if (!co_await fill()) {
      wants_linger_ = false;
      co_return false;
    }
  }
  enter(Phase::kHead, environment_.options.header_timeout_ms);
  co_return true;
}

// Leaves `head_` pointing into the buffer, and the body's bytes unread behind it.
Task<bool> HttpSession::read_head() {
  scanner_.reset();
  is_head_ = false;
  std::size_t skipped = 0;
  while (true) {
    if (scanner_.untouched() && skipped < kMaxLeadingLines * 2) {
      const auto empty = std::min(leading_empty_bytes(unread()), kMaxLeadingLines * 2 - skipped);
      skipped += empty;
      begin_ += empty;
    }
    const bool only_half_a_line = unread() == "\r" && skipped < kMaxLeadingLines * 2;
    const auto found = only_half_a_line ? HeadScanner::Outcome{} : scanner_.scan(unread());
    if (found.refusal != nullptr) co_return co_await refuse(*found.refusal, limit_of(*found.refusal));
    if (found.end > 0) {
      const auto* refusal = check_request_head(unread().substr(0, found.end), limits_, head_);
      if (refusal != nullptr) co_return co_await refuse(*refusal, limit_of(*refusal));
      take_request();
      begin_ += found.end;
      co_return true;
    }
    const bool begun = begin_ != end_;
    if (!co_await fill()) {
      // Silence is closed silently; half a request is told why.
      if (!expired_ || !begun) co_return false;
      co_return co_await refuse_late(codes::kNetHeadTimeout, environment_.options.header_timeout_ms);
    }
  }
}

// Copies what the handler gets: the buffer is reused while the handler may still work.
void HttpSession::take_request() {
  request_.method.assign(head_.method);
  is_head_ = head_.method == "HEAD";
  request_.target.assign(head_.target);
  request_.headers.clear();
  request_.headers.reserve(head_.fields.size());
  for (const Field& field : head_.fields) request_.headers.emplace_back(field.name, field.value);
  request_.body.clear();
  request_.received_at = environment_.clock.now();
}

Task<bool> HttpSession::read_body() {
  if (head_.framing == Framing::kNone) co_return true;
  if (head_.framing == Framing::kLength && head_.content_length > environment_.options.max_body_bytes) {
    co_return co_await refuse(codes::kNetBodyTooLarge, limit_of(codes::kNetBodyTooLarge));
  }
  enter(Phase::kBody, environment_.options.body_timeout_ms);
  if (head_.expect_continue && begin_ == end_) {
    const auto [failure, bytes] = co_await stream_->write(kContinue, {});
    if (failure || cut_ || expired_) co_return false;
  }
  const bool complete =
      head_.framing == Framing::kLength ? co_await read_body_of_length() : co_await read_body_in_chunks();
  if (!complete && expired_ && !refused_)
    co_return co_await refuse_late(codes::kNetBodyTimeout, environment_.options.body_timeout_ms);
  co_return complete;
}

// Reads straight into the request's body. It grows with what has arrived, not with what was announced.
Task<bool> HttpSession::read_body_of_length() {
  constexpr std::size_t kStepBytes = 64 * 1024;
  std::string& body = request_.body;
  const auto total = static_cast<std::size_t>(head_.content_length);
  const auto buffered = std::min(total, end_ - begin_);
  if (!reserve(buffered)) co_return co_await refuse(codes::kNetBusy);
  body.assign(buffer_.data() + begin_, buffered);
  begin_ += buffered;
  std::size_t have = buffered;
  while (have < total) {
    if (body.size() == have) {
      const std::size_t room = std::min(total, have + std::max(kStepBytes, have));
      if (!reserve(room)) co_return co_await refuse(codes::kNetBusy);
      body.resize(room);
    }
    if (cut_ || expired_) co_return false;
    served_without_read_ = 0;
    const auto [failure, bytes] = co_await stream_->read_some(asio::buffer(body.data() + have, body.size() - have));
    if (failure || cut_ || expired_) co_return false;
    have += bytes;
  }
  co_return true;
}

Task<bool> HttpSession::read_body_in_chunks() {
  ChunkDecoder decoder(ChunkLimits{.max_body_bytes = environment_.options.max_body_bytes});
  while (true) {
    const auto step = decoder.feed(unread(), request_.body);
    begin_ += step.consumed;
    if (step.refusal != nullptr) co_return co_await refuse(*step.refusal, limit_of(*step.refusal));
    if (!reserve(request_.body.size())) co_return co_await refuse(codes::kNetBusy);
    if (step.done) co_return true;
    if (!co_await fill()) co_return false;
  }
}

Task<bool> HttpSession::answer() {
  enter(Phase::kAnswer, environment_.options.answer_timeout_ms);
  const auto began = deadline_ - std::chrono::milliseconds(environment_.options.answer_timeout_ms);
  slot_ = std::make_shared<AnswerSlot>(environment_.executor);
  Peer peer = request_.peer;  // kept for the next request
  environment_.handler.handle(std::move(request_),
                              [slot = slot_](HttpResponse response) { slot->put(std::move(response)); });
  request_ = HttpRequest{};
  request_.peer = std::move(peer);
  auto response = co_await slot_->wait();
  slot_.reset();
  if (cut_) co_return false;
  if (!response) co_return co_await refuse_late(codes::kNetAnswerTimeout, environment_.options.answer_timeout_ms);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began);
  environment_.observer.request_answered(environment_.options.name, response->status, took.count());
  co_return co_await answer_with(std::move(*response));
}

Task<bool> HttpSession::answer_with(HttpResponse response) {
  if (!is_writable(response)) co_return co_await refuse(codes::kNetAnswerInvalid);
  const AnswerForm form = form_of(response);
  if (!response.stream || !has_answer_body(response, form)) co_return co_await send(response, form);
  if (!reserve(kPieceBytes)) co_return co_await refuse(codes::kNetBusy);
  if (!co_await write_answer(response, form) || !co_await send_stream(*response.stream)) co_return false;
  wants_linger_ = !form.keep_alive;
  co_return form.keep_alive;
}

AnswerForm HttpSession::form_of(const HttpResponse& response) const {
  const bool stays = head_.keep_alive && !response.close && !stopping_ &&
                     served_ < environment_.options.max_requests_per_connection &&
                     served_without_read_ <= environment_.options.max_pipelined;
  return {.minor = head_.minor, .keep_alive = stays, .head_only = is_head_};
}

// False: the connection stays not, or is over.
Task<bool> HttpSession::send(const HttpResponse& response, AnswerForm form) {
  if (!co_await write_answer(response, form)) co_return false;
  wants_linger_ = !form.keep_alive;
  co_return form.keep_alive;
}

// Head, and the body unless it comes in pieces. False: the connection is over.
Task<bool> HttpSession::write_answer(const HttpResponse& response, AnswerForm form) {
  enter(Phase::kWrite, environment_.options.write_timeout_ms);
  write_answer_head(head_out_, response, form, environment_.dates.at(environment_.clock.now()));
  const std::string_view body =
      has_answer_body(response, form) && !response.stream ? std::string_view(response.body) : std::string_view();
  const auto [failure, bytes] = co_await stream_->write(head_out_, body);
  co_return !failure && !cut_ && !expired_;
}

Task<bool> HttpSession::refuse(const ErrorCode& code, std::string param) {
  refused_ = true;
  environment_.observer.refused(environment_.options.name, code);
  (void)co_await send(make_refusal(code, param), {.minor = 1, .keep_alive = false, .head_only = is_head_});
  co_return false;
}

Task<bool> HttpSession::refuse_late(const ErrorCode& code, std::int64_t timeout_ms) {
  return refuse(code, std::to_string(timeout_ms));
}

// Closing a socket with unread bytes resets the connection and may destroy the answer on its way: so our direction
// ends first, and what still comes is thrown away, for a short time.
Task<void> HttpSession::linger() {
  if (!wants_linger_) co_return;
  enter(Phase::kLinger, kLingerTimeoutMs);
  if (co_await stream_->shutdown()) co_return;
  std::size_t dropped = 0;
  while (dropped < kMaxLingerBytes && !cut_ && !expired_) {
    const auto [failure, bytes] = co_await stream_->read_some(asio::buffer(buffer_));
    if (failure) co_return;
    dropped += bytes;
  }
}

std::string HttpSession::limit_of(const ErrorCode& code) const {
  if (&code == &codes::kNetHeadTooLarge) return std::to_string(limits_.max_header_bytes);
  if (&code == &codes::kNetTooManyHeaders) return std::to_string(limits_.max_headers_count);
  if (&code == &codes::kNetBodyTooLarge) return std::to_string(environment_.options.max_body_bytes);
  return {};
}

}  // namespace tongqu::net
