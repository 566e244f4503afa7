// The disclosure ledger and the person index in the store: written with the exchange, asked by each criterion, erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "gateway/store/schema.hpp"
#include "gateway/store/sqlite.hpp"
#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

using testing::ElementsAre;

Bytes hash_of(const std::string& what) { return (what + std::string(16, '#')).substr(0, 16); }
PersonMark mark(const std::string& what, const std::string& role, const std::string& kind = "phone") {
  return {kind, role, 1, hash_of(what)};
}

std::string ledger(const std::string& to, const std::string& subject, const std::string& kind = "phone") {
  return R"({"basis":"b","fields":[{"form":"mask","kind":")" + kind + R"(","path":"p","subject":")" + subject +
         R"("}],"onward":false,"purpose":"u","service":"s","to":")" + to + "\"}";
}

NewExchange exchange_with(std::uint64_t n, const std::vector<std::string>& recipients,
                          std::vector<PersonMark> persons) {
  NewExchange exchange = new_exchange(exchange_id(n));
  for (const std::string& recipient : recipients) {
    exchange.outbox.push_back(outbox_to(exchange.exchange, recipient));
    exchange.outbox.back().ledger = ledger(recipient, "complainant", recipient == "case" ? "name" : "phone");
  }
  exchange.persons = std::move(persons);
  return exchange;
}

class StoreDisclosures : public testing::Test {
 protected:
  void SetUp() override { fixture.open(); }
  SqlStore& store() { return *fixture.store; }
  // "<n>-<recipient>" of the rows, newest first.
  std::vector<std::string> found(const DisclosureFilter& filter) {
    auto rows = store().disclosures(filter);
    EXPECT_TRUE(rows.has_value()) << rows.error().text(Lang::kEnglish);
    std::vector<std::string> out;
    for (const DisclosureRow& row : *rows) out.push_back(row.message_id.substr(25));
    return out;
  }
  static DisclosureFilter person(const std::string& what, const std::string& role = {}) {
    DisclosureFilter filter;
    filter.person = {mark(what, {})};
    filter.role = role;
    return filter;
  }
  Status forget(PersonErasure erasure) {
    erasure.entry = draft("persons-forgotten", "test");
    std::promise<Status> answer;
    store().forget(std::move(erasure), [&](Status s) { answer.set_value(std::move(s)); });
    return answer.get_future().get();
  }
  void commit(NewExchange exchange) { ASSERT_TRUE(wait_commit(store(), std::move(exchange)).has_value()); }
  // Moves everything into the index, as housekeeping does; gives the number of calls that it took.
  int index_all(std::size_t max_rows = 500) {
    int calls = 1;
    for (auto more = store().index_persons(max_rows); more.has_value() && *more; ++calls)
      more = store().index_persons(max_rows);
    return calls;
  }
  OpenStore fixture{"disclosures"};
};

TEST_F(StoreDisclosures, AreFoundByPersonRecipientLabelAndTime) {
  commit(exchange_with(1, {"p12315", "case"}, {mark("zhang", "complainant"), mark("li", "officer")}));
  fixture.clock.advance(60'000);
  const std::int64_t later_ms = fixture.clock.now().ms;
  commit(exchange_with(2, {"p12315"}, {mark("zhang", "agent")}));
  commit(exchange_with(3, {"case"}, {mark("wang", "complainant")}));
  EXPECT_THAT(found({}), ElementsAre("3-case", "2-p12315", "1-case", "1-p12315"));
  EXPECT_THAT(found(person("zhang")), ElementsAre("2-p12315", "1-case", "1-p12315"));
  EXPECT_THAT(found(person("zhang", "agent")), ElementsAre("2-p12315"));
  EXPECT_THAT(found(person("nobody")), ElementsAre());
  DisclosureFilter filter = person("zhang");
  filter.recipient = PartnerId("p12315");
  EXPECT_THAT(found(filter), ElementsAre("2-p12315", "1-p12315"));
  filter.from_ms = later_ms;
  EXPECT_THAT(found(filter), ElementsAre("2-p12315"));
  filter.from_ms = 0;
  filter.to_ms = later_ms;
  EXPECT_THAT(found(filter), ElementsAre("1-p12315"));
  filter = {};
  filter.from_ms = later_ms;
  EXPECT_THAT(found(filter), ElementsAre("3-case", "2-p12315"));
  filter = {};
  filter.kind = "name";
  EXPECT_THAT(found(filter), ElementsAre("3-case", "1-case"));
  filter.subject = "informant";
  EXPECT_THAT(found(filter), ElementsAre());
  filter = {};
  filter.limit = 2;
  auto page = store().disclosures(filter);
  filter.before = page->back().id;
  EXPECT_THAT(found(filter), ElementsAre("1-case", "1-p12315")) << "the next page goes on where the last ended";
  page = store().disclosures(person("zhang"));
  EXPECT_THAT(page->front().roles, ElementsAre("agent"));
  EXPECT_EQ(page->front().state, "queued");
  EXPECT_EQ(page->front().ledger, ledger("p12315", "complainant"));
  EXPECT_EQ(page->front().audit_index, 1U);
}

TEST_F(StoreDisclosures, AnInformantIsFoundOnlyWhenSaid) {
  commit(exchange_with(1, {"p12315"}, {mark("zhang", kInformant.data())}));
  commit(exchange_with(2, {"p12315"}, {mark("zhang", "complainant")}));
  EXPECT_THAT(found(person("zhang")), ElementsAre("2-p12315"));
  EXPECT_THAT(found(person("zhang", std::string(kInformant))), ElementsAre("1-p12315"));
}

TEST_F(StoreDisclosures, OlderKeysAreAskedWith) {
  commit(exchange_with(1, {"p12315"}, {mark("old", "complainant")}));
  commit(exchange_with(2, {"p12315"}, {mark("new", "complainant")}));
  DisclosureFilter filter = person("old");
  filter.person.push_back(mark("new", {}));
  EXPECT_THAT(found(filter), ElementsAre("2-p12315", "1-p12315"));
}

TEST_F(StoreDisclosures, WhatIsNotStoredIsNotIndexed) {
  fixture.sequencer.fail_next(1);
  EXPECT_TRUE(wait_commit(store(), exchange_with(1, {"p12315"}, {mark("zhang", "complainant")})).has_error());
  EXPECT_THAT(found(person("zhang")), ElementsAre());
  EXPECT_THAT(found({}), ElementsAre());
}

TEST_F(StoreDisclosures, QueriesAndReplacementsHaveRowsUnderTheirOwnEntries) {
  commit(exchange_with(1, {"p12315"}, {mark("zhang", "complainant")}));
  ASSERT_TRUE(wait_settle(store(), settlement(exchange_id(1).str() + "-p12315", SettleTo::kDead)).has_value());
  OperatorAct act = act_on(OperatorAct::Kind::kReplace, exchange_id(1).str() + "-p12315");
  act.outbox = {outbox_to(exchange_id(1), "p12315")};
  act.outbox.front().message_id += "-2";
  act.outbox.front().ledger = ledger("p12315", "complainant");
  act.persons = {mark("corrected", "complainant")};
  ASSERT_TRUE(wait_act(store(), std::move(act)).has_value());
  QueryNote note;
  note.kind = QueryNote::Kind::kAnswered;
  note.partner = PartnerId("city-a");
  note.service = ServiceId("entity.query");
  note.at = fixture.clock.now();
  note.ledger = ledger("city-a", "respondent");
  note.ledger_digest = std::string(32, 'l');
  note.exchange = exchange_id(9);
  note.persons = {mark("boss", "respondent")};
  note.entry = draft("answered", "x");
  std::promise<Status> answer;
  store().note(std::move(note), [&](Status s) { answer.set_value(std::move(s)); });
  ASSERT_TRUE(answer.get_future().get().has_value());
  EXPECT_THAT(found(person("corrected")), ElementsAre("1-p12315-2", "1-p12315"));
  const auto rows = store().disclosures(person("corrected"));
  EXPECT_EQ(rows->front().audit_index, 2U);
  EXPECT_EQ(rows->back().audit_index, 0U);
  EXPECT_EQ(rows->back().state, "superseded");
  EXPECT_THAT(found(person("boss")), ElementsAre("9-city-a"));
  EXPECT_EQ(store().disclosures(person("boss"))->front().state, "answered");
}

std::string bytes_of(const std::filesystem::path& folder) {
  std::ostringstream out;
  for (const auto& file : std::filesystem::directory_iterator(folder)) out << std::ifstream(file.path()).rdbuf();
  return out.str();
}

TEST_F(StoreDisclosures, AreFoundTheSameBeforeAndAfterTheyAreIndexed) {
  commit(exchange_with(1, {"p12315"}, {mark("zhang", "complainant"), mark("li", "officer")}));
  commit(exchange_with(2, {"p12315"}, {mark("zhang", "agent"), mark("zhang", kInformant.data())}));
  commit(exchange_with(3, {"p12315"}, {}));
  const auto look = [&] {
    EXPECT_THAT(found(person("zhang")), ElementsAre("2-p12315", "1-p12315"));
    EXPECT_THAT(found(person("zhang", "complainant")), ElementsAre("1-p12315"));
    EXPECT_THAT(store().disclosures(person("zhang"))->front().roles, ElementsAre("agent"));
    EXPECT_THAT(store().disclosures(person("zhang", std::string(kInformant)))->front().roles,
                ElementsAre(std::string(kInformant)));
    EXPECT_THAT(found(person("li")), ElementsAre("1-p12315"));
  };
  look();
  EXPECT_EQ(index_all(1), 2) << "one exchange a call";
  look();
  EXPECT_EQ(index_all(), 1) << "nothing waits any more";
  commit(exchange_with(4, {"p12315"}, {mark("zhang", "complainant")}));
  EXPECT_THAT(found(person("zhang")), ElementsAre("4-p12315", "2-p12315", "1-p12315")) << "half indexed, half new";
}

TEST_F(StoreDisclosures, AnIndexThatWasCutOffIsCarriedOn) {
  commit(exchange_with(1, {"p12315"}, {mark("zhang", "complainant")}));
  commit(exchange_with(2, {"p12315"}, {mark("zhang", "complainant")}));
  ASSERT_TRUE(store().index_persons(1).value());
  fixture.store.reset();
  fixture.open();
  EXPECT_THAT(found(person("zhang")), ElementsAre("2-p12315", "1-p12315"));
  EXPECT_EQ(index_all(), 1);
  EXPECT_THAT(found(person("zhang")), ElementsAre("2-p12315", "1-p12315"));
}

TEST_F(StoreDisclosures, MatchesAreCountedInOneRoleAndNewestFirst) {
  for (std::uint64_t n = 1; n <= 25; ++n)
    commit(exchange_with(n, {"p12315"}, {mark("zhang", n % 5 == 0 ? kInformant.data() : "complainant")}));
  const auto look = [&](const std::string& role, std::uint64_t except) {
    auto matches = store().matches({mark("zhang", role), mark("older", role)}, exchange_id(except));
    EXPECT_TRUE(matches.has_value());
    return *matches;
  };
  for (int round = 0; round < 2; ++round) {
    const PersonMatches all = look("complainant", 24);
    EXPECT_EQ(all.count, 19);
    EXPECT_EQ(all.exchanges.size(), 19U);
    EXPECT_EQ(all.exchanges.front(), exchange_id(23)) << "newest first, not the one that is asked for";
    EXPECT_EQ(look("complainant", 25).exchanges.size(), PersonMatches::kMaxShown);
    EXPECT_EQ(look(std::string(kInformant), 1).count, 5);
    EXPECT_EQ(look("agent", 1).count, 0);
    if (round == 0) (void)store().index_persons(12);
  }
}

// Erasure finds what is in the index and what still waits for it.
class StoreErasure : public StoreDisclosures, public testing::WithParamInterface<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Indexed, StoreErasure, testing::Values(0U, 2U, 3U));

TEST_P(StoreErasure, AreErasedByExchangeAndByPersonAndLeaveNoHash) {
  commit(exchange_with(1, {"p12315"}, {mark("zhang", "complainant"), mark("li", "agent")}));
  commit(exchange_with(2, {"p12315"}, {mark("zhang", "complainant")}));
  commit(exchange_with(3, {"p12315"}, {mark("zhang", "complainant"), mark("wang", "agent")}));
  if (GetParam() > 0) ASSERT_TRUE(store().index_persons(GetParam()).has_value());
  EXPECT_TRUE(forget({}).has_error());
  PersonErasure one;
  one.exchange = exchange_id(1);
  ASSERT_TRUE(forget(std::move(one)).has_value());
  EXPECT_THAT(found(person("li")), ElementsAre());
  EXPECT_THAT(found(person("zhang")), ElementsAre("3-p12315", "2-p12315"));
  PersonErasure both;
  both.exchange = exchange_id(2);
  both.person = {mark("zhang", {})};
  ASSERT_TRUE(forget(std::move(both)).has_value());
  EXPECT_THAT(found(person("zhang")), ElementsAre("3-p12315"));
  PersonErasure all;
  all.person = {mark("zhang", {})};
  ASSERT_TRUE(forget(std::move(all)).has_value());
  EXPECT_THAT(found(person("zhang")), ElementsAre());
  EXPECT_THAT(found(person("wang")), ElementsAre("3-p12315"));
  EXPECT_EQ(found({}).size(), 3U) << "the ledger itself stays";
  EXPECT_EQ(store().audit_entries(0, 100)->size(), 6U) << "each erasure is an entry";
  fixture.store.reset();  // written back
  const std::string left = bytes_of(fixture.options.folder);
  EXPECT_EQ(left.find(hash_of("zhang")), std::string::npos);
  EXPECT_NE(left.find(hash_of("wang")), std::string::npos) << "the search finds what is there";
}

TEST_F(StoreDisclosures, OlderDatabasesGetTheirRows) {
  commit(exchange_with(1, {"p12315", "case"}, {}));
  const auto before = store().disclosures({});
  fixture.store.reset();
  {
    const sql::Connection main((fixture.options.folder / "main.db").string(), {});
    main.exec(
        "DROP TABLE disclosures; DROP TABLE persons; DROP TABLE persons_waiting; DROP TABLE grants; ALTER TABLE tasks "
        "DROP COLUMN message; ALTER TABLE attachment_grants DROP COLUMN forms; UPDATE schema_version SET version = 8");
    main.exec(R"sql(
INSERT INTO query_ledgers VALUES(x'AB01', '{"fields":[],"to":"registry"}');
UPDATE outbox_contents SET ledger_id = 0, ledger = '{"fields":[],"to":"case","old":1}' WHERE seq = 2;
INSERT INTO audit VALUES(1, x'00', '', NULL, '{"at":"2027-01-01T00:00:00.250+08:00","disclosed":[{"ledger":"ab01",'
  || '"message":"Q-registry"}],"exchange":"Q","kind":"asked","partner":"city-a","recipient":"registry","service":"q"}');
)sql");
    ASSERT_TRUE(sql::migrate(main, sql::main_migrations()).has_value());
    main.exec("DELETE FROM audit WHERE idx = 1");
    EXPECT_EQ(main.integer("SELECT at_ms FROM disclosures WHERE exchange = 'Q'"), 1'798'732'800'250);
    main.exec("DELETE FROM disclosures WHERE exchange = 'Q'");
  }
  fixture.open();
  const auto after = store().disclosures({});
  ASSERT_EQ(after->size(), 2U);
  EXPECT_EQ(after->front().ledger, R"({"fields":[],"to":"case","old":1})");
  EXPECT_EQ(after->back().ledger, before->back().ledger);
  EXPECT_EQ(after->back().at_ms, before->back().at_ms);
}

}  // namespace
}  // namespace tongqu::test
