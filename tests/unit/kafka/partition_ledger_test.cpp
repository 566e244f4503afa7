#include "connectors/kafka/partition_ledger.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace tongqu::kafka {
namespace {

Taken record(const std::string& key, const std::string& body = "") {
  Taken taken;
  taken.key = key;
  taken.message.body = body;
  return taken;
}

PartitionLimits limits() { return {6, 3, {100, 400}}; }

TEST(PartitionLedger, StoresWhatIsDecidedFromTheFront) {
  PartitionLedger ledger(limits());
  for (std::int64_t offset = 10; offset <= 12; ++offset) ledger.arrived(offset, record(std::to_string(offset)));
  for (std::int64_t offset = 10; offset <= 12; ++offset) ASSERT_EQ(ledger.next(0).offset, offset);
  EXPECT_EQ(ledger.with_the_line(), 3U);
  EXPECT_TRUE(ledger.decided(11));
  EXPECT_TRUE(ledger.decided(12));
  EXPECT_FALSE(ledger.to_store()) << "the first one is open";
  EXPECT_TRUE(ledger.decided(10));
  EXPECT_EQ(ledger.to_store(), 13);
  EXPECT_FALSE(ledger.to_store()) << "once";
}

TEST(PartitionLedger, RecordsOfAKeyGoOneAfterAnother) {
  PartitionLedger ledger(limits());
  ledger.arrived(1, record("a"));
  ledger.arrived(2, record("a"));
  ledger.arrived(3, record("b"));
  EXPECT_EQ(ledger.next(0).offset, 1);
  EXPECT_EQ(ledger.next(0).offset, 3);
  EXPECT_EQ(ledger.next(0).record, nullptr);
  EXPECT_TRUE(ledger.later(1, 0));
  EXPECT_EQ(ledger.next(99).record, nullptr) << "the second of the key waits behind the first";
  EXPECT_EQ(ledger.next_due_ms(), 100);
  EXPECT_EQ(ledger.next(100).offset, 1);
  EXPECT_TRUE(ledger.decided(1));
  EXPECT_EQ(ledger.next(100).offset, 2);
}

TEST(PartitionLedger, NoKeyIsAKeyToo) {
  PartitionLedger ledger(limits());
  ledger.arrived(1, record(""));
  ledger.arrived(2, record(""));
  EXPECT_EQ(ledger.next(0).offset, 1);
  EXPECT_EQ(ledger.next(0).record, nullptr);
}

TEST(PartitionLedger, BoundsWhatIsWithTheLineAndHeld) {
  PartitionLedger ledger(limits());
  for (std::int64_t offset = 1; offset <= 6; ++offset) ledger.arrived(offset, record(std::to_string(offset)));
  EXPECT_TRUE(ledger.full());
  for (int i = 0; i < 3; ++i) ASSERT_NE(ledger.next(0).record, nullptr);
  EXPECT_EQ(ledger.next(0).record, nullptr) << "parallel";
  EXPECT_EQ(ledger.next_due_ms(), -1);
  for (std::int64_t offset = 1; offset <= 3; ++offset) EXPECT_TRUE(ledger.decided(offset));
  EXPECT_FALSE(ledger.full());
  EXPECT_TRUE(ledger.half_empty());
}

TEST(PartitionLedger, WhatCameBeforeIsIgnoredAndGapsAreNot) {
  PartitionLedger ledger(limits());
  ledger.arrived(5, record("a"));
  ledger.arrived(5, record("b"));
  ledger.arrived(4, record("c"));
  ledger.arrived(9, record("d"));
  EXPECT_EQ(ledger.next(0).offset, 5);
  EXPECT_EQ(ledger.next(0).offset, 9);
  EXPECT_TRUE(ledger.decided(5));
  EXPECT_EQ(ledger.to_store(), 6);
  EXPECT_TRUE(ledger.decided(9));
  EXPECT_EQ(ledger.to_store(), 10);
  ledger.arrived(9, record("d"));
  EXPECT_EQ(ledger.next(0).record, nullptr);
}

TEST(PartitionLedger, StepsAtTheWrongTimeChangeNothing) {
  PartitionLedger ledger(limits());
  EXPECT_FALSE(ledger.decided(1));
  ledger.arrived(1, record("a"));
  EXPECT_FALSE(ledger.decided(1)) << "not offered";
  EXPECT_FALSE(ledger.later(1, 0));
  ASSERT_EQ(ledger.next(0).offset, 1);
  EXPECT_TRUE(ledger.decided(1));
  EXPECT_FALSE(ledger.decided(1));
  EXPECT_EQ(ledger.find(1), nullptr);
}

// A member that dies anywhere and another that goes on from the stored offset: everything is taken, in order per key.
TEST(PartitionLedger, NothingIsLostWhateverHappens) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    constexpr std::int64_t kCount = 60;
    std::int64_t stored = 0;
    std::map<std::int64_t, bool> taken;  // the line: knows a record again
    std::map<std::string, std::int64_t> last;
    while (stored < kCount) {
      PartitionLedger ledger(limits());
      std::int64_t read = stored;
      std::vector<std::int64_t> open;
      for (std::int64_t now = 0; stored < kCount; now += 50) {
        if (random() % 40 == 0) break;  // kill -9
        while (read < kCount && !ledger.full()) {
          ledger.arrived(read, record(std::to_string(read % 7), std::to_string(read)));
          ++read;
        }
        if (const auto offer = ledger.next(now); offer.record != nullptr) open.push_back(offer.offset);
        if (open.empty()) continue;
        const std::size_t which = random() % open.size();
        const std::int64_t offset = open[which];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
        if (random() % 4 == 0) {
          ASSERT_TRUE(ledger.later(offset, now));
          continue;
        }
        if (taken.emplace(offset, true).second) {
          const std::string key = std::to_string(offset % 7);
          ASSERT_TRUE(!last.contains(key) || last[key] < offset) << "seed " << seed;
          last[key] = offset;
        }
        ASSERT_TRUE(ledger.decided(offset));
        if (const auto store = ledger.to_store()) stored = *store;
      }
    }
    ASSERT_EQ(taken.size(), static_cast<std::size_t>(kCount)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tongqu::kafka
