// Askers who share calls: coalescing, deadlines, times to live, breaker, bounds, and each step made to fail.
#include "tests/unit/delivery/query_bench.hpp"

namespace tongqu::test {
namespace {

const ErrorCode kReplayed{"test.replay", ErrorKind::kConflict, "", ""};
const ErrorCode kUnwritable{"test.unwritable", ErrorKind::kUnavailable, "", ""};

using QueryHubTest = QueryBench;

TEST_F(QueryHubTest, OneCallForEqualQuestionsAndEachAskerIsToldOnce) {
  ask("a", "who?");
  for (int i = 0; i < 9'999; ++i) ask("b" + std::to_string(i), "who?");
  EXPECT_EQ(registry->asked.size(), 1U);
  EXPECT_EQ(hub->waiting(), 10'000U);
  registry->answer("it");
  EXPECT_EQ(askers.told.size(), 10'000U);
  EXPECT_EQ(askers.batches, 1);
  EXPECT_EQ(told("a"), "upstream:it@0");
  EXPECT_EQ(told("b9998"), "shared:it@0");
  EXPECT_EQ(hub->waiting(), 0U);
  EXPECT_TRUE(askers.ended.empty());
}

TEST_F(QueryHubTest, OtherQuestionsAreOtherCalls) {
  ask("a", "who?");
  ask("b", "what?");
  EXPECT_EQ(registry->asked.size(), 2U);
  registry->answer("he");
  registry->answer("it");
  EXPECT_EQ(told("a"), "upstream:he@0");
  EXPECT_EQ(told("b"), "upstream:it@0");
}

TEST_F(QueryHubTest, AFollowerGivesUpWhatItCanMakeAgainALeaderDoesNot) {
  const auto leader = ask("a", "who?");
  const auto follower = ask("b", "who?");
  EXPECT_EQ(std::pair(leader->parked, leader->led), std::pair(0, 1));
  EXPECT_EQ(std::pair(follower->parked, follower->led), std::pair(1, 0));
}

TEST_F(QueryHubTest, AnswersServeUntilTheirTimeAndNoLonger) {
  ask("a", "who?");
  registry->answer("it");
  clock.advance(59'999);
  ask("b", "who?");
  EXPECT_EQ(told("b"), "cache:it@59999");
  EXPECT_EQ(askers.last_asked, "a");
  clock.advance(1);
  ask("c", "who?");
  EXPECT_EQ(told("c"), "");
  EXPECT_EQ(registry->asked.size(), 2U);
}

TEST_F(QueryHubTest, NoSuchRecordIsAnAnswerWithATimeOfItsOwn) {
  ask("a", "who?");
  registry->fail(QueryVerdict::kNotFound);
  EXPECT_EQ(told("a"), "upstream:none@0");
  clock.advance(9'999);
  ask("b", "who?");
  EXPECT_EQ(told("b"), "cache:none@9999");
  clock.advance(1);
  ask("c", "who?");
  EXPECT_EQ(registry->asked.size(), 2U);
}

TEST_F(QueryHubTest, WithoutATimeToLiveEqualQuestionsStillShareACall) {
  times.ttl_ms = 0;
  ask("a", "who?");
  ask("b", "who?");
  registry->answer("it");
  EXPECT_EQ(told("b"), "shared:it@0");
  EXPECT_EQ(hub->cached(), 0U);
  ask("c", "who?");
  EXPECT_EQ(registry->asked.size(), 2U);
}

TEST_F(QueryHubTest, OneAskersDeadlineEndsNothingForTheOthersAndTheCallFillsTheCache) {
  ask("short", "who?", 100);
  ask("long", "who?", 2'000);
  EXPECT_EQ(registry->last_timeout_ms, 10'000);
  clock.advance(99);
  hub->tick();
  EXPECT_EQ(told("short"), "");
  clock.advance(1);
  hub->tick();
  EXPECT_EQ(told("short"), "query.deadline");
  EXPECT_EQ(told("long"), "");
  clock.advance(1'900);
  hub->tick();
  EXPECT_EQ(told("long"), "query.deadline");
  registry->answer("it");
  EXPECT_EQ(askers.ended, std::vector<std::string>{"short=query.unheard"});
  ask("later", "who?");
  EXPECT_EQ(told("later"), "cache:it@0");
}

TEST_F(QueryHubTest, ACallLastsNoLongerThanTheServiceAllows) {
  times.call_ms = 700;
  ask("a", "who?");
  EXPECT_EQ(registry->last_timeout_ms, 700);
}

TEST_F(QueryHubTest, WhoseTimeIsOverBeforeTheStartAsksNothingButGetsWhatIsThere) {
  ask("a", "who?", 0);
  EXPECT_EQ(told("a"), "query.deadline");
  EXPECT_TRUE(registry->asked.empty());
  ask("b", "who?");
  registry->answer("it");
  ask("c", "who?", 0);
  EXPECT_EQ(told("c"), "cache:it@0");
}

TEST_F(QueryHubTest, TheTimerIsWokenOnlyForAnEarlierDeadline) {
  clock.advance(10'000);
  EXPECT_EQ(hub->tick(), 1000);
  ask("a", "who?", 5'000);
  EXPECT_EQ(woken, 0);
  ask("b", "who?", 50);
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(hub->tick(), 50);
}

TEST_F(QueryHubTest, WhatCannotBeWrittenDoesNotLeaveAndNobodyIsAnswered) {
  auto leader = ask("a", "who?", 3'000, [](FakeAsker& one) { one.held = true; });
  ask("b", "who?");
  leader->waiting(make_error(kUnwritable));
  EXPECT_TRUE(registry->asked.empty());
  EXPECT_EQ(told("a"), "test.unwritable");
  EXPECT_EQ(told("b"), "test.unwritable");
  EXPECT_TRUE(askers.ended.empty()) << "nothing was asked, nothing is to be closed";
  ask("c", "who?");
  EXPECT_EQ(registry->asked.size(), 1U) << "the next question begins anew";
}

TEST_F(QueryHubTest, ALeadersOwnTroubleIsNotThatOfTheOthers) {
  auto leader = ask("a", "who?", 3'000, [](FakeAsker& one) { one.held = true; });
  ask("b", "who?", 3'000, [](FakeAsker& one) { one.lead_error = &kReplayed; });
  auto third = ask("c", "who?");
  leader->waiting(make_error(kReplayed));
  EXPECT_EQ(told("a"), "test.replay");
  EXPECT_EQ(told("b"), "test.replay");
  EXPECT_EQ(third->led, 1);
  ASSERT_EQ(registry->asked.size(), 1U);
  EXPECT_EQ(registry->asked[0].message_id, "c");
  registry->answer("it");
  EXPECT_EQ(told("c"), "upstream:it@0");
  EXPECT_EQ(askers.last_asked, "c");
}

TEST_F(QueryHubTest, ALeaderAloneWithItsTroubleLeavesNothingBehind) {
  ask("a", "who?", 3'000, [](FakeAsker& one) { one.lead_error = &kReplayed; });
  EXPECT_EQ(told("a"), "test.replay");
  EXPECT_EQ(hub->snapshot()[0].calls, 0U);
  EXPECT_EQ(hub->waiting(), 0U);
}

TEST_F(QueryHubTest, WhatNobodyWaitsForAnyMoreDoesNotLeave) {
  auto leader = ask("a", "who?", 100, [](FakeAsker& one) { one.held = true; });
  clock.advance(100);
  hub->tick();
  EXPECT_EQ(told("a"), "query.deadline");
  leader->waiting(leader->message());
  EXPECT_TRUE(registry->asked.empty());
  EXPECT_EQ(askers.ended, std::vector<std::string>{"a=query.unheard"});
}

TEST_F(QueryHubTest, FailuresAreToldClosedAndNotKept) {
  ask("a", "who?");
  ask("b", "who?");
  registry->fail(QueryVerdict::kUnavailable, 7'000);
  EXPECT_EQ(told("a"), "query.unreachable");
  EXPECT_EQ(told("b"), "query.unreachable");
  EXPECT_EQ(askers.retry_after_ms, 7'000);
  EXPECT_EQ(askers.ended, std::vector<std::string>{"a=query.unreachable"});
  ask("c", "who?");
  registry->fail(QueryVerdict::kRefused);
  EXPECT_EQ(told("c"), "query.refused");
  EXPECT_EQ(hub->cached(), 0U);
}

TEST_F(QueryHubTest, AnAnswerThatCannotBeReadIsAFailureOfTheRegistry) {
  for (const char* name : {"a", "b"}) {
    ask(name, "who?");
    registry->answer("garbage");
    EXPECT_EQ(told(name), "query.unreachable");
  }
  EXPECT_EQ(hub->snapshot()[0].breaker, BreakerState::kOpen);
  EXPECT_EQ(hub->cached(), 0U);
}

TEST_F(QueryHubTest, TheBreakerOpensTellsWhenAndLetsOneProbeThrough) {
  for (const char* name : {"a", "b"}) {
    ask(name, "who?");
    registry->fail(QueryVerdict::kUnavailable);
  }
  clock.advance(1'000);
  ask("c", "who?");
  EXPECT_EQ(told("c"), "query.breaker");
  EXPECT_EQ(askers.retry_after_ms, 4'000);
  clock.advance(4'000);
  ask("d", "who?");
  ask("e", "what?");
  EXPECT_EQ(told("e"), "query.breaker") << "one probe at a time";
  ask("f", "who?");
  registry->answer("it");
  EXPECT_EQ(told("d"), "upstream:it@0");
  EXPECT_EQ(told("f"), "shared:it@0");
  EXPECT_EQ(hub->snapshot()[0].breaker, BreakerState::kClosed);
}

TEST_F(QueryHubTest, AProbeThatDidNotLeaveIsGivenBack) {
  for (const char* name : {"a", "b"}) {
    ask(name, "who?");
    registry->fail(QueryVerdict::kUnavailable);
  }
  clock.advance(5'000);
  ask("c", "who?", 3'000, [](FakeAsker& one) { one.lead_error = &kUnwritable; });
  ask("d", "who?");
  EXPECT_EQ(registry->asked.size(), 3U);
}

TEST_F(QueryHubTest, StaleAnswersOnlyWhereAllowedAndMarked) {
  times.ttl_ms = 1'000;
  ask("a", "who?");
  registry->answer("it");
  clock.advance(1'000);
  ask("b", "who?");
  registry->fail(QueryVerdict::kUnavailable);
  EXPECT_EQ(told("b"), "query.unreachable");

  times.stale_ms = 10'000;
  ask("c", "what?");
  registry->answer("that");
  clock.advance(1'000);
  ask("d", "what?");
  registry->fail(QueryVerdict::kUnavailable);
  EXPECT_EQ(told("d"), "stale:that@1000");
  EXPECT_EQ(askers.ended.back(), "d=query.unreachable");
  ask("e", "what?");
  registry->fail(QueryVerdict::kUnavailable);  // opens the breaker
  ask("f", "what?");
  EXPECT_EQ(told("f"), "stale:that@1000");
  clock.advance(8'999);
  hub->pause(PartnerId("registry"), true);
  ask("g", "what?");
  EXPECT_EQ(told("g"), "stale:that@9999");
  clock.advance(1'001);
  ask("h", "what?");
  EXPECT_EQ(told("h"), "query.closed");
}

TEST_F(QueryHubTest, AnAskerWhoseTimeIsOverGetsAStaleAnswerWhereAllowed) {
  times.ttl_ms = 0;
  times.stale_ms = 60'000;
  ask("a", "who?");
  registry->answer("it");
  ask("b", "who?", 100);
  clock.advance(100);
  hub->tick();
  EXPECT_EQ(told("b"), "stale:it@100");
}

TEST_F(QueryHubTest, PausedOrOutsideItsWindowARegistryIsNotAsked) {
  hub->pause(PartnerId("registry"), true);
  ask("a", "who?");
  EXPECT_EQ(told("a"), "query.closed");
  hub->pause(PartnerId("registry"), false);
  auto options = lane();
  options.window = *DeliveryWindow::create("08:00-18:00", false, nullptr);  // the clock begins at midnight
  ASSERT_TRUE(hub->configure({options}, {}).has_value());
  ask("b", "who?");
  EXPECT_EQ(told("b"), "query.closed");
  EXPECT_EQ(askers.retry_after_ms, 8 * 3'600'000);
  EXPECT_TRUE(registry->asked.empty());
}

TEST_F(QueryHubTest, CallsAndAskersAreBounded) {
  for (int i = 0; i < 4; ++i) ask("a" + std::to_string(i), "q" + std::to_string(i));
  ask("one too many", "q4");
  EXPECT_EQ(told("one too many"), "query.busy");
  make({.max_waiting = 2});
  registry->open.clear();
  ask("x", "who?");
  ask("y", "who?");
  ask("z", "who?");
  EXPECT_EQ(told("z"), "query.busy");
}

TEST_F(QueryHubTest, TheCacheIsBoundedInEntriesAndBytesAndForgetsWhatWasUsedLeastRecently) {
  make({.max_waiting = 100, .cache_max_entries = 2, .cache_max_bytes = 1U << 20U});
  for (const char* what : {"1", "2"}) {
    ask(std::string("first ") + what, what);
    registry->answer(what);
  }
  ask("again", "1");
  ask("first 3", "3");
  registry->answer("3");
  EXPECT_EQ(hub->cached(), 2U);
  ask("kept", "1");
  EXPECT_EQ(told("kept"), "cache:1@0");
  ask("forgotten", "2");
  EXPECT_EQ(told("forgotten"), "");

  make({.max_waiting = 100, .cache_max_entries = 100, .cache_max_bytes = 2'900});
  registry->open.clear();
  for (int i = 0; i < 9; ++i) {
    ask("n" + std::to_string(i), "q" + std::to_string(i));
    registry->answer(std::string(400, 'x'));
  }
  EXPECT_EQ(hub->cached(), 2U);
  ask("large", "large");
  registry->answer(std::string(4'000, 'x'));
  EXPECT_EQ(told("large").substr(0, 9), "upstream:");
  EXPECT_EQ(hub->cached(), 2U) << "an answer that is larger than the cache is answered, not kept, and costs no other";
  ask("large again", "large");
  EXPECT_EQ(told("large again"), "");
}

TEST_F(QueryHubTest, AnswersAreSealedUnderTheirQuestion) {
  // FakeSealer refuses to open under another context, so a hit at all says that the context is the question's own.
  ask("a", "who?");
  registry->answer("it");
  ask("b", "who?");
  EXPECT_EQ(told("b"), "cache:it@0");
}

TEST_F(QueryHubTest, WhatAnAudienceWasShownIsKeptSealedWithItsAnswer) {
  std::vector<std::string> seen;
  askers.look = [&seen](const AnswerContent& content) {
    for (const char* audience : {"city-a/q", "city-b/q"}) {
      const auto shown = content.shown(audience);
      seen.push_back(shown == nullptr ? "-" : shown->bytes() + "|" + shown->content_type() + "|" + shown->ledger());
    }
    content.keep("city-a/q", shown_answer("view"));
    content.keep("city-a/q", shown_answer("another"));
  };
  ask("first", "who?");
  registry->answer("it");
  ask("second", "who?");
  EXPECT_EQ(seen, (std::vector<std::string>(4, "-"))) << "what comes fresh is kept by no asker";
  seen.clear();
  ask("third", "who?");
  const std::string ledger = shown_answer("view").ledger();
  EXPECT_EQ(seen, (std::vector<std::string>{"view|application/json|" + ledger, "-"}));

  clock.advance(60'000);
  ask("fourth", "who?");
  registry->answer("it now");
  seen.clear();
  ask("fifth", "who?");
  EXPECT_EQ(seen, (std::vector<std::string>(2, "-"))) << "another answer, nothing was shown of it";
}

TEST_F(QueryHubTest, WhatWasShownCountsIntoTheBoundsOfTheCache) {
  make({.max_waiting = 100, .cache_max_entries = 100, .cache_max_bytes = 3'000});
  ask("a", "1");
  registry->answer("1");
  ask("b", "2");
  registry->answer("2");
  ASSERT_EQ(hub->cached(), 2U);
  askers.look = [](const AnswerContent& content) { content.keep("city-a/q", shown_answer(std::string(2'000, 'x'))); };
  ask("c", "2");
  EXPECT_EQ(hub->cached(), 1U) << "the one that was used least recently goes";
  askers.look = [](const AnswerContent& content) {
    for (int i = 0; i < 100; ++i) content.keep(std::to_string(i), shown_answer("x"));
  };
  make({.max_waiting = 100, .cache_max_entries = 100, .cache_max_bytes = 1U << 20U});
  ask("d", "3");
  registry->answer("3");
  ask("e", "3");
  int kept = 0;
  askers.look = [&kept](const AnswerContent& content) {
    for (int i = 0; i < 100; ++i) kept += content.shown(std::to_string(i)) != nullptr ? 1 : 0;
  };
  ask("f", "3");
  EXPECT_EQ(kept, 8);
}

TEST_F(QueryHubTest, AnUnknownRegistryAndWrongLanesAreErrors) {
  ASSERT_TRUE(hub->configure({}, {}).has_value());
  ask("a", "who?");
  EXPECT_EQ(told("a"), "query.no-registry");
  auto wrong = lane();
  wrong.timeout_ms = 0;
  EXPECT_EQ(hub->configure({wrong}, {}).error().code, &codes::kDeliveryLane);
  wrong = lane();
  wrong.connector = nullptr;
  EXPECT_EQ(hub->configure({wrong}, {}).error().code, &codes::kDeliveryLane);
}

TEST_F(QueryHubTest, CallsEndOnTheConnectorThatTheyBeganWith) {
  ask("a", "who?");
  const std::weak_ptr<FakeRegistry> before = registry;
  auto old = std::exchange(registry, std::make_shared<FakeRegistry>());
  ASSERT_TRUE(hub->configure({lane()}, {}).has_value());
  ask("b", "what?");
  EXPECT_EQ(registry->asked.size(), 1U);
  hub->tick();
  old->answer("it");
  EXPECT_EQ(told("a"), "upstream:it@0");
  old.reset();
  EXPECT_FALSE(before.expired()) << "dropped on the timer's thread only";
  hub->tick();
  EXPECT_TRUE(before.expired());
}

TEST_F(QueryHubTest, StoppingFailsWhoWaitsAndTakesNothingFurther) {
  ask("a", "who?");
  hub->stop();
  EXPECT_EQ(told("a"), "gateway.unavailable");
  ask("b", "who?");
  EXPECT_EQ(told("b"), "gateway.unavailable");
  registry->answer("it");  // late: nobody is told, and the call is closed
  EXPECT_EQ(askers.ended, std::vector<std::string>{"a=query.unheard"});
}

}  // namespace
}  // namespace tongqu::test
