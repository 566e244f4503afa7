#include "connectors/amqp/delivery_ledger.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace tongqu::amqp {
namespace {

InboundMessage message(const std::string& body) {
  InboundMessage made;
  made.body = body;
  return made;
}

LedgerLimits limits(bool in_order, bool dead_letter = true) {
  LedgerLimits made;
  made.in_order = in_order;
  made.dead_letter = dead_letter;
  made.held = 4;
  made.wait = {100, 400};
  made.hold_ms = 1000;
  return made;
}

TEST(DeliveryLedger, AcknowledgesAfterTheAnswerOnly) {
  DeliveryLedger ledger(limits(true));
  ASSERT_TRUE(ledger.arrived(1, message("a"), 0));
  const auto offer = ledger.next(0);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->message.body, "a");
  EXPECT_FALSE(ledger.next(0)) << "it is with the line";
  const auto action = ledger.answered(offer->generation, 1, Answer::kTaken, 5);
  ASSERT_TRUE(action);
  EXPECT_EQ(action->kind, ActionKind::kAck);
  EXPECT_EQ(action->tag, 1U);
  EXPECT_FALSE(action->multiple);
  EXPECT_EQ(ledger.held(), 0U);
}

TEST(DeliveryLedger, InOrderNothingPassesTheFirst) {
  DeliveryLedger ledger(limits(true));
  ASSERT_TRUE(ledger.arrived(1, message("a"), 0));
  ASSERT_TRUE(ledger.arrived(2, message("b"), 0));
  const auto first = ledger.next(0);
  ASSERT_TRUE(first);
  EXPECT_FALSE(ledger.next(0));
  EXPECT_FALSE(ledger.answered(first->generation, 1, Answer::kLater, 0)) << "it waits";
  EXPECT_EQ(ledger.next_due_ms(), 100);
  EXPECT_FALSE(ledger.next(99));
  const auto again = ledger.next(100);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->tag, 1U);
  ASSERT_TRUE(ledger.answered(again->generation, 1, Answer::kTaken, 101));
  ASSERT_TRUE(ledger.next(101));
}

TEST(DeliveryLedger, WithoutOrderTheOthersGoOn) {
  DeliveryLedger ledger(limits(false));
  for (std::uint64_t tag = 1; tag <= 3; ++tag) ASSERT_TRUE(ledger.arrived(tag, message("m"), 0));
  for (std::uint64_t tag = 1; tag <= 3; ++tag) ASSERT_EQ(ledger.next(0)->tag, tag);
  EXPECT_FALSE(ledger.answered(1, 2, Answer::kLater, 0));
  EXPECT_TRUE(ledger.answered(1, 3, Answer::kTaken, 0));
  EXPECT_TRUE(ledger.answered(1, 1, Answer::kTaken, 0));
  EXPECT_EQ(ledger.next(100)->tag, 2U);
}

TEST(DeliveryLedger, WaitsGrowAndStayBounded) {
  DeliveryLedger ledger(limits(true));
  ASSERT_TRUE(ledger.arrived(1, message("a"), 0));
  std::int64_t now = 0;
  for (const std::int64_t wait : {100, 200}) {
    ASSERT_TRUE(ledger.next(now));
    EXPECT_FALSE(ledger.answered(1, 1, Answer::kLater, now));
    EXPECT_EQ(ledger.next_due_ms(), now + wait);
    now += wait;
  }
}

TEST(DeliveryLedger, HeldTooLongInOrderAllGoBack) {
  DeliveryLedger ledger(limits(true));
  ASSERT_TRUE(ledger.arrived(1, message("a"), 0));
  ASSERT_TRUE(ledger.arrived(2, message("b"), 0));
  ASSERT_TRUE(ledger.next(0));
  const auto action = ledger.answered(1, 1, Answer::kLater, 1000);
  ASSERT_TRUE(action);
  EXPECT_EQ(action->kind, ActionKind::kGiveBack);
  EXPECT_EQ(action->tag, 2U);
  EXPECT_TRUE(action->multiple);
  EXPECT_EQ(ledger.held(), 0U);
  ASSERT_TRUE(ledger.arrived(3, message("a"), 1000));
}

TEST(DeliveryLedger, HeldTooLongWithoutOrderOneGoesBack) {
  DeliveryLedger ledger(limits(false));
  ASSERT_TRUE(ledger.arrived(1, message("a"), 0));
  ASSERT_TRUE(ledger.arrived(2, message("b"), 900));
  ASSERT_TRUE(ledger.next(0));
  const auto action = ledger.answered(1, 1, Answer::kLater, 1000);
  ASSERT_TRUE(action);
  EXPECT_EQ(action->kind, ActionKind::kGiveBack);
  EXPECT_EQ(action->tag, 1U);
  EXPECT_FALSE(action->multiple);
  EXPECT_EQ(ledger.held(), 1U);
}

TEST(DeliveryLedger, PoisonGoesWhereTheQueueSays) {
  for (const bool dead_letter : {true, false}) {
    DeliveryLedger ledger(limits(true, dead_letter));
    ASSERT_TRUE(ledger.arrived(1, message("a"), 0));
    ASSERT_TRUE(ledger.next(0));
    const auto action = ledger.answered(1, 1, Answer::kTurnedBack, 0);
    ASSERT_TRUE(action);
    EXPECT_EQ(action->kind, dead_letter ? ActionKind::kReject : ActionKind::kAck);
    EXPECT_EQ(ledger.refuse(2).kind, action->kind);
  }
}

TEST(DeliveryLedger, AnswersOfALostChannelTellNothing) {
  DeliveryLedger ledger(limits(true));
  ASSERT_TRUE(ledger.arrived(1, message("a"), 0));
  const auto before = ledger.next(0);
  ledger.lost();
  ASSERT_TRUE(ledger.arrived(1, message("a"), 0)) << "tags begin anew";
  EXPECT_FALSE(ledger.answered(before->generation, 1, Answer::kTaken, 0));
  const auto after = ledger.next(0);
  ASSERT_TRUE(after);
  EXPECT_TRUE(ledger.answered(after->generation, 1, Answer::kTaken, 0));
  EXPECT_FALSE(ledger.answered(after->generation, 1, Answer::kTaken, 0)) << "once";
}

TEST(DeliveryLedger, BrokerOutOfStep) {
  DeliveryLedger ledger(limits(true));
  ASSERT_TRUE(ledger.arrived(5, message("a"), 0));
  EXPECT_FALSE(ledger.arrived(5, message("a"), 0));
  EXPECT_FALSE(ledger.arrived(4, message("a"), 0));
  for (std::uint64_t tag = 6; tag <= 8; ++tag) ASSERT_TRUE(ledger.arrived(tag, message("a"), 0));
  EXPECT_FALSE(ledger.arrived(9, message("a"), 0)) << "more than the prefetch";
  EXPECT_FALSE(ledger.answered(1, 5, Answer::kTaken, 0)) << "never offered";
}

// A model of the broker: whatever the line answers and whenever the channel goes, each message is told taken once, and
// in order mode the line takes them in the order of the queue.
TEST(DeliveryLedger, NothingIsLostOrTakenTwiceWhateverHappens) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    DeliveryLedger ledger(limits(true));
    std::deque<int> queue;
    for (int i = 0; i < 30; ++i) queue.push_back(i);
    std::map<std::uint64_t, int> open;
    std::vector<int> taken;
    std::uint64_t tag = 0;
    std::int64_t now = 0;
    const auto requeue = [&] {
      for (auto at = open.rbegin(); at != open.rend(); ++at) queue.push_front(at->second);
      open.clear();
    };
    while (!queue.empty() || !open.empty()) {
      now += 50;
      if (!queue.empty() && open.size() < 4) {
        open[++tag] = queue.front();
        ASSERT_TRUE(ledger.arrived(tag, message(std::to_string(queue.front())), now));
        queue.pop_front();
      }
      if (random() % 15 == 0) {
        ledger.lost();
        requeue();
        tag = 0;
      }
      const auto offer = ledger.next(now);
      if (!offer) continue;
      const bool lost_meanwhile = random() % 10 == 0;
      if (lost_meanwhile) {
        ledger.lost();
        requeue();
        tag = 0;
      }
      const Answer answer = random() % 3 == 0 ? Answer::kLater : Answer::kTaken;
      const int number = std::stoi(offer->message.body);
      // The line knows a message again: a repeat has no second effect.
      if (answer == Answer::kTaken && (taken.empty() || taken.back() != number)) taken.push_back(number);
      const auto action = ledger.answered(offer->generation, offer->tag, answer, now);
      if (!action) continue;
      if (action->kind == ActionKind::kAck) {
        ASSERT_EQ(open.erase(action->tag), 1U);
      } else {
        ASSERT_EQ(action->kind, ActionKind::kGiveBack);
        requeue();
      }
    }
    std::vector<int> expected(30);
    for (int i = 0; i < 30; ++i) expected[static_cast<std::size_t>(i)] = i;
    ASSERT_EQ(taken, expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tongqu::amqp
