// Messages that wait for a named person (待释放): their row, their turn, and the two persons who decide at once.
#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

using Kind = OperatorAct::Kind;
using Ids = std::vector<std::string>;

NewOutbox held_to(const ExchangeId& exchange, const std::string& recipient, const std::string& key) {
  NewOutbox row = outbox_to(exchange, recipient, key);
  row.held = true;
  row.sealed.clear();
  row.ledger.clear();
  row.content_type.clear();
  return row;
}

struct Held : testing::Test {
  Held() { fixture.open(); }
  Store& store() { return *fixture.store; }
  // One message for `case` that waits, one for `platform` that goes.
  std::string put(std::uint64_t n, const std::string& key) {
    NewExchange exchange = new_exchange(exchange_id(n));
    exchange.outbox = {held_to(exchange_id(n), "case", key), outbox_to(exchange_id(n), "platform", key)};
    const std::string message = exchange.outbox.front().message_id;
    exchange.tasks = {{TaskQueue::kRelease, "content", message}};
    EXPECT_TRUE(wait_commit(store(), exchange).has_value());
    return message;
  }
  std::string put_free(std::uint64_t n, const std::string& key) {
    NewExchange exchange = new_exchange(exchange_id(n));
    exchange.outbox = {outbox_to(exchange_id(n), "case", key)};
    EXPECT_TRUE(wait_commit(store(), exchange).has_value());
    return exchange.outbox.front().message_id;
  }
  Ids heads(const std::string& recipient) {
    Ids out;
    for (const OutboxRow& row : *store().due_heads(PartnerId(recipient), fixture.clock.now(), 0, 100))
      out.push_back(row.message_id);
    return out;
  }
  OperatorAct release(std::int64_t task, std::uint64_t n, const std::string& key) {
    OperatorAct act = act_on(Kind::kRelease, "");
    act.task = task;
    act.outbox = {outbox_to(exchange_id(n), "case", key)};
    return act;
  }
  std::int64_t task_of(const std::string& message) {
    for (const TaskRow& row : *store().tasks(TaskQueue::kRelease, true, 0, 100))
      if (row.message_id == message) return row.task;
    return 0;
  }
  OpenStore fixture{"held"};
};

TEST_F(Held, OneRecipientWaitsAndTheOthersGo) {
  const std::string message = put(1, "a");
  const std::string behind = put_free(2, "a");
  EXPECT_EQ(heads("platform").size(), 1U);
  EXPECT_EQ(heads("case"), Ids{}) << "what comes later of the matter waits behind it";
  const auto row = store().message(message);
  EXPECT_EQ(row->state, OutboxState::kHeld);
  EXPECT_EQ(row->sealed, "");
  EXPECT_EQ(row->ledger, "");
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "held");
  const auto open = store().tasks(TaskQueue::kRelease, true, 0, 10);
  ASSERT_EQ(open->size(), 1U);
  EXPECT_EQ(open->front().message_id, message);
  EXPECT_EQ(open->front().recipient, PartnerId("case"));
  EXPECT_EQ(open->front().reason, "content");

  fixture.reopen();
  EXPECT_EQ(heads("case"), Ids{}) << "a restart releases nothing";
  EXPECT_TRUE(wait_act(store(), release(task_of(message), 1, "a")).has_value());
  EXPECT_EQ(heads("case"), Ids{message}) << "in its own turn, before what came later";
  EXPECT_EQ(store().message(message)->sealed, "sealed for case");
  EXPECT_EQ(store().message(message)->ledger, "ledger of case");
  EXPECT_TRUE(wait_settle(store(), settlement(message, SettleTo::kDelivered)).has_value());
  EXPECT_EQ(heads("case"), Ids{behind});
  EXPECT_TRUE(wait_settle(store(), settlement(exchange_id(1).str() + "-platform", SettleTo::kDelivered)).has_value());
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "delivered");
}

TEST_F(Held, OfTwoPersonsAtOnceTheSecondIsTold) {
  const std::string message = put(1, "a");
  const OperatorAct act = release(task_of(message), 1, "a");
  EXPECT_TRUE(wait_act(store(), act).has_value());
  EXPECT_EQ(code_of(wait_act(store(), act)), "store.wrong-state");
  OperatorAct back = act;
  back.outbox.clear();
  EXPECT_EQ(code_of(wait_act(store(), back)), "store.wrong-state");
  EXPECT_EQ(store().message(message)->state, OutboxState::kQueued);
}

TEST_F(Held, TurnedBackItIsNotSentAndTheNextGoes) {
  const std::string message = put(1, "a");
  const std::string behind = put_free(2, "a");
  OperatorAct back = release(task_of(message), 1, "a");
  back.outbox.clear();
  EXPECT_TRUE(wait_act(store(), back).has_value());
  EXPECT_EQ(store().message(message)->state, OutboxState::kSkipped);
  EXPECT_EQ(heads("case"), Ids{behind});
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "stored");
}

TEST_F(Held, NothingElseMovesIt) {
  const std::string message = put(1, "a");
  for (const Kind kind : {Kind::kReplay, Kind::kSkip, Kind::kReplace}) {
    OperatorAct act = act_on(kind, message);
    act.outbox = {outbox_to(exchange_id(1), "case", "a")};
    act.outbox.front().message_id += "-2";
    EXPECT_EQ(code_of(wait_act(store(), act)), "store.wrong-state") << static_cast<int>(kind);
  }
  OperatorAct finish = act_on(Kind::kFinishTask, "");
  finish.task = task_of(message);
  EXPECT_EQ(code_of(wait_act(store(), finish)), "store.wrong-state");
  EXPECT_TRUE(wait_settle(store(), settlement(message, SettleTo::kDelivered)).has_value());
  EXPECT_EQ(store().message(message)->state, OutboxState::kHeld);
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "held");
}

TEST_F(Held, BytesInAHeldRowAreRefused) {
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.outbox = {held_to(exchange_id(1), "case", "a")};
  exchange.outbox.front().sealed = "bytes";
  EXPECT_TRUE(wait_commit(store(), exchange).has_error());
}

TEST_F(Held, AReplacementMayWaitToo) {
  const std::string message = put_free(1, "a");
  EXPECT_TRUE(wait_settle(store(), settlement(message, SettleTo::kDelivered)).has_value());
  OperatorAct replace = act_on(Kind::kReplace, message);
  replace.outbox = {held_to(exchange_id(1), "case", "a")};
  replace.outbox.front().message_id += "-2";
  replace.tasks = {{TaskQueue::kRelease, "content", replace.outbox.front().message_id}};
  EXPECT_TRUE(wait_act(store(), replace).has_value());
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "held");
  EXPECT_NE(task_of(message + "-2"), 0);
  OperatorAct act = release(task_of(message + "-2"), 1, "a");
  EXPECT_EQ(code_of(wait_act(store(), act)), "gateway.internal") << "another message than the one that waits";
  act.outbox.front().message_id += "-2";
  EXPECT_TRUE(wait_act(store(), act).has_value());
  EXPECT_EQ(heads("case"), Ids{message + "-2"});
}

}  // namespace
}  // namespace tongqu::test
