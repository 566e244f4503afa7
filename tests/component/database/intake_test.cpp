#include <gtest/gtest.h>

#include <future>

#include "tests/component/database/front_house.hpp"

namespace tongqu::database::test {
namespace {

class DatabaseIntake : public testing::TestWithParam<Kind> {
 protected:
  FrontHouse house{GetParam()};
};

TEST_P(DatabaseIntake, RowsBecomeMessagesAndPoisonStaysBehind) {
  const std::string long_text = "{\"t\":\"" + std::string(200'000, 'x') + "\"}";
  house.run(
      "INSERT INTO tq_in (msg_id, payload) VALUES (1, '{\"t\":\"工单 😀 「」\"}'), (2, NULL), (3, '{\"refuse\":1}'), "
      "(4, '" +
      long_text + "'), (5, '{\"last\":1}')");
  house.run("INSERT INTO tq_in (msg_id, payload) VALUES (6, '" + std::string((1U << 20U) + 1, 'y') + "')");
  const auto reader = house.reader(kQuick);
  reader->start();
  wait_until("all rows settled", [&] { return house.count("status IN (2, 3)") == "6"; });
  reader->stop(5000);
  EXPECT_EQ(house.intake.order(), (std::vector<std::string>{"{\"t\":\"工单 😀 「」\"}", long_text, "{\"last\":1}"}));
  EXPECT_EQ(house.one("SELECT error FROM tq_in WHERE msg_id = 2"), "database.row-empty");
  EXPECT_EQ(house.one("SELECT error FROM tq_in WHERE msg_id = 3"), "database.row-text");
  EXPECT_EQ(house.one("SELECT error FROM tq_in WHERE msg_id = 6"), "database.row-large");
  EXPECT_EQ(house.count("status = 2 AND error IS NULL AND retry = 1 AND taken_at IS NOT NULL"), "3");
  const InboundHealth health = reader->health();
  EXPECT_EQ(health.accepted, 3U);
  EXPECT_EQ(health.turned_back, 3U);
  EXPECT_EQ(health.last_code, nullptr);
  EXPECT_GT(health.last_success_ms, 0);
}

TEST_P(DatabaseIntake, ColumnsBecomeADocument) {
  IntakeTable table = FrontHouse::table();
  table.payload.clear();
  table.columns = {{"msg_id", "编号", ColumnKind::kNumber},
                   {"biz_type", "类型", ColumnKind::kText},
                   {"digest", "摘要", ColumnKind::kText},
                   {"hours", "时限", ColumnKind::kNumber}};
  house.run("INSERT INTO tq_in (msg_id, biz_type, hours) VALUES (7, '投诉', 2.5)");
  const auto reader = house.reader(kQuick, table);
  reader->start();
  wait_until("the row settled", [&] { return house.count("status = 2") == "1"; });
  EXPECT_EQ(house.intake.order(), (std::vector<std::string>{R"({"编号":7,"类型":"投诉","摘要":null,"时限":2.5})"}));
}

TEST_P(DatabaseIntake, TwoReadersTakeNoRowTwice) {
  constexpr int kRows = 10'000;
  house.fill(kRows);
  const auto one = house.reader(kQuick);
  const auto two = house.reader(kQuick);
  one->start();
  two->start();
  wait_until("all rows settled", [&] { return house.count("status = 2") == std::to_string(kRows); });
  one->stop(5000);
  two->stop(5000);
  EXPECT_EQ(house.intake.distinct(), static_cast<std::size_t>(kRows));
  EXPECT_EQ(house.intake.calls(), static_cast<std::size_t>(kRows));
  EXPECT_EQ(house.count("retry = 1"), std::to_string(kRows));
  EXPECT_GT(one->health().accepted, 0U);
  EXPECT_GT(two->health().accepted, 0U);
}

TEST_P(DatabaseIntake, BackPressureLosesNothing) {
  house.fill(100);
  house.intake.later(5);
  const auto reader = house.reader(kQuick);
  reader->start();
  wait_until("all rows settled", [&] { return house.count("status = 2") == "100"; });
  EXPECT_EQ(house.intake.distinct(), 100U);
  EXPECT_EQ(house.intake.calls(), 105U);
}

// What came in another row before is a duplicate; what a dead process of ours brought is not.
TEST_P(DatabaseIntake, RowsAddUpToImportedDuplicateAndRefused) {
  house.fill(20);
  house.run("INSERT INTO tq_in (msg_id, payload) SELECT msg_id + 100, payload FROM tq_in WHERE msg_id <= 5");
  house.run("INSERT INTO tq_in (msg_id, payload) VALUES (201, NULL), (202, '{\"refuse\":1}')");
  IntakeTable table = FrontHouse::table();
  table.states.duplicate = "4";
  IntakeLimits limits = kQuick;
  limits.lease_ms = 1500;
  limits.tells_duplicates = true;
  house.intake.set(CountingIntake::Mode::kSilentAfter);
  const auto dying = house.reader(limits, table, RowIdentity::kRecord);
  dying->start();
  wait_until("rows stored, and no answer", [&] { return house.intake.distinct() == limits.in_hand; });
  dying->stop(0);
  house.intake.set(CountingIntake::Mode::kAnswer);
  const auto reader = house.reader(limits, table, RowIdentity::kRecord);
  reader->start();
  wait_until("all rows settled", [&] { return house.count("status NOT IN (0, 1)") == "27"; });
  EXPECT_EQ(house.count("status = 2 AND error IS NULL"), "25") << "claimed again: ours as far as anybody can tell";
  EXPECT_EQ(house.count("status = 3 AND error IS NOT NULL"), "2");
  house.run("INSERT INTO tq_in (msg_id, payload) SELECT msg_id + 300, payload FROM tq_in WHERE msg_id <= 5");
  wait_until("the late ones too", [&] { return house.count("status NOT IN (0, 1)") == "32"; });
  EXPECT_EQ(house.count("status = 4 AND error IS NULL"), "5");
  EXPECT_EQ(house.intake.distinct(), 20U);
}

// A process that dies after the claim, and one that dies after our commit: both leave the rows as claimed. An Intake
// that never answers leaves the reader at just these points; stop without grace is its death.
TEST_P(DatabaseIntake, DyingBetweenTheTransactionsRepeatsAndNeverLoses) {
  house.fill(20);
  IntakeLimits limits = kQuick;
  limits.lease_ms = 1500;
  for (const auto mode : {CountingIntake::Mode::kSilentBefore, CountingIntake::Mode::kSilentAfter}) {
    house.intake.set(mode);
    const std::size_t before = house.intake.calls();
    const auto dying = house.reader(limits);
    dying->start();
    wait_until("rows before the line", [&] { return house.intake.calls() >= before + limits.in_hand; });
    dying->stop(0);
  }
  EXPECT_EQ(house.count("status = 2"), "0");
  EXPECT_EQ(house.intake.distinct(), limits.in_hand);
  house.intake.set(CountingIntake::Mode::kAnswer);
  const auto living = house.reader(limits);
  living->start();
  wait_until("all rows settled", [&] { return house.count("status = 2") == "20"; });
  EXPECT_EQ(house.intake.distinct(), 20U);
}

INSTANTIATE_TEST_SUITE_P(Real, DatabaseIntake,
                         testing::Values(Kind::kSqlite, Kind::kPostgresql, Kind::kMariadb, Kind::kOdbcPostgresql));

class DatabaseServerIntake : public DatabaseIntake {};

TEST_P(DatabaseServerIntake, SurvivesARestartInMidWork) {
  constexpr int kRows = 3000;
  house.fill(kRows);
  IntakeLimits limits = kQuick;
  limits.lease_ms = 3000;
  const auto reader = house.reader(limits);
  reader->start();
  wait_until("work has begun", [&] { return house.intake.distinct() > 300; });
  house.server->kill();
  wait_until("health says why", [&] { return reader->health().last_code == &codes::kDbUnreachable; });
  const std::size_t at_the_cut = house.intake.distinct();
  ASSERT_LT(at_the_cut, static_cast<std::size_t>(kRows));
  house.server->run();
  wait_until("all rows settled", [&] { return house.count("status = 2") == std::to_string(kRows); });
  EXPECT_EQ(house.intake.distinct(), static_cast<std::size_t>(kRows));
  wait_until("health is well again", [&] { return reader->health().last_code == nullptr; });
}

INSTANTIATE_TEST_SUITE_P(Real, DatabaseServerIntake, testing::Values(Kind::kPostgresql, Kind::kMariadb));

}  // namespace
}  // namespace tongqu::database::test
