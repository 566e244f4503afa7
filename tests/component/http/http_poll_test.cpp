// Polling a real server: what is taken, what is told, where the position stands, through every fault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "connectors/http/http_codes.hpp"
#include "gateway/net/net_codes.hpp"
#include "tests/component/http/poll_bench.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {
namespace {

// Keeps what it was given; the answer to each message is the test's.
class ScriptedIntake final : public Intake {
 public:
  using Judge = std::function<Result<Accepted>(const InboundMessage&)>;
  explicit ScriptedIntake(Judge judge) : judge_(std::move(judge)) {}
  void accept(InboundMessage message, Done done) override {
    Result<Accepted> result = judge_(message);
    {
      const std::lock_guard lock(mutex_);
      messages_.push_back(std::move(message));
    }
    changed_.notify_all();
    done(std::move(result));
  }
  void turned_back(const std::string&, const std::string&, const Error& error) override {
    const std::lock_guard lock(mutex_);
    refusals_.push_back(error.code);
    changed_.notify_all();
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return messages_.size() >= count; });
  }
  bool wait_refused(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return refusals_.size() >= count; });
  }
  [[nodiscard]] std::vector<std::string> keys() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> keys;
    for (const InboundMessage& message : messages_) keys.push_back(message.idempotency_key);
    return keys;
  }
  [[nodiscard]] InboundMessage first() const {
    const std::lock_guard lock(mutex_);
    return messages_.front();
  }

 private:
  Judge judge_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<InboundMessage> messages_;
  std::vector<const ErrorCode*> refusals_;
};

Result<Accepted> take_all(const InboundMessage&) { return Accepted{}; }

class HttpPolling : public testing::Test {
 protected:
  HttpPolling() : folder_(std::filesystem::path(testing::TempDir()) / ("poll-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
  }
  ~HttpPolling() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<HttpPoll> make(Intake& intake) {
    return make_poll(server_.port(), folder_, json_, clock_, pool_, intake);
  }

  JsonCodec json_;
  SystemClock clock_;
  ListServer list_;
  RunningServer server_{
      [this](const HttpRequest& request, const HttpHandler::Done& done) { list_.handle(request, done); }};
  net::IoPool pool_{1};
  std::filesystem::path folder_;
};

TEST_F(HttpPolling, TakesTheListInOrderAcknowledgesAndKeepsThePosition) {
  ScriptedIntake intake(take_all);
  auto poll = make(intake);
  poll->start();
  ASSERT_TRUE(list_.wait_asked("/list?cursor=5", 2));
  poll->stop(1'000);
  EXPECT_THAT(intake.keys(), testing::ElementsAre("m0", "m1", "m2", "m3", "m4"));
  EXPECT_EQ(intake.first().body, R"({"id":"m0"})");
  EXPECT_EQ(intake.first().identity.partner, PartnerId("asked"));
  EXPECT_EQ(intake.first().identity.method, "http-poll");
  EXPECT_THAT(list_.acknowledged(),
              testing::ElementsAre(R"({"ids":["m0","m1"]})", R"({"ids":["m2","m3"]})", R"({"ids":["m4"]})"));
  EXPECT_EQ(PollPosition(folder_).load("").value(), "5");
  EXPECT_EQ(poll->health().accepted, 5U);
  EXPECT_EQ(poll->health().last_code, nullptr);

  // A new one goes on where the first stopped.
  ScriptedIntake later(take_all);
  auto next = make(later);
  next->start();
  ASSERT_TRUE(list_.wait_asked("/list?cursor=5", 4));
  next->stop(1'000);
  EXPECT_TRUE(later.keys().empty());
}

TEST_F(HttpPolling, ABusyOrBrokenLineSettlesNothing) {
  std::atomic<int> refusals{3};
  ScriptedIntake intake([&refusals](const InboundMessage& message) -> Result<Accepted> {
    if (message.idempotency_key == "m1" && refusals-- > 0)
      return make_error(refusals == 1 ? codes::kInternal : codes::kUnavailable);
    return Accepted{};
  });
  auto poll = make(intake);
  poll->start();
  ASSERT_TRUE(list_.wait_asked("/list?cursor=5"));
  poll->stop(1'000);
  EXPECT_THAT(intake.keys(), testing::ElementsAre("m0", "m1", "m0", "m1", "m0", "m1", "m0", "m1", "m2", "m3", "m4"));
  EXPECT_EQ(list_.acknowledged().size(), 3U);
}

TEST_F(HttpPolling, APoisonEntryCostsNobodyElse) {
  ScriptedIntake intake([](const InboundMessage& message) -> Result<Accepted> {
    if (message.idempotency_key == "m1") return make_error(codes::kAnswerRefused);
    return Accepted{};
  });
  list_.fault(200, R"({"code":"0","next":"0","list":[{"noid":1},"x"]})");
  auto poll = make(intake);
  poll->start();
  ASSERT_TRUE(intake.wait_refused(2));
  ASSERT_TRUE(list_.wait_asked("/list?cursor=5"));
  poll->stop(1'000);
  EXPECT_THAT(intake.keys(), testing::ElementsAre("m0", "m1", "m2", "m3", "m4"));
  EXPECT_EQ(poll->health().accepted, 4U);
  EXPECT_EQ(poll->health().turned_back, 3U);
}

TEST_F(HttpPolling, GoesOnAfterEveryFaultOfThePartner) {
  list_.fault(500, "");
  list_.fault(503, "", {{"Retry-After", "1"}});
  list_.fault(200, "<html>");
  list_.fault(200, R"({"code":"9"})");
  list_.fault(200, R"({"code":"0","list":{}})");
  list_.fault(302, "", {{"Location", "/elsewhere"}});
  ScriptedIntake intake(take_all);
  auto poll = make(intake);
  poll->start();
  ASSERT_TRUE(list_.wait_asked("/list?cursor=5"));
  poll->stop(1'000);
  EXPECT_THAT(intake.keys(), testing::ElementsAre("m0", "m1", "m2", "m3", "m4"));
}

TEST_F(HttpPolling, TellsWhyThePartnerCannotBeAsked) {
  ScriptedIntake intake(take_all);
  for (int i = 0; i < 1'000; ++i) list_.fault(500, "");
  auto poll = make(intake);
  poll->start();
  ASSERT_TRUE(list_.wait_asked("/list", 3));
  EXPECT_EQ(poll->health().last_code, &codes::kAnswerStatus);
  EXPECT_EQ(poll->health().last_success_ms, 0);
  poll->stop(0);
}

TEST_F(HttpPolling, StopsWhileThePartnerIsSilent) {
  Held held;
  RunningServer silent(held.function());
  ScriptedIntake intake(take_all);
  PollOptions list;
  list.target = "/list";
  list.key_path = "id";
  list.next_path = "next";
  HttpPollOptions options;
  options.timeout_ms = 600'000;
  HttpParts parts;
  parts.client = net::HttpClient::create({}, pool_, nullptr).value();
  parts.caller = std::make_unique<HttpCaller>(
      CallOptions{{"127.0.0.1", silent.port(), false}, 0}, CallCredentials{}, AnswerReader({}, json_, clock_), clock_,
      [client = parts.client.get()](net::HttpRequestOut request, std::int64_t timeout_ms, net::HttpClient::Done done) {
        client->request(std::move(request), timeout_ms, std::move(done));
      });
  HttpPoll poll(options, PollSession(list, json_), PollPosition(folder_), std::move(parts), intake, clock_);
  poll.start();
  const auto done = held.next();
  ASSERT_TRUE(done);
  poll.stop(10);
  EXPECT_EQ(poll.health().last_code, &codes::kNetClientStopped);
  done(HttpResponse{});
}

TEST(PollPositions, AreReplacedAsAWholeOrNotAtAll) {
  const auto folder = std::filesystem::path(testing::TempDir()) / ("position-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  const PollPosition position(folder / "deep");
  EXPECT_EQ(position.load("first").value(), "first");
  ASSERT_TRUE(position.save("2").has_value());
  ASSERT_TRUE(position.save("游标 3").has_value());
  EXPECT_EQ(position.load("first").value(), "游标 3");
  // A file where the folder should be.
  const PollPosition blocked(folder / "deep" / "http-poll.position");
  EXPECT_EQ(blocked.save("4").error().code, &codes::kPollCursor);
  EXPECT_EQ(position.load("first").value(), "游标 3");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tongqu::test
