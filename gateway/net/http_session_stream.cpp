// Bodies in pieces: what a session holds of them is one piece, whatever their size.
#include <algorithm>

#include "gateway/net/chunk_decoder.hpp"
#include "gateway/net/http_session.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr int kGoOn = 100;  // in the slot: no answer, the next piece may come

}  // namespace

// How far one body was read.
struct HttpSession::BodyPieces {
  explicit BodyPieces(std::uint64_t max_bytes) : decoder(ChunkLimits{.max_body_bytes = max_bytes}) {}
  ChunkDecoder decoder;
  std::uint64_t left_bytes = 0;  // of a body whose length is known
  bool chunked = false;
  bool whole = false;
  const ErrorCode* refusal = nullptr;
};

// Waits for what another thread says. Nothing: the session was ended, or the time of an answer was over.
Task<std::optional<HttpResponse>> HttpSession::ask(const std::function<void(BodySink::Done)>& start) {
  enter(Phase::kAnswer, environment_.options.answer_timeout_ms);
  slot_ = std::make_shared<AnswerSlot>(environment_.executor);
  start([slot = slot_](std::optional<HttpResponse> answer) {
    HttpResponse go_on;
    go_on.status = kGoOn;
    slot->put(answer ? std::move(*answer) : std::move(go_on));
  });
  auto answer = co_await slot_->wait();
  slot_.reset();
  co_return answer;
}

// The rest of the body stays unread, so the connection ends with the answer.
Task<bool> HttpSession::answered_early(std::optional<HttpResponse> answer) {
  if (cut_) co_return false;
  if (!answer) co_return co_await refuse_late(codes::kNetAnswerTimeout, environment_.options.answer_timeout_ms);
  answer->close = true;
  co_return co_await answer_with(std::move(*answer));
}

Task<bool> HttpSession::receive(std::unique_ptr<BodySink> sink) {
  served_without_read_ = 1;
  // The piece that is read, and the one that is being written.
  if (!reserve(2 * kPieceBytes)) co_return co_await refuse(codes::kNetBusy);
  const auto began = std::chrono::steady_clock::now();
  auto begun = co_await ask([&sink](BodySink::Done done) { sink->begin(std::move(done)); });
  if (!begun || begun->status != kGoOn) co_return co_await answered_early(std::move(begun));
  if (head_.framing == Framing::kLength && head_.content_length > sink->max_body_bytes())
    co_return co_await refuse(codes::kNetBodyTooLarge, std::to_string(sink->max_body_bytes()));
  if (head_.expect_continue && begin_ == end_) {
    enter(Phase::kWrite, environment_.options.write_timeout_ms);
    const auto [failure, bytes] = co_await stream_->write(kContinue, {});
    if (failure || cut_ || expired_) co_return false;
  }
  if (!co_await receive_pieces(*sink)) co_return false;
  auto answer = co_await ask([&sink](BodySink::Done done) { sink->end(std::move(done)); });
  if (cut_ || !answer || answer->status == kGoOn) co_return co_await answered_early(std::nullopt);
  const auto took = std::chrono::steady_clock::now() - began;
  environment_.observer.request_answered(environment_.options.name, answer->status,
                                         std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  co_return co_await answer_with(std::move(*answer));
}

// True when all pieces were taken.
Task<bool> HttpSession::receive_pieces(BodySink& sink) {
  BodyPieces pieces(sink.max_body_bytes());
  pieces.chunked = head_.framing == Framing::kChunked;
  pieces.left_bytes = head_.content_length;
  while (!pieces.whole) {
    if (no_reading_ || cut_) co_return false;
    // Each piece has the time of a body: a peer that drips gains one piece's worth of memory, and keeps what it has
    // sent.
    enter(Phase::kBody, environment_.options.body_timeout_ms);
    std::string piece;
    if (!co_await read_piece(pieces, piece)) {
      if (pieces.refusal != nullptr) co_return co_await refuse(*pieces.refusal, std::to_string(sink.max_body_bytes()));
      if (expired_) co_return co_await refuse_late(codes::kNetBodyTimeout, environment_.options.body_timeout_ms);
      co_return false;
    }
    if (piece.empty()) continue;
    auto taken = co_await ask([&sink, &piece](BodySink::Done done) { sink.take(std::move(piece), std::move(done)); });
    if (!taken || taken->status != kGoOn) co_return co_await answered_early(std::move(taken));
  }
  co_return true;
}

// One piece, or the end of the body. False: the connection, the phase or the body's form is over.
Task<bool> HttpSession::read_piece(BodyPieces& pieces, std::string& piece) {
  if (pieces.chunked) {
    while (piece.size() < kPieceBytes) {
      const auto step = pieces.decoder.feed(unread(), piece);
      begin_ += step.consumed;
      pieces.refusal = step.refusal;
      if (step.refusal != nullptr) co_return false;
      pieces.whole = step.done;
      if (step.done || piece.size() >= kPieceBytes) break;
      if (!co_await fill()) co_return false;
    }
    co_return true;
  }
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, pieces.left_bytes));
  const std::size_t buffered = std::min(wanted, end_ - begin_);
  piece.assign(buffer_.data() + begin_, buffered);
  begin_ += buffered;
  piece.resize(wanted);
  for (std::size_t have = buffered; have < wanted;) {
    if (cut_ || expired_) co_return false;
    const auto [failure, bytes] = co_await stream_->read_some(asio::buffer(piece.data() + have, wanted - have));
    if (failure || cut_ || expired_) co_return false;
    have += bytes;
  }
  pieces.left_bytes -= wanted;
  pieces.whole = pieces.left_bytes == 0;
  co_return true;
}

// After the head nothing can be said any more: what goes wrong shows as a body that is too short.
Task<bool> HttpSession::send_stream(BodySource& source) {
  std::uint64_t left_bytes = source.size_bytes();
  while (left_bytes > 0) {
    enter(Phase::kAnswer, environment_.options.answer_timeout_ms);
    slot_ = std::make_shared<AnswerSlot>(environment_.executor);
    source.next([slot = slot_](std::optional<std::string> piece) {
      HttpResponse carrier;
      if (piece) carrier.body = std::move(*piece);
      slot->put(std::move(carrier));
    });
    const auto piece = co_await slot_->wait();
    slot_.reset();
    if (cut_ || !piece || piece->body.empty() || piece->body.size() > left_bytes) co_return false;
    enter(Phase::kWrite, environment_.options.write_timeout_ms);
    const auto [failure, bytes] = co_await stream_->write(piece->body, {});
    if (failure || cut_ || expired_) co_return false;
    left_bytes -= piece->body.size();
  }
  co_return true;
}

}  // namespace tongqu::net
