// Power cuts at every write and sync, kills, a full disk, a failing sync. TONGQU_SOAK=1 tries every point.
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>

#include "tests/component/store/consistency.hpp"
#include "tests/component/store/store_fixture.hpp"
#include "tests/support/child_program.hpp"
#include "tests/support/fault_vfs.hpp"

namespace tongqu::test {
namespace {

constexpr std::uint64_t kSeed = 20'260'421;
bool soak() { return std::getenv("TONGQU_SOAK") != nullptr; }

// A fixed sequence of work. What it does next depends on its seed and on the answers, so that two runs are the same up
// to the point where a fault was put in.
class Work {
 public:
  Work(Store& store, std::uint64_t seed) : store_(store), random_(seed) {}

  void step() {
    ++steps_;
    const std::uint64_t dice = random_() % 20;
    if (dice < 8 || messages_.empty()) return commit(1);
    if (dice < 10) return commit(5);
    if (dice == 10) return static_cast<void>(wait_append(store_, draft("started", std::to_string(steps_))));
    if (dice == 11) return static_cast<void>(store_.purge({INT64_MAX / 2}, {INT64_MAX / 2}));
    const std::string& message = messages_[random_() % messages_.size()];
    if (dice < 17) {
      static constexpr std::array kTo{SettleTo::kDelivered, SettleTo::kDelivered, SettleTo::kRetry, SettleTo::kDead,
                                      SettleTo::kNoAnswer};
      static_cast<void>(wait_settle(store_, settlement(message, kTo[random_() % kTo.size()], 5000)));
    } else {
      const auto kind = random_() % 2 == 0 ? OperatorAct::Kind::kReplay : OperatorAct::Kind::kSkip;
      static_cast<void>(wait_act(store_, act_on(kind, message)));
    }
  }

  struct Answer {
    std::string receipt;  // stored
    std::string code;     // not stored
  };
  [[nodiscard]] const std::map<std::string, Answer>& answers() const { return answers_; }

 private:
  NewExchange make() {
    const ExchangeId id = exchange_id(++made_);
    NewExchange exchange = new_exchange(id, "city-a", "M" + std::to_string(random_() % 6));
    exchange.sealed_original = std::string(200 + random_() % 3000, 'o');
    exchange.nonce = "n" + id.str();
    exchange.nonce_expires_ms = INT64_MAX / 4;
    for (const char* recipient : {"platform", "case-system"}) {
      if (random_() % 3 != 0) exchange.outbox.push_back(outbox_to(id, recipient, exchange.matter.str()));
    }
    if (random_() % 5 == 0) exchange.tasks.push_back({TaskQueue::kComplete, "reason"});
    return exchange;
  }

  // `count` exchanges that reach the writer together, because it is busy in a callback when they are handed in.
  void commit(std::size_t count) {
    std::vector<NewExchange> exchanges;
    for (std::size_t i = 0; i < count; ++i) exchanges.push_back(make());
    std::vector<std::promise<Result<Stored>>> promises(count);
    const auto hand_in = [&] {
      for (std::size_t i = 0; i < count; ++i) {
        store_.commit(exchanges[i], [&, i](Result<Stored> r) { promises[i].set_value(std::move(r)); });
      }
    };
    if (count == 1) {
      hand_in();
    } else {
      store_.settle(settlement("nobody", SettleTo::kRetry), [&](Status) { hand_in(); });
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto result = promises[i].get_future().get();
      answers_[exchanges[i].exchange.str()] = {result.has_value() ? result->receipt : "", code_of(result)};
      if (result.has_error()) continue;
      for (const NewOutbox& row : exchanges[i].outbox) messages_.push_back(row.message_id);
    }
  }

  Store& store_;
  std::mt19937_64 random_;
  std::uint64_t made_ = 0;
  std::uint64_t steps_ = 0;
  std::vector<std::string> messages_;
  std::map<std::string, Answer> answers_;
};

void tune(OpenStore& fixture, const FaultVfs& vfs) {
  fixture.options.vfs = vfs.name();
  fixture.options.checkpoint_thread = false;
  fixture.options.wal_checkpoint_bytes = 64U << 10U;
  fixture.options.read_sessions = 1;
  fixture.options.reserve_free_bytes = 0;
  fixture.options.probe_interval_ms = 1;
  fixture.options.reopen_max_attempts = 1;
}

// Every answer is true: stored is there with the same receipt, refused is not there, unknown may be either, whole.
void expect_truth(Store& store, const std::map<std::string, Work::Answer>& answers) {
  std::size_t present = 0;
  for (const auto& [id, answer] : answers) {
    const auto receipt = store.receipt("stored", id);
    present += receipt.has_value() ? 1 : 0;
    if (answer.code.empty()) {
      ASSERT_TRUE(receipt.has_value()) << id << " was answered as stored";
      EXPECT_EQ(*receipt, answer.receipt);
    } else if (answer.code != "store.unknown") {
      EXPECT_FALSE(receipt.has_value()) << id << " was refused with " << answer.code;
    }
  }
  std::size_t listed = 0;
  ExchangeFilter filter;
  filter.limit = 1000;
  for (auto page = store.exchanges(filter); !page->empty(); page = store.exchanges(filter)) {
    listed += page->size();
    filter.before = page->back().exchange;
  }
  EXPECT_EQ(listed, present) << "an exchange that nobody asked for, or one twice";
}

std::uint64_t run_until_cut(std::uint64_t cut_at, std::size_t steps) {
  SCOPED_TRACE("power cut at operation " + std::to_string(cut_at) + ", seed " + std::to_string(kSeed));
  FaultVfs vfs;
  OpenStore fixture("crash");
  tune(fixture, vfs);
  fixture.open();
  vfs.arm({cut_at == 0 ? FaultVfs::Fault::kNone : FaultVfs::Fault::kCut, cut_at, kSeed + cut_at});
  Work work(*fixture.store, kSeed);
  for (std::size_t i = 0; i < steps && !vfs.is_cut(); ++i) work.step();
  const std::uint64_t operations = vfs.operations();
  fixture.store.reset();
  vfs.settle_disk();
  EXPECT_EQ(broken_rules(fixture.options.folder, vfs.name()), std::vector<std::string>{});
  fixture.open();
  if (fixture.store == nullptr) return operations;
  expect_truth(*fixture.store, work.answers());
  EXPECT_TRUE(wait_commit(*fixture.store, new_exchange(exchange_id(1U << 20U))).has_value());
  return operations;
}

TEST(Crash, LosesNothingAnsweredAtAnyPowerCut) {
  constexpr std::size_t kSteps = 200;
  const std::uint64_t operations = run_until_cut(0, kSteps);
  ASSERT_GT(operations, 500U);
  const std::uint64_t stride = soak() ? 1 : operations / 60;
  std::cout << "[  NOTE    ] seed " << kSeed << ", " << operations << " writes and syncs, every " << stride << "\n";
  for (std::uint64_t at = 1; at <= operations && !testing::Test::HasFailure(); at += stride) run_until_cut(at, kSteps);
}

TEST(Crash, AnswersTruthfullyWhenASyncFailed) {
  FaultVfs counting;
  std::uint64_t syncs = 0;
  {
    OpenStore fixture("syncs");
    tune(fixture, counting);
    fixture.open();
    counting.arm({});
    Work work(*fixture.store, kSeed);
    for (int i = 0; i < 60; ++i) work.step();
    syncs = counting.syncs();
  }
  ASSERT_GT(syncs, 50U);
  const std::uint64_t stride = soak() ? 1 : std::max<std::uint64_t>(1, syncs / 25);
  for (std::uint64_t at = 1; at <= syncs && !testing::Test::HasFailure(); at += stride) {
    SCOPED_TRACE("sync error at " + std::to_string(at));
    FaultVfs vfs;
    OpenStore fixture("sync-error");
    tune(fixture, vfs);
    fixture.options.reopen_max_attempts = 3;
    fixture.open();
    vfs.arm({FaultVfs::Fault::kSyncError, at, kSeed});
    Work work(*fixture.store, kSeed);
    for (int i = 0; i < 60; ++i) work.step();
    for (const auto& [id, answer] : work.answers()) EXPECT_NE(answer.code, "store.unknown");
    expect_truth(*fixture.store, work.answers());
    EXPECT_EQ(fixture.store->state(), StoreState::kOpen);
    fixture.store.reset();
    EXPECT_EQ(broken_rules(fixture.options.folder, vfs.name()), std::vector<std::string>{});
  }
}

// What the failed sync left in the file may reach the disk after all, and come to light at the next start.
TEST(Crash, StaysTruthfulWhenThePowerGoesAfterAFailedSync) {
  for (std::uint64_t at = 1; at <= (soak() ? 120U : 40U) && !testing::Test::HasFailure(); ++at) {
    SCOPED_TRACE("sync error at " + std::to_string(at) + ", then the power, seed " + std::to_string(kSeed + at));
    FaultVfs vfs;
    OpenStore fixture("sync-then-cut");
    tune(fixture, vfs);
    fixture.open();
    vfs.arm({FaultVfs::Fault::kSyncError, at, kSeed});
    Work work(*fixture.store, kSeed);
    for (int i = 0; i < 60 && vfs.syncs() < at; ++i) work.step();
    vfs.arm({FaultVfs::Fault::kCut, 1, kSeed + at});
    fixture.store.reset();
    vfs.settle_disk();
    EXPECT_EQ(broken_rules(fixture.options.folder, vfs.name()), std::vector<std::string>{});
    fixture.open();
    if (fixture.store != nullptr) expect_truth(*fixture.store, work.answers());
  }
}

TEST(Crash, RefusesWhileTheDiskIsFullAndGoesOnByItself) {
  FaultVfs vfs;
  OpenStore fixture("full");
  tune(fixture, vfs);
  std::mutex mutex;
  std::condition_variable changed;
  StoreState state = StoreState::kOpen;
  fixture.options.state_changed = [&](StoreState now) {
    const std::lock_guard lock(mutex);
    state = now;
    changed.notify_all();
  };
  fixture.open();
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  ASSERT_TRUE(wait_commit(*fixture.store, exchange).has_value());
  vfs.set_full(true);
  EXPECT_EQ(code_of(wait_commit(*fixture.store, new_exchange(exchange_id(2)))), "gateway.unavailable");
  EXPECT_EQ(fixture.store->state(), StoreState::kFull);
  EXPECT_EQ(code_of(wait_commit(*fixture.store, new_exchange(exchange_id(3)))), "gateway.unavailable");
  const std::string message = exchange.outbox.front().message_id;
  EXPECT_EQ(code_of(wait_settle(*fixture.store, settlement(message, SettleTo::kDelivered))), "gateway.unavailable");
  EXPECT_EQ(fixture.store->message(message)->state, OutboxState::kQueued) << "reading goes on";
  vfs.set_full(false);
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return state == StoreState::kOpen; }));
  }
  EXPECT_TRUE(wait_commit(*fixture.store, new_exchange(exchange_id(2))).has_value());
  EXPECT_TRUE(wait_settle(*fixture.store, settlement(message, SettleTo::kDelivered)).has_value());
  fixture.store.reset();
  EXPECT_EQ(broken_rules(fixture.options.folder, vfs.name()), std::vector<std::string>{});
}

constexpr const char* kChildFolder = "TONGQU_STORE_CHILD";

// Stores until it is killed.
const ChildProgram kStoring("storing", [] {
  ChainSequencer sequencer;
  const SystemClock clock;
  StoreOptions options;
  options.folder = std::getenv(kChildFolder);
  options.wal_checkpoint_bytes = 256U << 10U;
  auto store = SqlStore::open(options, sequencer, clock);
  if (store.has_error()) std::abort();
  while (true) {
    std::promise<void> all;
    std::atomic<int> open = 20;
    for (int i = 0; i < 20; ++i) {
      NewExchange exchange = new_exchange(make_exchange_id(clock.now().ms), "city-a", "M" + std::to_string(i % 5));
      exchange.outbox.push_back(outbox_to(exchange.exchange, "platform", exchange.matter.str()));
      const std::string message = exchange.outbox.front().message_id;
      (*store)->commit(std::move(exchange), [&, message](Result<Stored> stored) {
        if (stored.has_error()) std::abort();
        const std::string line = stored->exchange.str() + "\n";
        if (write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
        (*store)->settle(settlement(message, SettleTo::kDelivered), [&](Status) {
          if (--open == 0) all.set_value();
        });
      });
    }
    all.get_future().get();
  }
});

TEST(Crash, LosesNothingAnsweredWhenKilled) {
  std::mt19937_64 random(kSeed);
  OpenStore fixture("killed");
  std::vector<std::string> answered;
  for (int run = 0; run < (soak() ? 50 : 5); ++run) {
    const std::size_t after = 50 + random() % 900;
    SCOPED_TRACE("run " + std::to_string(run) + ", seed " + std::to_string(kSeed));
    const auto told = kStoring.run_until_told({{kChildFolder, fixture.options.folder}}, after, is_exchange_id);
    EXPECT_FALSE(told.whole);
    answered.insert(answered.end(), told.lines.begin(), told.lines.end());
    EXPECT_EQ(broken_rules(fixture.options.folder), std::vector<std::string>{});
    fixture.open();
    for (const std::string& id : answered) {
      ASSERT_TRUE(fixture.store->receipt("stored", id).has_value()) << id;
    }
    fixture.store.reset();
  }
  EXPECT_GT(answered.size(), 250U);
}

}  // namespace
}  // namespace tongqu::test
