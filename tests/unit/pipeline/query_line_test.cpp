// The line of queries under the shipped configuration, in which city A asks the same registry as the platform, with a
// hub and a store that the test plays.
#include "gateway/pipeline/query_line.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <optional>

#include "gateway/app/config_open.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"
#include "security/audit/commitments.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {
namespace {

const ErrorCode kReplayed{"test.replay", ErrorKind::kConflict, "", ""};

// Writes notes down; each is committed when the test says so, at once by default.
class NoteStore final : public FakeStore {
 public:
  void note(QueryNote note, Done done) override {
    notes.push_back(std::move(note));
    if (failure != nullptr) return done(make_error(*failure));
    if (held) {
      waiting.push_back(std::move(done));
      return;
    }
    done({});
  }
  Result<std::vector<OpenQuery>> open_queries(Instant, std::size_t) override { return std::exchange(open, {}); }
  std::vector<QueryNote> notes;
  std::deque<Done> waiting;
  std::vector<OpenQuery> open;
  const ErrorCode* failure = nullptr;
  bool held = false;
};

// An answer with a memory of what was shown of it, as the hub has one.
class KeepingContent final : public AnswerContent {
 public:
  [[nodiscard]] Result<std::string> record() const override {
    ++opened;
    if (broken) return make_error(codes::kUnavailable);
    return json;
  }
  [[nodiscard]] std::shared_ptr<const ShownAnswer> shown(const std::string& audience) const override {
    const auto found = kept.find(audience);
    return found == kept.end() ? nullptr : std::make_shared<const ShownAnswer>(found->second);
  }
  void keep(const std::string& audience, const ShownAnswer& shown) const override { kept.emplace(audience, shown); }

  std::string json;
  bool broken = false;
  mutable int opened = 0;
  mutable std::map<std::string, ShownAnswer> kept;
};

class FakeCalls final : public SharedCalls {
 public:
  struct Asked {
    SharedQuestion question;
    std::int64_t deadline_ms = 0;
    Askers::Asker asker;
  };
  void ask(SharedQuestion question, std::int64_t deadline_ms, Askers::Asker asker) override {
    asked.push_back({std::move(question), deadline_ms, std::move(asker)});
  }
  std::vector<Asked> asked;
};

class NoSealer final : public Sealer {
 public:
  Result<SealKey> make_key(const ExchangeId&) const override { return make_error(codes::kUnavailable); }
  Result<SealKey> unwrap(const ExchangeId&, std::string_view) const override { return make_error(codes::kUnavailable); }
  Result<Bytes> seal(const SealKey&, std::string_view, std::string_view) const override {
    return make_error(codes::kUnavailable);
  }
  Result<Bytes> open(const SealKey&, std::string_view, std::string_view) const override {
    return make_error(codes::kUnavailable);
  }
};

class NoCommitter final : public FieldCommitter {
 public:
  [[nodiscard]] Digest32 commit(const Node&, const SealKey&) const override { return {}; }
};

constexpr const char* kShop =
    R"({"code":"0","message":null,"data":{"entname":"某某火锅店","uniscid":"91350100M000100Y43","name":"段正淳",)"
    R"("estdate":1519833600000,"dom":"福州市鼓楼区东街1号","regcap":10,"regstateCn":"注销"}})";

class QueryLineTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path config = temporary_folder("query-line") / "config";
    std::filesystem::copy(source_folder() / "config", config, std::filesystem::copy_options::recursive);
    ASSERT_TRUE(std::filesystem::remove(config / "routes/entity-query-of-city-a.yaml"));
    auto opened = app::open_config(config.string(), json);
    ASSERT_TRUE(opened.config != nullptr);
    plan = opened.config->plan;
    auto made = make_suite(SuiteId::kGm);
    suite = std::move(*made);
    const LineTools tools{*suite, sealer, committer, json, clock};
    const auto active = [this] { return plan; };
    line = std::make_unique<Line>(active, store, tools, [](const PartnerId&) {});
    queries = std::make_unique<QueryLine>(
        QueryLine::Parts{.plan = active,
                         .store = store,
                         .tools = tools,
                         .calls = calls,
                         .limiter = line->limiter(),
                         .intake = *line,
                         .question_key = "key",
                         .bad_answer = [this](const PartnerId&, const Error& error) { bad.push_back(error); }});
  }
  static InboundMessage message(const std::string& partner, const std::string& service, const std::string& body) {
    InboundMessage out;
    out.service = ServiceId(service);
    out.body = body;
    out.content_type = "application/json";
    out.identity.partner = PartnerId(partner);
    out.identity.method = "test";
    out.identity.nonce = "nonce of " + partner;
    out.source_address = "192.0.2.1";
    return out;
  }
  // Index of the answer that will stand in `answers`.
  std::size_t ask(const std::string& partner, const std::string& body, const std::string& service = "entity.query",
                  std::int64_t wait_ms = 0) {
    const std::size_t at = answers.size();
    answers.emplace_back();
    queries->ask(message(partner, service, body), wait_ms, [this, at](Result<Answered> answer) {
      EXPECT_FALSE(answers[at].has_value()) << "told twice";
      answers[at].emplace(std::move(answer));
    });
    return at;
  }
  static QueryOutcome said(const std::string& body, const std::string& type = "application/json") {
    QueryOutcome outcome;
    outcome.verdict = QueryVerdict::kAnswered;
    outcome.body = body;
    outcome.content_type = type;
    return outcome;
  }
  // The registry's answer to the first question goes to all who asked.
  void answer_all(const QueryOutcome& outcome) {
    auto record = calls.asked.front().question.translate(outcome);
    ASSERT_TRUE(record.has_value()) << record.error().text(Lang::kEnglish);
    std::vector<std::pair<Askers::Asker, AnswerOrigin>> askers;
    for (auto& one : calls.asked) {
      askers.emplace_back(one.asker, askers.empty() ? AnswerOrigin::kUpstream : AnswerOrigin::kShared);
    }
    content.json = record->json;
    queries->answer(std::move(askers), {record->found, calls.asked.front().asker->exchange(), 4'321}, content);
  }
  std::string code_of(std::size_t at) const {
    if (!answers[at]) return "(waits)";
    return answers[at]->has_error() ? std::string(answers[at]->error().code->id) : "";
  }

  JsonCodec json;
  ManualClock clock;
  NoteStore store;
  NoSealer sealer;
  NoCommitter committer;
  FakeCalls calls;
  KeepingContent content;
  std::shared_ptr<const Plan> plan;
  std::unique_ptr<Suite> suite;
  std::unique_ptr<Line> line;
  std::unique_ptr<QueryLine> queries;
  std::deque<std::optional<Result<Answered>>> answers;
  std::vector<Error> bad;
};

TEST_F(QueryLineTest, KnowsWhichServicesAreAsked) {
  EXPECT_TRUE(queries->answers(ServiceId("entity.query")));
  EXPECT_FALSE(queries->answers(ServiceId("workorder.transfer")));
  EXPECT_FALSE(queries->answers(ServiceId("no.such")));
}

TEST_F(QueryLineTest, TheSameQuestionOfTwoPartnersIsTheSame) {
  ask("p12315", R"({"socialcode":"91350100M000100Y43"})");
  ask("city-a", R"({"code":" 91350100m000100y43 "})");
  ask("p12315", R"({"socialcode":"91350100M000100Y43","subjectname":"某某火锅店"})");
  ASSERT_EQ(calls.asked.size(), 3U);
  EXPECT_EQ(calls.asked[0].question.identity, calls.asked[1].question.identity);
  EXPECT_NE(calls.asked[0].question.identity, calls.asked[2].question.identity);
  EXPECT_TRUE(store.notes.empty()) << "nothing is written before it is known whether something leaves";
}

TEST_F(QueryLineTest, TheAskersTimeIsBoundedByTheService) {
  const std::int64_t now_ms = clock.steady_ms();
  ask("p12315", R"({"subjectname":"甲"})");
  ask("p12315", R"({"subjectname":"甲"})", "entity.query", 70);
  ask("p12315", R"({"subjectname":"甲"})", "entity.query", 600'000);
  EXPECT_EQ(calls.asked[0].deadline_ms - now_ms, 5'000);
  EXPECT_EQ(calls.asked[1].deadline_ms - now_ms, 70);
  EXPECT_EQ(calls.asked[2].deadline_ms - now_ms, 30'000);
}

TEST_F(QueryLineTest, ManyAskersOfOneAnswerDoNotFillTheStore) {
  constexpr std::size_t kAskers = 2'500;
  for (std::size_t i = 0; i < kAskers; ++i) ask("p12315", R"({"subjectname":"甲"})");
  store.held = true;
  answer_all(said(kShop));
  std::size_t most = 0;
  while (!store.waiting.empty()) {
    most = std::max(most, store.waiting.size());
    const Store::Done done = std::move(store.waiting.front());
    store.waiting.pop_front();
    done({});
  }
  EXPECT_EQ(most, 1'000U) << "at a time";
  EXPECT_EQ(store.notes.size(), kAskers);
  for (const auto& answer : answers) EXPECT_TRUE(answer.has_value() && answer->has_value());
}

TEST_F(QueryLineTest, AStoreThatRefusesManyAtOnceIsNoRecursion) {
  constexpr std::size_t kAskers = 9'000;
  for (std::size_t i = 0; i < kAskers; ++i) ask("p12315", R"({"subjectname":"甲"})");
  store.failure = &codes::kUnavailable;
  answer_all(said(kShop));
  ASSERT_EQ(answers.size(), kAskers);
  for (const auto& answer : answers) EXPECT_EQ(answer->error().code, &codes::kUnavailable);
}

TEST_F(QueryLineTest, WhoMayNotAskOrAsksWronglyIsTurnedBackAndNothingIsAsked) {
  EXPECT_EQ(code_of(ask("city-a", R"({"code":"1"})", "entity.verify")), "admit.service");
  EXPECT_EQ(code_of(ask("nobody", "{}")), "admit.partner");
  EXPECT_EQ(code_of(ask("p12315", "{}")), "validate.faults");
  EXPECT_EQ(code_of(ask("p12315", "{")), "json.syntax");
  EXPECT_EQ(code_of(ask("p12315", R"({"socialcode":7})")), "validate.faults");
  EXPECT_TRUE(calls.asked.empty());
  EXPECT_TRUE(store.notes.empty());
}

TEST_F(QueryLineTest, WhereNoAnswerCanGoBackAQueryIsNotTaken) {
  std::string code;
  line->accept(message("p12315", "entity.query", R"({"subjectname":"甲"})"),
               [&code](const Result<Accepted>& accepted) { code = accepted.error().code->id; });
  EXPECT_EQ(code, "admit.asked-only");
}

TEST_F(QueryLineTest, AskedIsCommittedBeforeTheMessageExists) {
  store.held = true;
  ask("p12315", R"({"socialcode":"91350100M000100Y43"})");
  std::optional<Result<OutboundMessage>> led;
  calls.asked[0].asker->lead([&led](Result<OutboundMessage> message) { led.emplace(std::move(message)); });
  ASSERT_EQ(store.notes.size(), 1U);
  EXPECT_FALSE(led.has_value());
  const QueryNote& note = store.notes[0];
  EXPECT_EQ(note.kind, QueryNote::Kind::kAsked);
  EXPECT_EQ(note.nonce, "nonce of p12315");
  EXPECT_EQ(note.recipient.str(), "entity-rest");
  EXPECT_EQ(note.query, calls.asked[0].asker->exchange());
  EXPECT_NE(note.entry.entry.find(to_hex(note.ledger_digest)), std::string::npos);
  EXPECT_EQ(note.entry.entry.find("91350100M000100Y43"), std::string::npos);
  store.waiting.front()({});
  ASSERT_TRUE(led.has_value() && led->has_value());
  EXPECT_EQ((*led)->body, R"({"uniscid":"91350100M000100Y43"})");
  EXPECT_EQ((*led)->message_id, note.query.str() + "-entity-rest");
}

TEST_F(QueryLineTest, WhatCannotBeWrittenIsNoMessage) {
  store.failure = &codes::kUnavailable;
  ask("p12315", R"({"subjectname":"甲"})");
  std::optional<Result<OutboundMessage>> led;
  calls.asked[0].asker->lead([&led](Result<OutboundMessage> message) { led.emplace(std::move(message)); });
  ASSERT_TRUE(led.has_value());
  EXPECT_EQ(led->error().code, &codes::kUnavailable);
}

TEST_F(QueryLineTest, AnAskerThatWaitedLeadsFromItsRequest) {
  ask("city-a", R"({"companyName":"某某火锅店"})");
  calls.asked[0].asker->park();
  std::optional<Result<OutboundMessage>> led;
  calls.asked[0].asker->lead([&led](Result<OutboundMessage> message) { led.emplace(std::move(message)); });
  ASSERT_TRUE(led.has_value() && led->has_value());
  EXPECT_EQ((*led)->body, R"({"entname":"某某火锅店"})");
}

TEST_F(QueryLineTest, EachAskerSeesItsViewAndIsAnsweredAfterTheCommit) {
  const auto platform = ask("p12315", R"({"subjectname":"某某火锅店"})");
  const auto hotline = ask("city-a", R"({"companyName":"某某火锅店"})");
  calls.asked[1].asker->park();
  calls.asked[0].asker->lead([](const Result<OutboundMessage>&) {});
  store.held = true;
  answer_all(said(kShop));
  ASSERT_EQ(store.notes.size(), 3U);
  EXPECT_EQ(code_of(platform), "(waits)");
  EXPECT_EQ(store.notes[1].nonce, "") << "used with asked";
  EXPECT_EQ(store.notes[2].nonce, "nonce of city-a");
  EXPECT_EQ(store.notes[1].query, store.notes[0].query);
  EXPECT_NE(store.notes[1].ledger, store.notes[2].ledger);
  EXPECT_NE(store.notes[2].ledger.find(R"("form":"mask")"), std::string::npos);
  for (auto& done : store.waiting) done({});
  ASSERT_EQ(code_of(platform) + code_of(hotline), "");
  EXPECT_NE((*answers[platform])->body.find("段正淳"), std::string::npos);
  EXPECT_EQ((*answers[hotline])->body,
            R"({"found":true,"name":"某某火锅店","code":"91350100M000100Y43","legalPerson":"段**","state":"注销"})");
  EXPECT_EQ((*answers[hotline])->origin, AnswerOrigin::kShared);
  EXPECT_EQ((*answers[hotline])->age_ms, 4'321);
  const auto counts = queries->counts();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].shared, 1U);    // city-a
  EXPECT_EQ(counts[1].upstream, 1U);  // p12315
}

TEST_F(QueryLineTest, ARequestThatWasReadBeforeIsAskedAsTheSameQuestionWithItsOwnExchange) {
  const std::string body = R"({"companyName":"某某火锅店"})";
  ask("city-a", body);
  ask("city-a", body);
  ask("city-a", R"({"companyName":"某某火锅城"})");
  ask("p12315", R"({"subjectname":"某某火锅店"})");
  ASSERT_EQ(calls.asked.size(), 4U);
  EXPECT_EQ(calls.asked[0].question.identity, calls.asked[1].question.identity);
  EXPECT_NE(calls.asked[1].question.identity, calls.asked[2].question.identity);
  EXPECT_EQ(calls.asked[1].question.identity, calls.asked[3].question.identity);
  EXPECT_EQ(calls.asked[1].question.identity.size(), 32U) << "a keyed hash, not the question";
  EXPECT_NE(calls.asked[0].asker->exchange(), calls.asked[1].asker->exchange());
  std::optional<Result<OutboundMessage>> led;
  calls.asked[1].asker->lead([&led](Result<OutboundMessage> message) { led.emplace(std::move(message)); });
  ASSERT_TRUE(led.has_value() && led->has_value()) << "one that was not read may have to lead all the same";
  EXPECT_EQ((*led)->body, R"({"entname":"某某火锅店"})");
}

TEST_F(QueryLineTest, AWrongRequestIsToldEachTimeAndARateHoldsForKnownRequestsToo) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(code_of(ask("city-a", R"({"companyName":5})")), "validate.faults") << i;
  EXPECT_EQ(code_of(ask("city-b", R"({"companyName":"某某火锅店"})")), "admit.service");
  EXPECT_TRUE(calls.asked.empty());
}

TEST_F(QueryLineTest, WhatAPartnerWasShownServesItsNextAskerAndNobodyElse) {
  ask("p12315", R"({"subjectname":"某某火锅店"})");
  const auto first = ask("city-a", R"({"companyName":"某某火锅店"})");
  answer_all(said(kShop));
  EXPECT_EQ(content.opened, 2) << "each audience has its own view made";
  ASSERT_EQ(content.kept.size(), 2U);

  calls.asked.clear();
  const auto platform = ask("p12315", R"({"subjectname":"某某火锅店"})");
  const auto hotline = ask("city-a", R"({"companyName":"某某火锅店"})");
  answer_all(said(kShop));
  EXPECT_EQ(content.opened, 2) << "the record is not opened again";
  EXPECT_NE((*answers[platform])->body.find("段正淳"), std::string::npos);
  EXPECT_EQ((*answers[hotline])->body.find("段正淳"), std::string::npos);
  EXPECT_EQ((*answers[hotline])->body, (*answers[first])->body);
  ASSERT_EQ(store.notes.size(), 4U) << "each asker has its entry all the same";
  EXPECT_EQ(store.notes[3].ledger, store.notes[1].ledger);
  EXPECT_EQ(store.notes[3].ledger_digest, store.notes[1].ledger_digest);
  EXPECT_NE(store.notes[3].entry.entry.find((*answers[hotline])->exchange.str()), std::string::npos);
}

TEST_F(QueryLineTest, AKeptRecordThatDoesNotOpenIsToldAndNothingIsShown) {
  const auto at = ask("p12315", R"({"subjectname":"某某火锅店"})");
  content.broken = true;
  answer_all(said(kShop));
  EXPECT_EQ(code_of(at), "query.answer-invalid");
  EXPECT_TRUE(store.notes.empty());
}

TEST_F(QueryLineTest, WithoutItsAuditEntryNoAnswerIsShown) {
  const auto at = ask("p12315", R"({"subjectname":"某某火锅店"})");
  store.failure = &kReplayed;
  answer_all(said(kShop));
  EXPECT_EQ(code_of(at), "test.replay");
  EXPECT_EQ(queries->counts()[0].failed, 1U);
}

TEST_F(QueryLineTest, NoSuchRecordIsAnAnswer) {
  const auto at = ask("p12315", R"({"subjectname":"某某火锅店"})");
  QueryOutcome outcome;
  outcome.verdict = QueryVerdict::kNotFound;
  answer_all(outcome);
  ASSERT_EQ(code_of(at), "");
  EXPECT_EQ((*answers[at])->body, R"({"result":"0"})");
  EXPECT_NE(store.notes.back().entry.entry.find(R"("result":"not-found")"), std::string::npos);
}

TEST_F(QueryLineTest, NothingIsGuessedOfAnAnswerThatIsNotAsAgreed) {
  ask("p12315", R"({"subjectname":"某某火锅店"})");
  const auto& translate = calls.asked[0].question.translate;
  const std::string whole(kShop);
  const std::vector<std::pair<std::string, QueryOutcome>> cases{
      {"another format", said(whole, "text/html")},
      {"cut", said(whole.substr(0, 60))},
      {"empty", said("")},
      {"no record", said(R"({"code":"0"})")},
      {"date as text", said(R"({"code":"0","data":{"entname":"甲","estdate":"2018-03-01"}})")},
      {"a member that nobody agreed", said(R"({"code":"0","data":{"entname":"甲","secret":1}})")},
      {"capital beyond a fen", said(R"({"code":"0","data":{"entname":"甲","regcap":0.0000001}})")},
  };
  for (const auto& [what, outcome] : cases) {
    const auto record = translate(outcome);
    ASSERT_TRUE(record.has_error()) << what;
    EXPECT_EQ(record.error().code, &codes::kAnswerInvalid) << what;
    EXPECT_FALSE(record.error().faults.empty()) << what;
  }
  EXPECT_EQ(bad.size(), cases.size());
  EXPECT_TRUE(translate(said(R"({"code":"0","data":{"entname":"甲","regstateCn":"新状态"}})")).has_value())
      << "a state without a code keeps its text";
}

TEST_F(QueryLineTest, AFailureTellsNothingOfTheRegistrysFields) {
  const auto at = ask("p12315", R"({"subjectname":"某某火锅店"})");
  Error error = make_error(codes::kAnswerInvalid, "entity-rest");
  error.retry_after_ms = 9'000;
  error.faults.push_back({&codes::kMessageFaults, "data.name", {}, {}, {}, Grade::kError});
  queries->fail({calls.asked[0].asker}, error);
  EXPECT_EQ(code_of(at), "query.answer-invalid");
  EXPECT_TRUE(answers[at]->error().faults.empty());
  EXPECT_EQ(answers[at]->error().retry_after_ms, 9'000);
}

TEST_F(QueryLineTest, WhatIsOpenIsClosedWithItsReason) {
  SharedQuestion question;
  question.recipient = PartnerId("entity-rest");
  question.service = ServiceId("entity.query");
  queries->over(ExchangeId("01A"), question, codes::kAnswerInvalid);
  store.open = {{ExchangeId("01B"), PartnerId("p12315"), PartnerId("entity-rest"), ServiceId("entity.query"), 1}};
  EXPECT_EQ(*queries->close_abandoned({2}), 1U);
  ASSERT_EQ(store.notes.size(), 2U);
  EXPECT_EQ(store.notes[0].kind, QueryNote::Kind::kAbandoned);
  EXPECT_NE(store.notes[0].entry.entry.find(R"("code":"query.answer-invalid")"), std::string::npos);
  EXPECT_EQ(store.notes[1].query.str(), "01B");
  EXPECT_NE(store.notes[1].entry.entry.find(R"("code":"query.abandoned")"), std::string::npos);
}

}  // namespace
}  // namespace tongqu::test
