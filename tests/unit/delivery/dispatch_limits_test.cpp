// Bounds: memory, reads, and fairness with a long backlog.
#include <gtest/gtest.h>

#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using test::Bench;
using test::FakeConnector;
using test::lane_options;
using test::outbox_row;

constexpr int kBacklog = 100'000;

void fill(Bench& bench, int count) {
  for (int n = 1; n <= count; ++n) bench.store.add(outbox_row(n, std::to_string(n)));
}

TEST(DispatchLimits, APartnerThatIsDownCostsNextToNothingWhateverIsQueued) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::retry()));
  fill(bench, kBacklog);
  LaneOptions options = lane_options(connector);
  options.breaker = {5, 30'000, 1};
  bench.configure({options});
  const int steps = bench.pass(3'600'000);  // one hour
  // 120 probes, 60 looks for deadlines of which each pages through the queue, one page of 256 rows a second.
  EXPECT_LE(connector->sent().size(), 5U + 16U + 120U);
  EXPECT_LE(bench.store.reads(), 3'600U + 3 * 120U + 60U);
  EXPECT_LE(steps, 3'600 + 3 * 120 + 60);
  EXPECT_LE(bench.loop->rows_held(), options.max_in_flight + options.page_rows);
  EXPECT_EQ(bench.lane().breaker, BreakerState::kOpen);
}

TEST(DispatchLimits, ResultsThatWaitForTheStoreTakeNoSlotOfThePartner) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  fill(bench, 100);
  bench.store.fail_settlements(1'000, codes::kUnavailable);
  LaneOptions options = lane_options(connector);
  options.max_in_flight = 4;
  options.max_settling = 40;
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(connector->sent().size(), 40U);
  EXPECT_EQ(bench.lane().in_flight, 0U);
  EXPECT_EQ(bench.lane().settling, 40U);
}

TEST(DispatchLimits, WithoutABreakerEveryRowIsTriedOncePerWait) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::retry()));
  fill(bench, kBacklog);
  LaneOptions options = lane_options(connector);
  options.max_in_flight = 64;
  options.retry.first_ms = options.retry.max_ms = 600'000;
  bench.configure({options});
  bench.settle_down(200'000);
  EXPECT_EQ(connector->sent().size(), static_cast<std::size_t>(kBacklog));
  EXPECT_LE(bench.store.rows_read(), static_cast<std::size_t>(kBacklog) * 3 / 2) << "rows are not read again and again";
  const std::size_t reads = bench.store.reads();
  bench.pass(599'000);
  EXPECT_LE(bench.store.reads(), reads + 1) << "nothing is due";
}

TEST(DispatchLimits, RowsThatKeepFailingDoNotStarveTheOthers) {
  Bench bench;
  // The first 2,000 rows always fail and come due again at once; the others would be delivered.
  auto connector = std::make_shared<FakeConnector>([](const OutboundMessage& m) {
    return std::stoi(m.message_id.substr(1)) <= 2'000 ? test::retry() : test::delivered();
  });
  fill(bench, 3'000);
  LaneOptions options = lane_options(connector);
  options.retry.first_ms = options.retry.max_ms = 1;
  options.page_rows = 50;
  bench.configure({options});
  for (int i = 0; i < 40'000 && bench.store.count(OutboxState::kDelivered) < 1'000; ++i) {
    bench.loop->step();
    if (i % 16 == 0) bench.clock.advance(1);
  }
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 1'000U);
}

TEST(DispatchLimits, ALongMatterIsNotLeftBehindByALongQueue) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  for (int n = 1; n <= 10'000; ++n) bench.store.add(outbox_row(n, n <= 100 ? "long" : std::to_string(n)));
  LaneOptions options = lane_options(connector);
  options.page_rows = 20;
  bench.configure({options});
  bench.settle_down();
  const auto sent = connector->sent();
  ASSERT_EQ(sent.size(), 10'000U);
  std::size_t last = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (std::stoi(sent[i].message_id.substr(1)) <= 100) last = i;
  }
  EXPECT_LE(last, 5'000U) << "its hundred messages went while the queue was long";
}

TEST(DispatchLimits, BytesInFlightAreBounded) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::never());
  for (int n = 1; n <= 30; ++n) {
    OutboxRow row = outbox_row(n, std::to_string(n));
    row.sealed += std::string(n == 1 ? 5'000 : 1'000, 'x');
    bench.store.add(row);
  }
  LaneOptions options = lane_options(connector);
  options.max_in_flight_bytes = 4'000;
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(connector->open(), 1U) << "one message always goes, whatever its size";
  connector->answer(test::delivered());
  bench.settle_down();
  EXPECT_EQ(connector->open(), 3U);
  for (int i = 0; i < 30; ++i) {
    connector->answer(test::delivered());
    bench.settle_down();
  }
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 30U);
}

TEST(DispatchLimits, PagesShrinkWithTheSizeOfBodies) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::never());
  for (int n = 1; n <= 1'000; ++n) {
    OutboxRow row = outbox_row(n, std::to_string(n));
    row.sealed += std::string(10'000, 'x');
    bench.store.add(row);
  }
  LaneOptions options = lane_options(connector);
  options.page_bytes = 50'000;
  options.max_in_flight = 1;
  bench.configure({options});
  for (int i = 0; i < 50; ++i) {
    bench.settle_down();
    EXPECT_LE(bench.loop->rows_held(), 1U + 5U);
    connector->answer(test::delivered());
  }
  EXPECT_LE(bench.store.rows_read(), 50U * 8 + 16);
}

}  // namespace
}  // namespace tongqu
