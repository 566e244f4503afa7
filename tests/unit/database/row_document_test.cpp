#include "connectors/database/row_document.hpp"

#include <gtest/gtest.h>

#include "connectors/database/connection_settings.hpp"
#include "connectors/database/database_codes.hpp"
#include "connectors/database/database_outbound.hpp"
#include "tests/support/plain_suite.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::database {
namespace {

using test::PlainSuite;

struct RowDocument : testing::Test {
  RowDocument() {
    table.table = "t";
    table.columns = {{"gdbh", "工单编号", ColumnKind::kText}, {"sx", "时限", ColumnKind::kNumber}};
    rules.service = ServiceId("workorder.transfer");
    payload.table = "t";
    payload.payload = "payload";
  }
  std::string code(const IntakeTable& of, const SqlRow& row) {
    const auto made = row_message(of, rules, row, json, suite);
    return made.has_error() ? std::string(made.error().code->id) : "ok";
  }
  IntakeTable table, payload;
  RowRules rules;
  JsonCodec json;
  PlainSuite suite;
};

TEST_F(RowDocument, ColumnsBecomeOneDocument) {
  const auto made = row_message(table, rules, {{}, {}, {}, "GD\"1", "5"}, json, suite);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->body, R"({"工单编号":"GD\"1","时限":5})");
  EXPECT_EQ(made->content_type, "application/json");
}

TEST_F(RowDocument, NullStaysNullAndEmptyStaysEmpty) {
  EXPECT_EQ(row_message(table, rules, {{}, {}, {}, "", {}}, json, suite)->body, R"({"工单编号":"","时限":null})");
}

TEST_F(RowDocument, WhatIsNoJsonNumberIsNotGuessedAt) {
  for (const char* good : {"0", "-1", "10.50", "1e5", "1.5E-3"})
    EXPECT_EQ(code(table, {{}, {}, {}, "", good}), "ok") << good;
  for (const char* bad : {"", " 1", "01", "1.", ".5", "+1", "1,000", "NaN", "0x1", "1e"})
    EXPECT_EQ(code(table, {{}, {}, {}, "", bad}), "database.row-number") << bad;
}

TEST_F(RowDocument, FaultsHaveCodesAndNoValues) {
  EXPECT_EQ(code(table, {{}, {}, {}, "\xff\xfe", "1"}), "database.row-text");
  EXPECT_EQ(code(payload, {{}, {}, {}, {}}), "database.row-empty");
  EXPECT_EQ(code(payload, {{}, {}, "0", ""}), "database.row-empty");
  EXPECT_EQ(code(payload, {{}, {}, "99999999", {}}), "database.row-large");
  rules.max_bytes = 3;
  EXPECT_EQ(code(payload, {{}, {}, "1", "四"}), "ok");
  EXPECT_EQ(code(payload, {{}, {}, "3", "四"}), "ok");
  EXPECT_EQ(code(payload, {{}, {}, "2", "四"}), "ok");
  EXPECT_EQ(code(payload, {{}, {}, "4", "四"}), "database.row-cut");
  EXPECT_EQ(code(payload, {{}, {}, "4", "四a"}), "database.row-large");
  EXPECT_EQ(code(table, {{}, {}, {}, "abc", "1"}), "database.row-large");
}

TEST_F(RowDocument, PiecesAreJoinedAndACutColumnIsNone) {
  EXPECT_EQ(row_message(payload, rules, {{}, {}, "7", "{\"a\"", ":1}", ""}, json, suite)->body, "{\"a\":1}");
  EXPECT_EQ(code(table, {{}, {}, "1", "cut", "1"}), "database.row-large");
}

TEST_F(RowDocument, TheServiceComesFromItsColumn) {
  rules.service = ServiceId();
  rules.services = {{"GD", ServiceId("workorder.transfer")}};
  rules.content_type = "application/xml";
  const auto made = row_message(payload, rules, {"GD", {}, "4", "<a/>"}, json, suite);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->service.str(), "workorder.transfer");
  EXPECT_EQ(made->content_type, "application/xml");
  EXPECT_EQ(code(payload, {"XX", {}, "4", "<a/>"}), "database.row-service");
  EXPECT_EQ(code(payload, {{}, {}, "4", "<a/>"}), "database.row-service");
}

TEST_F(RowDocument, TheDigestIsChecked) {
  payload.digest = "digest";
  const std::string right = to_hex(as_text(suite.hash({"{}"})));
  std::string upper = right;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(code(payload, {{}, right, "2", "{}"}), "ok");
  EXPECT_EQ(code(payload, {{}, upper, "2", "{}"}), "ok");
  EXPECT_EQ(code(payload, {{}, right, "3", "{ }"}), "database.row-digest");
  EXPECT_EQ(code(payload, {{}, {}, "2", "{}"}), "database.row-digest");
}

TEST_F(RowDocument, TheKeyIsOfTableAndRow) {
  EXPECT_EQ(row_key(table, "1", suite), row_key(table, "1", suite));
  EXPECT_NE(row_key(table, "1", suite), row_key(table, "2", suite));
  IntakeTable other = table;
  other.table = "t2";
  EXPECT_NE(row_key(table, "1", suite), row_key(other, "1", suite));
  EXPECT_LE(row_key(table, std::string(500, 'x'), suite).size(), 128U);
}

TEST_F(RowDocument, MembersOfTheBodyGoIntoColumns) {
  OutboxRules out;
  out.columns.message_id = "id";
  out.columns.created_at = "at";
  out.constants = {{"zt", std::string("0")}};
  out.fields = {{"a", "ca"}, {"n", "cn"}, {"o", "co"}, {"missing", "cm"}};
  OutboundMessage message;
  message.message_id = "m1";
  message.service = ServiceId("s");
  message.body = R"({"a":"甲","n":1.50,"o":[1,{"x":null}]})";
  const auto row = outbox_row(out, message, "d", {0}, json);
  ASSERT_TRUE(row.has_value());
  ASSERT_EQ(row->size(), 7U);
  EXPECT_TRUE((*row)[1].time);
  EXPECT_EQ(std::get<std::string>((*row)[3].value), "甲");
  EXPECT_EQ(std::get<std::string>((*row)[4].value), "1.50");
  EXPECT_EQ(std::get<std::string>((*row)[5].value), R"([1,{"x":null}])");
  EXPECT_TRUE(std::holds_alternative<std::monostate>((*row)[6].value));
  message.body = "[1]";
  EXPECT_EQ(outbox_row(out, message, "d", {0}, json).error().code, &codes::kDbBody);
}

TEST(ConnectionText, ValuesCannotBreakOut) {
  EXPECT_EQ(postgresql_value(R"(a'b\c)"), R"(a\'b\\c)");
  EXPECT_FALSE(postgresql_value("a sslmode=disable"));
  EXPECT_FALSE(mysql_value("a;host=b"));
  EXPECT_EQ(odbc_value("a;b}c"), "{a;b}}c}");
  EXPECT_FALSE(odbc_value("a\nb"));
}

}  // namespace
}  // namespace tongqu::database
