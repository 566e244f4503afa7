// The desk on the real store: what is handed out, what is refused, what the sender is told, what the audit log says.
#include "gateway/delivery/transcript_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/delivery/form_values.hpp"
#include "tests/component/store/store_fixture.hpp"
#include "tests/support/plain_suite.hpp"
#include "tests/unit/delivery/delivery_bench.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

using test::code_of;
using test::exchange_id;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kNumber(25, '1');
const std::string kOther(25, '2');

// Remembers what the senders are told; says "later" while it is told to.
class Told final : public Intake {
 public:
  void accept(InboundMessage message, Done done) override {
    ++calls;
    if (later) return done(make_error(codes::kUnavailable));
    if (refuse) return done(make_error(codes::kNotFound, "matter"));
    if (keys.insert(message.idempotency_key).second) bodies.push_back(message.body);
    last = std::move(message);
    done(Accepted{});
  }
  void turned_back(const std::string&, const std::string&, const Error&) override {}
  bool later = false, refuse = false;
  int calls = 0;
  std::set<std::string> keys;
  std::vector<std::string> bodies;
  InboundMessage last;
};

FieldNode field(const std::string& name, const std::string& title) {
  FieldNode node;
  node.name = name;
  node.title_zh = title;
  node.type = FieldType::kText;
  return node;
}

struct Desk : testing::Test {
  void SetUp() override {
    house.open();
    partner.partner = PartnerId("platform");
    partner.told = ServiceId("workorder.progress");
    partner.remind_after_ms = 1000;
    form.title_zh = "登记表";
    form.members = {field("name", "姓名"), field("text", "内容"), field("files", "附件")};
    desk = std::make_unique<TranscriptDesk>(
        TranscriptTools{*house.store, *house.store, sealer, suite, json, house.clock, told},
        [this] { return std::vector{partner}; },
        [this](const TranscriptRow&) {
          return known_form ? TranscriptForm{nullptr, "form@1", &form, &json} : TranscriptForm{};
        });
  }
  void add(std::uint64_t n, const std::string& matter = {},
           const std::string& body = R"({"text":"a\nb","name":"甲"})") {
    NewExchange exchange =
        test::new_exchange(exchange_id(n), "city-b", matter.empty() ? "GD" + std::to_string(n) : matter);
    NewOutbox row = test::outbox_to(exchange.exchange, "platform", exchange.matter.str());
    row.sealed = "out/" + row.message_id + "\n" + body;
    exchange.outbox.push_back(std::move(row));
    ASSERT_TRUE(test::wait_commit(*house.store, std::move(exchange)).has_value());
  }
  std::string enter(std::uint64_t n, std::string_view number) {
    const auto entered = desk->enter(partner, exchange_id(n), number, "录入员");
    if (entered.has_error()) return code_of(entered);
    return *entered == TranscriptDesk::Entered::kNow ? "now" : "before";
  }
  std::vector<std::string> entries(std::string_view kind) {
    std::vector<std::string> out;
    for (const AuditRow& row : *house.store->audit_entries(0, 1000)) {
      if (row.entry.find("\"kind\":\"" + std::string(kind) + '"') != std::string::npos) out.push_back(row.entry);
    }
    return out;
  }

  test::OpenStore house{"transcript-desk"};
  test::FakeSealer sealer;
  test::PlainSuite suite;
  JsonCodec json;
  Told told;
  TranscriptPartner partner;
  FieldNode form;
  bool known_form = true;
  std::unique_ptr<TranscriptDesk> desk;
};

TEST_F(Desk, HandsOutTheDocumentInTheOrderOfTheFormAndRecordsTheDisclosure) {
  add(1);
  add(2);
  add(3);
  auto batch = desk->hand_out(partner, 2, "录入员");
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->batch, 1);
  EXPECT_EQ(batch->more, 1);
  ASSERT_EQ(batch->rows.size(), 2U);
  EXPECT_EQ(batch->forms.front().title_zh, "登记表");
  EXPECT_THAT(batch->rows[0].values, ElementsAre("甲", "a\nb", ""));
  EXPECT_TRUE(batch->rows[0].row.row.sealed.empty());
  const auto handed = entries("handed-out");
  ASSERT_EQ(handed.size(), 1U);
  EXPECT_THAT(handed[0], HasSubstr(exchange_id(1).str() + "-platform"));
  EXPECT_THAT(handed[0], HasSubstr("\"ledger\":\"" + to_hex(as_text(suite.hash({"ledger of platform"})))));
  EXPECT_THAT(handed[0], Not(HasSubstr("甲")));

  EXPECT_EQ(desk->hand_out(partner, 200, "录入员")->rows.size(), 1U) << "only what is new";
  EXPECT_EQ(desk->hand_out(partner, 200, "录入员")->batch, 0) << "nothing is new";
  auto again = desk->hand_again(partner, 1, "另一人");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->rows.size(), 2U);
  EXPECT_EQ(entries("handed-out").size(), 3U) << "giving a batch again is another disclosure, an empty one is none";
  EXPECT_EQ(code_of(desk->hand_again(partner, 9, "x")), "gateway.not-found");
  EXPECT_EQ(code_of(desk->hand_again(partner, 0, "x")), "gateway.not-found");
  EXPECT_EQ(code_of(desk->written(partner, 9)), "gateway.not-found");
  EXPECT_EQ(code_of(desk->written(partner, 1)), "");
}

TEST_F(Desk, NothingLeavesWhenTheStoreCannotWriteTheBatch) {
  add(1);
  house.sequencer.fail_next(1'000'000);
  EXPECT_EQ(code_of(desk->hand_out(partner, 10, "x")), "gateway.unavailable");
  house.sequencer.fail_next(0);
  EXPECT_EQ(desk->hand_out(partner, 10, "x")->rows.size(), 1U);
}

TEST_F(Desk, APayloadThatCannotBeReadBecomesADeadLetterAndStopsNoOther) {
  add(1, {}, "no JSON");
  add(2);
  const auto batch = desk->hand_out(partner, 10, "x");
  ASSERT_EQ(batch->rows.size(), 1U);
  EXPECT_EQ(batch->rows[0].row.row.exchange, exchange_id(2));
  house.reopen();
  EXPECT_EQ(house.store->message(exchange_id(1).str() + "-platform")->state, OutboxState::kDead);
}

TEST_F(Desk, WithoutASchemaMembersKeepTheirNames) {
  known_form = false;
  add(1, {}, R"({"b":["x","y"],"a":{"c":"1","d":"2"}})");
  const auto batch = desk->hand_out(partner, 10, "x");
  ASSERT_EQ(batch->rows.size(), 1U);
  EXPECT_THAT(batch->rows[0].values, ElementsAre("x\ny", "c: 1\nd: 2"));
  EXPECT_EQ(batch->forms[0].columns[0].second, "b");
}

TEST_F(Desk, ANumberIsCheckedEnteredOnceAndToldToTheSender) {
  add(1);
  add(2);
  for (const std::string wrong : {"", "123", "1111111111111111111１1111", "11111 11111111111111111111", "1.11E+24",
                                  "111111111111111111111111111111111"}) {
    EXPECT_EQ(enter(1, wrong), "transcript.number") << wrong;
  }
  EXPECT_EQ(enter(7, kNumber), "gateway.not-found");
  EXPECT_EQ(desk->enter(partner, ExchangeId(), kNumber, "x").error().code->id, "gateway.not-found");
  EXPECT_EQ(enter(1, " " + kNumber + "\r\n"), "now");
  EXPECT_EQ(enter(1, kNumber), "before");
  EXPECT_EQ(enter(1, kOther), "transcript.entered");
  EXPECT_EQ(enter(2, kNumber), "transcript.number-taken");
  ASSERT_EQ(told.bodies.size(), 1U);
  EXPECT_THAT(told.bodies[0], HasSubstr("\"national_no\":\"" + kNumber));
  EXPECT_THAT(told.bodies[0], HasSubstr("\"source\":\"city-b\""));
  EXPECT_THAT(told.bodies[0], HasSubstr("\"no\":\"GD1\""));
  EXPECT_EQ(told.last.identity.partner.str(), "platform");
  const auto delivered = entries("delivered");
  ASSERT_EQ(delivered.size(), 1U);
  EXPECT_THAT(delivered[0], HasSubstr("\"method\":\"person\""));
  EXPECT_THAT(delivered[0], HasSubstr("\"actor\":\"录入员\""));
  EXPECT_THAT(delivered[0], Not(HasSubstr(kNumber))) << "only its digest";
  EXPECT_TRUE(house.store->receipt("delivered", exchange_id(1).str() + "-platform").has_value());
}

TEST_F(Desk, WhatTheLineCannotTakeNowIsToldLaterAndOnce) {
  add(1);
  told.later = true;
  EXPECT_EQ(enter(1, kNumber), "now") << "the number is entered all the same";
  desk->tell();
  EXPECT_TRUE(told.bodies.empty());
  told.later = false;
  desk->tell();
  EXPECT_EQ(told.bodies.size(), 1U);
  house.reopen();  // the mark is on disk
  EXPECT_TRUE(house.store->transcript_untold(partner.partner, 10)->empty());
}

TEST_F(Desk, WhatTheLineTurnsBackForGoodIsNotRepeated) {
  add(1);
  told.refuse = true;
  EXPECT_EQ(enter(1, kNumber), "now");
  house.reopen();
  EXPECT_TRUE(house.store->transcript_untold(partner.partner, 10)->empty());
}

TEST_F(Desk, ARevokedNumberMakesTheMessageWaitAndTheRightOneIsToldAgain) {
  add(1);
  EXPECT_EQ(code_of(desk->revoke(partner, exchange_id(1), "填错", "x")), "gateway.not-found");
  EXPECT_EQ(enter(1, kNumber), "now");
  EXPECT_EQ(code_of(desk->revoke(partner, exchange_id(1), "填错", "录入员")), "");
  EXPECT_EQ(entries("revoked").size(), 1U);
  EXPECT_THAT(entries("revoked")[0], Not(HasSubstr("填错")));
  EXPECT_EQ(house.store->transcript_counts(partner.partner)->waiting, 1);
  house.clock.advance(1);
  EXPECT_EQ(enter(1, kOther), "now");
  EXPECT_EQ(told.bodies.size(), 2U);
}

TEST_F(Desk, RemindsOfEachRowOnce) {
  add(1);
  EXPECT_TRUE(desk->remind().empty());
  house.clock.advance(2000);
  ASSERT_EQ(desk->remind().size(), 1U);
  EXPECT_TRUE(desk->remind().empty());
  EXPECT_EQ(entries("reminded").size(), 1U);
  partner.remind_after_ms = 0;
  house.clock.advance(1'000'000);
  EXPECT_TRUE(desk->remind().empty());
}

TEST_F(Desk, KnowsItsPartners) {
  EXPECT_TRUE(desk->partner("").has_value()) << "there is one";
  EXPECT_TRUE(desk->partner("platform").has_value());
  EXPECT_EQ(code_of(desk->partner("city-a")), "transcript.partner");
}

}  // namespace
}  // namespace tongqu
