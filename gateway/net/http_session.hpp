#pragma once
// One connection of a server: reads requests, asks the handler, writes answers. Lives on one io thread.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/core/clock.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/stream.hpp"
#include "gateway/net/answer_slot.hpp"
#include "gateway/net/answer_writer.hpp"
#include "gateway/net/http_server.hpp"
#include "gateway/net/net_observer.hpp"
#include "gateway/net/request_head_check.hpp"

namespace tongqu::net {

// What is held of a body in pieces at once.
inline constexpr std::size_t kPieceBytes = 64 * 1024;

// What a session borrows from its server; all of it outlives the session.
struct SessionEnvironment {
  const ListenerOptions& options;
  HttpHandler& handler;
  const Clock& clock;
  NetObserver& observer;
  DateCache& dates;                           // of the session's thread
  std::atomic<std::size_t>& in_flight_bytes;  // bodies of all sessions of the listener
  IoExecutor executor;
};

class HttpSession {
 public:
  HttpSession(SessionEnvironment environment, std::unique_ptr<Stream> stream);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  // The whole life of the connection; returns when it is closed. Everything else is called on the same thread while
  // this is suspended.
  [[nodiscard]] Task<void> run();
  // Ends the current phase when its time is over.
  void check_deadline(std::chrono::steady_clock::time_point now);
  // No further request after the one that has begun; an idle connection closes.
  void stop_politely();
  // As stop_politely, but requests that have not fully arrived are cut.
  void stop_reading();
  // Closes the connection and leaves the handler's answer unanswered.
  void stop_hard();

 private:
  enum class Phase : std::uint8_t { kHandshake, kIdle, kHead, kBody, kAnswer, kWrite, kLinger };

  void enter(Phase phase, std::int64_t timeout_ms);
  void end_phase();
  [[nodiscard]] std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] Task<bool> fill();
  [[nodiscard]] Task<bool> serve_one();
  [[nodiscard]] Task<bool> wait_for_first_byte();
  [[nodiscard]] Task<bool> read_head();
  [[nodiscard]] Task<bool> read_body();
  [[nodiscard]] Task<bool> read_body_of_length();
  [[nodiscard]] Task<bool> read_body_in_chunks();
  [[nodiscard]] Task<bool> answer();
  [[nodiscard]] Task<bool> answer_with(HttpResponse response);
  [[nodiscard]] Task<bool> send(const HttpResponse& response, AnswerForm form);
  [[nodiscard]] Task<bool> write_answer(const HttpResponse& response, AnswerForm form);
  // Bodies in pieces (http_session_stream.cpp).
  struct BodyPieces;
  [[nodiscard]] Task<bool> receive(std::unique_ptr<BodySink> sink);
  [[nodiscard]] Task<bool> receive_pieces(BodySink& sink);
  [[nodiscard]] Task<bool> read_piece(BodyPieces& pieces, std::string& piece);
  [[nodiscard]] Task<bool> send_stream(BodySource& source);
  [[nodiscard]] Task<std::optional<HttpResponse>> ask(const std::function<void(BodySink::Done)>& start);
  [[nodiscard]] Task<bool> answered_early(std::optional<HttpResponse> answer);
  [[nodiscard]] Task<bool> refuse(const ErrorCode& code, std::string param = {});
  [[nodiscard]] Task<bool> refuse_late(const ErrorCode& code, std::int64_t timeout_ms);
  [[nodiscard]] Task<void> linger();
  [[nodiscard]] bool reserve(std::size_t body_bytes);
  void release();
  void take_request();
  [[nodiscard]] AnswerForm form_of(const HttpResponse& response) const;
  [[nodiscard]] std::string limit_of(const ErrorCode& code) const;

  SessionEnvironment environment_;
  std::unique_ptr<Stream> stream_;
  HeadLimits limits_;
  HeadScanner scanner_;
  RequestHead head_;
  HttpRequest request_;
  std::string head_out_;              // reused by every answer
  std::shared_ptr<AnswerSlot> slot_;  // shared with the handler's `done`
  std::string buffer_;                // bytes [begin_, end_) were read and not used
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t reserved_bytes_ = 0;  // of in_flight_bytes
  std::size_t served_ = 0;          // requests so far
  std::size_t served_without_read_ = 0;
  Phase phase_ = Phase::kHandshake;
  std::chrono::steady_clock::time_point deadline_;
  bool expired_ = false;  // the phase was ended by its deadline
  bool stopping_ = false;
  bool no_reading_ = false;  // what has not arrived will not be waited for
  bool cut_ = false;         // the server ended the connection
  bool wants_linger_ = false;
  bool refused_ = false;  // a refusal was answered; nothing follows
  bool is_head_ = false;  // the request's method is HEAD
};

}  // namespace tongqu::net
