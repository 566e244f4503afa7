#include <gtest/gtest.h>

#include "gateway/core/text.hpp"
#include "tests/unit/codecs/codec_support.hpp"
#include "transforms/codecs/csv_table.hpp"

namespace tongqu {
namespace {

using test::SchemaCodec;
using std::string_view_literals::operator""sv;

// Gives at most `step` bytes at once.
CsvReader::Pull trickle(std::string_view bytes, std::size_t step) {
  auto whole = pull_from(bytes);
  return [whole, step](char* buffer, std::size_t size) mutable { return whole(buffer, std::min(size, step)); };
}

// "a|b/c|d": cells by |, rows by /; the fault where it stops, in […] where the reader goes on.
std::string rows_of(std::string_view bytes, CsvDialect dialect = {}, CsvLimits limits = {}, std::size_t step = 4096) {
  CsvReader reader(dialect, limits, trickle(bytes, step));
  CsvRow row;
  std::string out;
  for (;;) {
    const auto read = reader.next(row);
    if (read.has_error() && read.error().code->id == "csv.ragged") {
      out += "[" + test::fault_text(read.error()) + "]/";
      continue;
    }
    if (read.has_error()) {
      EXPECT_EQ(test::fault_text(reader.next(row).error()), test::fault_text(read.error()));
      return out + test::fault_text(read.error());
    }
    if (!*read) return out.empty() ? out : out.substr(0, out.size() - 1);
    for (std::size_t i = 0; i < row.size(); ++i) out.append(i == 0 ? "" : "|").append(row.cell(i));
    out += '/';
  }
}

struct Case {
  std::string_view bytes;
  std::string_view expected;
};

const Case kCases[] = {
    {"", ""},
    {"a,b\r\nc,d\r\n", "a|b/c|d"},
    {"a,b\nc,d", "a|b/c|d"},
    {"a,b\rc,d\r", "a|b/c|d"},
    {"\n\r\na\n\n\nb\n", "a/b"},
    {",\n,", "|/|"},
    {"\"a\",\"b,\"\"c\"\"\r\nd\"\ne,f", "a|b,\"c\"\r\nd/e|f"},
    {"\"\"", ""},
    {"\"\",x", "|x"},
    {" a , b ", " a | b "},
    {"=\"0012\",1", "0012|1"},
    {"\"=\"\"0012\"\"\",1", "0012|1"},
    {"=\"a\"\"b\",=\"=\"\"c\"\"\"", "a\"b|=\"c\""},
    {"=1+1,=", "=1+1|="},
    {"=\"\",x", "|x"},
    {"sep=;\r\na;b,c\n", "a|b,c"},
    {"sep=\t\na\tb\n", "a|b"},
    {"sep=,x\n", "sep=|x"},
    {"sep=", "sep="},
    {"x\nsep=;\n", "x/sep=;"},
    {"\xEF\xBB\xBFsep=;\n中;b\n", "中|b"},
    {"\xEF\xBB\xBF\"中\",b\n", "中|b"},
    {"\xFF\xFE\x2D\x4E,\0b\0\n\0"sv, "中|b"},
    {"\xEF\xBB\xBF", ""},
    {"中", "中"},
    {"a,b\nc\nd,e,f\ng,h\n", "a|b/[csv.ragged $ 2:1]/[csv.ragged $ 3:5]/g|h"},
    {"a\nb\"c\n", "a/csv.quote $ 2:2"},
    {"\"a\"b\n", "csv.quote $ 1:4"},
    {"x\r\n\"中\r\n\n文\" \n", "x/csv.quote $ 4:3"},
    {"a,\n中,\"b\nc", "a|/csv.unclosed $ 2:3"},
    {"=\"a", "csv.unclosed $ 1:1"},
    {"a\0b"sv, "csv.character $ 1:2"},
    {"\xEF\xBB\xBF"
     "a\n\xFF",
     "a/charset.malformed $ 2:1"},
    {"a,b\nc,\xFF\n", "a|b/charset.malformed $ 2:3"},
    {"a\n\"\xE4\xB8", "a/charset.malformed $ 2:2"},
};

TEST(CsvReader, ReadsRowsHoweverTheyCome) {
  for (const Case& c : kCases) {
    for (const std::size_t step : {4096, 5, 1}) EXPECT_EQ(rows_of(c.bytes, {}, {}, step), c.expected) << c.bytes;
  }
}

TEST(CsvReader, ReadsGb18030WithoutLabel) {
  std::string bytes;
  ASSERT_TRUE(encode_charset("姓名,电话\r\n欧阳𠮷·,\"一\n二\"\r\n", Charset::kGb18030, Unencodable::kRefuse, bytes)
                  .has_value());
  for (const std::size_t step : {4096, 3, 1}) {
    EXPECT_EQ(rows_of(bytes, {',', Charset::kGb18030}, {}, step), "姓名|电话/欧阳𠮷·|一\n二");
    EXPECT_EQ(rows_of("\xEF\xBB\xBF姓名,电话", {',', Charset::kGb18030}, {}, step), "姓名|电话");
  }
  EXPECT_EQ(rows_of("ab,\xC1\n\xC1", {',', Charset::kGb18030}), "charset.malformed $ 1:4");
}

TEST(CsvReader, LimitsHold) {
  EXPECT_EQ(rows_of("abcd\nabcde", {}, {100, 10, 4}), "abcd/csv.cell-bytes $ 2:1");
  EXPECT_EQ(rows_of("abc,def\nabcd,ef", {}, {6, 10, 10}), "abc|def/abcd|ef");
  EXPECT_EQ(rows_of("abc,defg", {}, {6, 10, 10}), "csv.row-bytes $ 1:5");
  EXPECT_EQ(rows_of("a,b\na,b,c,d", {}, {100, 3, 10}), "a|b/csv.columns $ 2:7");
  // A cell that never ends stops at the limit, not at the end of the source.
  std::size_t pulled = 0;
  CsvReader endless({}, {}, [&pulled](char* buffer, std::size_t size) -> Result<std::size_t> {
    std::fill(buffer, buffer + size, 'x');
    pulled += size;
    return size;
  });
  CsvRow row;
  EXPECT_EQ(endless.next(row).error().code->id, "csv.cell-bytes");
  EXPECT_LT(pulled, 512U * 1024);
}

TEST(CsvReader, TellsTheErrorsOfTheSource) {
  int calls = 0;
  CsvReader reader({}, {}, [&calls](char* buffer, std::size_t) -> Result<std::size_t> {
    if (++calls > 1) return make_error(codes::kUnavailable);
    std::copy_n("a,b\nc", 5, buffer);
    return 5U;
  });
  CsvRow row;
  ASSERT_TRUE(reader.next(row).has_value());
  EXPECT_EQ(row.cell(1), "b");
  EXPECT_EQ(reader.next(row).error().code->id, codes::kUnavailable.id);
  EXPECT_EQ(reader.next(row).error().code->id, codes::kUnavailable.id);
}

constexpr std::string_view kProperties = R"("type":"object","properties":{
  "no":{"type":"string","title":"编号"},"name":{"type":"string","title":"姓名"},"count":{"type":"integer","title":"数量"}})";

std::string schema(std::string_view format) {
  return "{\"x-format\":{\"type\":\"csv\"" + std::string(format) + "}," + std::string(kProperties) + "}";
}

TEST(CsvCodec, ARowIsAnObject) {
  const SchemaCodec names(schema(""));
  EXPECT_EQ(names.decode("no,name,count\r\n=\"0012\",张三,\r\n"), R"({"no":"0012","name":"张三","count":""})");
  EXPECT_EQ(names.decode(" name ,no,new\n张三,1,x\n"), R"({"name":"张三","no":"1","new":"x"})");
  EXPECT_EQ(names.decode("no,name,\n1,2,\n"), R"({"no":"1","name":"2"})");
  EXPECT_EQ(names.decode("no,name,\n1,2,3\n"), "csv.heading $ 2:5");
  EXPECT_EQ(names.decode("no,name,no\n1,2,3\n"), "csv.heading $ 1:9");
  EXPECT_EQ(names.decode("no,name\n1,2,3\n"), "csv.ragged $ 2:5");
  EXPECT_EQ(names.decode("no,name\n"), "csv.rows $ 1:1");
  EXPECT_EQ(names.decode(""), "csv.rows $ 1:1");
  EXPECT_EQ(names.decode("no,name\n1,2\n3,4\n"), "csv.rows $ 3:1");
  const SchemaCodec titles(schema(R"(,"header":"titles","separator":";","charset":"GB18030")"));
  EXPECT_EQ(titles.decode("\xEF\xBB\xBF姓名;编号\n张三;1"), R"({"name":"张三","no":"1"})");
  const SchemaCodec none(schema(R"(,"header":"none","separator":"\t")"));
  EXPECT_EQ(none.decode("1\t张三\t2\n"), R"({"no":"1","name":"张三","count":"2"})");
  EXPECT_EQ(none.decode("1\t张三\n"), "csv.ragged $ 1:3");
  DecodeLimits limits;
  limits.max_bytes = 4;
  EXPECT_EQ(none.decode("12345", limits), "csv.bytes $");
}

TEST(CsvCodec, WritesColumnsInTheOrderOfTheSchema) {
  const SchemaCodec names(schema(""));
  EXPECT_EQ(names.encode(R"({"count":2,"no":"a,\"b\"\n"})"), "no,name,count\r\n\"a,\"\"b\"\"\n\",,2\r\n");
  EXPECT_EQ(names.encode(R"({"no":" a","name":null,"count":true})"), "no,name,count\r\n\" a\",,true\r\n");
  EXPECT_EQ(names.encode(R"({"no":{}})"), "csv.encode-shape $.no");
  EXPECT_EQ(names.encode(R"({"no":"a\u0000"})"), "csv.encode-shape $.no");
  EXPECT_EQ(names.encode(R"({"other":"1"})"), "csv.encode-shape $");
  EXPECT_EQ(names.encode("[]"), "csv.encode-shape $");
  const SchemaCodec titles(schema(R"(,"header":"titles","charset":"GBK","separator":";")"));
  EXPECT_EQ(titles.encode(R"({"no":"1;2"})"), "\xB1\xE0\xBA\xC5;\xD0\xD5\xC3\xFB;\xCA\xFD\xC1\xBF\r\n\"1;2\";;\r\n");
  EXPECT_EQ(titles.encode(R"({"no":"𠮷"})"), "charset.unencodable $");
  const SchemaCodec marked(schema(R"(,"header":"none","bom":true)"));
  EXPECT_EQ(marked.encode(R"({"no":"1"})"),
            "\xEF\xBB\xBF"
            "1,,\r\n");
  const SchemaCodec wide(schema(R"(,"header":"none","charset":"utf-16")"));
  EXPECT_EQ(wide.encode(R"({"no":"1"})"),
            "\xFF\xFE"
            "1\0,\0,\0\r\0\n\0"sv);
}

TEST(CsvTable, ReadsAFileRowByRow) {
  const SchemaCodec codec(schema(""));
  CsvTableReader reader({}, codec.schema->fields(), {}, trickle("no,name\n1,甲\n2\n3,丙\n", 2));
  Document row;
  ASSERT_TRUE(reader.next(row).value());
  EXPECT_EQ(test::to_json(row.root()), R"({"no":"1","name":"甲"})");
  EXPECT_EQ(row.root().find("name")->position, (Position{2, 3}));
  EXPECT_EQ(test::fault_text(reader.next(row).error()), "csv.ragged $ 3:1");
  ASSERT_TRUE(reader.next(row).value());
  EXPECT_EQ(row.root().find("name")->text, "丙");
  EXPECT_FALSE(reader.next(row).value());
}

// Whatever is written is read again, in every charset that has the characters.
TEST(CsvTable, RoundTrips) {
  const SchemaCodec codec(schema(""));
  std::uint32_t seed = 12315;
  const auto next = [&seed] { return seed = seed * 1664525U + 1013904223U; };
  static constexpr std::string_view kPieces[] = {"a",    "\"", ",",  ";",  "\n", "\r", "=",
                                                 "sep=", "中", "𠮷", "\t", " ",  "="};
  for (const Charset charset : {Charset::kUtf8, Charset::kGb18030, Charset::kUtf16, Charset::kUtf16Be}) {
    for (int round = 0; round < 500; ++round) {
      CsvFormat format;
      format.dialect = {round % 3 == 0 ? ';' : ',', charset};
      format.header = round % 2 == 0 ? CsvHeader::kNames : CsvHeader::kTitles;
      format.mark = round % 5 == 0;
      const CsvTableWriter writer(format, codec.schema->fields());
      Document row;
      row.set_root(row.make(Kind::kObject));
      for (const FieldNode& field : codec.schema->fields().members) {
        std::string text = next() % 8 == 0 ? "=\"" : "";
        for (std::uint32_t i = next() >> 29U; i > 0; --i) text += kPieces[(next() >> 8U) % std::size(kPieces)];
        if (next() % 8 == 0) text += '"';
        row.add_text(row.root(), field.name, text);
      }
      std::string bytes;
      ASSERT_TRUE(writer.append_head(bytes).has_value());
      ASSERT_TRUE(writer.append_row(row.root(), bytes).has_value());
      ASSERT_TRUE(writer.append_row(row.root(), bytes).has_value());
      CsvTableReader reader(format, codec.schema->fields(), {}, pull_from(bytes));
      for (int i = 0; i < 2; ++i) {
        Document back;
        const auto read = reader.next(back);
        ASSERT_TRUE(read.has_value() && *read) << to_hex(bytes);
        ASSERT_EQ(test::to_json(back.root()), test::to_json(row.root()));
      }
    }
  }
}

// Without headings a row is what a file begins with.
TEST(CsvTable, AFirstCellWhoseBytesAreAMarkIsText) {
  const SchemaCodec codec(schema(""));
  for (const Charset charset : {Charset::kUtf8, Charset::kGb18030, Charset::kUtf16}) {
    for (const char* first : {"\xEF\xBB\xBF", "\xEF\xBB\xBF甲", "锘縮ep=;", "\xEF\xBF\xBE"}) {
      CsvFormat format;
      format.dialect.charset = charset;
      format.header = CsvHeader::kNone;
      Document row;
      row.set_root(row.make(Kind::kObject));
      for (const FieldNode& field : codec.schema->fields().members) row.add_text(row.root(), field.name, first);
      std::string bytes;
      ASSERT_TRUE(CsvTableWriter(format, codec.schema->fields()).append_row(row.root(), bytes).has_value());
      CsvTableReader reader(format, codec.schema->fields(), {}, pull_from(bytes));
      Document back;
      const auto read = reader.next(back);
      ASSERT_TRUE(read.has_value() && *read) << to_hex(bytes);
      EXPECT_EQ(test::to_json(back.root()), test::to_json(row.root())) << to_hex(bytes);
    }
  }
}

}  // namespace
}  // namespace tongqu
