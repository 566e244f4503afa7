// Bodies in pieces, both ways: what a session holds is one piece, and every way a body can go wrong ends the sink.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/net/http_session.hpp"
#include "gateway/net/net_codes.hpp"
#include "tests/component/net/raw_peer.hpp"
#include "tests/component/net/server_fixture.hpp"

namespace tongqu::test {
namespace {

using testing::HasSubstr;

// What a sink saw; shared with it, because it may end after the test's look.
struct Seen {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::size_t> pieces;
  std::string body;
  bool ended = false;
  bool gone = false;

  bool wait_piece() {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [this] { return !pieces.empty(); });
  }
  bool wait_gone() {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [this] { return gone; });
  }
};

// Takes everything; answers on another thread, as a disk would.
class RecordingSink final : public BodySink {
 public:
  RecordingSink(std::shared_ptr<Seen> seen, std::uint64_t max_bytes, std::optional<HttpResponse> refusal,
                std::size_t refuse_at_piece)
      : seen_(std::move(seen)), max_bytes_(max_bytes), refusal_(std::move(refusal)), refuse_at_(refuse_at_piece) {}
  ~RecordingSink() override {
    const std::scoped_lock lock(seen_->mutex);
    seen_->gone = true;
    seen_->changed.notify_all();
  }
  void begin(Done done) override { done(refuse_at_ == 0 ? refusal_ : std::nullopt); }
  [[nodiscard]] std::uint64_t max_body_bytes() const override { return max_bytes_; }
  void take(std::string piece, Done done) override {
    const std::scoped_lock lock(seen_->mutex);
    seen_->pieces.push_back(piece.size());
    seen_->body += piece;
    seen_->changed.notify_all();
    const bool refuse = refusal_ && seen_->pieces.size() == refuse_at_;
    std::thread([done = std::move(done), answer = refuse ? refusal_ : std::nullopt] { done(answer); }).detach();
  }
  void end(Done done) override {
    const std::scoped_lock lock(seen_->mutex);
    seen_->ended = true;
    done(HttpResponse{200, {}, std::to_string(seen_->body.size()), false});
  }

 private:
  std::shared_ptr<Seen> seen_;
  std::uint64_t max_bytes_;
  std::optional<HttpResponse> refusal_;
  std::size_t refuse_at_;
};

// `size` bytes in pieces of `step`; fails behind `fail_at`.
class CountingSource final : public BodySource {
 public:
  CountingSource(std::uint64_t size, std::size_t step, std::uint64_t fail_at)
      : size_(size), step_(step), fail_at_(fail_at) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_; }
  void next(Done done) override {
    if (at_ >= fail_at_) return done(std::nullopt);
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(step_, size_ - at_));
    at_ += part;
    done(std::string(part, 's'));
  }

 private:
  std::uint64_t size_;
  std::size_t step_;
  std::uint64_t fail_at_;
  std::uint64_t at_ = 0;
};

class StreamingHandler final : public HttpHandler {
 public:
  void handle(HttpRequest request, Done done) override {
    HttpResponse response;
    response.body = "whole " + request.body;
    if (request.target == "/stream") response.stream = std::make_shared<CountingSource>(300'000, 64 * 1024, 1U << 30U);
    if (request.target == "/broken") response.stream = std::make_shared<CountingSource>(300'000, 64 * 1024, 100'000);
    done(std::move(response));
  }
  [[nodiscard]] std::unique_ptr<BodySink> stream_body(const HttpRequest& head) override {
    if (head.target != "/sink") return nullptr;
    EXPECT_TRUE(head.body_follows);
    return std::make_unique<RecordingSink>(seen, max_bytes, refusal, refuse_at_piece);
  }
  std::shared_ptr<Seen> seen = std::make_shared<Seen>();
  std::uint64_t max_bytes = 10U << 20U;
  std::optional<HttpResponse> refusal;
  std::size_t refuse_at_piece = 0;
};

struct StreamingServer {
  explicit StreamingServer(net::ListenerOptions options = {}) : pool(2) {
    options.max_body_bytes = 1024;
    server = *net::HttpServer::create(std::move(options), handler, nullptr, pool, clock, &observer);
    EXPECT_TRUE(server->start().has_value());
  }
  SystemClock clock;
  CountingObserver observer;
  StreamingHandler handler;
  net::IoPool pool;
  std::unique_ptr<net::HttpServer> server;
};

std::string head(std::size_t length, const std::string& more = {}) {
  return "PATCH /sink HTTP/1.1\r\nHost: x\r\n" + more + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}
std::string body(std::size_t size) {
  std::string bytes(size, 'b');
  for (std::size_t i = 0; i < size; i += 1000) bytes[i] = static_cast<char>('a' + i / 1000 % 26);
  return bytes;
}

TEST(BodyPieces, ALongBodyArrivesInPiecesAndTheConnectionStays) {
  StreamingServer running;
  auto peer = RawConnection::to(running.server->port());
  const std::string sent = body(300'000);
  ASSERT_TRUE(peer.send(head(sent.size()) + sent));
  EXPECT_EQ(body_of(peer.read_message()), "300000");
  EXPECT_EQ(running.handler.seen->body, sent);
  EXPECT_TRUE(running.handler.seen->ended);
  for (const std::size_t piece : running.handler.seen->pieces) EXPECT_LE(piece, net::kPieceBytes);
  ASSERT_TRUE(peer.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"));
  EXPECT_EQ(body_of(peer.read_message()), "whole hi");
}

TEST(BodyPieces, ChunksArriveInPieces) {
  StreamingServer running;
  auto peer = RawConnection::to(running.server->port());
  const std::string sent = body(200'000);
  std::string wire = "PATCH /sink HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < sent.size(); at += 50'000) wire += "c350\r\n" + sent.substr(at, 50'000) + "\r\n";
  ASSERT_TRUE(peer.send(wire + "0\r\n\r\n"));
  EXPECT_EQ(body_of(peer.read_message()), "200000");
  EXPECT_EQ(running.handler.seen->body, sent);
}

TEST(BodyPieces, OneThatIsRefusedByItsHeadIsNotRead) {
  StreamingServer running;
  running.handler.refusal = HttpResponse{403, {}, "no", false};
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send(head(1'000'000, "Expect: 100-continue\r\n")));
  const std::string answer = peer.read_all();
  EXPECT_EQ(status_of(answer), 403) << "and no 100 before it";
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_TRUE(running.handler.seen->wait_gone());
  EXPECT_TRUE(running.handler.seen->pieces.empty());
}

TEST(BodyPieces, AClientThatAsksIsToldToGoOn) {
  StreamingServer running;
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send(head(3, "Expect: 100-continue\r\n")));
  EXPECT_EQ(status_of(peer.read_message()), 100);
  ASSERT_TRUE(peer.send("abc"));
  EXPECT_EQ(body_of(peer.read_message()), "3");
}

TEST(BodyPieces, OneThatIsRefusedOnTheWayEndsTheConnection) {
  StreamingServer running;
  running.handler.refusal = HttpResponse{409, {}, "stop", false};
  running.handler.refuse_at_piece = 2;
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send(head(1'000'000) + body(150'000)));
  EXPECT_EQ(status_of(peer.read_all()), 409);
  EXPECT_TRUE(running.handler.seen->wait_gone());
  EXPECT_FALSE(running.handler.seen->ended);
}

TEST(BodyPieces, TooLongABodyIsRefusedAnnouncedOrNot) {
  StreamingServer running;
  running.handler.max_bytes = 1000;
  auto announced = RawConnection::to(running.server->port());
  ASSERT_TRUE(announced.send(head(1001)));
  EXPECT_EQ(status_of(announced.read_all()), 413);
  auto chunked = RawConnection::to(running.server->port());
  ASSERT_TRUE(chunked.send("PATCH /sink HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + body(1001) +
                           "\r\n"));
  EXPECT_EQ(status_of(chunked.read_all()), 413);
}

TEST(BodyPieces, ASlowClientIsCutAndWhatItSentWasTaken) {
  net::ListenerOptions options;
  options.body_timeout_ms = 300;
  StreamingServer running(options);
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send(head(200'000) + body(70'000)));
  EXPECT_EQ(status_of(peer.read_all()), 408);
  EXPECT_TRUE(running.handler.seen->wait_gone());
  EXPECT_EQ(running.handler.seen->body.size(), net::kPieceBytes);
  EXPECT_FALSE(running.handler.seen->ended);
}

TEST(BodyPieces, AVanishedClientEndsTheSink) {
  StreamingServer running;
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send(head(200'000) + body(70'000)));
  ASSERT_TRUE(running.handler.seen->wait_piece());
  peer.reset();
  EXPECT_TRUE(running.handler.seen->wait_gone());
  EXPECT_FALSE(running.handler.seen->ended);
}

TEST(BodyPieces, ThePiecesOfAllSessionsAreBounded) {
  net::ListenerOptions options;
  options.max_in_flight_bytes = 100'000;
  StreamingServer running(options);
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send(head(10) + body(10)));
  EXPECT_EQ(status_of(peer.read_all()), 503);
}

TEST(BodyPieces, StoppingDoesNotWaitForABodyThatIsNotThere) {
  StreamingServer running;
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send(head(200'000) + body(70'000)));
  ASSERT_TRUE(running.handler.seen->wait_piece());
  running.server->stop(100, 10'000);
  EXPECT_EQ(running.server->open_connections(), 0U);
  EXPECT_TRUE(running.handler.seen->wait_gone());
}

TEST(BodyPieces, AnAnswerInPiecesHasItsLengthAndTheConnectionStays) {
  StreamingServer running;
  auto peer = RawConnection::to(running.server->port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(peer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    const std::string answer = peer.read_message();
    EXPECT_THAT(answer, HasSubstr("Content-Length: 300000\r\n"));
    EXPECT_EQ(body_of(answer), std::string(300'000, 's'));
  }
  ASSERT_TRUE(peer.send("HEAD /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  const std::string answer = peer.read_all();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 300000\r\n"));
  EXPECT_EQ(body_of(answer), "");
}

TEST(BodyPieces, AnAnswerThatBreaksOffIsSeenToBeShort) {
  StreamingServer running;
  auto peer = RawConnection::to(running.server->port());
  ASSERT_TRUE(peer.send("GET /broken HTTP/1.1\r\nHost: x\r\n\r\n"));
  const std::string answer = peer.read_all();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 300000\r\n"));
  EXPECT_EQ(body_of(answer).size(), 2 * net::kPieceBytes);
}

}  // namespace
}  // namespace tongqu::test
