// Values that one process keeps in memory under a key of its own.
#include "security/crypto/memory_sealer.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace tongqu {
namespace {

class MemorySealerTest : public testing::TestWithParam<SuiteId> {
 protected:
  const std::unique_ptr<Sealer> sealer_ = *make_memory_sealer(GetParam());
  const SealKey key_ = *sealer_->make_key(ExchangeId("01JC4V00000000000000000000"));
};

TEST_P(MemorySealerTest, GivesBackWhatItSealed) {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1'000U, 70'000U}) {
    const std::string plain(size, 'x');
    const auto blob = sealer_->seal(key_, "answer", plain);
    ASSERT_TRUE(blob.has_value());
    EXPECT_EQ(blob->size(), size + 28);
    if (size >= 15) EXPECT_EQ(blob->find(plain.substr(0, 15)), std::string::npos);
    const auto opened = sealer_->open(key_, "answer", *blob);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(*opened, plain);
  }
}

TEST_P(MemorySealerTest, AnyOtherBitContextKeyOrLengthIsRefused) {
  const std::string blob = *sealer_->seal(key_, "answer", "段正淳的登记信息");
  for (std::size_t i = 0; i < blob.size(); ++i) {
    std::string changed = blob;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_TRUE(sealer_->open(key_, "answer", changed).has_error()) << i;
    EXPECT_TRUE(sealer_->open(key_, "answer", blob.substr(0, i)).has_error()) << i;
  }
  EXPECT_TRUE(sealer_->open(key_, "answe", blob).has_error());
  EXPECT_TRUE(sealer_->open(key_, "answer0", blob).has_error());
  SealKey moved = key_;
  moved.exchange = ExchangeId("01JC4V00000000000000000001");
  EXPECT_TRUE(sealer_->open(moved, "answer", blob).has_error());
  // What belongs to the context cannot be moved into the exchange.
  moved.exchange = ExchangeId("r" + key_.exchange.str());
  EXPECT_TRUE(sealer_->open(moved, "answe", blob).has_error());
  const auto other = *make_memory_sealer(GetParam());
  EXPECT_TRUE(other->open(*other->make_key(key_.exchange), "answer", blob).has_error());
  EXPECT_TRUE(other->open(key_, "answer", blob).has_error());
  EXPECT_TRUE(sealer_->unwrap(key_.exchange, blob).has_error());
}

// Two sealers take turns on one thread: the kept key schedule is never that of the other.
TEST_P(MemorySealerTest, TwoSealersOnOneThreadAndOneOnMany) {
  const auto other = *make_memory_sealer(GetParam());
  const SealKey others = *other->make_key(key_.exchange);
  const std::string blob = *sealer_->seal(key_, "answer", "a");
  const std::string theirs = *other->seal(others, "answer", "a");
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(*sealer_->open(key_, "answer", blob), "a");
    EXPECT_EQ(*other->open(others, "answer", theirs), "a");
  }
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& list : made) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) list.push_back(*sealer_->seal(key_, "answer", "b"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> numbers;
  for (const auto& list : made) {
    for (const std::string& one : list) {
      EXPECT_TRUE(numbers.insert(one.substr(0, 12)).second) << "a number was used twice";
      EXPECT_EQ(*sealer_->open(key_, "answer", one), "b");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, MemorySealerTest, testing::Values(SuiteId::kGm, SuiteId::kIntl));

}  // namespace
}  // namespace tongqu
