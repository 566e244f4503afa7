#include <gtest/gtest.h>

#include <future>

#include "tests/component/database/front_house.hpp"

namespace tongqu::database::test {
namespace {

class DatabaseDelivery : public testing::TestWithParam<Kind> {
 protected:
  FrontHouse house{GetParam()};
  std::string rows() {
    const std::string what = GetParam() == Kind::kMariadb ? "CAST(COUNT(*) AS CHAR)" : "COUNT(*)";
    return house.one("SELECT " + what + " FROM tq_out");
  }
};

TEST_P(DatabaseDelivery, TheSameMessageTwiceIsOneRow) {
  const auto writer = house.writer();
  const std::string body = R"({"order":"GD1","text":"已签收 😀"})";
  EXPECT_EQ(house.deliver(*writer, "m1", body).verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(house.deliver(*writer, "m1", body).verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(house.one(GetParam() == Kind::kMariadb ? "SELECT CAST(payload AS CHAR(1000)) FROM tq_out"
                                                   : "SELECT payload FROM tq_out"),
            body);
  EXPECT_EQ(house.one("SELECT order_no FROM tq_out"), "GD1");
  EXPECT_EQ(house.one("SELECT biz_type FROM tq_out"), "workorder.sign");
  const DeliveryOutcome other = house.deliver(*writer, "m1", R"({"order":"GD2"})");
  EXPECT_EQ(other.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(other.code, &codes::kDbIdConflict);
}

TEST_P(DatabaseDelivery, WhatDoesNotFitIsRefusedAndTheNextGoesOn) {
  const auto writer = house.writer();
  const DeliveryOutcome outcome = house.deliver(*writer, "m1", R"({"order":"much longer than eight"})");
  // SQLite keeps no lengths.
  if (GetParam() != Kind::kSqlite) {
    EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRefused);
    EXPECT_EQ(outcome.code, &codes::kDbData);
  }
  EXPECT_EQ(house.deliver(*writer, "m2", R"({"order":"GD2"})").verdict, DeliveryVerdict::kDelivered);
}

TEST_P(DatabaseDelivery, AMissingTableIsTriedAgain) {
  const auto writer = house.writer();
  house.run("ALTER TABLE tq_out RENAME TO away");
  const DeliveryOutcome outcome = house.deliver(*writer, "m1", "{}");
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(outcome.code, &codes::kDbStatement);
  house.run("ALTER TABLE away RENAME TO tq_out");
  EXPECT_EQ(house.deliver(*writer, "m1", "{}").verdict, DeliveryVerdict::kDelivered);
}

TEST_P(DatabaseDelivery, ThePartnersJobAcknowledges) {
  const auto writer = house.writer({true, true, "2", "3", 20});
  const auto deliver = [&](const std::string& id) {
    return std::async(std::launch::async, [&, id] { return house.deliver(*writer, id, "{}"); });
  };
  auto good = deliver("good");
  auto bad = deliver("bad");
  wait_until("both rows are there", [&] { return rows() == "2"; });
  house.run("UPDATE tq_out SET status = 2 WHERE msg_id = 'good'");
  house.run("UPDATE tq_out SET status = 3 WHERE msg_id = 'bad'");
  EXPECT_EQ(good.get().verdict, DeliveryVerdict::kDelivered);
  const DeliveryOutcome refused = bad.get();
  EXPECT_EQ(refused.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(refused.code, &codes::kDbPartnerFailed);
  const DeliveryOutcome silent = house.deliver(*writer, "silent", "{}", 300);
  EXPECT_EQ(silent.verdict, DeliveryVerdict::kNoAnswer);
  EXPECT_EQ(silent.code, &codes::kDbNoAcknowledgement);
  house.run("UPDATE tq_out SET status = 2 WHERE msg_id = 'silent'");
  EXPECT_EQ(house.deliver(*writer, "silent", "{}").verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(rows(), "3");
}

INSTANTIATE_TEST_SUITE_P(Real, DatabaseDelivery,
                         testing::Values(Kind::kSqlite, Kind::kPostgresql, Kind::kMariadb, Kind::kOdbcPostgresql));

class DatabaseServerDelivery : public DatabaseDelivery {};

TEST_P(DatabaseServerDelivery, AServerThatDoesNotAnswerCostsItsTimeAndNoMore) {
  const auto writer = house.writer();
  EXPECT_EQ(house.deliver(*writer, "m0", "{}").verdict, DeliveryVerdict::kDelivered);
  house.server->freeze();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(house.deliver(*writer, "m1", "{}", 300).verdict, DeliveryVerdict::kRetry);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  house.server->thaw();
  EXPECT_EQ(house.deliver(*writer, "m1", "{}").verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(rows(), "2");
}

TEST_P(DatabaseServerDelivery, SurvivesARestart) {
  const auto writer = house.writer();
  EXPECT_EQ(house.deliver(*writer, "m0", "{}").verdict, DeliveryVerdict::kDelivered);
  house.server->kill();
  const DeliveryOutcome down = house.deliver(*writer, "m1", "{}");
  EXPECT_EQ(down.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(down.code, &codes::kDbUnreachable);
  house.server->run();
  EXPECT_EQ(house.deliver(*writer, "m1", "{}").verdict, DeliveryVerdict::kDelivered);
  EXPECT_EQ(rows(), "2");
}

TEST_P(DatabaseServerDelivery, EndingDoesNotWaitForAServerThatHangs) {
  auto writer = house.writer();
  EXPECT_EQ(house.deliver(*writer, "m0", "{}").verdict, DeliveryVerdict::kDelivered);
  house.server->freeze();
  std::promise<DeliveryOutcome> outcome;
  writer->deliver({"m1", ServiceId("workorder.sign"), "{}", "application/json", 1}, 60'000,
                  [&](DeliveryOutcome o) { outcome.set_value(std::move(o)); });
  writer.reset();
  EXPECT_EQ(outcome.get_future().get().verdict, DeliveryVerdict::kRetry);
  house.server->thaw();
}

INSTANTIATE_TEST_SUITE_P(Real, DatabaseServerDelivery, testing::Values(Kind::kPostgresql, Kind::kMariadb));

}  // namespace
}  // namespace tongqu::database::test
