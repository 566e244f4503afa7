// Questions over the real HTTP client and server: what counts as an answer, as "no such record", as none.
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <mutex>

#include "connectors/http/http_outbound.hpp"
#include "gateway/net/http_server.hpp"
#include "security/crypto/suites.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {
namespace {

// A registry on a free port whose answer the test chooses.
class Registry final : public HttpHandler {
 public:
  explicit Registry(net::IoPool& pool) {
    server_ = net::HttpServer::create({}, *this, nullptr, pool, clock_).value();
    EXPECT_TRUE(server_->start().has_value());
  }
  void handle(HttpRequest request, Done done) override {
    const std::lock_guard lock(mutex_);
    last = std::move(request);
    if (silent) {
      waiting_.push_back(std::move(done));
      return;
    }
    HttpResponse response;
    response.status = status;
    response.headers = headers;
    response.body = body;
    done(std::move(response));
  }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  void down() { server_.reset(); }

  int status = 200;
  Headers headers{{"Content-Type", "Application/JSON; charset=utf-8"}};
  std::string body = R"({"code":"0","data":{"a":1}})";
  bool silent = false;
  HttpRequest last;

 private:
  std::mutex mutex_;
  SystemClock clock_;
  std::vector<Done> waiting_;
  std::unique_ptr<net::HttpServer> server_;
};

class HttpQuestions : public testing::Test {
 protected:
  void SetUp() override {
    suite = make_suite(SuiteId::kGm).value();
    net::ClientOptions client;
    client.max_response_bytes = 1000;
    HttpOutboundOptions options;
    options.targets = {{"entity.verify", "/verify?x=1"}};
    options.not_found_status = not_found_status;
    AnswerEnvelope envelope;
    envelope.success_path = "code";
    envelope.success_value = "0";
    envelope.not_found_codes = {"E-404"};
    HttpParts parts;
    parts.target = "/query";
    parts.client = net::HttpClient::create(client, pool, nullptr).value();
    parts.caller = std::make_unique<HttpCaller>(
        CallOptions{{"127.0.0.1", registry.port(), false}, 0}, CallCredentials{}, AnswerReader(envelope, json, clock),
        clock,
        [to = parts.client.get()](net::HttpRequestOut request, std::int64_t timeout_ms, net::HttpClient::Done done) {
          to->request(std::move(request), timeout_ms, std::move(done));
        });
    connector = std::make_unique<HttpOutbound>(std::move(options), std::move(parts), *suite);
  }
  QueryOutcome ask(const std::string& service = "entity.query", std::int64_t timeout_ms = 20'000) {
    std::promise<QueryOutcome> answer;
    connector->ask({"id", ServiceId(service), R"({"q":1})", "application/json", 1}, timeout_ms,
                   [&answer](QueryOutcome outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
  }
  bool not_found_status = false;
  SystemClock clock;
  net::IoPool pool{2};
  Registry registry{pool};
  JsonCodec json;
  std::unique_ptr<Suite> suite;
  std::unique_ptr<HttpOutbound> connector;
};

class HttpQuestionsByStatus : public HttpQuestions {
 protected:
  HttpQuestionsByStatus() { not_found_status = true; }
};

TEST_F(HttpQuestions, TheAnswersBytesComeBackWithTheirMediaType) {
  const QueryOutcome outcome = ask();
  EXPECT_EQ(outcome.verdict, QueryVerdict::kAnswered);
  EXPECT_EQ(outcome.body, registry.body);
  EXPECT_EQ(outcome.content_type, "application/json");
  EXPECT_EQ(registry.last.target, "/query");
  EXPECT_EQ(registry.last.body, R"({"q":1})");
  EXPECT_EQ(header(registry.last.headers, "Tongqu-Service"), "entity.query");
}

TEST_F(HttpQuestions, AServiceMayHaveAPathOfItsOwn) {
  EXPECT_EQ(ask("entity.verify").verdict, QueryVerdict::kAnswered);
  EXPECT_EQ(registry.last.target, "/verify?x=1");
}

TEST_F(HttpQuestions, ACodeThatMeansNoSuchRecordIsAnAnswer) {
  registry.body = R"({"code":"E-404","data":null})";
  const QueryOutcome outcome = ask();
  EXPECT_EQ(outcome.verdict, QueryVerdict::kNotFound);
  EXPECT_EQ(outcome.code, nullptr);
  EXPECT_TRUE(outcome.body.empty());
}

TEST_F(HttpQuestions, AnotherCodeOrARefusingStatusIsARefusal) {
  registry.body = R"({"code":"E-106"})";
  EXPECT_EQ(ask().verdict, QueryVerdict::kRefused);
  registry.status = 404;
  EXPECT_EQ(ask().verdict, QueryVerdict::kRefused) << "a wrong path, unless it is agreed otherwise";
}

TEST_F(HttpQuestionsByStatus, Status404MayMeanNoSuchRecord) {
  registry.status = 404;
  EXPECT_EQ(ask().verdict, QueryVerdict::kNotFound);
}

TEST_F(HttpQuestions, WhatIsNotAsAgreedIsNoAnswer) {
  registry.body = "<html>busy</html>";
  EXPECT_EQ(ask().verdict, QueryVerdict::kUnavailable);
  registry.status = 503;
  registry.headers.emplace_back("Retry-After", "7");
  const QueryOutcome later = ask();
  EXPECT_EQ(later.verdict, QueryVerdict::kUnavailable);
  EXPECT_EQ(later.status, 503);
  EXPECT_EQ(later.retry_after_ms, 7'000);
  ASSERT_NE(later.code, nullptr);
}

TEST_F(HttpQuestions, AnAnswerAboveTheLimitIsNone) {
  registry.body = R"({"code":"0","data":")" + std::string(2'000, 'x') + "\"}";
  const QueryOutcome outcome = ask();
  EXPECT_EQ(outcome.verdict, QueryVerdict::kUnavailable);
  EXPECT_TRUE(outcome.body.empty());
}

TEST_F(HttpQuestions, SilenceEndsWithTheTimeAndAClosedDoorAtOnce) {
  registry.silent = true;
  EXPECT_EQ(ask("entity.query", 100).verdict, QueryVerdict::kUnavailable);
  registry.down();
  const QueryOutcome outcome = ask();
  EXPECT_EQ(outcome.verdict, QueryVerdict::kUnavailable);
  ASSERT_NE(outcome.code, nullptr);
}

}  // namespace
}  // namespace tongqu::test
