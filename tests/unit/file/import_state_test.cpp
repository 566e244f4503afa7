#include "connectors/file/import_state.hpp"

#include <gtest/gtest.h>

#include "connectors/file/file_codes.hpp"
#include "connectors/file/report.hpp"

namespace tongqu::file {
namespace {

ImportState sample() {
  ImportState state;
  state.name = "投诉 1\n.csv";
  state.companions = {"投诉 1\n.csv.ok"};
  state.digest = "abcd";
  state.stage = Stage::kReport;
  state.again = true;
  state.day = "2026-11-25";
  state.member = 2;
  state.offset = 1234567890123;
  state.line = 77;
  state.rows = 10;
  state.imported = 6;
  state.held = 1;
  state.duplicate = 1;
  state.refused = 3;
  state.reasons = {{"schema.required", 2}, {"csv.columns", 1}};
  state.broken = "file.quote-open";
  state.broken_line = 9;
  state.size_bytes = 5;
  state.mtime_ms = 6;
  return state;
}

TEST(ImportState, WhatIsWrittenIsRead) {
  const auto read = read_state(write_state(sample()));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, sample());
}

TEST(ImportState, NoCutAndNoAlteredByteIsTakenForAState) {
  const std::string text = write_state(sample());
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_TRUE(read_state(text.substr(0, i)).has_error()) << i;
    std::string altered = text;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_TRUE(read_state(altered).has_error()) << i;
  }
}

RowPlace place(std::uint64_t n) { return {n + 1, n * 10, n + 2}; }
RowAnswer refused() { return {RowAnswer::Kind::kRefused, false, make_error(codes::kFileEmpty)}; }

TEST(RowLedger, AnswersCountInTheOrderOfTheFile) {
  ImportState state;
  RowLedger ledger(state, 3);
  ledger.intend(100);
  const auto a = ledger.begin(place(1), "a");
  const auto b = ledger.begin(place(2), "b");
  const auto c = ledger.begin(place(3), "c");
  EXPECT_FALSE(ledger.room());
  ledger.answer(c, {});
  ledger.answer(b, refused());
  EXPECT_FALSE(ledger.settle());
  EXPECT_EQ(state.offset, 0U);
  ledger.answer(a, {RowAnswer::Kind::kHeld, false, {}});
  EXPECT_EQ(ledger.settle()->place.line, 2U);
  EXPECT_EQ(state.offset, 10U);
  EXPECT_TRUE(ledger.settle()->error.has_value());
  EXPECT_TRUE(ledger.settle().has_value());
  EXPECT_FALSE(ledger.settle());
  EXPECT_TRUE(ledger.idle());
  EXPECT_EQ(state.rows, 3U);
  EXPECT_EQ(state.imported, 2U);
  EXPECT_EQ(state.held, 1U);
  EXPECT_EQ(state.refused, 1U);
  EXPECT_EQ(state.offset, 30U);
  EXPECT_EQ(state.line, 5U);
  EXPECT_EQ(state.reasons.at("file.empty"), 1U);
}

TEST(RowLedger, WhatWasPutOffStopsFurtherRowsAndGoesAgainInOrder) {
  ImportState state;
  RowLedger ledger(state, 10);
  const auto a = ledger.begin(place(1), "a");
  const auto b = ledger.begin(place(2), "b");
  ledger.answer(b, {RowAnswer::Kind::kLater, false, {}});
  EXPECT_FALSE(ledger.room());
  ledger.answer(a, {RowAnswer::Kind::kLater, false, {}});
  EXPECT_TRUE(ledger.quiet());
  EXPECT_EQ(ledger.take_later(), (std::vector<std::uint64_t>{a, b}));
  EXPECT_EQ(ledger.message(a), "a");
  EXPECT_TRUE(ledger.room());
  ledger.answer(a, {});
  ledger.answer(b, {});
  EXPECT_TRUE(ledger.settle() && ledger.settle());
  EXPECT_EQ(state.imported, 2U);
}

TEST(RowLedger, RepeatedAnswersAreOursUpToTheIntendedRowAndThePartnersBeyond) {
  ImportState state;
  state.rows = 5;
  RowLedger ledger(state, 10);
  ledger.resumed(7);
  for (int i = 0; i < 4; ++i) ledger.answer(ledger.begin(place(6), ""), {RowAnswer::Kind::kTaken, true, {}});
  while (ledger.settle()) {
  }
  EXPECT_EQ(state.imported, 2U);
  EXPECT_EQ(state.duplicate, 2U);
  state.again = true;  // the whole file came a second time
  ledger.resumed(100);
  ledger.answer(ledger.begin(place(6), ""), {RowAnswer::Kind::kTaken, true, {}});
  EXPECT_TRUE(ledger.settle());
  EXPECT_EQ(state.duplicate, 3U);
}

TEST(RowLedger, HandOversAreAnnouncedBeforeTheyHappen) {
  ImportState state;
  RowLedger ledger(state, 10);
  EXPECT_TRUE(ledger.must_intend());
  ledger.intend(2);
  EXPECT_EQ(state.intended_rows, 2U);
  ledger.begin(place(1), "");
  EXPECT_FALSE(ledger.must_intend());
  ledger.begin(place(2), "");
  EXPECT_TRUE(ledger.must_intend());
}

TEST(Report, NamesLineColumnFieldAndCode) {
  Error error = make_error(codes::kFileEmpty);
  error.faults.push_back({&codes::kFileEmpty, "=联系电话", "", "", {3, 7}, Grade::kError});
  error.faults.push_back({&codes::kFileEmpty, "", "", "", {}, Grade::kError});
  std::uint64_t lines = 0;
  // The row begins on line 40 of the file and came behind one line of header: its second line is 41.
  EXPECT_EQ(error_lines({40, 1, false, {}}, error, lines),
            "41,7,'=联系电话,file.empty,文件没有表头。\r\n40,,,file.empty,文件没有表头。\r\n");
  EXPECT_EQ(lines, 2U);
  EXPECT_NE(result_text(sample()).find("rows,10\r\nimported,6\r\nheld,1\r\nduplicate,1\r\nrefused,3\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace tongqu::file
