#include "connectors/amqp/confirm_tracker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "connectors/amqp/amqp_codes.hpp"

namespace tongqu::amqp {
namespace {

std::vector<std::uint64_t> tokens(const std::vector<Settled>& settled) {
  std::vector<std::uint64_t> all;
  for (const Settled& one : settled) all.push_back(one.token);
  return all;
}

TEST(ConfirmTracker, AckDelivers) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  EXPECT_EQ(tracker.published(70, 1000), 1U);
  EXPECT_EQ(tracker.published(71, 1000), 2U);
  ASSERT_TRUE(tracker.confirmed(2, false, true, out));
  ASSERT_EQ(tokens(out), std::vector<std::uint64_t>{71});
  EXPECT_EQ(out[0].outcome.verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(out[0].outcome.code, nullptr);
  EXPECT_EQ(tracker.open(), 1U);
}

TEST(ConfirmTracker, MultipleTakesAllUpToTheNumber) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  for (std::uint64_t token = 1; token <= 5; ++token) static_cast<void>(tracker.published(token, 1000));
  ASSERT_TRUE(tracker.confirmed(3, true, true, out));
  EXPECT_EQ(tokens(out), (std::vector<std::uint64_t>{1, 2, 3}));
  ASSERT_TRUE(tracker.confirmed(0, true, true, out));  // 0 = everything
  EXPECT_EQ(tokens(out), (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
}

TEST(ConfirmTracker, NackIsRetried) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  static_cast<void>(tracker.published(9, 1000));
  ASSERT_TRUE(tracker.confirmed(1, false, false, out));
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].outcome.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(out[0].outcome.code, &codes::kAmqpNacked);
}

TEST(ConfirmTracker, ReturnBeforeTheAckIsRefused) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  static_cast<void>(tracker.published(1, 1000));
  static_cast<void>(tracker.published(2, 1000));
  tracker.returned(2, 312);
  ASSERT_TRUE(tracker.confirmed(2, true, true, out));
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0].outcome.verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(out[1].outcome.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(out[1].outcome.status, 312);
  EXPECT_EQ(out[1].outcome.code, &codes::kAmqpUnroutable);
}

TEST(ConfirmTracker, ReturnOfWhatWasGivenUpHitsNobodyElse) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  static_cast<void>(tracker.published(1, 10));
  tracker.expire(10, out);
  static_cast<void>(tracker.published(2, 1000));
  out.clear();
  tracker.returned(1, 312);
  ASSERT_TRUE(tracker.confirmed(1, false, true, out));  // late; nobody waits for it
  EXPECT_TRUE(out.empty());
  ASSERT_TRUE(tracker.confirmed(2, false, true, out));
  EXPECT_EQ(out[0].outcome.verdict, DeliveryVerdict::kDelivered);
}

TEST(ConfirmTracker, NoConfirmInTimeIsNoAnswer) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  static_cast<void>(tracker.published(1, 100));
  static_cast<void>(tracker.published(2, 50));
  EXPECT_EQ(tracker.next_deadline_ms(), 50);
  EXPECT_FALSE(tracker.expire(49, out));
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(tracker.expire(50, out)) << "nothing was confirmed since";
  ASSERT_EQ(tokens(out), std::vector<std::uint64_t>{2});
  EXPECT_EQ(out[0].outcome.verdict, DeliveryVerdict::kNoAnswer);
  EXPECT_EQ(tracker.next_deadline_ms(), 100);
}

TEST(ConfirmTracker, ChannelThatGoesOnConfirmingIsNotSilent) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  static_cast<void>(tracker.published(1, 50));
  static_cast<void>(tracker.published(2, 1000));
  ASSERT_TRUE(tracker.confirmed(2, false, true, out));
  EXPECT_FALSE(tracker.expire(60, out)) << "the first one is late, those behind it were confirmed";
  static_cast<void>(tracker.published(3, 100));
  EXPECT_TRUE(tracker.expire(100, out));
  tracker.lost(0, out);
  static_cast<void>(tracker.published(4, 200));
  EXPECT_TRUE(tracker.expire(200, out)) << "what the channel before confirmed says nothing about this one";
}

TEST(ConfirmTracker, LostConnectionLeavesTheEffectUnknown) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  static_cast<void>(tracker.published(1, 100));
  tracker.lost(0, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].outcome.verdict, DeliveryVerdict::kNoAnswer);
  EXPECT_EQ(tracker.published(2, 100), 1U) << "numbering begins anew with the channel";
}

TEST(ConfirmTracker, ClosedChannelBlamesASinglePublish) {
  for (const auto& [code, verdict] : {std::pair{404, DeliveryVerdict::kRetry}, std::pair{403, DeliveryVerdict::kRetry},
                                      std::pair{406, DeliveryVerdict::kRefused}}) {
    ConfirmTracker tracker;
    std::vector<Settled> out;
    static_cast<void>(tracker.published(1, 100));
    tracker.lost(static_cast<std::uint16_t>(code), out);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].outcome.verdict, verdict) << code;
    static_cast<void>(tracker.published(2, 100));
    static_cast<void>(tracker.published(3, 100));
    out.clear();
    tracker.lost(static_cast<std::uint16_t>(code), out);
    ASSERT_EQ(out.size(), 2U);
    for (const Settled& one : out) EXPECT_EQ(one.outcome.verdict, DeliveryVerdict::kNoAnswer) << code;
  }
}

TEST(ConfirmTracker, ConfirmOfWhatWasNeverPublishedIsOutOfStep) {
  ConfirmTracker tracker;
  std::vector<Settled> out;
  EXPECT_FALSE(tracker.confirmed(1, false, true, out));
  static_cast<void>(tracker.published(1, 100));
  EXPECT_FALSE(tracker.confirmed(2, true, true, out));
  EXPECT_FALSE(tracker.confirmed(0, false, true, out));
  EXPECT_TRUE(out.empty());
}

// Whatever the order of acks, nacks, returns, time and losses: every token comes out once.
TEST(ConfirmTracker, EveryTokenComesOutOnce) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    ConfirmTracker tracker;
    std::vector<Settled> out;
    std::uint64_t token = 0;
    std::uint64_t last = 0;
    for (int step = 0; step < 300; ++step) {
      switch (random() % 8) {
        case 0:
        case 1:
        case 2: last = tracker.published(++token, step + static_cast<int>(random() % 40)); break;
        case 3: tracker.returned(random() % (last + 2), 312); break;
        case 4:
        case 5:
          if (last > 0) EXPECT_TRUE(tracker.confirmed(1 + random() % last, random() % 2 == 0, random() % 4 != 0, out));
          break;
        case 6: tracker.expire(step, out); break;
        default:
          if (random() % 10 == 0) {
            tracker.lost(0, out);
            last = 0;
          }
      }
    }
    tracker.lost(0, out);
    const std::vector<std::uint64_t> all = tokens(out);
    const std::set<std::uint64_t> once(all.begin(), all.end());
    ASSERT_EQ(once.size(), all.size()) << "seed " << seed;
    ASSERT_EQ(all.size(), token) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tongqu::amqp
