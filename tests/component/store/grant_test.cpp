// Grants: two persons, an end, and what a view is told of them.
#include <gmock/gmock.h>

#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

using Kind = GrantAct::Kind;

struct Grants : testing::Test {
  Grants() { fixture.open(); }
  SqlStore& store() { return *fixture.store; }
  Instant now() const { return fixture.clock.now(); }

  Status wait(GrantAct act) {
    std::promise<Status> answer;
    store().grant(std::move(act), [&](Status s) { answer.set_value(std::move(s)); });
    return answer.get_future().get();
  }
  GrantAct ask(const std::string& id, const std::string& actor = "甲") {
    GrantAct act;
    act.row.id = id;
    act.row.recipient = PartnerId("case");
    act.row.service = ServiceId("case.clue");
    act.row.exchange = exchange_id(1);
    act.row.reason = "办案需要";
    act.row.until_ms = now().ms + 1000;
    act.actor = actor;
    act.reason = "办案需要";
    act.max_open = 3;
    act.at = now();
    act.entry = draft("grant-asked", id);
    return act;
  }
  GrantAct act_on(const std::string& id, Kind kind, const std::string& actor) {
    GrantAct act;
    act.kind = kind;
    act.id = id;
    act.actor = actor;
    act.reason = "理由";
    act.at = now();
    act.entry = draft("grant", id);
    return act;
  }
  std::size_t in_force(const ExchangeId& exchange, const std::string& matter = {},
                       const std::string& recipient = "case") {
    const PartnerId to(recipient);
    const PartnerId sender("city-a");
    const ServiceId service("case.clue");
    const MatterNo number(matter);
    return store().in_force({to, service, exchange, sender, number}, now()).size();
  }
  OpenStore fixture{"grants"};
};

TEST_F(Grants, AnApprovalNeedsASecondPersonAndEndsByItself) {
  ASSERT_TRUE(wait(ask("G1")).has_value());
  EXPECT_EQ(in_force(exchange_id(1)), 0U) << "asked for is not granted";
  for (const char* same : {"甲", " 甲 "})
    EXPECT_EQ(code_of(wait(act_on("G1", Kind::kApprove, same))), "grants.same-person");
  EXPECT_EQ(in_force(exchange_id(1)), 0U);
  EXPECT_TRUE(wait(act_on("G1", Kind::kApprove, "乙")).has_value());
  EXPECT_EQ(code_of(wait(act_on("G1", Kind::kApprove, "丙"))), "store.wrong-state") << "somebody was faster";
  EXPECT_EQ(code_of(wait(act_on("G1", Kind::kRefuse, "丙"))), "store.wrong-state");
  EXPECT_EQ(in_force(exchange_id(1)), 1U);
  EXPECT_EQ(in_force(exchange_id(2)), 0U);
  EXPECT_EQ(in_force(exchange_id(1), "", "platform"), 0U);
  fixture.reopen();
  EXPECT_EQ(in_force(exchange_id(1)), 1U) << "what was granted survives a restart";
  fixture.clock.advance(999);
  EXPECT_EQ(in_force(exchange_id(1)), 1U);
  fixture.clock.advance(1);
  EXPECT_EQ(in_force(exchange_id(1)), 0U) << "the end is the end";
}

TEST_F(Grants, NobodyApprovesAfterTheEnd) {
  ASSERT_TRUE(wait(ask("G1")).has_value());
  fixture.clock.advance(1000);
  EXPECT_EQ(code_of(wait(act_on("G1", Kind::kApprove, "乙"))), "grants.over");
  EXPECT_EQ(in_force(exchange_id(1)), 0U);
  EXPECT_TRUE(wait(act_on("G1", Kind::kExpired, "乙")).has_value()) << "that somebody came too late is an entry";
}

TEST_F(Grants, ADangerIsInForceAtOnceAndCanBeWithdrawn) {
  GrantAct danger = ask("G1");
  danger.kind = Kind::kConfirm;
  danger.row.kind = Condition::kDanger;
  danger.row.exchange = ExchangeId();
  danger.row.partner = PartnerId("city-a");
  danger.row.matter = MatterNo("GD1");
  ASSERT_TRUE(wait(danger).has_value());
  EXPECT_EQ(in_force(exchange_id(7), "GD1"), 1U) << "every exchange of the matter";
  EXPECT_EQ(in_force(exchange_id(7), "GD2"), 0U);
  EXPECT_EQ(in_force(exchange_id(7)), 0U);
  EXPECT_TRUE(wait(act_on("G1", Kind::kWithdraw, "甲")).has_value());
  EXPECT_EQ(in_force(exchange_id(7), "GD1"), 0U);
  EXPECT_EQ(code_of(wait(act_on("G1", Kind::kWithdraw, "甲"))), "store.wrong-state");
  EXPECT_EQ(store().grant_row("G1")->state, GrantState::kWithdrawn);
}

TEST_F(Grants, ThereIsALimitAndWhatIsOverDoesNotCount) {
  for (const char* id : {"G1", "G2", "G3"}) ASSERT_TRUE(wait(ask(id)).has_value());
  EXPECT_EQ(code_of(wait(ask("G4"))), "grants.limit");
  EXPECT_TRUE(wait(act_on("G2", Kind::kRefuse, "乙")).has_value());
  EXPECT_TRUE(wait(ask("G4")).has_value());
  fixture.clock.advance(1000);
  EXPECT_TRUE(wait(ask("G5")).has_value());
  EXPECT_EQ(store().grants({}, now())->size(), 1U);
  GrantFilter all;
  all.all = true;
  EXPECT_EQ(store().grants(all, now())->size(), 5U);
  EXPECT_EQ(code_of(wait(act_on("none", Kind::kRefuse, "乙"))), "gateway.not-found");
}

TEST_F(Grants, EveryStepIsAnAuditEntry) {
  const std::size_t before = store().audit_entries(0, 100)->size();
  ASSERT_TRUE(wait(ask("G1")).has_value());
  EXPECT_TRUE(wait(act_on("G1", Kind::kApprove, "甲")).has_error());
  EXPECT_EQ(store().audit_entries(0, 100)->size(), before + 1) << "what was turned back changed nothing";
  EXPECT_TRUE(wait(act_on("G1", Kind::kApprove, "乙")).has_value());
  EXPECT_TRUE(wait(act_on("G1", Kind::kWithdraw, "甲")).has_value());
  EXPECT_EQ(store().audit_entries(0, 100)->size(), before + 3);
  GrantAct silent = act_on("G1", Kind::kExpired, "乙");
  silent.entry = AuditDraft();
  EXPECT_TRUE(wait(silent).has_error()) << "nothing happens without its entry";
}

}  // namespace
}  // namespace tongqu::test
