// Messages that people transcribe: batches, numbers, and what a second try does.
#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

constexpr std::string_view kPlatform = "platform";
const std::string kNumber(25, '1');
const std::string kOther(25, '2');

struct Desk : testing::Test {
  void SetUp() override { house.open(); }

  std::string add(std::uint64_t n, const std::string& matter = {}) {
    NewExchange exchange = new_exchange(exchange_id(n), "city-a", matter);
    exchange.outbox.push_back(outbox_to(exchange.exchange, std::string(kPlatform), matter));
    const std::string id = exchange.outbox.front().message_id;
    EXPECT_TRUE(wait_commit(*house.store, std::move(exchange)).has_value());
    return id;
  }
  std::string transcribe(TranscriptAct act) {
    act.recipient = PartnerId(kPlatform);
    act.at = {1'776'700'803'000};
    act.actor = "person";
    std::promise<Status> answer;
    house.store->transcribe(std::move(act), [&](Status s) { answer.set_value(std::move(s)); });
    return code_of(answer.get_future().get());
  }
  std::string hand_out(std::int64_t batch, std::vector<std::string> messages) {
    TranscriptAct act;
    act.batch = batch;
    act.messages = std::move(messages);
    act.entry = draft("handed-out", std::to_string(batch));
    return transcribe(std::move(act));
  }
  std::string one(TranscriptAct::Kind kind, const std::string& message, const std::string& number = {},
                  bool tell = false) {
    TranscriptAct act;
    act.kind = kind;
    act.message = message;
    act.number = number;
    act.tell = tell;
    act.entry = draft(kind == TranscriptAct::Kind::kEnter ? "delivered" : "revoked", message);
    return transcribe(std::move(act));
  }
  std::string enter(const std::string& message, const std::string& number) {
    return one(TranscriptAct::Kind::kEnter, message, number);
  }
  std::vector<std::string> rows(bool fresh_only, std::int64_t batch = 0) {
    TranscriptFilter filter;
    filter.recipient = PartnerId(kPlatform);
    filter.fresh_only = fresh_only;
    filter.batch = batch;
    auto found = house.store->transcript_rows(filter);
    std::vector<std::string> out;
    for (const TranscriptRow& row : *found) out.push_back(row.row.message_id);
    return out;
  }
  TranscriptCounts counts() { return *house.store->transcript_counts(PartnerId(kPlatform)); }
  OutboxState state_of(const std::string& message) { return house.store->message(message)->state; }

  OpenStore house{"transcript"};
};

TEST_F(Desk, ARowIsFreshOnceAndItsBatchStaysWhatItWas) {
  const auto a = add(1), b = add(2);
  EXPECT_EQ(rows(true), (std::vector{a, b}));
  EXPECT_EQ(hand_out(1, {a, b}), "");
  EXPECT_EQ(rows(true), std::vector<std::string>{});
  EXPECT_EQ(rows(false), (std::vector{a, b})) << "they still wait";
  const auto c = add(3);
  EXPECT_EQ(hand_out(2, {b, c}), "store.wrong-state") << "one of them was handed out before";
  EXPECT_EQ(hand_out(1, {c}), "store.wrong-state") << "the number of a batch is used once";
  EXPECT_EQ(hand_out(3, {c}), "store.wrong-state") << "no gaps";
  EXPECT_EQ(rows(true), std::vector{c}) << "a refused act wrote nothing";
  EXPECT_EQ(hand_out(2, {c}), "");
  house.reopen();
  EXPECT_EQ(rows(false, 1), (std::vector{a, b}));
  EXPECT_EQ(rows(true), std::vector<std::string>{});
  TranscriptAct again;
  again.kind = TranscriptAct::Kind::kHandAgain;
  again.batch = 3;
  again.entry = draft("handed-out", "again");
  EXPECT_EQ(transcribe(again), "gateway.not-found");
}

TEST_F(Desk, ABatchIsWrittenWhenSomebodySaysSo) {
  const auto a = add(1);
  EXPECT_EQ(hand_out(1, {a}), "");
  EXPECT_EQ(house.store->transcript_batches(PartnerId(kPlatform), 0, 10)->front().written_ms, 0);
  TranscriptAct written;
  written.kind = TranscriptAct::Kind::kWritten;
  written.batch = 1;
  EXPECT_EQ(transcribe(written), "");
  const auto batch = house.store->transcript_batches(PartnerId(kPlatform), 1, 10)->front();
  EXPECT_GT(batch.written_ms, 0);
  EXPECT_EQ(batch.rows, 1);
  EXPECT_EQ(batch.open_rows, 1);
  EXPECT_EQ(batch.actor, "person");
}

TEST_F(Desk, ANumberSettlesTheMessageAndBelongsToOneMatter) {
  const auto a = add(1, "GD1"), b = add(2, "GD2");
  EXPECT_EQ(counts().waiting, 2);
  EXPECT_GT(counts().oldest_ms, 0);
  EXPECT_EQ(enter(a, kNumber), "");
  EXPECT_EQ(state_of(a), OutboxState::kDelivered);
  EXPECT_TRUE(house.store->receipt("delivered", a).has_value());
  EXPECT_EQ(enter(a, kNumber), "store.wrong-state");
  EXPECT_EQ(enter(b, kNumber), "transcript.number-taken");
  EXPECT_EQ(state_of(b), OutboxState::kQueued);
  EXPECT_EQ(enter("nobody", kNumber), "gateway.not-found");
  EXPECT_EQ(counts().waiting, 1);
  EXPECT_EQ((*house.store->transcript_number(a))->number, kNumber);
  EXPECT_EQ((*house.store->transcript_number(a))->matter.str(), "GD1");
  EXPECT_FALSE(house.store->transcript_number(b)->has_value());
}

TEST_F(Desk, LaterMessagesOfAMatterWaitForItsNumberAndCarryIt) {
  const auto a = add(1, "GD1"), b = add(2, "GD1");
  EXPECT_EQ(rows(false), std::vector{a}) << "what waits behind it is not shown";
  EXPECT_EQ(enter(b, kNumber), "transcript.earlier");
  EXPECT_EQ(enter(a, kNumber), "");
  TranscriptFilter filter;
  filter.recipient = PartnerId(kPlatform);
  filter.with_payload = true;
  const auto found = house.store->transcript_rows(filter);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().row.message_id, b);
  EXPECT_EQ(found->front().number, kNumber);
  EXPECT_EQ(found->front().row.ledger, "ledger of platform");
  EXPECT_EQ(found->front().row.sealed, "sealed for platform");
  EXPECT_EQ(enter(b, kOther), "transcript.other-number");
  EXPECT_EQ(enter(b, kNumber), "");
  EXPECT_EQ(counts().waiting, 0);
}

TEST_F(Desk, ARevokedNumberIsFreeAndTheMessageWaitsAgain) {
  const auto a = add(1, "GD1"), b = add(2, "GD1"), c = add(3, "GD2");
  EXPECT_EQ(hand_out(1, {a, c}), "");
  EXPECT_EQ(one(TranscriptAct::Kind::kRevoke, a), "store.wrong-state") << "nothing was entered";
  EXPECT_EQ(enter(a, kNumber), "");
  EXPECT_EQ(one(TranscriptAct::Kind::kRevoke, a), "");
  EXPECT_EQ(state_of(a), OutboxState::kQueued);
  EXPECT_TRUE(house.store->message(a)->head);
  EXPECT_FALSE(house.store->message(b)->head) << "it was head meanwhile and waits behind again";
  EXPECT_TRUE(house.store->receipt("delivered", a).has_error());
  EXPECT_EQ(counts().waiting, 3);
  EXPECT_EQ(rows(true), std::vector<std::string>{}) << "it is in a batch already";
  EXPECT_EQ(enter(c, kNumber), "") << "the number is free";
  EXPECT_EQ(enter(a, kOther), "");
  EXPECT_EQ(enter(b, kOther), "");
  EXPECT_EQ(one(TranscriptAct::Kind::kRevoke, a), "transcript.later");
  house.reopen();
  EXPECT_EQ(counts().waiting, 0);
}

TEST_F(Desk, SendersAreToldOnceAndRemindersGoOnlyForward) {
  const auto a = add(1), b = add(2);
  EXPECT_EQ(one(TranscriptAct::Kind::kEnter, a, kNumber, true), "");
  EXPECT_EQ(one(TranscriptAct::Kind::kEnter, b, kOther, false), "");
  auto untold = house.store->transcript_untold(PartnerId(kPlatform), 10);
  ASSERT_EQ(untold->size(), 1U);
  EXPECT_EQ(untold->front().message_id, a);
  EXPECT_EQ(one(TranscriptAct::Kind::kTold, a), "");
  EXPECT_TRUE(house.store->transcript_untold(PartnerId(kPlatform), 10)->empty());

  add(3);
  const Instant later{house.clock.now().ms + 3'600'000};
  auto overdue = *house.store->transcript_overdue(PartnerId(kPlatform), later);
  EXPECT_EQ(overdue.rows, 1);
  TranscriptAct reminded;
  reminded.kind = TranscriptAct::Kind::kReminded;
  reminded.up_to_seq = overdue.last_seq;
  reminded.entry = draft("reminded", "x");
  EXPECT_EQ(transcribe(reminded), "");
  EXPECT_EQ(house.store->transcript_overdue(PartnerId(kPlatform), later)->rows, 0);
  add(4);
  EXPECT_EQ(house.store->transcript_overdue(PartnerId(kPlatform), later)->rows, 1) << "of the new one only";
}

}  // namespace
}  // namespace tongqu::test
