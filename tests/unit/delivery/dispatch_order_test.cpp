// Order, completeness and uniqueness under random failures.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using test::Bench;
using test::FakeConnector;

constexpr int kMessages = 300;
constexpr int kMatters = 20;

// One partner that fails at random, and writes down what it acknowledged.
struct Partner {
  std::mt19937 random;
  std::map<std::string, std::vector<int>> acknowledged;  // by matter: message numbers
  std::map<std::string, std::string> matter_of;          // by message id
  std::map<std::string, int> number_of;

  std::optional<DeliveryOutcome> answer(const OutboundMessage& message) {
    const unsigned dice = random() % 10;
    if (dice < 3) return test::retry();
    if (dice < 4) return test::no_answer();
    if (dice < 5) return std::nullopt;  // later
    acknowledged[matter_of[message.message_id]].push_back(number_of[message.message_id]);
    return test::delivered();
  }
};

struct Journey {
  explicit Journey(unsigned seed) {
    partner.random.seed(seed);
    for (int n = 1; n <= kMessages; ++n) {
      const std::string matter = "m" + std::to_string(partner.random() % kMatters);
      partner.matter_of[test::message_id(n)] = matter;
      partner.number_of[test::message_id(n)] = n;
      bench.store.add(test::outbox_row(n, matter));
    }
    connector = std::make_shared<FakeConnector>([this](const OutboundMessage& m) { return partner.answer(m); });
    configure();
  }
  void configure() {
    LaneOptions options = test::lane_options(connector);
    options.max_in_flight = 1 + partner.random() % 32;
    options.page_rows = 1 + partner.random() % 64;
    options.retry = {10, 2.0, 500, 50, 0};
    options.no_answer.max_repeats = 1'000'000;
    options.breaker = {static_cast<std::int32_t>(partner.random() % 6), 100, 1};
    bench.configure({options});
  }
  void disturb() {
    switch (partner.random() % 8) {
      case 0: bench.store.fail_settlements(partner.random() % 20, codes::kUnavailable); break;
      case 1: bench.store.hold_settlements(true); break;
      case 2:
        bench.store.hold_settlements(false);
        bench.store.release();
        break;
      case 3: bench.store.fail_reads(partner.random() % 3); break;
      case 4: connector->answer(test::retry()); break;
      case 5: connector->answer(test::no_answer()); break;
      case 6: configure(); break;
      default: break;
    }
  }
  Bench bench;
  Partner partner;
  std::shared_ptr<FakeConnector> connector;
};

void expect_all_in_sequence(const Journey& run) {
  EXPECT_EQ(run.bench.store.count(OutboxState::kDelivered), static_cast<std::size_t>(kMessages));
  EXPECT_EQ(run.bench.store.breaches(), std::vector<std::string>{});
}

TEST(DispatchOrder, KeepsTheSequenceOfEachMatterUnderRandomFailures) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Journey run(seed);
    for (int i = 0; i < 400 && run.bench.store.count(OutboxState::kDelivered) < kMessages; ++i) {
      run.bench.pass(static_cast<std::int64_t>(run.partner.random() % 300));
      run.disturb();
    }
    run.bench.store.fail_settlements(0, codes::kUnavailable);
    run.bench.store.fail_reads(0);
    run.bench.store.hold_settlements(false);
    for (int i = 0; i < 100 && run.bench.store.count(OutboxState::kDelivered) < kMessages; ++i) {
      run.bench.store.release();
      run.connector->answer(test::retry());
      run.bench.pass(10'000);
    }
    expect_all_in_sequence(run);
    std::size_t total = 0;
    for (const auto& [matter, numbers] : run.partner.acknowledged) {
      total += numbers.size();
      for (std::size_t i = 1; i < numbers.size(); ++i) EXPECT_LT(numbers[i - 1], numbers[i]) << matter;
    }
    EXPECT_EQ(total, static_cast<std::size_t>(kMessages)) << "none lost, none twice";
    if (HasFailure()) return;
  }
}

TEST(DispatchOrder, LosesNothingWhenDispatchersDieOnTheWay) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    Journey run(seed);
    for (int i = 0; i < 15; ++i) {
      run.bench.pass(static_cast<std::int64_t>(run.partner.random() % 300));
      run.bench.store.hold_settlements(run.partner.random() % 2 == 0);
      if (i % 3 != 2) continue;
      run.bench.restart();
      run.connector->answer(test::delivered());  // of the dead dispatcher: nobody hears it
      run.bench.store.hold_settlements(false);
      run.bench.store.release();
      run.configure();
    }
    run.bench.store.hold_settlements(false);
    for (int i = 0; i < 300 && run.bench.store.count(OutboxState::kDelivered) < kMessages; ++i) {
      run.bench.store.release();
      run.connector->answer(test::retry());
      run.bench.pass(5'000);
    }
    expect_all_in_sequence(run);
    // At least once: a message may be repeated, but the first acknowledgements stand in sequence.
    for (const auto& [matter, numbers] : run.partner.acknowledged) {
      for (std::size_t i = 1; i < numbers.size(); ++i) EXPECT_LE(numbers[i - 1], numbers[i]) << matter;
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace tongqu
