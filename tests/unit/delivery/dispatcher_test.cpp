// The thread around the loop: real threads, no waiting by time.
#include "gateway/delivery/dispatcher.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using test::FakeConnector;
using test::lane_options;
using test::outbox_row;

// Counts committed settlements and lets a test wait for a number of them.
class Counter {
 public:
  explicit Counter(test::FakeStore& store) {
    store.committed = [this](const Settlement& settlement) {
      const std::lock_guard lock(mutex_);
      if (settlement.to == SettleTo::kDelivered) ++delivered_;
      changed_.notify_all();
    };
  }
  bool wait_for(std::size_t delivered) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return delivered_ >= delivered; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t delivered_ = 0;
};

// Answers from threads of its own, like a real connector.
class ThreadedConnector final : public OutboundConnector {
 public:
  ThreadedConnector() {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { run(); });
  }
  ~ThreadedConnector() override {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    arrived_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  void deliver(OutboundMessage, std::int64_t, Done done) override {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(done));
    }
    arrived_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      arrived_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const Done done = std::move(waiting_.back());
      waiting_.pop_back();
      const bool fails = ++answered_ % 5 == 0;
      lock.unlock();
      done(fails ? test::retry() : test::delivered());
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Done> waiting_;
  std::vector<std::thread> threads_;
  std::size_t answered_ = 0;
  bool ended_ = false;
};

std::unique_ptr<Dispatcher> start(test::FakeStore& store, const test::FakeSealer& sealer, const Clock& clock,
                                  std::vector<LaneOptions> lanes) {
  auto dispatcher = Dispatcher::create(store, sealer, clock, std::move(lanes));
  EXPECT_TRUE(dispatcher.has_value());
  return dispatcher.has_value() ? std::move(*dispatcher) : nullptr;
}

TEST(Dispatcher, DeliversFromManyThreads) {
  const SystemClock clock;
  test::FakeStore store;
  const test::FakeSealer sealer;
  Counter counter(store);
  std::vector<LaneOptions> lanes;
  for (const char* partner : {"a", "b", "c"}) {
    LaneOptions options = lane_options(std::make_shared<ThreadedConnector>(), partner);
    options.retry.first_ms = options.retry.max_ms = 1;
    lanes.push_back(options);
  }
  const auto dispatcher = start(store, sealer, clock, lanes);
  std::vector<std::thread> commits;
  for (const char* partner : {"a", "b", "c"}) {
    commits.emplace_back([&store, &dispatcher, partner] {
      for (int n = 1; n <= 300; ++n) {
        store.add(outbox_row(n, std::to_string(n % 30), partner));
        dispatcher->notify(PartnerId(partner));
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    EXPECT_LE(dispatcher->snapshot().size(), 3U);
    EXPECT_TRUE(dispatcher->configure(lanes).has_value());
    dispatcher->pause(PartnerId("a"));
    dispatcher->resume(PartnerId("a"));
  }
  for (std::thread& thread : commits) thread.join();
  EXPECT_TRUE(counter.wait_for(900));
  EXPECT_TRUE(dispatcher->stop(60'000));
  EXPECT_TRUE(dispatcher->stop(0)) << "again";
  EXPECT_EQ(store.breaches(), std::vector<std::string>{});
}

TEST(Dispatcher, ReturnsAfterTheGraceAndLosesNothing) {
  const SystemClock clock;
  test::FakeStore store;
  const test::FakeSealer sealer;
  Counter counter(store);
  auto silent = std::make_shared<FakeConnector>(test::never());
  auto good = std::make_shared<FakeConnector>(test::always(test::delivered()));
  store.add(outbox_row(1, "m", "silent"));
  store.add(outbox_row(1, "m", "good"));
  auto dispatcher = start(store, sealer, clock, {lane_options(silent, "silent"), lane_options(good, "good")});
  EXPECT_TRUE(counter.wait_for(1));
  EXPECT_FALSE(dispatcher->stop(1));
  silent->answer(test::delivered());
  dispatcher.reset();
  EXPECT_EQ(store.row("E1-silent").state, OutboxState::kQueued);
  const auto next = start(store, sealer, clock, {lane_options(good, "silent")});
  EXPECT_TRUE(counter.wait_for(2));
  EXPECT_TRUE(next->stop(60'000));
}

TEST(Dispatcher, StopWaitsForTheAnswerUnderWay) {
  const SystemClock clock;
  test::FakeStore store;
  const test::FakeSealer sealer;
  auto connector = std::make_shared<FakeConnector>([](const OutboundMessage&) { return std::nullopt; });
  Counter counter(store);
  auto first = std::make_shared<FakeConnector>(test::always(test::delivered()));
  store.add(outbox_row(1, "m", "a"));
  store.add(outbox_row(1, "m", "b"));
  // Lanes are served by name: when b's row was delivered, a's is under way.
  const auto dispatcher = start(store, sealer, clock, {lane_options(connector, "a"), lane_options(first, "b")});
  EXPECT_TRUE(counter.wait_for(1));
  std::thread stopper([&] { EXPECT_TRUE(dispatcher->stop(60'000)); });
  connector->answer(test::delivered());
  stopper.join();
  EXPECT_EQ(store.count(OutboxState::kDelivered), 2U);
}

TEST(Dispatcher, DoesNotStartWithoutTheStoreOrWithWrongLanes) {
  const SystemClock clock;
  test::FakeStore store;
  const test::FakeSealer sealer;
  store.fail_reads(1);
  EXPECT_TRUE(Dispatcher::create(store, sealer, clock, {}).has_error());
  EXPECT_TRUE(Dispatcher::create(store, sealer, clock, {LaneOptions{}}).has_error());
}

TEST(Dispatcher, KeepsUpWithALongQueue) {
  const SystemClock clock;
  test::FakeStore store;
  const test::FakeSealer sealer;
  Counter counter(store);
  constexpr int kMessages = 20'000;
  for (int n = 1; n <= kMessages; ++n) store.add(outbox_row(n, std::to_string(n % 2'000)));
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  LaneOptions options = lane_options(connector);
  options.max_in_flight = 64;
  const auto before = std::chrono::steady_clock::now();
  const auto dispatcher = start(store, sealer, clock, {options});
  EXPECT_TRUE(counter.wait_for(kMessages));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  RecordProperty("deliveries_per_second", static_cast<int>(kMessages / took.count()));
  EXPECT_TRUE(dispatcher->stop(60'000));
}

}  // namespace
}  // namespace tongqu
