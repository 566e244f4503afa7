#include "gateway/delivery/pull_inbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using test::outbox_row;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kLeaseMs = 60'000;
const PartnerId kPartner("p");

struct Desk {
  test::ManualClock clock;
  test::FakeStore store;
  test::FakeSealer sealer;
  PullInboxService inbox;

  explicit Desk(PullOptions options = {}) : inbox(store, sealer, clock, options) {}
  std::vector<std::string> take(std::size_t limit = 10, const PartnerId& partner = kPartner) {
    const auto taken = inbox.take(partner, limit, kLeaseMs);
    EXPECT_TRUE(taken.has_value());
    std::vector<std::string> ids;
    if (taken.has_value()) {
      for (const PulledMessage& message : *taken) ids.push_back(message.message_id);
    }
    return ids;
  }
  // Code of the answer; empty = success.
  std::string acknowledge(const std::string& id, const PartnerId& partner = kPartner) {
    std::optional<std::string> answer;
    inbox.acknowledge(partner, id, [&](const Status& status) {
      answer = status.has_error() ? std::string(status.error().code->id) : std::string();
    });
    return answer.value_or("no answer yet");
  }
  void add(int n, const std::string& matter) {
    OutboxRow row = outbox_row(n, matter);
    row.created_ms = clock.now().ms + 1;  // after the start of this inbox
    store.add(row);
  }
};

TEST(PullInbox, OffersHeadsInOrderAndOpened) {
  Desk desk;
  desk.add(1, "a");
  desk.add(2, "a");
  desk.add(3, "b");
  const auto taken = desk.inbox.take(kPartner, 10, kLeaseMs);
  ASSERT_TRUE(taken.has_value());
  ASSERT_EQ(taken->size(), 2U);
  EXPECT_EQ((*taken)[0].message_id, "E1-p");
  EXPECT_EQ((*taken)[0].body, "body 1");
  EXPECT_EQ((*taken)[0].service.str(), "workorder.result");
  EXPECT_EQ((*taken)[0].content_type, "application/json");
  EXPECT_EQ((*taken)[1].message_id, "E3-p");
}

TEST(PullInbox, OffersAgainOnlyAfterTheLease) {
  Desk desk;
  desk.add(1, "a");
  desk.add(2, "b");
  EXPECT_THAT(desk.take(1), ElementsAre("E1-p"));
  EXPECT_THAT(desk.take(1), ElementsAre("E2-p"));
  EXPECT_THAT(desk.take(1), IsEmpty());
  desk.clock.advance(kLeaseMs - 1);
  EXPECT_THAT(desk.take(), IsEmpty());
  desk.clock.advance(1);
  EXPECT_THAT(desk.take(), ElementsAre("E1-p", "E2-p"));
}

TEST(PullInbox, AcknowledgingSettlesAndLetsTheNextGo) {
  Desk desk;
  desk.add(1, "a");
  desk.add(2, "a");
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  EXPECT_EQ(desk.acknowledge("E1-p"), "");
  EXPECT_EQ(desk.inbox.leases(), 0U);
  EXPECT_EQ(desk.store.row("E1-p").state, OutboxState::kDelivered);
  ASSERT_EQ(desk.store.settlements().size(), 1U);
  EXPECT_EQ(desk.store.settlements()[0].entry->kind, "delivered");
  EXPECT_THAT(desk.take(), ElementsAre("E2-p"));
}

TEST(PullInbox, ASecondAcknowledgementIsAnsweredTheSame) {
  Desk desk;
  desk.add(1, "a");
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  EXPECT_EQ(desk.acknowledge("E1-p"), "");
  EXPECT_EQ(desk.acknowledge("E1-p"), "");
  EXPECT_EQ(desk.store.settlements().size(), 1U);
}

TEST(PullInbox, AcknowledgesAfterTheLeaseToo) {
  Desk desk;
  desk.add(1, "a");
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  desk.clock.advance(10 * kLeaseMs);
  EXPECT_EQ(desk.acknowledge("E1-p"), "");
}

TEST(PullInbox, KnowsNothingThatWasNotOfferedToThePartner) {
  Desk desk;
  desk.add(1, "a");
  desk.add(2, "a");
  desk.store.add(outbox_row(3, "a", "other"));
  EXPECT_EQ(desk.acknowledge("E9-p"), "gateway.not-found") << "does not exist";
  EXPECT_EQ(desk.acknowledge("E1-p"), "gateway.not-found") << "not taken yet";
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  EXPECT_EQ(desk.acknowledge("E2-p"), "gateway.not-found") << "waits behind the first";
  EXPECT_THAT(desk.take(10, PartnerId("other")), ElementsAre("E3-other"));
  EXPECT_EQ(desk.acknowledge("E3-other"), "gateway.not-found") << "somebody else's";
  EXPECT_EQ(desk.acknowledge("E1-p", PartnerId("other")), "gateway.not-found");
}

TEST(PullInbox, TakesTheAcknowledgementOfAnOfferBeforeTheRestart) {
  Desk desk;
  desk.store.add(outbox_row(1, "a"));
  desk.store.add(outbox_row(2, "a"));
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  PullInboxService restarted(desk.store, desk.sealer, desk.clock, {});
  std::vector<std::string> answers;
  for (const char* id : {"E2-p", "E1-p"}) {
    restarted.acknowledge(kPartner, id, [&](const Status& status) {
      answers.emplace_back(status.has_error() ? status.error().code->id : "done");
    });
  }
  EXPECT_THAT(answers, ElementsAre("gateway.not-found", "done"));
}

TEST(PullInbox, AGivenUpMessageCannotBeAcknowledged) {
  Desk desk;
  desk.add(1, "a");
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  Settlement dead;
  dead.message_id = "E1-p";
  dead.to = SettleTo::kDead;
  dead.entry = AuditDraft{"dead", "{}"};
  desk.store.settle(dead, [](const Status&) {});
  EXPECT_EQ(desk.acknowledge("E1-p"), "delivery.closed");
}

TEST(PullInbox, LeavesOutWhatIsPastItsDeadlineOrUnreadable) {
  Desk desk;
  OutboxRow late = outbox_row(1, "a");
  late.deadline_ms = desk.clock.now().ms;
  desk.store.add(late);
  OutboxRow broken = outbox_row(2, "b");
  broken.sealed = "nonsense";
  desk.store.add(broken);
  desk.add(3, "c");
  EXPECT_THAT(desk.take(), ElementsAre("E3-p"));
  EXPECT_EQ(desk.store.row("E2-p").state, OutboxState::kDead);
  EXPECT_EQ(desk.store.row("E2-p").code, "delivery.unreadable");
  EXPECT_EQ(desk.store.row("E1-p").state, OutboxState::kQueued) << "left to the dispatcher";
}

TEST(PullInbox, KeepsTheLeaseWhenTheStoreCannotSettle) {
  Desk desk;
  desk.add(1, "a");
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  desk.store.fail_settlements(1, codes::kUnavailable);
  EXPECT_EQ(desk.acknowledge("E1-p"), "gateway.unavailable");
  EXPECT_EQ(desk.inbox.leases(), 1U);
  EXPECT_EQ(desk.acknowledge("E1-p"), "");
}

TEST(PullInbox, AnswersWithTheErrorsOfItsNeighbours) {
  Desk desk;
  desk.add(1, "a");
  desk.store.fail_reads(1);
  EXPECT_TRUE(desk.inbox.take(kPartner, 1, kLeaseMs).has_error());
  desk.sealer.unavailable = 1;
  EXPECT_TRUE(desk.inbox.take(kPartner, 1, kLeaseMs).has_error());
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
}

TEST(PullInbox, TheTableOfLeasesIsBounded) {
  PullOptions options;
  options.max_leases = 3;
  Desk desk(options);
  for (int n = 1; n <= 5; ++n) desk.add(n, std::to_string(n));
  EXPECT_EQ(desk.take().size(), 3U);
  EXPECT_THAT(desk.take(), IsEmpty());
  desk.clock.advance(kLeaseMs);
  EXPECT_EQ(desk.take(3).size(), 3U);
  EXPECT_LE(desk.inbox.leases(), 3U);
}

TEST(PullInbox, AForgottenOfferCanStillBeAcknowledged) {
  PullOptions options;
  options.max_leases = 1;
  Desk desk(options);
  desk.add(1, "a");
  OutboxRow waiting = outbox_row(2, "b");
  waiting.next_due_ms = desk.clock.now().ms + kLeaseMs;
  desk.store.add(waiting);
  EXPECT_THAT(desk.take(), ElementsAre("E1-p"));
  desk.clock.advance(kLeaseMs);
  EXPECT_THAT(desk.take(1), ElementsAre("E1-p"));
  desk.clock.advance(kLeaseMs);
  EXPECT_EQ(desk.acknowledge("E1-p"), "");
  EXPECT_THAT(desk.take(1), ElementsAre("E2-p"));
}

TEST(PullInbox, RowsAndBytesOfOneTakeAreBounded) {
  PullOptions options;
  options.max_take_rows = 4;
  options.max_take_bytes = 100'000;
  Desk desk(options);
  for (int n = 1; n <= 9; ++n) desk.add(n, std::to_string(n));
  EXPECT_EQ(desk.take(100).size(), 4U);
  options.max_take_bytes = 1;
  desk.inbox.configure(options);
  EXPECT_EQ(desk.take(100).size(), 1U) << "one always goes";
  EXPECT_THAT(desk.take(0), IsEmpty());
}

TEST(PullInbox, FindsWhatWaitsBehindManyLeases) {
  Desk desk;
  for (int n = 1; n <= 1'000; ++n) desk.add(n, std::to_string(n));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(desk.take(100).size(), 100U);
  EXPECT_THAT(desk.take(), IsEmpty());
}

}  // namespace
}  // namespace tongqu
