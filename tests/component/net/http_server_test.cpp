#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/net/net_codes.hpp"
#include "tests/component/net/raw_peer.hpp"
#include "tests/component/net/server_fixture.hpp"

namespace tongqu::test {
namespace {

using net::ListenerOptions;
using testing::HasSubstr;
using testing::Not;

HttpResponse answer_of(int status, Headers headers, std::string body) {
  return {status, std::move(headers), std::move(body), false};
}

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(std::string_view body, std::string_view more_headers = "") {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + std::string(more_headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST(HttpServer, ConnectionsAreKeptAndAnswersCarryLengthAndDate) {
  RunningServer running;
  auto peer = RawConnection::to(running.port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(peer.send(kGet));
    const std::string answer = peer.read_message();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_THAT(answer, HasSubstr("\r\nDate: "));
    EXPECT_THAT(answer, HasSubstr(" GMT\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Connection:")));
    EXPECT_EQ(body_of(answer), "GET /a ");
  }
  EXPECT_EQ(running.server->open_connections(), 1U);
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInOrder) {
  RunningServer running;
  auto peer = RawConnection::to(running.port());
  std::string all;
  for (int i = 0; i < 20; ++i) all += i % 2 == 0 ? post("b" + std::to_string(i)) : std::string(kGet);
  ASSERT_TRUE(peer.send(all));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(body_of(peer.read_message()), i % 2 == 0 ? "POST /p b" + std::to_string(i) : "GET /a ");
  }
}

TEST(HttpServer, TooManyPipelinedRequestsEndTheConnectionAfterAnAnswer) {
  RunningServer running(echo, {.max_pipelined = 3});
  auto peer = RawConnection::to(running.port());
  std::string all;
  for (int i = 0; i < 10; ++i) all += kGet;
  ASSERT_TRUE(peer.send(all));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(peer.read_message(), Not(HasSubstr("Connection: close")));
  EXPECT_THAT(peer.read_message(), HasSubstr("Connection: close"));
  EXPECT_TRUE(peer.is_closed_by_peer());
}

TEST(HttpServer, TheLastAllowedRequestOfAConnectionSaysClose) {
  RunningServer running(echo, {.max_requests_per_connection = 2});
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send(kGet));
  EXPECT_THAT(peer.read_message(), Not(HasSubstr("Connection: close")));
  ASSERT_TRUE(peer.send(kGet));
  EXPECT_THAT(peer.read_message(), HasSubstr("Connection: close"));
  EXPECT_TRUE(peer.is_closed_by_peer());
}

TEST(HttpServer, HttpOneZeroClosesUnlessKeepAliveIsAsked) {
  RunningServer running;
  auto closing = RawConnection::to(running.port());
  ASSERT_TRUE(closing.send("GET /a HTTP/1.0\r\n\r\n"));
  EXPECT_THAT(closing.read_all(), HasSubstr("Connection: close"));
  auto kept = RawConnection::to(running.port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(kept.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    EXPECT_THAT(kept.read_message(), HasSubstr("Connection: keep-alive"));
  }
}

TEST(HttpServer, HeadIsAnsweredWithoutBodyButWithItsLength) {
  RunningServer running;
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  const std::string answer = peer.read_all();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_EQ(body_of(answer), "");
}

TEST(HttpServer, RefusingAHeadRequestSendsNoBodyEither) {
  Held held;
  RunningServer running(held.function(), {.answer_timeout_ms = 100});
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n"));
  const std::string answer = peer.read_all();
  EXPECT_EQ(status_of(answer), 504);
  EXPECT_EQ(body_of(answer), "");
}

TEST(HttpServer, ChunkedBodiesArriveWhole) {
  RunningServer running;
  auto peer = RawConnection::to(running.port());
  const std::string request =
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6;a=\"b\"\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(peer.send({&byte, 1}));
  EXPECT_EQ(body_of(peer.read_message()), "POST /p hello world");
  ASSERT_TRUE(peer.send(request));
  EXPECT_EQ(body_of(peer.read_message()), "POST /p hello world");
}

TEST(HttpServer, LargeBodiesGoBothWays) {
  RunningServer running;
  auto peer = RawConnection::to(running.port());
  const std::string body(3'000'000, 'x');
  ASSERT_TRUE(peer.send(post(body)));
  EXPECT_EQ(body_of(peer.read_message()), "POST /p " + body);
}

TEST(HttpServer, ExpectContinueIsAnsweredBeforeTheBody) {
  RunningServer running;
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send("POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_EQ(peer.read_message(), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(peer.send("ok"));
  EXPECT_EQ(body_of(peer.read_message()), "POST /p ok");
}

struct Refusal {
  const char* what;
  std::string bytes;
  int status;
  const ErrorCode* code;
};

TEST(HttpServer, RefusalsSayWhyInBothLanguagesAndClose) {
  const std::vector<Refusal> refusals = {
      {"tls on a plain port", std::string("\x16\x03\x01\x02\x00", 5), 400, &codes::kNetControlByte},
      {"line feed", "GET / HTTP/1.1\nHost: x\n\n", 400, &codes::kNetBareLineFeed},
      {"version", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, &codes::kNetVersion},
      {"expectation", "POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417, &codes::kNetExpectation},
      {"announced body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413, &codes::kNetBodyTooLarge},
      {"announced body with expectation",
       "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n", 413,
       &codes::kNetBodyTooLarge},
      {"chunked body", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", 413,
       &codes::kNetBodyTooLarge},
      {"chunk", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400, &codes::kNetChunk},
      {"trailer", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: y\r\n\r\n", 400,
       &codes::kNetTrailer},
      {"long head", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(600, 'a'), 431, &codes::kNetHeadTooLarge},
      {"many headers", "GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n", 431,
       &codes::kNetTooManyHeaders},
  };
  RunningServer running(echo, {.max_header_bytes = 512, .max_headers_count = 4, .max_body_bytes = 1000});
  for (const Refusal& refusal : refusals) {
    auto peer = RawConnection::to(running.port());
    ASSERT_TRUE(peer.send(refusal.bytes)) << refusal.what;
    const std::string answer = peer.read_all();
    EXPECT_EQ(status_of(answer), refusal.status) << refusal.what;
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/problem+json")) << refusal.what;
    EXPECT_THAT(answer, HasSubstr("Connection: close")) << refusal.what;
    EXPECT_THAT(body_of(answer), HasSubstr("\"code\":\"" + std::string(refusal.code->id) + "\"")) << refusal.what;
    EXPECT_THAT(body_of(answer), HasSubstr("\"detail_zh\":\"")) << refusal.what;
    EXPECT_EQ(running.observer.refusals().back(), refusal.code) << refusal.what;
  }
  EXPECT_EQ(running.observer.answered(), 0);
}

TEST(HttpServer, ASlowHeadTimesOutWhileAnotherClientIsServed) {
  RunningServer running(echo, {.header_timeout_ms = 300}, nullptr, 1);
  auto slow = RawConnection::to(running.port());
  ASSERT_TRUE(slow.send("GET / HTTP/1.1\r\nHo"));
  auto quick = RawConnection::to(running.port());
  ASSERT_TRUE(quick.send(kGet));
  EXPECT_EQ(status_of(quick.read_message()), 200);
  const std::string answer = slow.read_all();
  EXPECT_EQ(status_of(answer), 408);
  EXPECT_THAT(answer, HasSubstr("net.head-timeout"));
  ASSERT_TRUE(quick.send(kGet));
  EXPECT_EQ(status_of(quick.read_message()), 200);
}

TEST(HttpServer, SilenceIsClosedSilently) {
  RunningServer running(echo, {.header_timeout_ms = 150, .idle_timeout_ms = 150});
  auto mute = RawConnection::to(running.port());
  EXPECT_EQ(mute.read_all(), "");
  auto idle = RawConnection::to(running.port());
  ASSERT_TRUE(idle.send(kGet));
  EXPECT_EQ(status_of(idle.read_message()), 200);
  EXPECT_TRUE(idle.is_closed_by_peer());
}

TEST(HttpServer, ASlowBodyTimesOut) {
  RunningServer running(echo, {.body_timeout_ms = 200});
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"));
  EXPECT_THAT(peer.read_all(), HasSubstr("net.body-timeout"));
}

TEST(HttpServer, AHandlerThatTakesTooLongIsAnsweredFor) {
  Held held;
  RunningServer running(held.function(), {.answer_timeout_ms = 200});
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send(kGet));
  const auto late = held.next();
  const std::string answer = peer.read_all();
  EXPECT_EQ(status_of(answer), 504);
  EXPECT_THAT(answer, HasSubstr("net.answer-timeout"));
  late({});
}

TEST(HttpServer, APeerThatDoesNotTakeItsAnswerIsCut) {
  RunningServer running(
      [](HttpRequest, const HttpHandler::Done& done) { done(answer_of(200, {}, std::string(64U << 20U, 'x'))); },
      {.write_timeout_ms = 200});
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send(kGet));
  EXPECT_TRUE(running.observer.wait_closed(1));
}

TEST(HttpServer, AConnectionCutInMidBodyReachesNoHandler) {
  RunningServer running;
  auto peer = RawConnection::to(running.port());
  ASSERT_TRUE(peer.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"));
  EXPECT_EQ(status_of(peer.read_message()), 100);  // the server reads the body now
  ASSERT_TRUE(peer.send("abc"));
  peer.reset();
  EXPECT_TRUE(running.observer.wait_closed(1));
  EXPECT_EQ(running.observer.answered(), 0);
  auto next = RawConnection::to(running.port());
  ASSERT_TRUE(next.send(kGet));
  EXPECT_EQ(status_of(next.read_message()), 200);
}

TEST(HttpServer, BodiesOfAllConnectionsTogetherAreBounded) {
  for (const bool chunked : {false, true}) {
    Held held;
    RunningServer running(held.function(), {.max_in_flight_bytes = 1500});
    const std::string request = chunked ? "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" +
                                              std::string(1000, 'x') + "\r\n0\r\n\r\n"
                                        : post(std::string(1000, 'x'));
    auto first = RawConnection::to(running.port());
    ASSERT_TRUE(first.send(request));
    const auto done = held.next();
    auto second = RawConnection::to(running.port());
    ASSERT_TRUE(second.send(request));
    const std::string answer = second.read_all();
    EXPECT_EQ(status_of(answer), 503);
    EXPECT_THAT(answer, HasSubstr("net.busy"));
    done(answer_of(200, {}, ""));
    EXPECT_EQ(status_of(first.read_message()), 200);
    // Its bytes are given back on its own thread, just behind the answer: the connection's next request is behind that.
    ASSERT_TRUE(first.send(request));
    held.next()(answer_of(200, {}, ""));
    EXPECT_EQ(status_of(first.read_message()), 200);
  }
}

TEST(HttpServer, ConnectionLimitsAnswerAndClose) {
  for (const bool per_address : {false, true}) {
    RunningServer running(
        echo, {.max_connections = per_address ? 10U : 2U, .max_connections_per_address = per_address ? 2U : 10U});
    std::vector<RawConnection> held;
    for (int i = 0; i < 2; ++i) {
      held.push_back(RawConnection::to(running.port()));
      ASSERT_TRUE(held.back().send(kGet));
      EXPECT_EQ(status_of(held.back().read_message()), 200);
    }
    auto third = RawConnection::to(running.port());
    const std::string answer = third.read_all();
    EXPECT_EQ(status_of(answer), per_address ? 429 : 503);
    EXPECT_THAT(answer, HasSubstr("Retry-After: "));
    held.front().close();
    ASSERT_TRUE(running.observer.wait_closed(1));
    auto fourth = RawConnection::to(running.port());
    ASSERT_TRUE(fourth.send(kGet));
    EXPECT_EQ(status_of(fourth.read_message()), 200);
  }
}

TEST(HttpServer, AHandlersUnwritableAnswerIsADefectNotAnInjection) {
  for (const HttpResponse& bad :
       {answer_of(200, {{"A", "b\r\nSet-Cookie: c"}}, ""), answer_of(200, {{"A b", "c"}}, ""), answer_of(99, {}, "")}) {
    RunningServer running([&bad](HttpRequest, const HttpHandler::Done& done) { done(bad); });
    auto peer = RawConnection::to(running.port());
    ASSERT_TRUE(peer.send(kGet));
    const std::string answer = peer.read_all();
    EXPECT_EQ(status_of(answer), 500);
    EXPECT_THAT(answer, Not(HasSubstr("Set-Cookie")));
  }
}

TEST(HttpServer, APoliteStopFinishesWhatHasBegunAndRefusesTheRest) {
  Held held;
  RunningServer running(held.function());
  auto busy = RawConnection::to(running.port());
  ASSERT_TRUE(busy.send(kGet));
  const auto done = held.next();
  auto idle = RawConnection::to(running.port());
  ASSERT_TRUE(idle.send(kGet));
  held.next()(answer_of(200, {}, ""));
  EXPECT_EQ(status_of(idle.read_message()), 200);
  auto stop = std::async(std::launch::async, [&] { running.server->stop(10'000, 20'000); });
  // The idle connection is closed while the other request is still in flight: the stop has begun.
  EXPECT_TRUE(idle.is_closed_by_peer());
  EXPECT_FALSE(RawConnection::to(running.port()).is_open());
  done(answer_of(200, {}, "finished"));
  const std::string answer = busy.read_all();
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_EQ(body_of(answer), "finished");
  busy.close();
  stop.get();
  EXPECT_EQ(running.server->open_connections(), 0U);
  EXPECT_FALSE(RawConnection::to(running.port()).is_open());
}

TEST(HttpServer, AnIdleKeptConnectionClosesAtOnceOnAPoliteStop) {
  RunningServer running;
  auto idle = RawConnection::to(running.port());
  ASSERT_TRUE(idle.send(kGet));
  EXPECT_EQ(status_of(idle.read_message()), 200);
  running.server->stop(20'000, 20'000);
  EXPECT_TRUE(idle.is_closed_by_peer());
}

TEST(HttpServer, TheHardDeadlineClosesTheRestAndALateAnswerGoesNowhere) {
  Held held;
  HttpHandler::Done late;
  {
    RunningServer running(held.function());
    auto busy = RawConnection::to(running.port());
    auto reading = RawConnection::to(running.port());
    ASSERT_TRUE(busy.send(kGet));
    ASSERT_TRUE(reading.send("GET / HT"));
    late = held.next();
    running.server->stop(50, 200);
    EXPECT_EQ(running.server->open_connections(), 0U);
    EXPECT_EQ(busy.read_all(), "");
  }
  late(answer_of(200, {}, "too late"));
}

TEST(HttpServer, AnswersMayComeFromAnyThread) {
  std::vector<std::thread> threads;
  std::mutex mutex;
  RunningServer running([&](HttpRequest request, HttpHandler::Done done) {
    const std::scoped_lock lock(mutex);
    threads.emplace_back([r = std::move(request), d = std::move(done)]() mutable { echo(std::move(r), std::move(d)); });
  });
  auto peer = RawConnection::to(running.port());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(peer.send(post(std::to_string(i))));
    EXPECT_EQ(body_of(peer.read_message()), "POST /p " + std::to_string(i));
  }
  for (auto& thread : threads) thread.join();
}

TEST(HttpServer, OptionsOutOfRangeAreNamed) {
  SystemClock clock;
  FunctionHandler handler(echo);
  net::IoPool pool(1);
  const std::vector<std::pair<ListenerOptions, std::string>> cases = {
      {{.address = "localhost"}, "address"},           {{.max_header_bytes = 100}, "max_header_bytes"},
      {{.max_headers_count = 0}, "max_headers_count"}, {{.idle_timeout_ms = 0}, "idle_timeout_ms"},
      {{.max_connections = 0}, "max_connections"},
  };
  for (const auto& [options, name] : cases) {
    const auto made = net::HttpServer::create(options, handler, nullptr, pool, clock);
    ASSERT_TRUE(made.has_error()) << name;
    EXPECT_EQ(made.error().code, &codes::kNetOptions);
    EXPECT_EQ(made.error().param, name);
  }
}

TEST(HttpServer, AnAddressInUseIsAnErrorAndNotACrash) {
  RunningServer first;
  SystemClock clock;
  FunctionHandler handler(echo);
  net::IoPool pool(1);
  auto second = net::HttpServer::create({.port = first.port()}, handler, nullptr, pool, clock);
  ASSERT_TRUE(second.has_value());
  const auto started = (*second)->start();
  ASSERT_TRUE(started.has_error());
  EXPECT_EQ(started.error().code, &codes::kNetListen);
}

}  // namespace
}  // namespace tongqu::test
