#include "connectors/database/delivery_protocol.hpp"

#include <gtest/gtest.h>

#include "connectors/database/database_codes.hpp"

namespace tongqu::database {
namespace {

using Do = DeliveryProtocol::Do;
using Found = DeliveryProtocol::Found;
using Look = Result<std::optional<Found>>;

const DeliveryRules kPlain{};
const DeliveryRules kAsked{true, true, "2", "3", 10};
Look nothing() { return std::optional<Found>(); }
Look row(const char* digest, const char* state = nullptr) {
  return std::optional<Found>(Found{digest, state != nullptr ? std::optional<std::string>(state) : std::nullopt});
}

TEST(DeliveryProtocol, LooksThenInserts) {
  DeliveryProtocol p(kPlain, "d");
  EXPECT_EQ(p.next(), Do::kLook);
  p.looked(nothing());
  EXPECT_EQ(p.next(), Do::kInsert);
  p.inserting();
  p.inserted({});
  EXPECT_EQ(p.next(), Do::kDone);
  EXPECT_EQ(p.outcome().verdict, DeliveryVerdict::kDelivered);
}

TEST(DeliveryProtocol, ASecondDeliveryFindsItsRow) {
  DeliveryProtocol same(kPlain, "d");
  same.looked(row("d"));
  EXPECT_EQ(same.outcome().verdict, DeliveryVerdict::kDelivered);
  DeliveryProtocol other(kPlain, "d");
  other.looked(row("x"));
  EXPECT_EQ(other.outcome().verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(other.outcome().code, &codes::kDbIdConflict);
  DeliveryProtocol blind(kPlain, "");
  blind.looked(row("x"));
  EXPECT_EQ(blind.outcome().verdict, DeliveryVerdict::kDelivered);
}

TEST(DeliveryProtocol, AConstraintIsLookedIntoBeforeItRefuses) {
  DeliveryProtocol raced(kPlain, "d");
  raced.looked(nothing());
  raced.inserting();
  raced.inserted(make_error(codes::kDbData, "23505"));
  EXPECT_EQ(raced.next(), Do::kLook);
  raced.looked(row("d"));
  EXPECT_EQ(raced.outcome().verdict, DeliveryVerdict::kDelivered);
  DeliveryProtocol wrong(kPlain, "d");
  wrong.looked(nothing());
  wrong.inserting();
  wrong.inserted(make_error(codes::kDbData, "22001"));
  wrong.looked(nothing());
  EXPECT_EQ(wrong.outcome().verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(wrong.outcome().code, &codes::kDbData);
}

// Every step failing in turn: what is said depends on whether it may have had an effect.
TEST(DeliveryProtocol, EveryStepFailingInTurn) {
  for (const bool unique : {true, false}) {
    DeliveryRules rules = kPlain;
    rules.unique_id = unique;
    DeliveryProtocol unopened(rules, "d");
    unopened.not_opened(make_error(codes::kDbUnreachable));
    EXPECT_EQ(unopened.outcome().verdict, DeliveryVerdict::kRetry);
    DeliveryProtocol looked(rules, "d");
    looked.looked(make_error(codes::kDbTimeout));
    EXPECT_EQ(looked.outcome().verdict, DeliveryVerdict::kRetry);
    for (const ErrorCode* code : {&codes::kDbUnreachable, &codes::kDbTimeout}) {
      DeliveryProtocol cut(rules, "d");
      cut.looked(nothing());
      EXPECT_EQ(cut.overdue().verdict, DeliveryVerdict::kRetry);
      cut.inserting();
      EXPECT_EQ(cut.overdue().verdict, unique ? DeliveryVerdict::kRetry : DeliveryVerdict::kNoAnswer);
      cut.inserted(make_error(*code));
      EXPECT_EQ(cut.outcome().verdict, unique ? DeliveryVerdict::kRetry : DeliveryVerdict::kNoAnswer);
      EXPECT_EQ(cut.outcome().code, code);
    }
    // Rolled back by the server for certain.
    for (const ErrorCode* code : {&codes::kDbBusy, &codes::kDbStatement}) {
      DeliveryProtocol rolled(rules, "d");
      rolled.looked(nothing());
      rolled.inserting();
      rolled.inserted(make_error(*code));
      EXPECT_EQ(rolled.outcome().verdict, DeliveryVerdict::kRetry);
    }
  }
}

TEST(DeliveryProtocol, TheAcknowledgementIsWaitedFor) {
  for (const auto& [state, verdict] :
       {std::pair("2", DeliveryVerdict::kDelivered), std::pair("3", DeliveryVerdict::kRefused)}) {
    DeliveryProtocol p(kAsked, "d");
    p.looked(nothing());
    p.inserting();
    p.inserted({});
    EXPECT_EQ(p.next(), Do::kWait);
    EXPECT_EQ(p.overdue().verdict, DeliveryVerdict::kNoAnswer);
    EXPECT_EQ(p.overdue().code, &codes::kDbNoAcknowledgement);
    p.waited();
    p.looked(row("d", "0"));
    EXPECT_EQ(p.next(), Do::kWait);
    p.waited();
    p.looked(make_error(codes::kDbUnreachable));  // the database restarts meanwhile
    EXPECT_EQ(p.next(), Do::kWait);
    p.waited();
    p.not_opened(make_error(codes::kDbUnreachable));
    EXPECT_EQ(p.next(), Do::kWait);
    p.waited();
    p.looked(nothing());  // put away: not written again
    EXPECT_EQ(p.next(), Do::kWait);
    p.waited();
    p.looked(row("d", state));
    EXPECT_EQ(p.outcome().verdict, verdict);
  }
}

}  // namespace
}  // namespace tongqu::database
