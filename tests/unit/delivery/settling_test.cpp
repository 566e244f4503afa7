#include "gateway/delivery/settling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/delivery/delivery_codes.hpp"
#include "gateway/delivery/query_codes.hpp"
#include "tests/unit/delivery/delivery_bench.hpp"

namespace tongqu {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Instant kNow{1'776'700'800'000};
const RandomSource kMiddle = [] { return 0.5; };

LaneOptions options() {
  LaneOptions out = test::lane_options(nullptr);
  out.retry.max_attempts = 4;
  out.no_answer.max_repeats = 2;
  return out;
}

enum class Given : std::uint8_t { kNothing, kUnanswered, kPending };

TEST(Settling, EveryOutcomeAtEveryAttempt) {
  struct Case {
    const char* name;
    DeliveryOutcome outcome;
    Given before;
    std::int32_t attempts;  // made before
    std::int64_t deadline_in_ms;
    SettleTo to;
    const char* code;
    std::int64_t due_in_ms;
  };
  const Case cases[] = {
      {"delivered at once", test::delivered(), Given::kNothing, 0, 0, SettleTo::kDelivered, "", 0},
      {"delivered late", test::delivered(), Given::kNothing, 9, 0, SettleTo::kDelivered, "", 0},
      {"delivered after the deadline", test::delivered(), Given::kNothing, 0, -5, SettleTo::kDelivered, "", 0},
      {"refused", test::refused(), Given::kNothing, 0, 0, SettleTo::kDead, "test.refused", 0},
      {"refused later", test::refused(), Given::kNothing, 2, 0, SettleTo::kDead, "test.refused", 0},
      {"refused, code missing",
       {DeliveryVerdict::kRefused, 400, nullptr, 0, {}, {}},
       Given::kNothing,
       0,
       0,
       SettleTo::kDead,
       "delivery.refused",
       0},
      {"refused after silence", test::refused(), Given::kUnanswered, 1, 0, SettleTo::kDead, "test.refused", 0},
      {"first retry", test::retry(), Given::kNothing, 0, 0, SettleTo::kRetry, "test.busy", 1'000},
      {"third retry", test::retry(), Given::kNothing, 2, 0, SettleTo::kRetry, "test.busy", 4'000},
      {"retry, code missing",
       {DeliveryVerdict::kRetry, 0, nullptr, 0, {}, {}},
       Given::kNothing,
       0,
       0,
       SettleTo::kRetry,
       "delivery.failed",
       1'000},
      {"retry after", test::retry(30'000), Given::kNothing, 0, 0, SettleTo::kRetry, "test.busy", 30'000},
      {"attempts used up", test::retry(), Given::kNothing, 3, 0, SettleTo::kDead, "delivery.attempts", 0},
      {"deadline passed", test::retry(), Given::kNothing, 0, -1, SettleTo::kDead, "delivery.deadline", 0},
      {"deadline soon", test::retry(), Given::kNothing, 0, 300, SettleTo::kRetry, "test.busy", 300},
      {"no answer, repeated", test::no_answer(), Given::kNothing, 0, 0, SettleTo::kRetry, "delivery.no-answer", 1'000},
      {"no answer, repeated again", test::no_answer(), Given::kUnanswered, 1, 0, SettleTo::kRetry, "delivery.no-answer",
       2'000},
      {"no answer, the last", test::no_answer(), Given::kUnanswered, 2, 0, SettleTo::kNoAnswer, "delivery.no-answer",
       0},
      {"no answer at the deadline", test::no_answer(), Given::kNothing, 0, -1, SettleTo::kNoAnswer,
       "delivery.no-answer", 0},
      {"retry after silence", test::retry(), Given::kUnanswered, 1, 0, SettleTo::kRetry, "delivery.no-answer", 2'000},
      {"attempts used up after silence", test::retry(), Given::kUnanswered, 3, 0, SettleTo::kNoAnswer,
       "delivery.no-answer", 0},
      {"pending", test::pending(60'000), Given::kNothing, 0, 0, SettleTo::kRetry, "delivery.pending", 60'000},
      {"pending, however often", test::pending(60'000), Given::kPending, 99, 0, SettleTo::kRetry, "delivery.pending",
       60'000},
      {"pending, deadline soon", test::pending(60'000), Given::kPending, 1, 300, SettleTo::kRetry, "delivery.pending",
       300},
      {"pending at the deadline", test::pending(60'000), Given::kPending, 1, -1, SettleTo::kNoAnswer,
       "delivery.no-answer", 0},
      {"deadline passed while pending", test::retry(), Given::kPending, 1, -1, SettleTo::kNoAnswer,
       "delivery.no-answer", 0},
      {"delivered after pending", test::delivered(), Given::kPending, 9, 0, SettleTo::kDelivered, "", 0},
      {"deadline passed after silence", test::retry(), Given::kUnanswered, 1, -1, SettleTo::kNoAnswer,
       "delivery.no-answer", 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    OutboxRow row = test::outbox_row(1, "m");
    row.attempts = c.attempts;
    if (c.before == Given::kUnanswered) row.code = codes::kDeliveryNoAnswer.id;
    if (c.before == Given::kPending) row.code = codes::kDeliveryPending.id;
    if (c.deadline_in_ms != 0) row.deadline_ms = kNow.ms + c.deadline_in_ms;
    const Settlement got = settle_attempt(row, c.outcome, options(), kNow, 42, kMiddle);
    EXPECT_EQ(got.message_id, row.message_id);
    EXPECT_EQ(got.to, c.to);
    EXPECT_EQ(got.code, c.code);
    EXPECT_EQ(got.at, kNow);
    EXPECT_EQ(got.status, c.outcome.status);
    EXPECT_EQ(got.latency_ms, 42);
    EXPECT_EQ(got.next_due_ms, c.to == SettleTo::kRetry ? kNow.ms + c.due_in_ms : 0);
    ASSERT_EQ(got.entry.has_value(), c.to != SettleTo::kRetry);
    if (!got.entry) continue;
    EXPECT_THAT(got.entry->entry, HasSubstr("\"attempts\":" + std::to_string(c.attempts + 1)));
  }
}

TEST(Settling, WritesTheMembersOfTheEntry) {
  OutboxRow row = test::outbox_row(7, "m");
  row.attempts = 1;
  const Settlement got = settle_attempt(row, test::delivered(), options(), kNow, 1, kMiddle);
  ASSERT_TRUE(got.entry.has_value());
  EXPECT_EQ(got.entry->kind, "delivered");
  EXPECT_THAT(got.entry->entry,
              HasSubstr(R"({"answer":"d1","at":"2026-04-21T00:00:00.000+08:00","attempts":2,"config":"c0ffee",)"
                        R"("exchange":"E7","kind":"delivered","message":"E7-p","partner":"city","recipient":"p",)"
                        R"("salt":")"));
  EXPECT_THAT(got.entry->entry, HasSubstr(R"("service":"workorder.result","status":200,"v":1})"));
  LaneOptions nameless = options();
  nameless.config = ConfigId();
  const Settlement dead = settle_attempt(row, test::refused(), nameless, kNow, 1, kMiddle);
  EXPECT_EQ(dead.entry->kind, "dead");
  EXPECT_THAT(dead.entry->entry, Not(HasSubstr("config")));
  EXPECT_THAT(dead.entry->entry, Not(HasSubstr("answer")));
}

TEST(Settling, WithoutAnAttempt) {
  OutboxRow row = test::outbox_row(1, "m");
  row.attempts = 3;
  const Settlement late = settle_expired(row, ConfigId("c"), kNow);
  EXPECT_EQ(late.to, SettleTo::kDead);
  EXPECT_EQ(late.code, "delivery.deadline");
  EXPECT_THAT(late.entry->entry, HasSubstr("\"attempts\":3"));
  const Settlement broken = settle_unreadable(row, ConfigId("c"), kNow);
  EXPECT_EQ(broken.to, SettleTo::kDead);
  EXPECT_EQ(broken.code, "delivery.unreadable");
  const Settlement fetched = settle_acknowledged(row, ConfigId("c"), kNow);
  EXPECT_EQ(fetched.to, SettleTo::kDelivered);
  EXPECT_EQ(fetched.entry->kind, "delivered");
  row.code = codes::kDeliveryNoAnswer.id;
  EXPECT_EQ(settle_expired(row, ConfigId("c"), kNow).to, SettleTo::kNoAnswer) << "its effect is unknown";
}

TEST(Settling, OpensThePayloadOnlyWhereItBelongs) {
  const test::FakeSealer sealer;
  OutboxRow row = test::outbox_row(1, "m");
  EXPECT_EQ(*open_payload(sealer, row), "body 1");
  OutboxRow moved = row;
  moved.message_id = "E2-p";
  EXPECT_EQ(open_payload(sealer, moved).error().kind(), ErrorKind::kCorrupt);
  OutboxRow erased = row;
  erased.sealed.clear();
  EXPECT_EQ(open_payload(sealer, erased).error().code, &codes::kDeliveryUnreadable);
  OutboxRow keyless = row;
  keyless.wrapped_key.clear();
  EXPECT_EQ(open_payload(sealer, keyless).error().code, &codes::kDeliveryUnreadable);
}

void expect_texts(std::span<const ErrorCode* const> codes, std::string_view area) {
  for (const ErrorCode* code : codes) {
    EXPECT_TRUE(code->id.starts_with(area)) << code->id;
    EXPECT_FALSE(code->en.empty()) << code->id;
    EXPECT_FALSE(code->zh.empty()) << code->id;
  }
}

TEST(Settling, EveryCodeHasBothTexts) {
  expect_texts(codes::delivery_codes(), "delivery.");
  expect_texts(codes::query_codes(), "query.");
}

}  // namespace
}  // namespace tongqu
