// Order keys, heads, settlements and acts, one rule at a time; model_test.cpp has the combinations.
#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

using Kind = OperatorAct::Kind;

struct Delivery : testing::Test {
  Delivery() { fixture.open(); }
  Store& store() { return *fixture.store; }
  std::string put(std::uint64_t n, const std::string& key, const std::string& recipient = "platform") {
    NewExchange exchange = new_exchange(exchange_id(n));
    exchange.outbox.push_back(outbox_to(exchange_id(n), recipient, key));
    EXPECT_TRUE(wait_commit(store(), exchange).has_value());
    return exchange.outbox.front().message_id;
  }
  std::vector<std::string> heads(std::int64_t after = 0, std::size_t limit = 100) {
    std::vector<std::string> out;
    for (const OutboxRow& row : *store().due_heads(PartnerId("platform"), fixture.clock.now(), after, limit)) {
      out.push_back(row.message_id);
    }
    return out;
  }
  PartnerCounts counts(const std::string& partner) {
    for (const PartnerCounts& row : *store().counts()) {
      if (row.partner.str() == partner) return row;
    }
    return {};
  }
  using Ids = std::vector<std::string>;
  OpenStore fixture{"delivery"};
};

TEST_F(Delivery, KeepsTheOrderOfAKeyAndNotOfOthers) {
  const Ids ids{put(1, "a"), put(2, "a"), put(3, "b"), put(4, "a", "other")};
  EXPECT_EQ(heads(), (Ids{ids[0], ids[2]}));
  EXPECT_TRUE(wait_settle(store(), settlement(ids[0], SettleTo::kDelivered)).has_value());
  EXPECT_EQ(heads(), (Ids{ids[1], ids[2]}));
  EXPECT_TRUE(wait_settle(store(), settlement(ids[1], SettleTo::kDead)).has_value());
  const std::string behind = put(5, "a");
  EXPECT_EQ(heads(), (Ids{ids[2]})) << "a dead row holds its key";
  EXPECT_TRUE(wait_act(store(), act_on(Kind::kSkip, ids[1])).has_value());
  EXPECT_EQ(heads(), (Ids{ids[2], behind}));
}

TEST_F(Delivery, LetsARetryWaitForItsTime) {
  const std::string id = put(1, "a");
  const std::int64_t now = fixture.clock.now().ms;
  EXPECT_EQ(*store().next_due(PartnerId("platform"), fixture.clock.now()), std::nullopt);
  EXPECT_TRUE(wait_settle(store(), settlement(id, SettleTo::kRetry, now + 500)).has_value());
  EXPECT_EQ(heads(), Ids{});
  EXPECT_EQ(*store().next_due(PartnerId("platform"), fixture.clock.now()), now + 500);
  fixture.clock.advance(500);
  EXPECT_EQ(heads(), Ids{id});
  EXPECT_EQ(*store().next_due(PartnerId("platform"), fixture.clock.now()), std::nullopt);
  const auto row = store().message(id);
  EXPECT_EQ(row->attempts, 1);
  EXPECT_EQ(row->code, "http.status");
  EXPECT_EQ(row->status, 503);
}

TEST_F(Delivery, PagesThroughHeadsBySequenceWhateverTheyWaitedFor) {
  Ids ids;
  for (std::uint64_t n = 1; n <= 30; ++n) ids.push_back(put(n, std::to_string(n)));
  for (std::size_t i = 0; i < 30; i += 2) {
    const std::int64_t due = fixture.clock.now().ms + 100 - static_cast<std::int64_t>(i);
    EXPECT_TRUE(wait_settle(store(), settlement(ids[i], SettleTo::kRetry, due)).has_value());
  }
  fixture.clock.advance(100);
  for (const std::size_t page : {1U, 3U, 7U, 30U, 5000U}) {
    Ids seen;
    std::int64_t after = 0;
    while (true) {
      const auto rows = store().due_heads(PartnerId("platform"), fixture.clock.now(), after, page);
      if (rows->empty()) break;
      for (const OutboxRow& row : *rows) seen.push_back(row.message_id);
      after = rows->back().seq;
    }
    EXPECT_EQ(seen, ids) << page;
  }
}

TEST_F(Delivery, LeavesOutRowsThatAreUnderWayWithoutShorteningThePage) {
  Ids ids;
  for (std::uint64_t n = 1; n <= 20; ++n) ids.push_back(put(n, std::to_string(n)));
  const Instant now = fixture.clock.now();
  for (std::size_t i = 0; i < 20; i += 3) {
    EXPECT_TRUE(wait_settle(store(), settlement(ids[i], SettleTo::kRetry, now.ms - 1)).has_value());
  }
  SeqSet except;
  Ids rest;
  const auto all = store().due_heads(PartnerId("platform"), now, 0, 100);
  ASSERT_EQ(all->size(), 20U);
  for (const OutboxRow& row : *all) {
    if (row.seq % 2 == 0) {
      except.insert(row.seq);
    } else {
      rest.push_back(row.message_id);
    }
  }
  for (const std::size_t page : {1U, 3U, 10U, 100U}) {
    Ids seen;
    for (const OutboxRow& row : *store().due_heads(PartnerId("platform"), now, 0, page, except))
      seen.push_back(row.message_id);
    EXPECT_EQ(seen, Ids(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min(page, rest.size())))) << page;
  }
}

TEST_F(Delivery, MakesAndKeepsASecondReceipt) {
  const std::string id = put(1, "a");
  EXPECT_EQ(code_of(store().receipt("delivered", id)), "gateway.not-found");
  const Settlement delivered = settlement(id, SettleTo::kDelivered);
  EXPECT_TRUE(wait_settle(store(), delivered).has_value());
  const auto receipt = store().receipt("delivered", id);
  ASSERT_TRUE(receipt.has_value());
  EXPECT_NE(receipt->find(delivered.entry->entry), std::string::npos);
  EXPECT_TRUE(wait_settle(store(), settlement(id, SettleTo::kDelivered)).has_value()) << "again is no error";
  EXPECT_EQ(*store().receipt("delivered", id), *receipt);
  EXPECT_EQ(store().audit_entries(0, 10)->size(), 2U);
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "delivered");
  EXPECT_EQ(code_of(store().receipt("other", id)), "gateway.not-found");
  fixture.reopen();
  EXPECT_EQ(*store().receipt("delivered", id), *receipt);
}

TEST_F(Delivery, SettlesOnlyWhatExistsAndOnlyWithAnEntry) {
  EXPECT_EQ(code_of(wait_settle(store(), settlement("nobody", SettleTo::kDead))), "gateway.not-found");
  Settlement bare = settlement(put(1, "a"), SettleTo::kDead);
  bare.entry.reset();
  EXPECT_EQ(code_of(wait_settle(store(), bare)), "gateway.internal");
  EXPECT_EQ(heads().size(), 1U);
}

TEST_F(Delivery, ReplaysWhatIsDeadWithTheSameBytes) {
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  exchange.outbox.front().deadline_ms = 1'776'700'801'500;
  ASSERT_TRUE(wait_commit(store(), exchange).has_value());
  const std::string id = exchange.outbox.front().message_id;
  EXPECT_EQ(code_of(wait_act(store(), act_on(Kind::kReplay, id))), "store.wrong-state");
  for (const SettleTo to : {SettleTo::kDead, SettleTo::kNoAnswer}) {
    EXPECT_TRUE(wait_settle(store(), settlement(id, to)).has_value());
    EXPECT_EQ(store().exchange(exchange_id(1))->state, "attention");
    EXPECT_EQ(counts("platform").dead + counts("platform").no_answer, 1U);
    EXPECT_TRUE(wait_act(store(), act_on(Kind::kReplay, id)).has_value());
    const auto row = store().message(id);
    EXPECT_EQ(row->state, OutboxState::kQueued);
    EXPECT_TRUE(row->head);
    EXPECT_EQ(row->attempts, 0);
    EXPECT_EQ(row->deadline_ms, 0) << "a deadline that has passed would kill it at once";
    EXPECT_EQ(row->sealed, "sealed for platform");
    EXPECT_EQ(store().exchange(exchange_id(1))->state, "stored");
  }
  EXPECT_EQ(code_of(wait_act(store(), act_on(Kind::kReplay, "nobody"))), "gateway.not-found");
}

TEST_F(Delivery, DoesNotReplayWhatHasNoBytes) {
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  exchange.outbox.front().dead = true;
  exchange.outbox.front().sealed.clear();
  ASSERT_TRUE(wait_commit(store(), exchange).has_value());
  const std::string id = exchange.outbox.front().message_id;
  EXPECT_EQ(code_of(wait_act(store(), act_on(Kind::kReplay, id))), "store.wrong-state");
  EXPECT_TRUE(wait_act(store(), act_on(Kind::kSkip, id)).has_value());
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "delivered");
}

TEST_F(Delivery, ReplacesUnderANewId) {
  const Ids ids{put(1, "a"), put(2, "a")};
  OperatorAct replace = act_on(Kind::kReplace, ids[0]);
  NewOutbox row = outbox_to(exchange_id(1), "platform", "a");
  row.message_id += "-2";
  row.supersedes = ids[0];
  replace.outbox.push_back(row);
  EXPECT_EQ(code_of(wait_act(store(), replace)), "store.wrong-state") << "queued";
  EXPECT_TRUE(wait_settle(store(), settlement(ids[0], SettleTo::kNoAnswer)).has_value());
  EXPECT_TRUE(wait_act(store(), replace).has_value());
  EXPECT_EQ(store().message(ids[0])->state, OutboxState::kSuperseded);
  EXPECT_EQ(heads(), Ids{ids[1]}) << "the replacement is at the end of its key";
  EXPECT_EQ(code_of(wait_act(store(), replace)), "store.wrong-state") << "superseded";
  replace.outbox.clear();
  replace.message_id = row.message_id;
  EXPECT_TRUE(wait_settle(store(), settlement(row.message_id, SettleTo::kDelivered)).has_value());
  EXPECT_EQ(code_of(wait_act(store(), replace)), "gateway.internal") << "without a row";
  OutboxFilter of_exchange;
  of_exchange.exchange = exchange_id(1);
  EXPECT_EQ(store().outbox(of_exchange)->size(), 2U);
}

// What a recipient may read follows its own message: from the commit on, and not after it was taken back.
TEST_F(Delivery, KnowsWhichAttachmentsTheMessageOfARecipientNames) {
  const std::string id(32, 'a');
  const PartnerId platform("platform");
  const auto named = [&](const PartnerId& who, const std::string& what) {
    return !store().attachment_forms(who, what)->empty();
  };
  EXPECT_FALSE(named(platform, id));
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.outbox = {outbox_to(exchange_id(1), "platform"), outbox_to(exchange_id(1), "case-system"),
                     outbox_to(exchange_id(1), "dead")};
  exchange.outbox[0].attachments = {{id, "derivative"}, {std::string(32, 'b'), "original"}, {id, "derivative"}};
  exchange.outbox[2].attachments = {{id, "original"}};
  exchange.outbox[2].dead = true;
  ASSERT_TRUE(wait_commit(store(), exchange).has_value());
  EXPECT_TRUE(named(platform, id));
  EXPECT_TRUE(named(platform, std::string(32, 'b')));
  EXPECT_EQ(*store().attachment_forms(platform, id), std::vector<std::string>{"derivative"});
  EXPECT_EQ(*store().attachment_forms(platform, std::string(32, 'b')), std::vector<std::string>{"original"});
  EXPECT_FALSE(named(platform, std::string(32, 'c')));
  EXPECT_FALSE(named(PartnerId("case-system"), id)) << "its own message names nothing";
  EXPECT_FALSE(named(PartnerId("dead"), id));
  fixture.reopen();
  EXPECT_TRUE(named(platform, id));
  const std::string message = exchange.outbox[0].message_id;
  EXPECT_TRUE(wait_settle(store(), settlement(message, SettleTo::kDead)).has_value());
  EXPECT_FALSE(named(platform, id));
  EXPECT_TRUE(wait_act(store(), act_on(Kind::kReplay, message)).has_value());
  EXPECT_TRUE(named(platform, id));
  EXPECT_TRUE(wait_settle(store(), settlement(message, SettleTo::kDelivered)).has_value());
  EXPECT_TRUE(named(platform, id));
}

TEST_F(Delivery, HoldsAnExchangeUntilItsTasksAreFinished) {
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.tasks = {{TaskQueue::kComplete, "address missing"}, {TaskQueue::kRelease, "named officer"}};
  ASSERT_TRUE(wait_commit(store(), exchange).has_value());
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "held");
  EXPECT_EQ(counts("city-a").held, 1U);
  auto open = store().tasks(std::nullopt, true, 0, 10);
  ASSERT_EQ(open->size(), 2U);
  EXPECT_EQ(store().tasks(TaskQueue::kRelease, true, 0, 10)->size(), 1U);
  OperatorAct finish = act_on(Kind::kFinishTask, "");
  finish.task = open->at(0).task;
  finish.sealed_record = "corrected";
  finish.findings = R"([{"code":"x"}])";
  finish.route = "by-hand";
  EXPECT_TRUE(wait_act(store(), finish).has_value());
  EXPECT_EQ(code_of(wait_act(store(), finish)), "store.wrong-state");
  EXPECT_EQ(store().exchange(exchange_id(1))->state, "held");
  EXPECT_EQ(store().payload(exchange_id(1))->sealed_record, "corrected");
  finish.task = open->at(1).task;
  finish.sealed_record.clear();
  finish.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  EXPECT_TRUE(wait_act(store(), finish).has_value());
  const auto row = store().exchange(exchange_id(1));
  EXPECT_EQ(row->state, "stored");
  EXPECT_EQ(row->route, "by-hand");
  EXPECT_EQ(store().payload(exchange_id(1))->sealed_record, "corrected");
  EXPECT_EQ(counts("city-a").held, 0U);
  EXPECT_EQ(heads().size(), 1U);
  EXPECT_TRUE(store().tasks(std::nullopt, true, 0, 10)->empty());
  EXPECT_EQ(store().tasks(std::nullopt, false, open->at(0).task, 10)->size(), 1U);
  EXPECT_NE(store().task(finish.task)->finished_ms, 0);
  finish.task = 99;
  EXPECT_EQ(code_of(wait_act(store(), finish)), "gateway.not-found");
  EXPECT_EQ(code_of(store().task(99)), "gateway.not-found");
}

TEST_F(Delivery, RemembersPausedPartners) {
  OperatorAct pause = act_on(Kind::kPause, "");
  pause.partner = PartnerId("platform");
  EXPECT_TRUE(wait_act(store(), pause).has_value());
  EXPECT_TRUE(wait_act(store(), pause).has_value()) << "again is no error";
  fixture.reopen();
  EXPECT_EQ(*store().paused_partners(), std::vector{PartnerId("platform")});
  pause.kind = Kind::kResume;
  EXPECT_TRUE(wait_act(store(), pause).has_value());
  EXPECT_TRUE(store().paused_partners()->empty());
  pause.partner = PartnerId();
  EXPECT_EQ(code_of(wait_act(store(), pause)), "gateway.not-found");
}

TEST_F(Delivery, PurgesFinishedExchangesWithTheirKeys) {
  const Ids ids{put(1, "a"), put(2, "b"), put(3, "c")};
  EXPECT_TRUE(wait_settle(store(), settlement(ids[0], SettleTo::kDelivered)).has_value());
  EXPECT_TRUE(wait_settle(store(), settlement(ids[1], SettleTo::kDelivered)).has_value());
  EXPECT_TRUE(wait_settle(store(), settlement(ids[2], SettleTo::kDead)).has_value());
  const Instant settled{1'776'700'801'000};
  EXPECT_FALSE(*store().purge(fixture.clock.now(), settled));
  EXPECT_EQ(store().payload(exchange_id(1))->sealed_original, "original of " + exchange_id(1).str());
  fixture.options.purge_max_items = 1;
  fixture.reopen();
  EXPECT_TRUE(*store().purge(fixture.clock.now(), {settled.ms + 1}));
  EXPECT_TRUE(*store().purge(fixture.clock.now(), {settled.ms + 1}));
  EXPECT_FALSE(*store().purge(fixture.clock.now(), {settled.ms + 1}));
  for (const std::uint64_t n : {1U, 2U}) {
    const auto payload = store().payload(exchange_id(n));
    EXPECT_TRUE(payload->wrapped_key.empty() && payload->sealed_original.empty() && payload->sealed_record.empty());
    const auto row = store().message(ids[n - 1]);
    EXPECT_TRUE(row->sealed.empty() && row->wrapped_key.empty());
    EXPECT_EQ(row->ledger, "ledger of platform");
    EXPECT_TRUE(store().receipt("stored", exchange_id(n).str()).has_value());
  }
  EXPECT_FALSE(store().payload(exchange_id(3))->wrapped_key.empty()) << "a dead row is not finished";
  OperatorAct replace = act_on(Kind::kReplace, ids[0]);
  replace.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  replace.outbox.front().message_id += "-2";
  EXPECT_EQ(code_of(wait_act(store(), replace)), "store.wrong-state");
}

}  // namespace
}  // namespace tongqu::test
