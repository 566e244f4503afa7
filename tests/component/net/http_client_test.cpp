#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "gateway/net/net_codes.hpp"
#include "security/tls/tls_factory.hpp"
#include "tests/component/net/raw_peer.hpp"
#include "tests/component/net/server_fixture.hpp"
#include "tests/support/test_pki.hpp"

namespace tongqu::test {
namespace {

using net::ClientOptions;
using net::NetPhase;

struct RunningClient {
  explicit RunningClient(ClientOptions options = {})
      : client(net::HttpClient::create(options, pool, nullptr).value()) {}
  net::IoPool pool{2};
  std::unique_ptr<net::HttpClient> client;
};

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// A call that runs while the test plays the server.
struct PendingCall {
  PendingCall(net::HttpClient& client, net::HttpRequestOut request, std::int64_t timeout_ms = 10'000) {
    client.request(std::move(request), timeout_ms, [p = promise](net::HttpOutcome o) { p->set_value(std::move(o)); });
  }
  std::shared_ptr<std::promise<net::HttpOutcome>> promise = std::make_shared<std::promise<net::HttpOutcome>>();
  std::future<net::HttpOutcome> future = promise->get_future();
};

void expect_failure(const net::HttpOutcome& outcome, NetPhase phase, const ErrorCode& code) {
  ASSERT_TRUE(outcome.has_error()) << code.id;
  EXPECT_EQ(outcome.error().phase, phase) << code.id;
  EXPECT_EQ(outcome.error().code->id, code.id);
}

TEST(HttpClient, SendsAndReceivesOverOneKeptConnection) {
  RunningServer server;
  RunningClient running;
  for (int i = 0; i < 5; ++i) {
    const auto outcome = call(*running.client, post_to(server.port(), "n" + std::to_string(i)));
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->status, 200);
    EXPECT_EQ(outcome->body, "POST /in n" + std::to_string(i));
    EXPECT_EQ(header(outcome->headers, "content-type"), "text/plain");
  }
  EXPECT_EQ(server.server->open_connections(), 1U);
}

TEST(HttpClient, WritesHostAndLengthItselfAndResolvesNames) {
  RawListener listener;
  RunningClient running;
  auto request = post_to(listener.port(), "body");
  request.origin.host = "localhost";
  request.headers = {{"Host", "evil"}, {"Content-Length", "9"}, {"X-A", "1"}, {"Transfer-Encoding", "chunked"}};
  PendingCall pending(*running.client, request);
  auto peer = listener.accept();
  EXPECT_EQ(peer.read_message(), "POST /in HTTP/1.1\r\nHost: localhost:" + std::to_string(listener.port()) +
                                     "\r\nX-A: 1\r\nContent-Length: 4\r\n\r\nbody");
  ASSERT_TRUE(peer.send(kOk));
  EXPECT_TRUE(pending.future.get().has_value());
}

struct Answer {
  const char* what;
  std::string bytes;
  bool then_close;
  std::string body;  // expected, when code is nullptr
  const ErrorCode* code;
};

TEST(HttpClient, ReadsAnswersStrictly) {
  const std::vector<Answer> answers = {
      {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", false, "ok", nullptr},
      {"until close", "HTTP/1.0 200 OK\r\n\r\nall of it", true, "all of it", nullptr},
      {"no reason phrase", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", false, "x", nullptr},
      {"interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n" + std::string(kOk),
       false, "ok", nullptr},
      {"no content", "HTTP/1.1 204 No Content\r\n\r\n", false, "", nullptr},
      {"redirect is not followed", "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", false, "",
       nullptr},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", false, "",
       &codes::kNetContentLengthRepeated},
      {"length and coding", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", false, "",
       &codes::kNetLengthConflict},
      {"coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", false, "", &codes::kNetTransferEncoding},
      {"line feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", false, "", &codes::kNetBareLineFeed},
      {"folded", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n", false, "", &codes::kNetFoldedLine},
      {"not http", "SSH-2.0-OpenSSH_9.2\r\n\r\n", false, "", &codes::kNetStatusLine},
      {"switching protocols", "HTTP/1.1 101 Switching Protocols\r\n\r\n", false, "", &codes::kNetStatusLine},
      {"body of no content", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", false, "",
       &codes::kNetBodyUnexpected},
      {"announced too large", "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", false, "", &codes::kNetAnswerTooLarge},
      {"chunked too large", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", false, "",
       &codes::kNetAnswerTooLarge},
      {"endless", "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'), false, "", &codes::kNetAnswerTooLarge},
      {"long head", "HTTP/1.1 200 OK\r\nA: " + std::string(600, 'a'), false, "", &codes::kNetHeadTooLarge},
      {"cut in the head", "HTTP/1.1 200 OK\r\nA", true, "", &codes::kNetConnectionCut},
      {"cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", true, "", &codes::kNetConnectionCut},
      {"cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", true, "",
       &codes::kNetConnectionCut},
  };
  RunningClient running({.max_header_bytes = 512, .max_response_bytes = 100});
  for (const Answer& answer : answers) {
    RawListener listener;
    PendingCall pending(*running.client, get_from(listener.port()));
    auto peer = listener.accept();
    ASSERT_FALSE(peer.read_message().empty());
    ASSERT_TRUE(peer.send(answer.bytes));
    if (answer.then_close) peer.close();
    const auto outcome = pending.future.get();
    if (answer.code != nullptr) {
      expect_failure(outcome, NetPhase::kAnswer, *answer.code);
      continue;
    }
    ASSERT_TRUE(outcome.has_value()) << answer.what << " " << outcome.error().code->id;
    EXPECT_EQ(outcome->body, answer.body) << answer.what;
  }
}

TEST(HttpClient, TellsNotSentFromSentWithoutAnswer) {
  RunningClient running({.max_origins = 100});
  std::uint16_t closed_port = 0;
  {
    const RawListener gone;
    closed_port = gone.port();
  }
  expect_failure(call(*running.client, get_from(closed_port)), NetPhase::kConnect, codes::kNetConnect);

  auto nowhere = get_from(80);
  nowhere.origin.host = "no-such-host.invalid";
  expect_failure(call(*running.client, nowhere), NetPhase::kConnect, codes::kNetResolve);

  const RawListener listener;
  RawListener silent;
  PendingCall timing_out(*running.client, get_from(silent.port()), 150);
  auto peer = silent.accept();
  ASSERT_FALSE(peer.read_message().empty());
  expect_failure(timing_out.future.get(), NetPhase::kAnswer, codes::kNetRequestTimeout);

  RawListener cutting;
  PendingCall cut(*running.client, post_to(cutting.port(), "x"));
  auto cutter = cutting.accept();
  ASSERT_FALSE(cutter.read_message().empty());
  cutter.reset();
  expect_failure(cut.future.get(), NetPhase::kAnswer, codes::kNetConnectionCut);

  RawListener full;
  PendingCall sending(*running.client, post_to(full.port(), std::string(64U << 20U, 'x')), 300);
  auto not_reading = full.accept();
  expect_failure(sending.future.get(), NetPhase::kSend, codes::kNetRequestTimeout);
}

TEST(HttpClient, AnEarlyAnswerCountsAlthoughSendingFailed) {
  RunningServer server(echo, {.max_body_bytes = 10});
  RunningClient running;
  const auto outcome = call(*running.client, post_to(server.port(), std::string(1000, 'x')));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->status, 413);
}

TEST(HttpClient, RepeatsOnceOnlyWhenTheKeptConnectionClosedAndTheCallerAllowsIt) {
  for (const bool idempotent : {true, false}) {
    RawListener listener;
    RunningClient running;
    PendingCall first(*running.client, get_from(listener.port()));
    auto peer = listener.accept();
    ASSERT_FALSE(peer.read_message().empty());
    ASSERT_TRUE(peer.send(kOk));
    ASSERT_TRUE(first.future.get().has_value());

    auto request = post_to(listener.port(), "again");
    request.idempotent = idempotent;
    PendingCall second(*running.client, request);
    ASSERT_FALSE(peer.read_message().empty());  // over the kept connection
    peer.close();
    if (!idempotent) {
      expect_failure(second.future.get(), NetPhase::kAnswer, codes::kNetConnectionCut);
      continue;
    }
    auto fresh = listener.accept();
    EXPECT_EQ(body_of(fresh.read_message()), "again");
    fresh.close();  // a fresh connection is not tried again
    expect_failure(second.future.get(), NetPhase::kAnswer, codes::kNetConnectionCut);
  }
}

TEST(HttpClient, AKeptConnectionThatWasClosedMeanwhileIsNotUsed) {
  RawListener listener;
  RunningClient running;
  PendingCall first(*running.client, get_from(listener.port()));
  auto peer = listener.accept();
  ASSERT_FALSE(peer.read_message().empty());
  ASSERT_TRUE(peer.send(kOk));
  peer.end_sending();
  ASSERT_TRUE(first.future.get().has_value());
  PendingCall second(*running.client, get_from(listener.port()));
  auto fresh = listener.accept();
  ASSERT_FALSE(fresh.read_message().empty());
  ASSERT_TRUE(fresh.send(kOk));
  EXPECT_TRUE(second.future.get().has_value());
}

TEST(HttpClient, WaitingIsBoundedAndServedInOrder) {
  Held held;
  RunningServer server(held.function());
  RunningClient running({.max_connections = 1, .max_waiting = 2});
  std::vector<std::unique_ptr<PendingCall>> calls;
  calls.push_back(std::make_unique<PendingCall>(*running.client, get_from(server.port())));
  auto first = held.next();
  for (int i = 0; i < 3; ++i) calls.push_back(std::make_unique<PendingCall>(*running.client, get_from(server.port())));
  expect_failure(calls[3]->future.get(), NetPhase::kConnect, codes::kNetQueueFull);
  first({});
  EXPECT_TRUE(calls[0]->future.get().has_value());
  held.next()({});
  EXPECT_TRUE(calls[1]->future.get().has_value());
  held.next()({});
  EXPECT_TRUE(calls[2]->future.get().has_value());
  EXPECT_EQ(server.server->open_connections(), 1U);
}

TEST(HttpClient, WaitingForAConnectionEndsInTime) {
  Held held;
  RunningServer server(held.function());
  RunningClient running({.max_connections = 1});
  PendingCall first(*running.client, get_from(server.port()));
  auto done = held.next();
  expect_failure(call(*running.client, get_from(server.port()), 100), NetPhase::kConnect, codes::kNetRequestTimeout);
  done({});
  EXPECT_TRUE(first.future.get().has_value());
}

TEST(HttpClient, StopEndsEverythingThatWaits) {
  Held held;
  RunningServer server(held.function());
  RunningClient running({.max_connections = 1});
  PendingCall sent(*running.client, get_from(server.port()));
  (void)held.next();
  PendingCall waiting(*running.client, get_from(server.port()));
  running.client->stop();
  expect_failure(sent.future.get(), NetPhase::kAnswer, codes::kNetClientStopped);
  expect_failure(waiting.future.get(), NetPhase::kConnect, codes::kNetClientStopped);
  expect_failure(call(*running.client, get_from(server.port())), NetPhase::kConnect, codes::kNetClientStopped);
}

TEST(HttpClient, RequestsThatCannotBeWrittenAreRefused) {
  RunningClient running({.max_origins = 1});
  std::vector<net::HttpRequestOut> bad(7, get_from(1));
  bad[0].method = "G ET";
  bad[1].target = "relative";
  bad[2].target = "/a b";
  bad[3].headers = {{"A", "b\r\nC: d"}};
  bad[4].headers = {{"A:", "b"}};
  bad[5].origin.host = "a\r\nb";
  bad[6].origin.tls = true;  // this client has no TLS
  for (const auto& request : bad) {
    expect_failure(call(*running.client, request), NetPhase::kConnect, codes::kNetRequestInvalid);
  }
  expect_failure(call(*running.client, get_from(1)), NetPhase::kConnect, codes::kNetConnect);
  expect_failure(call(*running.client, get_from(2)), NetPhase::kConnect, codes::kNetTooManyOrigins);
}

TEST(HttpClient, TenThousandRequestsOverEightConnections) {
  RunningServer server;
  RunningClient running({.max_connections = 8, .max_waiting = 10'000});
  constexpr int kRequests = 10'000;
  std::atomic<int> fine = 0;
  std::atomic<int> ended = 0;
  std::promise<void> all;
  for (int i = 0; i < kRequests; ++i) {
    const std::string number = std::to_string(i);
    running.client->request(post_to(server.port(), number), 60'000, [&, number](const net::HttpOutcome& outcome) {
      if (outcome.has_value() && outcome->body == "POST /in " + number) ++fine;
      if (++ended == kRequests) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_EQ(fine, kRequests);
  EXPECT_LE(server.server->open_connections(), 8U);
}

// The proxy is played by the test; tests/integration/credit.test.mjs has one that really tunnels.
ClientOptions behind(const RawListener& proxy, std::string authorization = {}) {
  ClientOptions options;
  options.proxy = {"127.0.0.1", proxy.port(), std::move(authorization)};
  return options;
}

TEST(HttpClientProxy, AsksForPlainOriginsInAbsoluteForm) {
  RawListener proxy;
  RunningClient running(behind(proxy, "Basic dTpw"));
  auto request = post_to(8080, "body");
  request.origin.host = "partner.example.cn";
  request.headers.clear();
  PendingCall pending(*running.client, request);
  auto peer = proxy.accept();
  EXPECT_EQ(peer.read_message(),
            "POST http://partner.example.cn:8080/in HTTP/1.1\r\nHost: partner.example.cn:8080\r\n"
            "Proxy-Authorization: Basic dTpw\r\nContent-Length: 4\r\n\r\nbody");
  ASSERT_TRUE(peer.send(kOk));
  EXPECT_TRUE(pending.future.get().has_value());
}

struct ProxyAnswer {
  const char* what;
  std::string bytes;
  const ErrorCode* code;
};

TEST(HttpClientProxy, ARefusedTunnelIsAFailureBeforeTheFirstByte) {
  TestPki pki;
  TlsClientOptions tls_options;
  tls_options.server_trust.ca_pem = pki.ca_pem();
  const auto tls = TlsClientFactory::create(tls_options);
  ASSERT_TRUE(tls.has_value());
  for (const ProxyAnswer& answer : {
           ProxyAnswer{"no right", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", &codes::kNetProxyRefused},
           ProxyAnswer{"unreachable", "HTTP/1.1 502 Bad Gateway\r\n\r\n", &codes::kNetProxyRefused},
           ProxyAnswer{"credentials", "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
                       &codes::kNetProxyAuthorization},
           ProxyAnswer{"garbage", "SSH-2.0-OpenSSH\r\n\r\n", &codes::kNetProxyRefused},
           ProxyAnswer{"bytes before ours", "HTTP/1.1 200 OK\r\n\r\nhello", &codes::kNetProxyRefused},
           ProxyAnswer{"nothing", "", &codes::kNetProxyRefused},
       }) {
    RawListener proxy;
    net::IoPool pool{1};
    auto client = net::HttpClient::create(behind(proxy), pool, tls->get()).value();
    auto request = post_to(443, "body", true);
    request.origin.host = "partner.example.cn";
    PendingCall pending(*client, request);
    auto peer = proxy.accept();
    EXPECT_EQ(peer.read_message(), "CONNECT partner.example.cn:443 HTTP/1.1\r\nHost: partner.example.cn:443\r\n\r\n");
    if (!answer.bytes.empty()) {
      ASSERT_TRUE(peer.send(answer.bytes));
    }
    peer.close();
    expect_failure(pending.future.get(), NetPhase::kConnect, *answer.code);
  }
}

}  // namespace
}  // namespace tongqu::test
