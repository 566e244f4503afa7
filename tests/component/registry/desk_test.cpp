// The desk of a local base: what it answers to deliveries and questions, over the real store, and over one that fails.
#include <future>

#include "connectors/registry/registry_codes.hpp"
#include "connectors/registry/registry_desk.hpp"
#include "tests/component/registry/base_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::registry {
namespace {

using test::BaseHouse;
using test::kBase;

constexpr std::int64_t kTimeoutMs = 60'000;

// Fails so many calls, then passes them on.
class FailingStore final : public ReferenceStore {
 public:
  explicit FailingStore(ReferenceStore& inner) : inner_(inner) {}
  Result<std::vector<ReferencePut>> put(const PartnerId& base, const ReferenceLimits& limits,
                                        const std::vector<NewReference>& records) override {
    largest = std::max(largest, records.size());
    ++puts;
    if (strikes()) return make_error(codes::kUnavailable);
    return inner_.put(base, limits, records);
  }
  Result<std::optional<Reference>> find(const PartnerId& base, const std::string& key) override {
    if (strikes()) return make_error(codes::kUnavailable);
    return inner_.find(base, key);
  }
  Result<std::string> newest(const PartnerId& base) override {
    if (strikes()) return make_error(codes::kUnavailable);
    return inner_.newest(base);
  }
  // Read by the test when no call is under way.
  int fail_at = 0;  // 1 = the next call
  std::size_t largest = 0;
  int puts = 0;

 private:
  bool strikes() { return fail_at > 0 && --fail_at == 0; }
  ReferenceStore& inner_;
};

struct Desk {
  Desk() {
    DeskOptions options;
    options.base = kBase;
    options.rules.identity = {"no", "kind"};
    options.rules.order = {"at"};
    options.rules.as_of = "file_at";
    options.rules.keys = {{{"no"}, {"q"}}};
    options.limits.max_records = 3;
    desk = std::make_unique<RegistryDesk>(std::move(options), store, json, clock);
  }
  std::future<DeliveryOutcome> send(const std::string& id, const std::string& body,
                                    std::int64_t timeout_ms = kTimeoutMs,
                                    const std::string& type = "application/json") const {
    auto promise = std::make_shared<std::promise<DeliveryOutcome>>();  // second owner: the callback
    desk->deliver({id, ServiceId("ip.bulk"), body, type, 1}, timeout_ms,
                  [promise](DeliveryOutcome outcome) { promise->set_value(std::move(outcome)); });
    return promise->get_future();
  }
  DeliveryOutcome deliver(const std::string& id, const std::string& body, std::int64_t timeout_ms = kTimeoutMs,
                          const std::string& type = "application/json") const {
    return send(id, body, timeout_ms, type).get();
  }
  QueryOutcome ask(const std::string& body, std::int64_t timeout_ms = kTimeoutMs) const {
    std::promise<QueryOutcome> promise;
    desk->ask({"q", ServiceId("patent.query"), body, "application/json", 1}, timeout_ms,
              [&promise](QueryOutcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
  }
  BaseHouse house;
  FailingStore store{*house.store};
  JsonCodec json;
  SystemClock clock;
  std::unique_ptr<RegistryDesk> desk;
};

std::string record(const std::string& no, const std::string& at, const std::string& file_at) {
  return R"({"no":")" + no + R"(","at":")" + at + R"(","file_at":")" + file_at + "\"}";
}

TEST(RegistryDesk, WhatWasDeliveredIsAnsweredWithItsDate) {
  const Desk desk;
  EXPECT_EQ(desk.ask(R"({"q":"1"})").body, R"({"found":false})") << "a base that took nothing yet";
  EXPECT_EQ(desk.deliver("m1", record("1", "2014", "2015")).verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(desk.deliver("m1", record("1", "2014", "2015")).verdict, DeliveryVerdict::kDelivered) << "again";
  EXPECT_EQ(desk.deliver("m2", record("1", "2013", "2016")).verdict, DeliveryVerdict::kDelivered) << "older";
  const QueryOutcome found = desk.ask(R"({"q":"1"})");
  EXPECT_EQ(found.verdict, QueryVerdict::kAnswered);
  EXPECT_EQ(found.content_type, "application/json");
  EXPECT_EQ(found.body, R"({"found":true,"as_of":"2015","record":)" + record("1", "2014", "2015") + "}");
  EXPECT_EQ(desk.ask(R"({"q":"2"})").body, R"({"found":false,"as_of":"2015"})");
}

TEST(RegistryDesk, WhatIsNoRecordIsRefusedAndWhatIsNoQuestionToo) {
  const Desk desk;
  for (const char* body : {"", "{}", "[1]", R"({"kind":"A"})"}) {
    const DeliveryOutcome outcome = desk.deliver("m1", body);
    EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRefused) << body;
    EXPECT_EQ(outcome.code, &codes::kRegistryRecord);
  }
  EXPECT_EQ(desk.deliver("m1", "<no/>", kTimeoutMs, "application/xml").verdict, DeliveryVerdict::kRefused);
  const QueryOutcome question = desk.ask("{}");
  EXPECT_EQ(question.verdict, QueryVerdict::kRefused);
  EXPECT_EQ(question.code, &codes::kRegistryQuestion);
}

TEST(RegistryDesk, AFullBaseIsAskedAgainLater) {
  const Desk desk;
  for (const char* no : {"1", "2", "3"})
    EXPECT_EQ(desk.deliver("m" + std::string(no), record(no, "2014", "2015")).verdict, DeliveryVerdict::kDelivered);
  const DeliveryOutcome full = desk.deliver("m4", record("4", "2014", "2015"));
  EXPECT_EQ(full.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(full.code, &codes::kRegistryFull);
  EXPECT_GT(full.retry_after_ms, 0);
  EXPECT_EQ(desk.deliver("m5", record("3", "2015", "2015")).verdict, DeliveryVerdict::kDelivered);
}

TEST(RegistryDesk, AStoreThatFailsAtAnyStepIsTriedAgain) {
  Desk desk;
  desk.store.fail_at = 1;
  EXPECT_EQ(desk.deliver("m1", record("1", "2014", "2015")).verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(desk.deliver("m1", record("1", "2014", "2015")).verdict, DeliveryVerdict::kDelivered);
  desk.store.fail_at = 1;
  EXPECT_EQ(desk.ask(R"({"q":"1"})").verdict, QueryVerdict::kUnavailable);
  desk.store.fail_at = 2;
  EXPECT_EQ(desk.ask(R"({"q":"2"})").verdict, QueryVerdict::kUnavailable) << "an answer without its date is none";
  EXPECT_EQ(desk.ask(R"({"q":"1"})").verdict, QueryVerdict::kAnswered);
}

TEST(RegistryDesk, WhoseTimeIsOverIsToldSo) {
  const Desk desk;
  const DeliveryOutcome late = desk.deliver("m1", record("1", "2014", "2015"), 0);
  EXPECT_EQ(late.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(late.code, &codes::kRegistryLate);
  EXPECT_EQ(desk.ask(R"({"q":"1"})", 0).code, &codes::kRegistryLate);
  EXPECT_EQ(desk.store.puts, 0);
}

TEST(RegistryDesk, MessagesThatWaitTogetherShareACommitAndEachHasItsAnswer) {
  Desk desk;
  std::vector<std::future<DeliveryOutcome>> sent;
  for (int i = 0; i < 2000; ++i)
    sent.push_back(desk.send("m" + std::to_string(10'000 + i), record("1", "2014", "2015")));
  for (auto& one : sent) EXPECT_EQ(one.get().verdict, DeliveryVerdict::kDelivered);
  EXPECT_LT(desk.store.puts, 1000);
  EXPECT_LE(desk.store.largest, 256U);
  EXPECT_GT(desk.store.largest, 1U);
}

TEST(RegistryDesk, StoppedItAnswersWhatWaits) {
  Desk desk;
  std::vector<std::future<DeliveryOutcome>> sent;
  for (int i = 0; i < 2000; ++i) sent.push_back(desk.send("m" + std::to_string(i), record("1", "2014", "2015")));
  desk.desk.reset();
  for (auto& one : sent) {
    ASSERT_EQ(one.wait_for(std::chrono::seconds(0)), std::future_status::ready);
    const DeliveryOutcome outcome = one.get();
    EXPECT_TRUE(outcome.verdict == DeliveryVerdict::kDelivered || outcome.code == &codes::kRegistryStopped);
  }
}

TEST(RegistryDesk, ItMayBeLetGoByItsOwnAnswer) {
  Desk desk;
  auto last = std::shared_ptr<RegistryDesk>(std::move(desk.desk));  // second owner: the answer below
  std::promise<void> gone;
  RegistryDesk* raw = last.get();
  raw->ask({"q", ServiceId("patent.query"), R"({"q":"1"})", "application/json", 1}, kTimeoutMs,
           [held = std::move(last), &gone](const QueryOutcome&) mutable {
             held.reset();
             gone.set_value();
           });
  gone.get_future().wait();
}

}  // namespace
}  // namespace tongqu::registry
