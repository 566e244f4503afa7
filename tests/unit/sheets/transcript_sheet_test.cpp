// Sheets and cards of messages that people transcribe, and the numbers that come back.
#include "transforms/sheets/transcript_sheet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/data.hpp"

namespace tongqu {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TranscriptTable table() {
  TranscriptTable table{"登记表: 投诉/举报", {"姓名", "内容", "编号"}, {}};
  table.rows.push_back({"01AAAAAAAAAAAAAAAAAAAAAAAA",
                        "",
                        "workorder.transfer",
                        "2026-11-24T10:00:00.000+08:00",
                        "3",
                        false,
                        {"=HYPERLINK(\"x\")", "第一行\n+第二行 <b>", "0011101052026112400000001"}});
  table.rows.push_back({"01BBBBBBBBBBBBBBBBBBBBBBBB",
                        "1110105202611240000000002",
                        "workorder.supplement",
                        "2026-11-25T10:00:00.000+08:00",
                        "3",
                        true,
                        {"-1", "@cmd", ""}});
  return table;
}

TEST(TranscriptSheet, EveryCellComesBackAsTheTextThatItWas) {
  const auto file = test::temporary_folder("transcript-sheet") / "a.xlsx";
  const auto sheets = transcript_to_sheets({table(), table()});
  ASSERT_TRUE(write_workbook(sheets, 1, file).has_value());
  const auto read = read_workbook(bytes_of(file));
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->front().name, "登记表_ 投诉_举报");
  EXPECT_EQ(read->back().name, "登记表_ 投诉_举报 2");
  EXPECT_EQ(read->front().rows[0], sheets[0].rows[0]);
  const auto& first = read->front().rows[1];
  EXPECT_EQ(first[0], "01AAAAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(first[1], "") << "the number is for a person to fill in";
  EXPECT_EQ(first[3], "待归集");
  EXPECT_EQ(first[7], "=HYPERLINK(\"x\")");
  EXPECT_EQ(first[8], "第一行\n+第二行 <b>");
  EXPECT_EQ(first[9], "0011101052026112400000001");
  EXPECT_EQ(read->front().rows[2][2], "1110105202611240000000002");
  EXPECT_EQ(read->front().rows[2][3], "已归集");
}

TEST(TranscriptSheet, ATextThatNoCellHoldsIsAnErrorAndNoFile) {
  const auto file = test::temporary_folder("transcript-long") / "a.xlsx";
  TranscriptTable long_one = table();
  long_one.rows[0].values[1] = std::string(32'768, 'x');
  EXPECT_TRUE(write_workbook(transcript_to_sheets({long_one}), 1, file).has_error());
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(TranscriptSheet, CardsEscapeWhatAMessageBrings) {
  const std::string html = transcript_to_cards({table()}, "p12315-c 批次 3");
  EXPECT_THAT(html, HasSubstr("+第二行 &lt;b&gt;"));
  EXPECT_THAT(html, HasSubstr("第一行\n+第二行"));
  EXPECT_THAT(html, HasSubstr("=HYPERLINK(&quot;x&quot;)"));
  EXPECT_THAT(html, HasSubstr("<th>已有登记编号</th><td>1110105202611240000000002</td>"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(TranscriptSheet, NumbersAreReadWhereverTheirColumnsStand) {
  const std::vector<Sheet> sheets{
      {"说明", {{"请填写"}}},
      {"表", {{"登记编号", "备注", " 交换编号 "}, {" 1 ", "", "A"}, {}, {"", "", "B"}, {"2", "x", ""}, {"", "", "C"}}}};
  const std::vector<Fault> faults{{nullptr, "表!A6", {}, {}, {}, Grade::kError}};
  auto with_code = faults;
  const ErrorCode digits{"sheet.digits", ErrorKind::kInvalid, "", ""};
  with_code[0].code = &digits;
  const auto read = sheets_to_numbers(sheets, with_code);
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->rows.size(), 3U);
  EXPECT_EQ(read->blank, 1U);
  EXPECT_EQ(read->rows[0].where, "表!A2");
  EXPECT_EQ(read->rows[0].exchange, "A");
  EXPECT_EQ(read->rows[0].number, " 1 ");
  EXPECT_EQ(read->rows[1].exchange, "");
  EXPECT_EQ(read->rows[2].where, "表!A6");
  EXPECT_EQ(read->rows[2].fault, &digits);
  EXPECT_EQ(sheets_to_numbers({{"表", {{"交换编号", "编号"}}}}, {}).error().code->id, "sheet.head");
}

TEST(TranscriptSheet, ACsvRowThatDoesNotFitStopsNoOther) {
  const auto read = csv_to_numbers("交换编号,登记编号\r\nA,1\r\nB,2,3\r\nC,\r\n=\"D\",=\"0042\"\r\n");
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->rows.size(), 3U);
  EXPECT_EQ(read->rows[0].where, "2:3");
  EXPECT_EQ(read->rows[1].fault->id, "csv.ragged");
  EXPECT_TRUE(read->rows[1].where.starts_with("3:"));
  EXPECT_EQ(read->rows[2].exchange, "D");
  EXPECT_EQ(read->rows[2].number, "0042");
  EXPECT_EQ(read->blank, 1U);
  EXPECT_EQ(csv_to_numbers("\xBD\xBB\xBB\xBB\xB1\xE0\xBA\xC5,\xB5\xC7\xBC\xC7\xB1\xE0\xBA\xC5\nA,7\n")->rows[0].number,
            "7");
  EXPECT_EQ(csv_to_numbers("交换编号,编号\n").error().code->id, "sheet.head");
  EXPECT_EQ(csv_to_numbers("").error().code->id, "sheet.head");
}

}  // namespace
}  // namespace tongqu
