// Steps of queries in the store: what holds together, what is refused, what a restart finds.
#include <gtest/gtest.h>

#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

Status wait_note(Store& store, QueryNote note) {
  std::promise<Status> answer;
  store.note(std::move(note), [&](Status s) { answer.set_value(std::move(s)); });
  return answer.get_future().get();
}

class StoreQueries : public testing::Test {
 protected:
  void SetUp() override { fixture.open(); }
  Store& store() { return *fixture.store; }
  QueryNote note(QueryNote::Kind kind, const ExchangeId& query, const std::string& nonce = {}) {
    QueryNote out;
    out.kind = kind;
    out.query = query;
    out.partner = PartnerId("p12315");
    out.recipient = PartnerId("registry");
    out.service = ServiceId("entity.query");
    out.nonce = nonce;
    out.nonce_expires_ms = fixture.clock.now().ms + 60'000;
    out.at = fixture.clock.now();
    out.ledger = R"({"to":"registry"})";
    out.ledger_digest = std::string(32, 'l');
    out.entry = AuditEntryBuilder(kind == QueryNote::Kind::kAsked      ? "asked"
                                  : kind == QueryNote::Kind::kAnswered ? "answered"
                                                                       : "abandoned",
                                  out.at)
                    .finish();
    return out;
  }
  std::vector<std::string> open() {
    std::vector<std::string> out;
    for (const OpenQuery& query : *store().open_queries({fixture.clock.now().ms + 1}, 100))
      out.push_back(query.query.str());
    return out;
  }
  std::size_t entries() { return store().audit_entries(0, 1000)->size(); }
  OpenStore fixture{"queries"};
};

TEST_F(StoreQueries, OpenFromAskedToAnsweredAlsoOverARestart) {
  ASSERT_TRUE(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(1))).has_value());
  ASSERT_TRUE(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(2))).has_value());
  EXPECT_EQ(open(), (std::vector<std::string>{exchange_id(1).str(), exchange_id(2).str()}));
  ASSERT_TRUE(wait_note(store(), note(QueryNote::Kind::kAnswered, exchange_id(1))).has_value());
  fixture.reopen();
  EXPECT_EQ(open(), std::vector<std::string>{exchange_id(2).str()});
  const OpenQuery left = store().open_queries({fixture.clock.now().ms + 1}, 1)->front();
  EXPECT_EQ(left.recipient.str(), "registry");
  EXPECT_EQ(left.asked_ms, fixture.clock.now().ms);
  EXPECT_TRUE(store().open_queries(fixture.clock.now(), 1)->empty()) << "asked before, not at";
}

TEST_F(StoreQueries, AbandonedOnceAndOnlyWhatIsOpen) {
  ASSERT_TRUE(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(1))).has_value());
  EXPECT_TRUE(wait_note(store(), note(QueryNote::Kind::kAbandoned, exchange_id(1))).has_value());
  EXPECT_EQ(code_of(wait_note(store(), note(QueryNote::Kind::kAbandoned, exchange_id(1)))), "gateway.not-found");
  EXPECT_EQ(entries(), 2U);
  EXPECT_TRUE(open().empty());
}

TEST_F(StoreQueries, AnswersOfAClosedQueryOrOfNoneAreWritten) {
  EXPECT_TRUE(wait_note(store(), note(QueryNote::Kind::kAnswered, exchange_id(1))).has_value());
  EXPECT_TRUE(wait_note(store(), note(QueryNote::Kind::kAnswered, ExchangeId())).has_value());
  EXPECT_EQ(entries(), 2U);
}

TEST_F(StoreQueries, ANonceIsUsedOnceWhateverItServed) {
  EXPECT_TRUE(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(1), "n")).has_value());
  EXPECT_EQ(code_of(wait_note(store(), note(QueryNote::Kind::kAnswered, exchange_id(1), "n"))), "store.replay");
  EXPECT_EQ(open().size(), 1U) << "what is refused changes nothing";
  NewExchange exchange = new_exchange(exchange_id(3), "p12315");
  exchange.nonce = "n";
  exchange.nonce_expires_ms = fixture.clock.now().ms + 60'000;
  EXPECT_EQ(code_of(wait_commit(store(), exchange)), "store.replay");
}

TEST_F(StoreQueries, LedgersAreKeptByTheirDigest) {
  ASSERT_TRUE(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(1))).has_value());
  ASSERT_TRUE(wait_note(store(), note(QueryNote::Kind::kAnswered, exchange_id(1))).has_value());
  EXPECT_EQ(*store().ledger(std::string(32, 'l')), R"({"to":"registry"})");
  EXPECT_EQ(code_of(store().ledger(std::string(32, 'x'))), "gateway.not-found");
}

TEST_F(StoreQueries, WithoutItsAuditEntryNothingIsOpen) {
  fixture.sequencer.fail_next(1);
  EXPECT_EQ(code_of(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(1)))), "gateway.unavailable");
  EXPECT_TRUE(open().empty());
}

TEST_F(StoreQueries, BelowTheReserveNothingNewIsAskedAndOldIsClosed) {
  ASSERT_TRUE(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(1))).has_value());
  fixture.store.reset();
  fixture.options.reserve_free_bytes = 100;
  fixture.options.free_bytes = [](const std::filesystem::path&) { return std::uint64_t{1}; };
  fixture.open();
  EXPECT_EQ(code_of(wait_note(store(), note(QueryNote::Kind::kAsked, exchange_id(2)))), "gateway.unavailable");
  EXPECT_TRUE(wait_note(store(), note(QueryNote::Kind::kAbandoned, exchange_id(1))).has_value());
  EXPECT_TRUE(open().empty());
}

}  // namespace
}  // namespace tongqu::test
