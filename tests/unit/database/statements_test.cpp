#include "connectors/database/statements.hpp"

#include <gtest/gtest.h>

namespace tongqu::database {
namespace {

IntakeTable front_table() {
  IntakeTable table;
  table.table = "exchange.tq_in";
  table.id = "msg_id";
  table.state = "status";
  table.taken_at = "taken_at";
  table.token = "token";
  table.error = "error";
  table.retry = "retry";
  table.payload = "payload";
  table.states.integer = true;
  return table;
}
const ClaimMark kMark{"tok", {1'776'700'800'123}, {1'776'700'500'123}};

std::string text(const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* words = std::get_if<std::string>(&value)) return "'" + *words + "'";
  return "NULL";
}
std::string texts(const SqlStatement& statement) {
  std::string all;
  for (const SqlValue& value : statement.values) all += (all.empty() ? "" : " ") + text(value);
  return all;
}

TEST(Statements, CandidatesOfPostgresqlAreLockedAndSkipThoseOfOthers) {
  const SqlStatement s = candidates(*find_dialect("postgresql"), front_table(), kMark, 20);
  EXPECT_EQ(s.text,
            R"(SELECT "msg_id", NULL, "status" FROM "exchange"."tq_in" WHERE ("status" = $1 OR ("status" = $2 AND )"
            R"("taken_at" < $3)) ORDER BY "msg_id" LIMIT 20 FOR UPDATE SKIP LOCKED)");
  EXPECT_EQ(texts(s), "0 1 '2026-04-20 23:55:00.123'");
  EXPECT_EQ(s.columns, kCandidateColumns);
}

TEST(Statements, EachDialectHasItsOwnLimit) {
  const auto of = [](const char* dialect) { return candidates(*find_dialect(dialect), front_table(), kMark, 5).text; };
  EXPECT_TRUE(of("sqlite").ends_with(" LIMIT 5"));
  EXPECT_TRUE(
      of("mysql").starts_with("SELECT CAST(`msg_id` AS CHAR(16000)), CAST(NULL AS CHAR(16000)), CAST(`status` AS "
                              "CHAR(16000)) FROM `exchange`.`tq_in`"));
  EXPECT_TRUE(
      of("sqlserver").starts_with("SELECT TOP (5) [msg_id], NULL, [status] FROM [exchange].[tq_in] WITH (UPDLOCK"));
  EXPECT_TRUE(
      of("oracle").starts_with("SELECT * FROM (SELECT \"MSG_ID\", NULL, \"STATUS\" FROM \"EXCHANGE\".\"TQ_IN\" WHERE"));
  EXPECT_TRUE(of("oracle").ends_with(") WHERE ROWNUM <= 5"));
  EXPECT_NE(of("oracle").find("TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF3')"), std::string::npos);
  EXPECT_TRUE(of("kingbase").ends_with(" LIMIT 5 FOR UPDATE SKIP LOCKED"));
  EXPECT_TRUE(of("opengauss").ends_with(" LIMIT 5 FOR UPDATE SKIP LOCKED"));
  EXPECT_TRUE(of("dameng").ends_with(" LIMIT 5"));
  Dialect fetch = *find_dialect("oracle");
  fetch.limit = LimitStyle::kFetch;
  EXPECT_TRUE(candidates(fetch, front_table(), kMark, 5).text.ends_with(" FETCH FIRST 5 ROWS ONLY"));
}

TEST(Statements, TheClaimIsConditional) {
  const SqlStatement s = claim_row(*find_dialect("sqlite"), front_table(), kMark, "7");
  EXPECT_EQ(
      s.text,
      R"(UPDATE "exchange"."tq_in" SET "status" = ?, "taken_at" = ?, "token" = ?, "retry" = COALESCE("retry", 0) + 1)"
      R"( WHERE "msg_id" = ? AND ("status" = ? OR ("status" = ? AND "taken_at" < ?)))");
  EXPECT_EQ(texts(s), "1 '2026-04-21 00:00:00.123' 'tok' '7' 0 1 '2026-04-20 23:55:00.123'");
}

TEST(Statements, SettlingNeedsTheToken) {
  const SqlStatement failed =
      settle_row(*find_dialect("postgresql"), front_table(), "tok", "7", RowState::kFailed, "json.syntax");
  EXPECT_EQ(failed.text,
            R"(UPDATE "exchange"."tq_in" SET "status" = $1, "error" = $2 WHERE "msg_id" = $3 AND "status" = $4 AND )"
            R"("token" = $5)");
  EXPECT_EQ(texts(failed), "3 'json.syntax' '7' 1 'tok'");
  const SqlStatement back = settle_row(*find_dialect("postgresql"), front_table(), "tok", "7", RowState::kFresh, "");
  EXPECT_EQ(texts(back), "0 '7' 1 'tok'");
}

TEST(Statements, ADuplicateHasItsOwnState) {
  IntakeTable table = front_table();
  table.states.duplicate = "4";
  const SqlStatement s = settle_row(*find_dialect("postgresql"), table, "tok", "7", RowState::kDuplicate, "");
  EXPECT_EQ(texts(s), "4 '7' 1 'tok'");
}

TEST(Statements, WaitingRowsAreReadInPagesAndNotLocked) {
  const SqlStatement first = waiting(*find_dialect("postgresql"), front_table(), std::nullopt, 5);
  EXPECT_EQ(first.text, R"(SELECT "msg_id" FROM "exchange"."tq_in" WHERE "status" = $1 ORDER BY "msg_id" LIMIT 5)");
  const SqlStatement next = waiting(*find_dialect("oracle"), front_table(), "7", 5);
  EXPECT_EQ(next.text, R"(SELECT * FROM (SELECT "MSG_ID" FROM "EXCHANGE"."TQ_IN" WHERE "STATUS" = ? AND "MSG_ID" > ?)"
                       R"( ORDER BY "MSG_ID") WHERE ROWNUM <= 5)");
  EXPECT_EQ(texts(next), "0 '7'");
  EXPECT_EQ(next.columns, 1U);
}

TEST(Statements, AnEmptyStateIsNull) {
  IntakeTable table = front_table();
  table.states = {.fresh = "", .taken = "T", .ok = "Y", .failed = "N", .duplicate = ""};
  EXPECT_NE(candidates(*find_dialect("sqlite"), table, kMark, 1).text.find(R"(("status" IS NULL OR "status" = ?))"),
            std::string::npos);
  // Oracle has no empty text.
  const SqlStatement oracle = candidates(*find_dialect("oracle"), table, kMark, 1);
  EXPECT_NE(oracle.text.find(R"(("STATUS" IS NULL OR ("STATUS" = ?)"), std::string::npos);
  const SqlStatement back = settle_row(*find_dialect("oracle"), table, "t", "1", RowState::kFresh, "");
  EXPECT_TRUE(back.text.starts_with(R"(UPDATE "EXCHANGE"."TQ_IN" SET "STATUS" = NULL, "ERROR" = NULL)"));
}

TEST(Statements, AnOversizedPayloadStaysAtHome) {
  const SqlStatement s = fetch_row(*find_dialect("sqlite"), front_table(), "7", 1000);
  EXPECT_EQ(s.text,
            R"(SELECT NULL, NULL, LENGTH("payload"), CASE WHEN LENGTH("payload") <= 1000 THEN "payload" END FROM )"
            R"("exchange"."tq_in" WHERE "msg_id" = ?)");
  EXPECT_EQ(s.columns, 4U);
}

TEST(Statements, MysqlFetchesInPieces) {
  const SqlStatement s = fetch_row(*find_dialect("mysql"), front_table(), "7", 40'000);
  EXPECT_EQ(s.columns, 6U);
  EXPECT_NE(s.text.find("SUBSTRING(`payload`, 32001, 16000) END AS CHAR(16000))"), std::string::npos);
}

TEST(Statements, InsertBindsValuesAndTimes) {
  const SqlStatement s = insert_message(*find_dialect("oracle"), {"tq_out", "msg_id", "", ""},
                                        {{"msg_id", std::string("m1")},
                                         {"note", SqlValue()},
                                         {"created_at", std::string("2026-04-21 00:00:00.123"), true}});
  EXPECT_EQ(s.text, R"(INSERT INTO "TQ_OUT" ("MSG_ID", "NOTE", "CREATED_AT") VALUES (?, NULL, )"
                    R"(TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF3')))");
  EXPECT_EQ(texts(s), "'m1' '2026-04-21 00:00:00.123'");
}

TEST(Identifiers, OnlyPlainNamesStandInAStatement) {
  for (const char* good : {"a", "_x", "MSG_ID", "t$1"}) EXPECT_TRUE(is_identifier(good, false)) << good;
  for (const char* bad : {"", "1a", "a b", "a\"b", "a.b", "a;b", "工单", "a-b", "a]b", "a`b", "$a"})
    EXPECT_FALSE(is_identifier(bad, false)) << bad;
  EXPECT_TRUE(is_identifier("s.t", true));
  EXPECT_TRUE(is_identifier("db.s.t", true));
  for (const char* bad : {"a.b.c.d", ".t", "s.", "s..t"}) EXPECT_FALSE(is_identifier(bad, true)) << bad;
  EXPECT_FALSE(is_identifier(std::string(129, 'a'), false));
}

}  // namespace
}  // namespace tongqu::database
