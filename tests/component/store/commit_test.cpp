// What the commit contract promises, item by item.
#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

struct Commit : testing::Test {
  Commit() { fixture.open(); }
  Store& store() { return *fixture.store; }
  OpenStore fixture{"commit"};
};

TEST_F(Commit, StoresAnExchangeWithAllItsRows) {
  NewExchange exchange = new_exchange(exchange_id(1), "city-a", "M1");
  exchange.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  exchange.outbox.push_back(outbox_to(exchange_id(1), "case-system"));
  exchange.outbox.back().dead = true;
  exchange.outbox.back().dead_code = "view.fault";
  exchange.tasks = {};
  const auto stored = wait_commit(store(), exchange);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->exchange, exchange_id(1));
  EXPECT_FALSE(stored->repeated);
  EXPECT_NE(stored->receipt.find(exchange.entry.entry), std::string::npos);

  const auto row = store().exchange(exchange_id(1));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->state, "attention");
  EXPECT_EQ(row->version, 1);
  EXPECT_EQ(row->matter.str(), "M1");
  EXPECT_EQ(row->route, "to-platform");
  EXPECT_EQ(row->audit_index, 0U);
  const auto payload = store().payload(exchange_id(1));
  ASSERT_TRUE(payload.has_value());
  EXPECT_EQ(payload->wrapped_key, exchange.wrapped_key);
  EXPECT_EQ(payload->sealed_original, exchange.sealed_original);
  EXPECT_EQ(payload->sealed_record, exchange.sealed_record);
  const auto queued = store().message(exchange_id(1).str() + "-platform");
  ASSERT_TRUE(queued.has_value());
  EXPECT_TRUE(queued->head);
  EXPECT_EQ(queued->sealed, "sealed for platform");
  EXPECT_EQ(queued->wrapped_key, exchange.wrapped_key);
  EXPECT_EQ(queued->sender.str(), "city-a");
  const auto dead = store().message(exchange_id(1).str() + "-case-system");
  ASSERT_TRUE(dead.has_value());
  EXPECT_EQ(dead->state, OutboxState::kDead);
  EXPECT_EQ(dead->code, "view.fault");
  EXPECT_FALSE(dead->head);
}

TEST_F(Commit, AnswersTheSameKeyWithTheFirstReceipt) {
  const auto first = wait_commit(store(), new_exchange(exchange_id(1)));
  NewExchange again = new_exchange(exchange_id(2));
  again.dedup_key = new_exchange(exchange_id(1)).dedup_key;
  const auto repeated = wait_commit(store(), again);
  ASSERT_TRUE(first.has_value() && repeated.has_value());
  EXPECT_TRUE(repeated->repeated);
  EXPECT_EQ(repeated->exchange, exchange_id(1));
  EXPECT_EQ(repeated->receipt, first->receipt);
  EXPECT_EQ(code_of(store().exchange(exchange_id(2))), "gateway.not-found");
  EXPECT_EQ(*store().receipt("stored", exchange_id(1).str()), first->receipt);
  again.dedup_digest = std::string(32, 'e');
  EXPECT_EQ(code_of(wait_commit(store(), again)), "store.key-conflict");
}

TEST_F(Commit, LooksForTheKeyBeforeTheNonce) {
  NewExchange first = new_exchange(exchange_id(1));
  first.nonce = "n1";
  first.nonce_expires_ms = fixture.clock.now().ms + 1000;
  ASSERT_TRUE(wait_commit(store(), first).has_value());
  NewExchange retry = first;
  retry.exchange = exchange_id(2);
  EXPECT_TRUE(wait_commit(store(), retry)->repeated);
  NewExchange replay = first;
  replay.exchange = exchange_id(3);
  replay.dedup_key = "another";
  EXPECT_EQ(code_of(wait_commit(store(), replay)), "store.replay");
  replay.partner = PartnerId("city-b");
  EXPECT_TRUE(wait_commit(store(), replay).has_value()) << "another partner may draw the same nonce";
  NewExchange later = first;
  later.exchange = exchange_id(4);
  later.dedup_key = "yet another";
  later.nonce_expires_ms += 1;
  EXPECT_TRUE(wait_commit(store(), later).has_value()) << "signed at another time it is another nonce";
}

// All items of the vector end up in one batch: they are handed in while the writer is busy with a callback.
template <class HandIn>
void in_one_batch(Store& store, HandIn hand_in) {
  std::promise<void> done;
  store.append(draft("started", "gate"), [&](Status) {
    hand_in();
    done.set_value();
  });
  done.get_future().get();
}

TEST_F(Commit, ComparesItemsOfOneBatchWithEachOther) {
  std::vector<std::promise<Result<Stored>>> answers(5);
  in_one_batch(store(), [&] {
    const auto put = [&](std::size_t i, NewExchange exchange) {
      store().commit(std::move(exchange), [&answers, i](Result<Stored> r) { answers[i].set_value(std::move(r)); });
    };
    NewExchange first = new_exchange(exchange_id(1), "city-a", "M1");
    first.nonce = "n";
    first.nonce_expires_ms = fixture.clock.now().ms + 1000;
    NewExchange same = first;
    same.exchange = exchange_id(2);
    NewExchange other = same;
    other.exchange = exchange_id(3);
    other.dedup_digest = std::string(32, 'x');
    NewExchange replay = first;
    replay.exchange = exchange_id(4);
    replay.dedup_key = "k4";
    put(0, first);
    put(1, same);
    put(2, other);
    put(3, replay);
    put(4, new_exchange(exchange_id(5), "city-a", "M1"));
  });
  const auto first = answers[0].get_future().get();
  const auto same = answers[1].get_future().get();
  ASSERT_TRUE(first.has_value() && same.has_value());
  EXPECT_TRUE(same->repeated);
  EXPECT_EQ(same->receipt, first->receipt);
  EXPECT_EQ(same->exchange, exchange_id(1));
  EXPECT_EQ(code_of(answers[2].get_future().get()), "store.key-conflict");
  EXPECT_EQ(code_of(answers[3].get_future().get()), "store.replay");
  ASSERT_TRUE(answers[4].get_future().get().has_value());
  EXPECT_EQ(store().exchange(exchange_id(5))->version, 2);
  EXPECT_EQ(*store().origin(PartnerId("city-a"), MatterNo("M1")), exchange_id(5));
}

TEST_F(Commit, LetsAnItemThatBreaksAConstraintFailAlone) {
  std::vector<std::promise<Result<Stored>>> answers(3);
  in_one_batch(store(), [&] {
    for (std::size_t i = 0; i < 3; ++i) {
      NewExchange exchange = new_exchange(exchange_id(i == 1 ? 1 : i + 1));
      exchange.dedup_key = "key " + std::to_string(i);
      exchange.outbox.push_back(outbox_to(exchange.exchange, "platform"));
      store().commit(exchange, [&answers, i](Result<Stored> r) { answers[i].set_value(std::move(r)); });
    }
  });
  EXPECT_TRUE(answers[0].get_future().get().has_value());
  EXPECT_EQ(code_of(answers[1].get_future().get()), "gateway.internal");
  EXPECT_TRUE(answers[2].get_future().get().has_value());
  EXPECT_EQ(store().audit_entries(0, 100)->size(), 3U);
  EXPECT_EQ(store().outbox({})->size(), 2U);
}

TEST_F(Commit, RefusesWhatDoesNotFitTogether) {
  NewExchange wrong_id = new_exchange(exchange_id(1));
  wrong_id.outbox.push_back(outbox_to(exchange_id(2), "platform"));
  EXPECT_EQ(code_of(wait_commit(store(), wrong_id)), "gateway.internal");
  NewExchange no_id = new_exchange(ExchangeId());
  EXPECT_EQ(code_of(wait_commit(store(), no_id)), "gateway.internal");
  NewExchange no_entry = new_exchange(exchange_id(3));
  no_entry.entry.entry.clear();
  EXPECT_EQ(code_of(wait_commit(store(), no_entry)), "gateway.internal");
  EXPECT_TRUE(store().exchanges({})->empty());
  EXPECT_TRUE(store().audit_entries(0, 10)->empty());
}

TEST_F(Commit, StoresNothingWhenTheAuditEntryCannotBeMade) {
  fixture.sequencer.fail_next(2);
  EXPECT_EQ(code_of(wait_commit(store(), new_exchange(exchange_id(1)))), "gateway.unavailable");
  EXPECT_EQ(code_of(wait_append(store(), draft("started", "x"))), "gateway.unavailable");
  EXPECT_TRUE(store().exchanges({})->empty());
  EXPECT_TRUE(wait_commit(store(), new_exchange(exchange_id(1))).has_value()) << "the key was not bound";
}

TEST_F(Commit, RefusesNewExchangesBelowTheReserveAndSettlesOn) {
  // Shared: the store asks until it is closed, after this function.
  const auto free_bytes = std::make_shared<std::atomic<std::uint64_t>>(1U << 30U);
  fixture.options.free_bytes = [free_bytes](const auto&) { return free_bytes->load(); };
  fixture.reopen();
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  ASSERT_TRUE(wait_commit(store(), exchange).has_value());
  *free_bytes = 1000;
  EXPECT_EQ(code_of(wait_commit(store(), new_exchange(exchange_id(2)))), "gateway.unavailable");
  EXPECT_TRUE(wait_commit(store(), exchange)->repeated) << "what is stored already needs no space";
  EXPECT_TRUE(wait_settle(store(), settlement(exchange_id(1).str() + "-platform", SettleTo::kDelivered)).has_value());
  EXPECT_TRUE(wait_append(store(), draft("started", "x")).has_value());
  *free_bytes = 1U << 30U;
  EXPECT_TRUE(wait_commit(store(), new_exchange(exchange_id(2))).has_value());
}

TEST_F(Commit, RefusesAtTheDoorWhenTheQueueIsFull) {
  fixture.options.queue_max_items = 4;
  fixture.reopen();
  int refused = 0;
  int stored = 0;
  int appended = 0;
  std::promise<void> all;
  const auto count = [&](int& what) {
    ++what;
    if (refused + stored + appended == 12) all.set_value();
  };
  in_one_batch(store(), [&] {
    for (std::uint64_t i = 1; i <= 6; ++i) {
      store().commit(new_exchange(exchange_id(i)), [&](Result<Stored> r) { count(r.has_error() ? refused : stored); });
    }
    EXPECT_EQ(store().waiting(), 4U);
    for (int i = 0; i < 6; ++i) {
      store().append(draft("started", "x"), [&](Status s) { count(s.has_error() ? refused : appended); });
    }
  });
  all.get_future().get();
  EXPECT_EQ(refused, 2 + 2);
  EXPECT_EQ(stored, 4);
  EXPECT_EQ(appended, 4);
}

TEST_F(Commit, FindsExchangesByTheirOrigin) {
  const ExchangeId there = exchange_id(900);
  for (std::uint64_t i = 1; i <= 6; ++i) {
    NewExchange exchange = new_exchange(exchange_id(i), i % 2 == 0 ? "zone" : "city-a", "M1");
    if (i % 2 == 0) exchange.origin = i == 6 ? exchange_id(901) : there;
    ASSERT_TRUE(wait_commit(store(), exchange).has_value());
  }
  // The same message once more: its exchange is there already.
  NewExchange again = new_exchange(exchange_id(2), "zone", "M1");
  again.exchange = exchange_id(7);
  again.origin = there;
  EXPECT_TRUE(wait_commit(store(), again)->repeated);
  struct Case {
    const char* what;
    ExchangeId origin;
    const char* partner;
    const char* matter;
    const char* state;
    std::vector<std::uint64_t> found;
  };
  for (const Case& c :
       {Case{"all of it", there, "", "", "", {4, 2}}, Case{"of its partner", there, "zone", "M1", "delivered", {4, 2}},
        Case{"in no other state", there, "", "", "held", {}}, Case{"of no other partner", there, "city-a", "", "", {}},
        Case{"of another origin", exchange_id(901), "", "", "", {6}},
        Case{"of an unknown one", exchange_id(902), "", "", "", {}},
        Case{"no origin asked for", {}, "zone", "", "", {6, 4, 2}}}) {
    ExchangeFilter filter;
    filter.origin = c.origin;
    filter.partner = PartnerId(c.partner);
    filter.matter = MatterNo(c.matter);
    filter.state = c.state;
    std::vector<ExchangeId> expected;
    for (const std::uint64_t n : c.found) expected.push_back(exchange_id(n));
    std::vector<ExchangeId> found;
    for (const ExchangeRow& row : *store().exchanges(filter)) found.push_back(row.exchange);
    EXPECT_EQ(found, expected) << c.what;
  }
}

TEST_F(Commit, CommitsWhatWaitsBeforeItCloses) {
  std::atomic<int> stored = 0;
  in_one_batch(store(), [&] {
    for (std::uint64_t i = 1; i <= 50; ++i) {
      store().commit(new_exchange(exchange_id(i)), [&](Result<Stored> r) { stored += r.has_value() ? 1 : 0; });
    }
  });
  fixture.reopen();
  EXPECT_EQ(stored, 50);
  ExchangeFilter filter;
  filter.limit = 1000;
  EXPECT_EQ(store().exchanges(filter)->size(), 50U);
}

}  // namespace
}  // namespace tongqu::test
