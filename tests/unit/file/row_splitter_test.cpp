#include "connectors/file/row_splitter.hpp"

#include <gtest/gtest.h>

#include <random>

#include "connectors/file/file_codes.hpp"

namespace tongqu::file {
namespace {

struct Cut {
  std::vector<std::string> rows;
  std::vector<std::uint64_t> lines;
  std::string fault;
  std::uint64_t fault_line = 0;
  friend bool operator==(const Cut&, const Cut&) = default;
};

Cut cut(const std::string& text, std::size_t chunk, CsvForm form = {}, std::uint64_t offset = 0,
        std::uint64_t line = 1) {
  RowSplitter splitter(form, offset, line);
  Cut result;
  std::size_t fed = offset;
  for (;;) {
    switch (splitter.next(fed >= text.size())) {
      case RowSplitter::Step::kRecord: {
        const Record& record = splitter.record();
        EXPECT_TRUE(std::string_view(text).substr(record.begin).starts_with(record.bytes));
        EXPECT_LE(record.begin + record.bytes.size(), record.end);
        result.rows.emplace_back(record.bytes);
        result.lines.push_back(record.line);
        break;
      }
      case RowSplitter::Step::kMore:
        splitter.feed(std::string_view(text).substr(fed, chunk));
        fed += chunk;
        break;
      case RowSplitter::Step::kEnd: return result;
      case RowSplitter::Step::kFault:
        result.fault = splitter.fault().id;
        result.fault_line = splitter.fault_line();
        return result;
    }
  }
}

using Rows = std::vector<std::string>;

TEST(RowSplitter, CutsAtLineEndsOutsideQuotationMarks) {
  const std::string text = "a,b\r\n1,\"x\ny\"\n\n2,\"he said \"\"no\"\"\r\n\"\r\nlast,row";
  const Cut whole = cut(text, text.size());
  EXPECT_EQ(whole.rows, (Rows{"a,b", "1,\"x\ny\"", "2,\"he said \"\"no\"\"\r\n\"", "last,row"}));
  EXPECT_EQ(whole.lines, (std::vector<std::uint64_t>{1, 2, 5, 7}));
  for (std::size_t chunk = 1; chunk < text.size(); ++chunk) EXPECT_EQ(cut(text, chunk), whole) << chunk;
}

TEST(RowSplitter, QuotationMarkInsideAFieldIsContent) {
  EXPECT_EQ(cut("5\" disk,x\ny\n", 3).rows, (Rows{"5\" disk,x", "y"}));
  EXPECT_EQ(cut("\"a\"b\"c\nd\n", 3).rows, (Rows{"\"a\"b\"c", "d"}));
}

// U+4E5C is B0/D8…; here the bytes matter: second bytes that are '|', '"'-like neighbours, '\\' and digits.
TEST(RowSplitter, SecondBytesOfGb18030AreNeitherSeparatorNorQuote) {
  CsvForm form{.charset = Charset::kGb18030, .separator = '|'};
  // 0x82 0x7C is one character; then a quotation mark, which is inside the field and opens nothing.
  const std::string tricky = "\x82\x7C\"a\nb|\"c\nd\"\n";
  for (std::size_t chunk = 1; chunk <= tricky.size(); ++chunk) {
    EXPECT_EQ(cut(tricky, chunk, form).rows, (Rows{"\x82\x7C\"a", "b|\"c\nd\""})) << chunk;
  }
  // The same bytes in UTF-8 terms: '|' would be a separator, the quotation mark would open and swallow the line end.
  form.charset = Charset::kUtf8;
  EXPECT_EQ(cut(tricky, 4, form).rows.front(), "\x82\x7C\"a\nb|\"c");
}

TEST(RowSplitter, SeparatorsInTheRangeOfSecondBytes) {
  for (const char separator : {'|', '^', '~', '\\', '@'}) {
    CsvForm form{.charset = Charset::kGb18030, .separator = separator};
    const std::string character = std::string("\x81") + separator;
    const std::string text = character + "\"x\n" + separator + "\"y\ny\"\n";
    EXPECT_EQ(cut(text, 1, form).rows, (Rows{character + "\"x", separator + std::string("\"y\ny\"")})) << separator;
  }
}

TEST(RowSplitter, FourByteCharactersStayWhole) {
  // Separator '0' is absurd, and shows that the digits of a four-byte character are its own.
  CsvForm form{.charset = Charset::kGb18030, .separator = '0'};
  const std::string four = "\x95\x30\x82\x30";
  EXPECT_EQ(cut(four + "\"x\n0\"y\ny\"\n", 1, form).rows, (Rows{four + "\"x", "0\"y\ny\""}));
}

TEST(RowSplitter, BrokenCharacterSwallowsNothing) {
  const CsvForm form{.charset = Charset::kGb18030};
  // A lead byte before a closing quotation mark, before a line end, at the end of the file.
  EXPECT_EQ(cut("\"a\x81\"\nb\n", 1, form).rows, (Rows{"\"a\x81\"", "b"}));
  EXPECT_EQ(cut("a\x81\nb\x81", 1, form).rows, (Rows{"a\x81", "b\x81"}));
  EXPECT_EQ(cut("a\x81\x30\nb\x81\x30\x81\n", 1, form).rows, (Rows{"a\x81\x30", "b\x81\x30\x81"}));
  EXPECT_EQ(cut("a\xFF\x80\nb", 1, form).rows, (Rows{"a\xFF\x80", "b"}));
}

TEST(RowSplitter, ByteOrderMarkIsNoContent) {
  EXPECT_EQ(cut("\xEF\xBB\xBF"
                "a\nb\n",
                1)
                .rows,
            (Rows{"a", "b"}));
  EXPECT_EQ(cut("\xEF\xBB"
                "a\nb\n",
                1)
                .rows,
            (Rows{"\xEF\xBB"
                  "a",
                  "b"}));
  EXPECT_EQ(cut("\x84\x31\x95\x33"
                "a\nb\n",
                1, {.charset = Charset::kGb18030})
                .rows,
            (Rows{"a", "b"}));
  EXPECT_EQ(cut("", 1).rows, Rows{});
  EXPECT_EQ(cut("\r\n\n", 1).rows, Rows{});
}

TEST(RowSplitter, FaultsNameTheLineOnWhichTheRowBegan) {
  const Cut open = cut("a\nb\n\"c\nd\n", 2);
  EXPECT_EQ(open.fault, codes::kFileQuoteOpen.id);
  EXPECT_EQ(open.fault_line, 3U);
  const Cut lengthy = cut("a\n" + std::string(200, 'x') + "\n", 7, {.max_record_bytes = 100});
  EXPECT_EQ(lengthy.rows, Rows{"a"});
  EXPECT_EQ(lengthy.fault, codes::kFileRowTooLong.id);
  EXPECT_EQ(lengthy.fault_line, 2U);
}

TEST(RowSplitter, ContinuesAtTheEndOfAnyRecord) {
  const std::string text = "h1,h2\n1,\"a\nb\"\n\n2,c\r\n3,d";
  const Cut whole = cut(text, text.size());
  RowSplitter splitter({});
  splitter.feed(text);
  for (std::size_t taken = 1; splitter.next(true) == RowSplitter::Step::kRecord; ++taken) {
    const Record record = splitter.record();
    const Cut rest = cut(text, 3, {}, record.end, record.next_line);
    EXPECT_EQ(rest.rows, Rows(whole.rows.begin() + static_cast<std::ptrdiff_t>(taken), whole.rows.end()));
    EXPECT_TRUE(std::equal(rest.lines.rbegin(), rest.lines.rend(), whole.lines.rbegin()));
  }
}

TEST(RowSplitter, AnyBytesInAnyChunksGiveTheSameRows) {
  std::mt19937 random(20261125);
  const std::string alphabet = "\"\"\n\r,|a0\x81\x30\xFE\x7C\x22\x95";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) text += alphabet[random() % alphabet.size()];
    const CsvForm form{.charset = Charset::kGb18030, .separator = '|', .max_record_bytes = 30};
    const Cut whole = cut(text, std::max<std::size_t>(text.size(), 1), form);
    for (const std::size_t chunk : {1, 2, 3, 5}) ASSERT_EQ(cut(text, chunk, form), whole) << "seed 20261125 " << round;
  }
}

TEST(CsvFields, SplitIsTheInverseOfWriting) {
  for (const std::string value : {"", "a", "a,b", "\"", "a\nb", "\"x\",y", " "}) {
    EXPECT_EQ(split_fields(csv_field(value) + "," + csv_field("z")), (Rows{value, "z"})) << value;
  }
}

}  // namespace
}  // namespace tongqu::file
