#pragma once
// A hub with fake neighbours: askers that write down what they are told, a registry that answers when the test says so.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/delivery/delivery_codes.hpp"
#include "gateway/delivery/query_codes.hpp"
#include "gateway/delivery/query_hub.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/plain_suite.hpp"
#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu::test {

class FakeRegistry final : public QueryConnector {
 public:
  void ask(OutboundMessage question, std::int64_t timeout_ms, Done done) override {
    last_timeout_ms = timeout_ms;
    asked.push_back(std::move(question));
    open.push_back(std::move(done));
  }
  void answer(const std::string& body) {
    QueryOutcome outcome;
    outcome.verdict = QueryVerdict::kAnswered;
    outcome.body = body;
    settle(std::move(outcome));
  }
  void fail(QueryVerdict verdict, std::int64_t retry_after_ms = 0) {
    QueryOutcome outcome;
    outcome.verdict = verdict;
    outcome.retry_after_ms = retry_after_ms;
    settle(std::move(outcome));
  }
  // The oldest open question gets this.
  void settle(QueryOutcome outcome) {
    Done done = std::move(open.front());
    open.pop_front();
    done(std::move(outcome));
  }
  std::vector<OutboundMessage> asked;
  std::deque<Done> open;
  std::int64_t last_timeout_ms = 0;
};

class FakeAsker final : public WaitingAsker {
 public:
  explicit FakeAsker(std::string name) : id_(std::move(name)) {}
  void park() override { ++parked; }
  void lead(Led done) override {
    ++led;
    if (lead_error != nullptr) return done(make_error(*lead_error));
    if (held) {
      waiting = std::move(done);
      return;
    }
    done(message());
  }
  [[nodiscard]] const ExchangeId& exchange() const override { return id_; }
  [[nodiscard]] OutboundMessage message() const { return {id_.str(), ServiceId("s"), "q", "application/json", 1}; }

  int parked = 0, led = 0;
  bool held = false;  // *asked* is not committed before the test calls `waiting`
  const ErrorCode* lead_error = nullptr;
  Led waiting;

 private:
  ExchangeId id_;
};

// What each asker was told: "upstream:body@age", "cache:body@age", or an error's code.
class FakeAskers final : public Askers {
 public:
  void answer(std::vector<std::pair<Asker, AnswerOrigin>> askers, const SharedAnswer& answer,
              const AnswerContent& content) override {
    ++batches;
    const auto record = content.record();
    ASSERT_TRUE(record.has_value());
    if (look) look(content);
    for (const auto& [asker, origin] : askers) {
      tell(*asker, std::string(name_of(origin)) + ":" + *record + "@" + std::to_string(answer.age_ms));
      last_asked = answer.asked.str();
    }
  }
  void fail(std::vector<Asker> askers, const Error& error) override {
    for (const auto& asker : askers) tell(*asker, std::string(error.code->id));
    retry_after_ms = error.retry_after_ms;
  }
  void over(const ExchangeId& asked, const SharedQuestion&, const ErrorCode& why) override {
    ended.push_back(asked.str() + "=" + std::string(why.id));
  }
  std::function<void(const AnswerContent&)> look;  // at what came with an answer
  std::map<std::string, std::string> told;
  std::vector<std::string> ended;
  std::string last_asked;
  std::int64_t retry_after_ms = 0;
  int batches = 0;

 private:
  void tell(const WaitingAsker& asker, std::string what) {
    EXPECT_EQ(told.count(asker.exchange().str()), 0U) << asker.exchange().str() << " is told twice";
    told[asker.exchange().str()] = std::move(what);
  }
};

// Shows nothing of anything; for bytes that carry a ledger entry.
class EmptyPolicy final : public ViewPolicy {
 public:
  [[nodiscard]] Result<View> view(const Node&, const FieldNode&, const Decisions&) const override { return show(); }
  [[nodiscard]] DisclosedField decide(std::string_view, const FieldNode&) const override { return {}; }
  [[nodiscard]] static View show() {
    return finish(Document(), start(PartnerId("asker"), ServiceId("entity.query"), {"purpose", "basis", false}), {});
  }
};
inline ShownAnswer shown_answer(std::string bytes) {
  return {OutboundBytes(EmptyPolicy::show(), std::move(bytes), "application/json"), PlainSuite()};
}

class QueryBench : public testing::Test {
 protected:
  QueryBench() { make({}); }
  void make(QueryLimits limits) {
    hub = std::make_unique<QueryHub>(limits, SealKey{ExchangeId("process"), "", "secret"}, sealer, clock);
    hub->attach(askers, [this] { ++woken; });
    EXPECT_TRUE(hub->configure({lane()}, limits).has_value());
  }
  [[nodiscard]] QueryLaneOptions lane() const {
    QueryLaneOptions out;
    out.partner = PartnerId("registry");
    out.connector = registry;
    out.timeout_ms = 10'000;
    out.max_calls = 4;
    out.breaker = {.failures = 2, .open_for_ms = 5'000, .probes = 1};
    return out;
  }
  // Asks `what`; the asker is called `name`.
  std::shared_ptr<FakeAsker> ask(const std::string& name, const std::string& what, std::int64_t wait_ms = 3'000,
                                 const std::function<void(FakeAsker&)>& arrange = {}) {
    auto asker = std::make_shared<FakeAsker>(name);
    if (arrange) arrange(*asker);
    SharedQuestion question;
    question.identity = what;
    question.recipient = PartnerId("registry");
    question.service = ServiceId("entity.query");
    question.times = times;
    question.translate = [](const QueryOutcome& outcome) -> Result<CanonicalAnswer> {
      if (outcome.verdict == QueryVerdict::kNotFound) return CanonicalAnswer{"none", false};
      if (outcome.body == "garbage") return make_error(codes::kQueryUnreachable, "invalid");
      return CanonicalAnswer{outcome.body, true};
    };
    hub->ask(std::move(question), clock.steady_ms() + wait_ms, asker);
    return asker;
  }
  [[nodiscard]] std::string told(const std::string& name) const {
    const auto found = askers.told.find(name);
    return found == askers.told.end() ? "" : found->second;
  }

  ManualClock clock;
  PlainSuite suite;
  FakeSealer sealer;
  FakeAskers askers;
  std::shared_ptr<FakeRegistry> registry = std::make_shared<FakeRegistry>();
  QueryTimes times{.ttl_ms = 60'000, .negative_ttl_ms = 10'000, .stale_ms = 0, .call_ms = 30'000};
  std::unique_ptr<QueryHub> hub;
  int woken = 0;
};

}  // namespace tongqu::test
