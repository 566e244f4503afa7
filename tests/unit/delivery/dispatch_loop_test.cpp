#include "gateway/delivery/dispatch_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/delivery/delivery_codes.hpp"
#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using test::Bench;
using test::FakeConnector;
using test::lane_options;
using test::message_id;
using test::outbox_row;

TEST(DispatchLoop, DeliversWhatIsQueuedAndSettlesIt) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  for (int n = 1; n <= 3; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.configure({lane_options(connector)});
  bench.settle_down();
  ASSERT_EQ(connector->sent().size(), 3U);
  const OutboundMessage first = connector->sent().front();
  EXPECT_EQ(first.message_id, "E1-p");
  EXPECT_EQ(first.service.str(), "workorder.result");
  EXPECT_EQ(first.body, "body 1");
  EXPECT_EQ(first.content_type, "application/json");
  EXPECT_EQ(first.attempt, 1);
  EXPECT_EQ(connector->last_timeout_ms, 30'000);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 3U);
  EXPECT_TRUE(bench.loop->idle());
  const LaneSnapshot lane = bench.lane();
  EXPECT_EQ(lane.delivered, 3U);
  EXPECT_EQ(lane.last_success_ms, bench.clock.now().ms);
  EXPECT_EQ(lane.oldest_queued_ms, 0);
}

TEST(DispatchLoop, SleepsUntilAHintAndReadsNothingMeanwhile) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.configure({lane_options(connector)});
  EXPECT_EQ(bench.settle_down(), DispatchLoop::kMaxWaitMs);
  const std::size_t reads = bench.store.reads();
  bench.pass(3'600'000);
  EXPECT_EQ(bench.store.reads(), reads);
  bench.store.add(outbox_row(1, "m"));
  bench.hint("somebody-else");
  bench.settle_down();
  EXPECT_EQ(bench.store.reads(), reads);
  bench.hint();
  bench.settle_down();
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 1U);
}

TEST(DispatchLoop, RepeatsWithBackoffUntilDelivered) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(
      [](const OutboundMessage& m) { return m.attempt < 4 ? test::retry() : test::delivered(); });
  bench.store.add(outbox_row(1, "m"));
  bench.configure({lane_options(connector)});
  EXPECT_EQ(bench.settle_down(), 1'000);
  bench.clock.advance(999);
  EXPECT_EQ(bench.settle_down(), 1);
  EXPECT_EQ(connector->sent().size(), 1U);
  bench.clock.advance(1);
  EXPECT_EQ(bench.settle_down(), 2'000);
  bench.pass(6'000);
  EXPECT_EQ(connector->sent().size(), 4U);
  EXPECT_EQ(bench.store.row("E1-p").state, OutboxState::kDelivered);
  EXPECT_EQ(bench.lane().retried, 3U);
  EXPECT_EQ(bench.lane().last_code, "test.busy");
}

TEST(DispatchLoop, FindsTheRetriesOfAnEarlierRun) {
  Bench bench;
  OutboxRow row = outbox_row(1, "m");
  row.next_due_ms = bench.clock.now().ms + 5'000;
  row.attempts = 2;
  bench.store.add(row);
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.configure({lane_options(connector)});
  EXPECT_EQ(bench.settle_down(), 5'000);
  bench.pass(5'000);
  ASSERT_EQ(connector->sent().size(), 1U);
  EXPECT_EQ(connector->sent()[0].attempt, 3);
}

TEST(DispatchLoop, DeadAndUnansweredRowsHoldTheirKeyOnly) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>([](const OutboundMessage& m) {
    if (m.message_id == "E1-p") return test::refused();
    if (m.message_id == "E3-p") return test::no_answer();
    return test::delivered();
  });
  LaneOptions options = lane_options(connector);
  options.no_answer.max_repeats = 0;
  bench.store.add(outbox_row(1, "a"));
  bench.store.add(outbox_row(2, "a"));
  bench.store.add(outbox_row(3, "b"));
  bench.store.add(outbox_row(4, "b"));
  bench.store.add(outbox_row(5, "c"));
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(bench.store.row("E1-p").state, OutboxState::kDead);
  EXPECT_EQ(bench.store.row("E3-p").state, OutboxState::kNoAnswer);
  EXPECT_EQ(bench.store.row("E5-p").state, OutboxState::kDelivered);
  EXPECT_EQ(bench.store.count(OutboxState::kQueued), 2U);
  EXPECT_EQ(bench.lane().dead, 1U);
  EXPECT_EQ(bench.lane().no_answer, 1U);

  OperatorAct skip;
  skip.kind = OperatorAct::Kind::kSkip;
  skip.message_id = "E1-p";
  bench.store.act(skip, [](const Status&) {});
  OperatorAct replay;
  replay.kind = OperatorAct::Kind::kReplay;
  replay.message_id = "E3-p";
  bench.store.act(replay, [](const Status&) {});
  connector->set_script(test::always(test::delivered()));
  bench.hint();
  bench.settle_down();
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 4U);
  EXPECT_EQ(bench.store.breaches(), std::vector<std::string>{});
}

TEST(DispatchLoop, NoAnswerIsRepeatedAsOftenAsThePartnerAllows) {
  for (const std::int32_t repeats : {0, 1, 3}) {
    Bench bench;
    auto connector = std::make_shared<FakeConnector>(test::always(test::no_answer()));
    LaneOptions options = lane_options(connector);
    options.no_answer.max_repeats = repeats;
    bench.store.add(outbox_row(1, "m"));
    bench.configure({options});
    bench.pass(600'000);
    EXPECT_EQ(connector->sent().size(), static_cast<std::size_t>(repeats) + 1);
    EXPECT_EQ(bench.store.row("E1-p").state, OutboxState::kNoAnswer);
    EXPECT_EQ(bench.store.settlements().back().entry->kind, "no-answer");
  }
}

TEST(DispatchLoop, AnUnreadablePayloadIsDeadAndSendsNothing) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  OutboxRow row = outbox_row(1, "m");
  row.sealed = "out/other\nbody";
  bench.store.add(row);
  bench.store.add(outbox_row(2, "n"));
  bench.configure({lane_options(connector)});
  bench.settle_down();
  EXPECT_EQ(bench.store.row("E1-p").state, OutboxState::kDead);
  EXPECT_EQ(bench.store.row("E1-p").code, "delivery.unreadable");
  EXPECT_EQ(bench.store.row("E2-p").state, OutboxState::kDelivered);
  EXPECT_EQ(connector->sent().size(), 1U);
}

TEST(DispatchLoop, WaitsForASealerThatIsAway) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.sealer.unavailable = 3;
  bench.store.add(outbox_row(1, "m"));
  bench.configure({lane_options(connector)});
  EXPECT_EQ(bench.settle_down(), Lane::kBackoffFirstMs);
  EXPECT_EQ(bench.store.count(OutboxState::kQueued), 1U);
  bench.pass(2'000);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 1U);
}

TEST(DispatchLoop, WaitsForAStoreThatCannotRead) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.store.add(outbox_row(1, "m"));
  bench.store.fail_reads(4);
  bench.configure({lane_options(connector)});
  const int steps = bench.pass(1'400);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 0U);
  EXPECT_LE(steps, 6);
  bench.pass(200);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 1U);
}

TEST(DispatchLoop, OnePartnerDownDoesNotDelayAnother) {
  Bench bench;
  auto silent = std::make_shared<FakeConnector>(test::never());
  auto failing = std::make_shared<FakeConnector>(test::always(test::retry()));
  auto good = std::make_shared<FakeConnector>(test::always(test::delivered()));
  for (int n = 1; n <= 500; ++n) {
    bench.store.add(outbox_row(n, "m" + std::to_string(n), "a-silent"));
    bench.store.add(outbox_row(n, "m" + std::to_string(n), "b-failing"));
    bench.store.add(outbox_row(n, "m" + std::to_string(n), "good"));
  }
  bench.configure({lane_options(silent, "a-silent"), lane_options(failing, "b-failing"), lane_options(good, "good")});
  bench.settle_down();
  EXPECT_EQ(silent->open(), 16U);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 500U);
  EXPECT_EQ(bench.lane("good").delivered, 500U);
}

TEST(DispatchLoop, AnAwaitedAnswerIsNoFailure) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(
      [](const OutboundMessage& m) { return m.attempt < 9 ? test::pending(3'600'000) : test::delivered(); });
  LaneOptions options = lane_options(connector);
  options.breaker = {1, 30'000, 1};
  for (int n = 1; n <= 3; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.configure({options});
  bench.settle_down();
  for (int hour = 1; hour < 9; ++hour) {
    EXPECT_EQ(connector->sent().size(), 3U * static_cast<std::size_t>(hour)) << "asked once an hour";
    EXPECT_EQ(bench.lane().breaker, BreakerState::kClosed);
    EXPECT_EQ(bench.lane().last_code, "");
    bench.pass(3'600'000);
    bench.settle_down();
  }
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 3U);
}

TEST(DispatchLoop, BreakerOpensProbesAndCloses) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::retry()));
  LaneOptions options = lane_options(connector);
  options.max_in_flight = 1;
  options.breaker = {3, 30'000, 1};
  for (int n = 1; n <= 100; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(connector->sent().size(), 3U);
  EXPECT_EQ(bench.lane().breaker, BreakerState::kOpen);
  bench.pass(29'999);
  EXPECT_EQ(connector->sent().size(), 3U);
  bench.pass(1);
  bench.settle_down();
  EXPECT_EQ(connector->sent().size(), 4U) << "one probe";
  EXPECT_EQ(bench.lane().breaker, BreakerState::kOpen);
  connector->set_script(test::never());
  bench.pass(30'000);
  bench.settle_down();
  EXPECT_EQ(connector->open(), 1U);
  EXPECT_EQ(bench.lane().breaker, BreakerState::kHalfOpen);
  connector->set_script(test::always(test::delivered()));
  connector->answer(test::delivered());
  bench.pass(120'000);
  EXPECT_EQ(bench.lane().breaker, BreakerState::kClosed);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 100U);
}

TEST(DispatchLoop, ARefusalShowsThatThePartnerIsThere) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::refused()));
  LaneOptions options = lane_options(connector);
  options.breaker = {2, 30'000, 1};
  for (int n = 1; n <= 10; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(bench.lane().breaker, BreakerState::kClosed);
  EXPECT_EQ(bench.store.count(OutboxState::kDead), 10U);
}

TEST(DispatchLoop, SendsWithinTheWindowOnly) {
  Bench bench;  // midnight
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  LaneOptions options = lane_options(connector);
  options.window = *DeliveryWindow::create("08:00-18:00", false, {});
  bench.store.add(outbox_row(1, "m"));
  bench.configure({options});
  const int steps = bench.pass(8 * 3'600'000 - 1);
  EXPECT_LE(steps, 2 * 8 * 60 + 2) << "about one step a minute, for deadlines";
  EXPECT_EQ(connector->sent().size(), 0U);
  EXPECT_FALSE(bench.lane().window_open);
  EXPECT_EQ(overdue_ms(bench.lane(), bench.clock.now()), 0) << "no alarm while the partner takes nothing";
  bench.pass(1);
  bench.settle_down();
  EXPECT_EQ(connector->sent().size(), 1U);
  bench.pass(10 * 3'600'000);
  bench.store.add(outbox_row(2, "m"));
  bench.hint();
  bench.settle_down();
  EXPECT_EQ(connector->sent().size(), 1U) << "closed again at 18:00";
  bench.pass(14 * 3'600'000);
  bench.settle_down();
  EXPECT_EQ(connector->sent().size(), 2U);
}

TEST(DispatchLoop, AlarmsCountTheTimeSinceTheOpening) {
  LaneSnapshot lane;
  EXPECT_EQ(overdue_ms(lane, {10'000}), 0);
  lane.oldest_queued_ms = 1'000;
  EXPECT_EQ(overdue_ms(lane, {10'000}), 9'000);
  lane.window_opened_ms = 8'000;
  EXPECT_EQ(overdue_ms(lane, {10'000}), 2'000);
  lane.paused = true;
  EXPECT_EQ(overdue_ms(lane, {10'000}), 0);
}

TEST(DispatchLoop, PausesAndResumes) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::never());
  for (int n = 1; n <= 40; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.configure({lane_options(connector)});
  bench.settle_down();
  EXPECT_EQ(connector->open(), 16U);
  bench.loop->pause(PartnerId("p"));
  bench.settle_down();
  connector->answer(test::delivered());
  bench.settle_down();
  EXPECT_EQ(connector->open(), 0U) << "in flight ends as usual, nothing new begins";
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 16U);
  EXPECT_TRUE(bench.lane().paused);
  connector->set_script(test::always(test::delivered()));
  bench.loop->resume(PartnerId("p"));
  bench.settle_down();
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 40U);
}

TEST(DispatchLoop, KnowsAtTheStartWhoIsPaused) {
  Bench bench;
  OperatorAct pause;
  pause.kind = OperatorAct::Kind::kPause;
  pause.partner = PartnerId("p");
  bench.store.act(pause, [](const Status&) {});
  bench.restart();
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.store.add(outbox_row(1, "m"));
  bench.configure({lane_options(connector)});
  bench.settle_down();
  EXPECT_TRUE(bench.lane().paused);
  EXPECT_TRUE(connector->sent().empty());
  bench.store.fail_reads(1);
  DispatchLoop other(bench.store, bench.sealer, bench.clock, [] { return 0.5; });
  EXPECT_TRUE(other.start().has_error());
}

TEST(DispatchLoop, DeadlinesPassWhateverHoldsTheRow) {
  enum class Held : std::uint8_t { kRetrying, kPaused, kBreaker, kWindow, kPull };
  for (const Held held : {Held::kRetrying, Held::kPaused, Held::kBreaker, Held::kWindow, Held::kPull}) {
    SCOPED_TRACE(static_cast<int>(held));
    Bench bench;
    auto connector = std::make_shared<FakeConnector>(test::always(test::retry()));
    LaneOptions options = lane_options(connector);
    options.retry.first_ms = options.retry.max_ms = 3'600'000;
    options.page_rows = 8;
    if (held == Held::kBreaker) options.breaker = {1, 3'600'000, 1};
    if (held == Held::kWindow) options.window = *DeliveryWindow::create("08:00-18:00", false, {});
    options.pull = held == Held::kPull;
    for (int n = 1; n <= 100; ++n) {
      OutboxRow row = outbox_row(n, "m" + std::to_string(n));
      if (n % 2 == 0) row.deadline_ms = bench.clock.now().ms + 300'000;
      bench.store.add(row);
    }
    bench.configure({options});
    if (held == Held::kPaused) bench.loop->pause(PartnerId("p"));
    bench.pass(299'000);
    EXPECT_EQ(bench.store.count(OutboxState::kDead), 0U);
    bench.pass(100'000);
    EXPECT_EQ(bench.store.count(OutboxState::kDead), 50U);
    EXPECT_EQ(bench.store.row("E2-p").code, "delivery.deadline");
    EXPECT_EQ(bench.store.count(OutboxState::kQueued), 50U);
  }
}

TEST(DispatchLoop, KeepsTheResultUntilTheStoreCanWriteIt) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  for (int n = 1; n <= 100; ++n) bench.store.add(outbox_row(n, "m" + std::to_string(n)));
  bench.store.fail_settlements(16 * 3, codes::kUnavailable);
  LaneOptions options = lane_options(connector);
  options.max_settling = 16;
  bench.configure({options});
  bench.settle_down();
  EXPECT_EQ(connector->sent().size(), 16U) << "nothing more is sent while so many results cannot be written";
  EXPECT_EQ(bench.lane().settling, 16U);
  EXPECT_EQ(bench.lane().last_code, "gateway.unavailable");
  bench.pass(10'000);
  EXPECT_EQ(bench.store.count(OutboxState::kDelivered), 100U);
  EXPECT_EQ(connector->sent().size(), 100U) << "nothing was sent twice";
}

TEST(DispatchLoop, LetsGoOfARowThatIsGone) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::always(test::delivered()));
  bench.store.add(outbox_row(1, "m"));
  bench.store.fail_settlements(1, codes::kNotFound);
  bench.configure({lane_options(connector)});
  for (int i = 0; i < 3; ++i) bench.loop->step();  // sent, settled, answered by the store
  EXPECT_TRUE(bench.loop->idle());
  EXPECT_EQ(bench.lane().delivered, 0U);
}

TEST(DispatchLoop, ASilentConnectorCountsAsNoAnswer) {
  Bench bench;
  auto connector = std::make_shared<FakeConnector>(test::never());
  LaneOptions options = lane_options(connector);
  options.no_answer.max_repeats = 0;
  bench.store.add(outbox_row(1, "m"));
  bench.configure({options});
  bench.pass(options.timeout_ms + Lane::kSilentGraceMs - 1);
  EXPECT_EQ(bench.store.count(OutboxState::kQueued), 1U);
  bench.pass(1);
  bench.settle_down();
  EXPECT_EQ(bench.store.count(OutboxState::kNoAnswer), 1U);
  EXPECT_EQ(bench.lane().last_code, "delivery.connector-silent");
  connector->answer(test::delivered());
  bench.settle_down();
  EXPECT_EQ(bench.store.count(OutboxState::kNoAnswer), 1U) << "too late";
}

}  // namespace
}  // namespace tongqu
