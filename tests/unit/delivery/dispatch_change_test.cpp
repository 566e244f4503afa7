// The loop ends, takes over from an earlier one, and gets other lanes while messages are under way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/delivery/delivery_codes.hpp"
#include "gateway/delivery/dispatch_loop.hpp"
#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using test::Bench;
using test::FakeConnector;
using test::lane_options;
using test::message_id;
using test::outbox_row;

TEST(DispatchLoop, StopsAfterWhatIsInFlight) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::never());
  for (int n = 1; n <= 40; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.configure({lane_options(connector)});
  bench.settle_down();
  bench.loop->stop_sending();
  bench.settle_down();
  EXPECT_TRUE(bench.loop->stopping());
  EXPECT_FALSE(bench.loop->idle());
  bench.store.hold_settlements(true);
  connector->answer(test::delivered());
  bench.settle_down();
  EXPECT_FALSE(bench.loop->idle()) << "the store has not committed yet";
  bench.store.hold_settlements(false);
  bench.store.release();
  bench.settle_down();
  EXPECT_TRUE(bench.loop->idle());
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 16U);
  EXPECT_EQ(connector->open(), 0U);
}

TEST(DispatchLoop, ANewRunTakesOverWhatWasInFlight) {
  Bench bench;
  auto old_connector = std::make_shared<FakeConnector>(test::never());
  for (int n = 1; n <= 40; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n % 20)));
  bench.configure({lane_options(old_connector)});
  bench.settle_down();
  bench.restart();
  old_connector->answer(test::delivered());  // finds a closed mailbox
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 0U);
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.configure({lane_options(connector)});
  bench.settle_down();
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 40U);
  EXPECT_EQ(connector->sent().size(), 40U);
}

TEST(DispatchLoop, ReplacesLanesWhileMessagesAreInFlight) {
  Bench bench;
  auto old_connector = std::make_shared<FakeConnector>(test::never());
  auto new_connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  for (int n = 1; n <= 40; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.configure({lane_options(old_connector)});
  bench.settle_down();
  bench.configure({lane_options(new_connector)});
  bench.settle_down();
  EXPECT_EQ(new_connector->sent().size(), 0U) << "the slots are taken";
  std::weak_ptr<FakeConnector> watched = old_connector;
  old_connector->answer(test::delivered());
  old_connector.reset();
  bench.settle_down();
  EXPECT_TRUE(watched.expired()) << "nothing keeps the old connector";
  EXPECT_EQ(new_connector->sent().size(), 24U);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 40U);
}

TEST(DispatchLoop, ARemovedLaneFinishesAndGoes) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::never());
  bench.store.add(outbox_row(1, "m"));
  bench.store.add(outbox_row(2, "m"));
  bench.configure({lane_options(connector)});
  bench.settle_down();
  bench.configure({});
  bench.settle_down();
  EXPECT_EQ(bench.loop->snapshot().size(), 1U);
  connector->answer(test::delivered());
  bench.settle_down();
  EXPECT_EQ(bench.loop->snapshot().size(), 0U);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 1U);
  EXPECT_EQ(bench.store.count(OutboxState::kQueued), 1U);
}

TEST(DispatchLoop, AMendedAddressIsTriedAtOnce) {
  Bench bench;
  auto bad = std::make_shared<FakeConnector>(test::always(test::retry()));
  auto good = std::make_shared<FakeConnector>(test::always(test::delivered()));
  LaneOptions options = lane_options(bad);
  options.breaker = {1, 600'000, 1};
  options.max_in_flight = 1;
  bench.store.add(outbox_row(1, "a"));
  bench.store.add(outbox_row(2, "b"));
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(bench.lane().breaker, BreakerState::kOpen);
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(bench.lane().breaker, BreakerState::kOpen) << "the same connector";
  options.connector = good;
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(bench.store.row("E2-p").state, OutboxState::kDelivered);
}

TEST(DispatchLoop, RefusesLanesOutOfRangeAndKeepsTheOldOnes) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.configure({lane_options(connector)});
  const std::pair<std::function<void(LaneOptions&)>, const char*> cases[] = {
      {[](LaneOptions& o) { o.partner = PartnerId(); }, "partner"},
      {[](LaneOptions& o) { o.connector = nullptr; }, "connector"},
      {[](LaneOptions& o) { o.max_in_flight = 0; }, "max_in_flight"},
      {[](LaneOptions& o) { o.max_in_flight = 4'097; }, "max_in_flight"},
      {[](LaneOptions& o) { o.max_settling = 0; }, "max_settling"},
      {[](LaneOptions& o) { o.max_settling = 4'097; }, "max_settling"},
      {[](LaneOptions& o) { o.max_in_flight_bytes = 0; }, "max_in_flight_bytes"},
      {[](LaneOptions& o) { o.page_rows = 0; }, "page_rows"},
      {[](LaneOptions& o) { o.page_rows = 1'001; }, "page_rows"},
      {[](LaneOptions& o) { o.page_bytes = 0; }, "page_bytes"},
      {[](LaneOptions& o) { o.timeout_ms = 0; }, "timeout_ms"},
      {[](LaneOptions& o) { o.no_answer.max_repeats = -1; }, "no_answer.max_repeats"},
      {[](LaneOptions& o) { o.retry.first_ms = 0; }, "first_ms"},
      {[](LaneOptions& o) { o.breaker.probes = 0; }, "probes"},
  };
  for (const auto& [spoil, name] : cases) {
    LaneOptions options = lane_options(connector);
    spoil(options);
    const Status status = bench.loop->configure({options});
    ASSERT_TRUE(status.has_error()) << name;
    EXPECT_EQ(status.error().code, &codes::kDeliveryLane);
    EXPECT_EQ(status.error().param, name);
  }
  EXPECT_TRUE(bench.loop->configure({lane_options(connector), lane_options(connector)}).has_error());
  bench.settle_down();
  EXPECT_EQ(bench.loop->snapshot().size(), 1U);
}

}  // namespace
}  // namespace tongqu
