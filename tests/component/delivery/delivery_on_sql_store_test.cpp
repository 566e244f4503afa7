// Dispatcher and pull inbox on the real store: files, writer thread, group commit.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <random>

#include "gateway/delivery/dispatcher.hpp"
#include "gateway/delivery/pull_inbox.hpp"
#include "tests/component/store/store_fixture.hpp"
#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using test::exchange_id;
using test::lane_options;

NewExchange message_for(std::uint64_t n, const std::string& recipient, const std::string& matter) {
  NewExchange exchange = test::new_exchange(exchange_id(n));
  NewOutbox row = test::outbox_to(exchange.exchange, recipient, matter);
  row.sealed = "out/" + row.message_id + "\nbody " + std::to_string(n);
  exchange.outbox.push_back(std::move(row));
  return exchange;
}

std::string id_of(std::uint64_t n, const std::string& recipient) { return exchange_id(n).str() + '-' + recipient; }

// A partner that remembers what it acknowledged, fails at random, and lets a test wait for a number of messages.
class Partner final : public OutboundConnector {
 public:
  explicit Partner(unsigned failures_of_ten) : failures_of_ten_(failures_of_ten) {}
  void deliver(OutboundMessage message, std::int64_t, Done done) override {
    bool fails = false;
    {
      const std::lock_guard lock(mutex_);
      fails = random_() % 10 < failures_of_ten_;
      if (!fails) {
        const int n = std::stoi(message.body.substr(5));
        if (last_.try_emplace(n % 50, 0).first->second >= n) ++out_of_order_;
        last_[n % 50] = n;
        ++acknowledged_[message.message_id];
      }
    }
    changed_.notify_all();
    done(fails ? test::retry() : test::delivered());
  }
  bool wait_for(std::size_t messages) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(120), [&] { return acknowledged_.size() >= messages; });
  }
  // Acknowledged more than once.
  std::size_t repeated() {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [id, times] : acknowledged_) count += times > 1 ? 1 : 0;
    return count;
  }
  std::size_t out_of_order() {
    const std::lock_guard lock(mutex_);
    return out_of_order_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937 random_{7};
  unsigned failures_of_ten_;
  std::map<std::string, int> acknowledged_;
  std::map<int, int> last_;  // by matter
  std::size_t out_of_order_ = 0;
};

struct Gateway : test::OpenStore {
  explicit Gateway(const std::string& purpose) : OpenStore(purpose) { open(); }
  SystemClock system_clock;
  test::FakeSealer sealer;

  std::unique_ptr<Dispatcher> start(std::vector<LaneOptions> lanes) {
    auto dispatcher = Dispatcher::create(*store, sealer, system_clock, std::move(lanes));
    EXPECT_TRUE(dispatcher.has_value());
    return dispatcher.has_value() ? std::move(*dispatcher) : nullptr;
  }
  void commit(std::uint64_t first, std::uint64_t count, const std::string& recipient) {
    std::vector<std::future<void>> answers;
    for (std::uint64_t n = first; n < first + count; ++n) {
      auto answer = std::make_shared<std::promise<void>>();
      answers.push_back(answer->get_future());
      store->commit(message_for(n, recipient, "m" + std::to_string(n % 50)), [answer](Result<Stored> stored) {
        EXPECT_TRUE(stored.has_value());
        answer->set_value();
      });
    }
    for (auto& answer : answers) answer.get();
  }
  std::uint64_t delivered(const std::string& recipient) {
    const auto counts = store->counts();
    if (counts.has_error()) return 0;
    for (const PartnerCounts& c : *counts) {
      if (c.partner.str() == recipient) return c.delivered;
    }
    return 0;
  }
};

LaneOptions quick_lane(std::shared_ptr<OutboundConnector> connector) {
  LaneOptions options = lane_options(std::move(connector));
  options.retry.first_ms = options.retry.max_ms = 5;
  options.max_in_flight = 64;
  return options;
}

TEST(DeliveryOnSqlStore, DeliversInOrderOverRestartsWithReceipts) {
  Gateway gateway("delivery-restarts");
  auto partner = std::make_shared<Partner>(2);
  constexpr std::size_t kMessages = 2'000;
  gateway.commit(1, kMessages, "p");
  for (const std::size_t part : {kMessages / 4, kMessages / 2}) {
    auto dispatcher = gateway.start({quick_lane(partner)});
    EXPECT_TRUE(partner->wait_for(part));
    EXPECT_TRUE(dispatcher->stop(60'000));
    dispatcher.reset();
    gateway.reopen();
  }
  const auto dispatcher = gateway.start({quick_lane(partner)});
  EXPECT_TRUE(partner->wait_for(kMessages));
  EXPECT_TRUE(dispatcher->stop(60'000));
  EXPECT_EQ(partner->repeated(), 0U) << "stopped politely each time";
  EXPECT_EQ(partner->out_of_order(), 0U);
  EXPECT_EQ(gateway.delivered("p"), kMessages);
  const auto receipt = gateway.store->receipt("delivered", id_of(1, "p"));
  ASSERT_TRUE(receipt.has_value());
  EXPECT_NE(receipt->find("\"kind\":\"delivered\""), std::string::npos);
  EXPECT_EQ(gateway.store->exchange(exchange_id(1))->state, "delivered");
}

TEST(DeliveryOnSqlStore, HintsWakeTheDispatcher) {
  Gateway gateway("delivery-hints");
  auto partner = std::make_shared<Partner>(0);
  const auto dispatcher = gateway.start({quick_lane(partner)});
  for (std::uint64_t n = 1; n <= 20; ++n) {
    gateway.commit(n, 1, "p");
    dispatcher->notify(PartnerId("p"));
    EXPECT_TRUE(partner->wait_for(n));
  }
  EXPECT_TRUE(dispatcher->stop(60'000));
  EXPECT_EQ(gateway.delivered("p"), 20U);
}

TEST(DeliveryOnSqlStore, ADeadRowHoldsItsMatterUntilAReplay) {
  Gateway gateway("delivery-replay");
  gateway.commit(1, 1, "p");
  gateway.commit(51, 1, "p");  // the same matter
  gateway.commit(2, 1, "p");
  // Refuses the first message once.
  std::atomic<bool> refuse = true;
  auto partner = std::make_shared<Partner>(0);
  class Picky final : public OutboundConnector {
   public:
    Picky(std::shared_ptr<Partner> partner, std::atomic<bool>& refuse)
        : partner_(std::move(partner)), refuse_(refuse) {}
    void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override {
      if (message.body == "body 1" && refuse_.exchange(false)) return done(test::refused());
      partner_->deliver(std::move(message), timeout_ms, std::move(done));
    }

   private:
    std::shared_ptr<Partner> partner_;
    std::atomic<bool>& refuse_;
  };
  auto dispatcher = gateway.start({quick_lane(std::make_shared<Picky>(partner, refuse))});
  EXPECT_TRUE(partner->wait_for(1));
  EXPECT_TRUE(dispatcher->stop(60'000));
  EXPECT_EQ(gateway.store->message(id_of(1, "p"))->state, OutboxState::kDead);
  EXPECT_EQ(gateway.store->message(id_of(51, "p"))->state, OutboxState::kQueued);
  dispatcher = gateway.start({quick_lane(std::make_shared<Picky>(partner, refuse))});
  ASSERT_TRUE(test::wait_act(*gateway.store, test::act_on(OperatorAct::Kind::kReplay, id_of(1, "p"))).has_value());
  dispatcher->notify(PartnerId("p"));
  EXPECT_TRUE(partner->wait_for(3));
  EXPECT_TRUE(dispatcher->stop(60'000));
  EXPECT_EQ(partner->out_of_order(), 0U);
}

TEST(DeliveryOnSqlStore, PausesAreKeptOverRestarts) {
  Gateway gateway("delivery-pause");
  OperatorAct pause = test::act_on(OperatorAct::Kind::kPause, "");
  pause.partner = PartnerId("p");
  ASSERT_TRUE(test::wait_act(*gateway.store, pause).has_value());
  gateway.commit(1, 3, "p");
  gateway.commit(11, 1, "q");
  auto partner = std::make_shared<Partner>(0);
  auto other = std::make_shared<Partner>(0);
  LaneOptions other_lane = quick_lane(other);
  other_lane.partner = PartnerId("q");  // served after p
  const auto dispatcher = gateway.start({quick_lane(partner), other_lane});
  EXPECT_TRUE(other->wait_for(1));
  EXPECT_EQ(gateway.delivered("p"), 0U);
  OperatorAct resume = test::act_on(OperatorAct::Kind::kResume, "");
  resume.partner = PartnerId("p");
  ASSERT_TRUE(test::wait_act(*gateway.store, resume).has_value());
  dispatcher->resume(PartnerId("p"));
  EXPECT_TRUE(partner->wait_for(3));
}

TEST(DeliveryOnSqlStore, FetchedMessagesAreSettledByAcknowledging) {
  Gateway gateway("delivery-pull");
  gateway.commit(1, 60, "p");  // ten matters have two messages
  PullInboxService inbox(*gateway.store, gateway.sealer, gateway.system_clock, {});
  std::size_t fetched = 0;
  for (int round = 0; round < 10 && fetched < 60; ++round) {
    const auto taken = inbox.take(PartnerId("p"), 100, 60'000);
    ASSERT_TRUE(taken.has_value());
    for (const PulledMessage& message : *taken) {
      ++fetched;
      for (int twice = 0; twice < 2; ++twice) {
        std::promise<Status> answer;
        inbox.acknowledge(PartnerId("p"), message.message_id, [&](const Status& s) { answer.set_value(s); });
        EXPECT_TRUE(answer.get_future().get().has_value());
      }
    }
  }
  EXPECT_EQ(fetched, 60U);
  EXPECT_EQ(gateway.delivered("p"), 60U);
  EXPECT_TRUE(gateway.store->receipt("delivered", id_of(60, "p")).has_value());
}

TEST(DeliveryOnSqlStore, KeepsUpWithAQueueOnDisk) {
  Gateway gateway("delivery-speed");
  constexpr std::size_t kMessages = 4'000;
  gateway.commit(1, kMessages, "p");
  auto partner = std::make_shared<Partner>(0);
  LaneOptions options = quick_lane(partner);
  options.max_in_flight = 256;
  const auto before = std::chrono::steady_clock::now();
  const auto dispatcher = gateway.start({options});
  EXPECT_TRUE(partner->wait_for(kMessages));
  EXPECT_TRUE(dispatcher->stop(60'000));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  RecordProperty("deliveries_per_second", static_cast<int>(kMessages / took.count()));
  EXPECT_EQ(gateway.delivered("p"), kMessages);
}

}  // namespace
}  // namespace tongqu
