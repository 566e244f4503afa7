#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/data.hpp"
#include "transforms/tables/file_table.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {
namespace {

const std::string kHead =
    "#table,city-a/problem\n#title,问题\n#version,2024-01\n#direction,in\n#key,code\n#valid_from,2024-01-01\n"
    "#source,assumed\n";
const std::string kColumns = "from_code,from_name,to_code,to_name,lossy,note\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(FileTable, FindsExactKeysAndKeepsZeroAndEmptyApart) {
  const auto table = FileTable::parse(kHead + kColumns + "0,解决,00,solved,,\n01,质量,1,quality,,\n", "t.csv");
  ASSERT_TRUE(table.has_value());
  ASSERT_NE(table.value()->find("0"), nullptr);
  EXPECT_EQ(table.value()->find("0")->code, "00");
  EXPECT_EQ(table.value()->find("0")->name, "solved");
  EXPECT_FALSE(table.value()->find("0")->lossy);
  for (const char* absent : {"", "00", "1", "01 ", "解决"}) EXPECT_EQ(table.value()->find(absent), nullptr) << absent;
  EXPECT_EQ(table.value()->name(), "city-a/problem");
  EXPECT_EQ(table.value()->version(), "2024-01");
}

TEST(FileTable, SeveralRowsOfAKeyNeedExactlyOneDefaultWhichIsThenLossy) {
  const auto table =
      FileTable::parse(kHead + kColumns + "5,a,51,x,,\n5,b,52,y,default,\n5,c,53,z,,\n6,d,60,w,default,\n", "t.csv");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table.value()->find("5")->code, "52");
  EXPECT_TRUE(table.value()->find("5")->lossy);
  EXPECT_TRUE(table.value()->find("6")->lossy);
}

TEST(FileTable, KeyedByNameTheCodeMayBeMissing) {
  const auto table = FileTable::parse(replaced(kHead, "#key,code", "#key,name") + kColumns + ",质量,01,,,\n", "t.csv");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table.value()->find("质量")->code, "01");
  EXPECT_EQ(table.value()->find("质"), nullptr);
}

TEST(FileTable, ReadsWhatASpreadsheetWrites) {
  const std::string text =
      "\xEF\xBB\xBF" + replaced(kHead, "#source,assumed\n", "#source,\"a, \"\"b\"\"\",,,,\r\n") +
      ",,,,,\r\nto_code,from_code,from_name,to_name,note,lossy\r\n\"1\",2,\"两\n行\",n,,\r\n,,,,,\r\n";
  const auto table = FileTable::parse(text, "t.csv");
  ASSERT_TRUE(table.has_value()) << table.error().faults.size();
  EXPECT_EQ(table.value()->head().source, "a, \"b\"");
  EXPECT_EQ(table.value()->find("2")->code, "1");
  EXPECT_EQ(table.value()->rows()[0].from_name, "两\n行");
}

struct FaultCase {
  const char* what;
  std::string text;
  const ErrorCode* code;
  Position position;
  std::string param;
};

TEST(FileTable, EveryFaultNamesItsLineAndColumn) {
  const std::string good = kHead + kColumns;
  const std::vector<FaultCase> cases{
      {"no such head line", replaced(good, "#title", "#titel"), &codes::kTableHead, {2, 1}, "titel"},
      {"head line twice", "#key,code\n" + good, &codes::kTableHead, {6, 1}, "key"},
      {"head line missing", replaced(good, "#source,assumed\n", ""), &codes::kTableHeadMissing, {1, 1}, "source"},
      {"head line without value",
       replaced(good, "#version,2024-01", "#version"),
       &codes::kTableHeadMissing,
       {1, 1},
       "version"},
      {"version with a space",
       replaced(good, "2024-01\n", "2024 01\n"),
       &codes::kTableHeadValue,
       {3, 10},
       "[0-9A-Za-z.-]{1,20}"},
      {"no such day", replaced(good, "2024-01-01", "2024-02-30"), &codes::kTableHeadValue, {6, 13}, "YYYY-MM-DD"},
      {"direction", replaced(good, "#direction,in", "#direction,both"), &codes::kTableHeadValue, {4, 12}, "in, out"},
      {"key kind", replaced(good, "#key,code", "#key,id"), &codes::kTableHeadValue, {5, 6}, "code, name"},
      {"misspelt column", replaced(good, "to_name", "to_nmae"), &codes::kTableHeading, {8, 29}, " (to_name?)"},
      {"column twice", replaced(good, "lossy,note", "lossy,note,note"), &codes::kTableHeading, {8, 48}, ""},
      {"column missing", replaced(good, ",note", ""), &codes::kTableHeadingMissing, {8, 1}, "note"},
      {"no columns at all", kHead, &codes::kTableHeadingMissing, {1, 1}, "from_code"},
      {"empty file", "", &codes::kTableHeadMissing, {1, 1}, "table"},
      {"too few cells", good + "1,a,2\n", &codes::kTableCells, {9, 1}, "6"},
      {"too many cells", good + "1,a,2,b,,,\n", &codes::kTableCells, {9, 1}, "6"},
      {"empty key", good + ",a,2,b,,\n", &codes::kTableCellEmpty, {9, 1}, "from_code"},
      {"empty target", good + "名,a,,b,,\n", &codes::kTableCellEmpty, {9, 5}, "to_code"},
      {"unknown word under lossy", good + "1,a,2,b,yes,\n", &codes::kTableCellValue, {9, 9}, "default"},
      {"duplicate key", good + "1,a,2,b,,\n3,,4,,,\n1,c,5,d,,\n", &codes::kTableDuplicate, {11, 1}, "9"},
      {"two defaults", good + "1,a,2,b,default,\n1,c,5,d,default,\n", &codes::kTableDuplicate, {10, 1}, "9"},
      {"head line among the rows", good + "#key,code,,,,\n", &codes::kTableHead, {9, 1}, "key"},
      {"broken UTF-8", good + "1,\xE4\xBD,2,b,,\n", &codes::kTableEncoding, {9, 3}, ""},
      {"GBK", good + "1,\xD6\xCA\xC1\xBF,2,b,,\n", &codes::kTableEncoding, {9, 3}, ""},
      {"control character", good + "1,a\x01,2,b,,\n", &codes::kTableEncoding, {9, 4}, ""},
      {"quote in a bare cell", good + "1,a\"b,2,b,,\n", &codes::kTableQuote, {9, 5}, ""},
      {"text behind a quote", good + "1,\"a\"b,2,b,,\n", &codes::kTableQuote, {9, 7}, ""},
      {"unclosed quote", good + "1,\"a,2,b,,\n", &codes::kTableQuote, {10, 1}, ""},
      {"long cell",
       good + "1," + std::string(2001, 'x') + ",2,b,,\n",
       &codes::kTableLimit,
       {9, 2004},
       "2000 bytes in a cell"},
      {"long quoted cell",
       good + "1,\"" + std::string(2001, 'x') + "\",2,b,,\n",
       &codes::kTableLimit,
       {9, 2005},
       "2000 bytes in a cell"},
      {"many columns", good + std::string(40, ',') + "\n", &codes::kTableLimit, {9, 33}, "32 columns"},
  };
  for (const FaultCase& c : cases) {
    const auto table = FileTable::parse(c.text, "city-a/problem.csv");
    ASSERT_TRUE(table.has_error()) << c.what;
    EXPECT_EQ(table.error().code, &codes::kTableFile) << c.what;
    ASSERT_FALSE(table.error().faults.empty()) << c.what;
    bool seen = false;
    for (const Fault& fault : table.error().faults) {
      EXPECT_EQ(fault.path, "city-a/problem.csv");
      if (fault.code != c.code || fault.param != c.param) continue;
      seen = true;
      EXPECT_EQ(fault.position.line, c.position.line) << c.what;
      EXPECT_EQ(fault.position.column, c.position.column) << c.what;
    }
    EXPECT_TRUE(seen) << c.what << ": " << table.error().faults[0].code->id << " " << table.error().faults[0].param;
  }
}

TEST(FileTable, TellsAllFaultsOfAFileAtOnceInTheirOrder) {
  const auto table = FileTable::parse(kHead + kColumns + ",a,2,b,,\n1,a\n2,a,3,b,maybe,\n", "t.csv");
  ASSERT_TRUE(table.has_error());
  std::vector<std::uint32_t> lines;
  for (const Fault& fault : table.error().faults) lines.push_back(fault.position.line);
  EXPECT_THAT(lines, testing::ElementsAre(9, 10, 11));
}

class FolderTablesTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string version(const std::string& version, const std::string& from, const std::string& code) {
    return replaced(replaced(kHead, "#version,2024-01", "#version," + version), "2024-01-01", from) + kColumns +
           "1,a," + code + ",b,,\n";
  }
  std::filesystem::path folder_ = test::temporary_folder("tables");
};

TEST_F(FolderTablesTest, TakesTheLatestVersionInForceOrTheOneThatIsNamed) {
  write("city-a/problem@v1.csv", version("v1", "2020-01-01", "old"));
  write("city-a/problem@v2.csv", version("v2", "2026-04-15", "new"));
  write("city-a/problem@v3.csv", version("v3", "2030-01-01", "next"));
  write("divisions.csv", "not a code table");
  write("city-a/readme.txt", "not a table");
  const auto set = FolderTables::load(folder_, "2026-04-15");
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(set.value()->find_table("city-a/problem")->version(), "v2");
  EXPECT_EQ(set.value()->find_table("city-a/problem@v1")->find("1")->code, "old");
  EXPECT_EQ(set.value()->find_table("city-a/problem@v3")->find("1")->code, "next");
  for (const char* absent : {"", "@", "city-a", "city-a/problem@", "city-a/problem@v4", "city-b/problem"}) {
    EXPECT_EQ(set.value()->find_table(absent), nullptr) << absent;
  }
  const auto before = FolderTables::load(folder_, "2019-01-01");
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before.value()->find_table("city-a/problem")->version(), "v1");
}

TEST_F(FolderTablesTest, RefusesTwinsMisplacedFilesAndTellsTheFaultsOfAllFiles) {
  write("city-a/problem.csv", version("v1", "2020-01-01", "x"));
  write("city-a/problem@v1.csv", version("v1", "2020-01-01", "y"));
  write("city-a/problem@v9.csv", version("v2", "2020-01-01", "y"));
  write("city-b/problem.csv", version("v1", "2020-01-01", "z"));
  write("city-c/broken.csv", "x");
  const auto set = FolderTables::load(folder_, "2026-04-15");
  ASSERT_TRUE(set.has_error());
  const Error error = set.error();
  std::vector<std::string> found;
  for (const Fault& fault : error.faults) {
    if (fault.code == &codes::kTableName || fault.code == &codes::kTableTwice) found.push_back(fault.param);
  }
  EXPECT_THAT(found, testing::Contains("city-b/problem"));
  EXPECT_THAT(found, testing::Contains("city-a/problem@v9"));
  EXPECT_THAT(found, testing::Contains("city-a/problem@v1"));
  EXPECT_TRUE(std::any_of(error.faults.begin(), error.faults.end(),
                          [](const Fault& f) { return f.path.ends_with("city-c/broken.csv"); }));
}

TEST_F(FolderTablesTest, AFolderThatIsNotThereIsAnEmptySetAndAHugeFileIsRefused) {
  const auto none = FolderTables::load(folder_ / "absent", "2026-04-15");
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none.value()->tables().empty());
  write("city-a/huge.csv", std::string((4U << 20U) + 1, 'x'));
  const auto huge = FolderTables::load(folder_, "2026-04-15");
  ASSERT_TRUE(huge.has_error());
  EXPECT_EQ(huge.error().faults.at(0).code, &codes::kTableLimit);
}

struct ShippedCase {
  const char* table;
  const char* from;
  const char* to;  // nullptr: unknown
};

TEST(ShippedTables, AllLoadAndAnswerAsTheGuideSays) {
  const auto set = FolderTables::load(test::source_folder() / "config/tables", "2026-04-15");
  ASSERT_TRUE(set.has_value()) << (set.error().faults.empty() ? "" : set.error().faults[0].path);
  EXPECT_GE(set.value()->tables().size(), 26U);
  const std::vector<ShippedCase> cases{
      {"national/info-type", "6", "6"},
      {"national/info-type", "5", nullptr},
      {"national/receive-mode", "8", "8"},
      {"national/receive-mode", "m", "m"},
      {"national/receive-mode", "M", nullptr},
      {"national/source-system", "02", "02"},
      {"national/source-system", "2", nullptr},
      {"national/problem-category", "53", "53"},
      {"national/problem-category", "9900", "9900"},
      {"national/problem-by-name", "质量", "01"},
      {"national/object-category", "101", "101"},
      {"national/request-kind", "7", "7"},
      {"national/return-reason", "8", "8"},
      {"national/order-result", "0", "0"},
      {"national/order-result", "", nullptr},
      {"national/order-satisfaction", "0", "0"},
      {"national/rejection-order121", "7", "7"},
      {"national/rejection-order20", "7", nullptr},
      {"national/termination-order121", "8", "8"},
      {"national/termination-order20", "8", nullptr},
      {"national/state-by-label", "退单", "RETURNED"},
      {"national/state-by-label", "市民撤诉", "WITHDRAWN"},
      {"city-a/info-type", "举报", "2"},
      {"city-a/info-type", "表扬", nullptr},
      {"city-a/problem", "0", "9900"},
      {"city-a/problem", "1002", "13"},
      {"city-a/channel", "0", "1"},
      {"city-a/urgency", "0", "0"},
      {"city-a/state-out", "RETURNED", "90"},
      {"city-a/return-reason-out", "1", "R01"},
  };
  for (const ShippedCase& c : cases) {
    const CodeTable* table = set.value()->find_table(c.table);
    ASSERT_NE(table, nullptr) << c.table;
    const CodeTable::Hit* hit = table->find(c.from);
    ASSERT_EQ(hit != nullptr, c.to != nullptr) << c.table << " " << c.from;
    if (hit != nullptr) {
      EXPECT_EQ(hit->code, c.to) << c.table;
    }
  }
}

TEST(ShippedTables, EveryRowTellsItsBasisAndEveryTargetOfCityAIsCanonical) {
  const auto set = FolderTables::load(test::source_folder() / "config/tables", "2026-04-15");
  ASSERT_TRUE(set.has_value());
  for (const auto& table : set.value()->tables()) {
    for (const TableRow& row : table->rows()) EXPECT_FALSE(row.note.empty()) << table->name() << " " << row.to_code;
  }
  const std::vector<std::pair<const char*, const char*>> pairs{{"city-a/problem", "national/problem-category"},
                                                               {"city-a/info-type", "national/info-type"},
                                                               {"city-a/channel", "national/receive-mode"}};
  for (const auto& [from, to] : pairs) {
    const auto* table = dynamic_cast<const FileTable*>(set.value()->find_table(from));
    ASSERT_NE(table, nullptr) << from;
    for (const TableRow& row : table->rows()) {
      EXPECT_NE(set.value()->find_table(to)->find(row.to_code), nullptr) << from << " " << row.to_code;
    }
  }
  const auto* states = dynamic_cast<const FileTable*>(set.value()->find_table("national/states"));
  ASSERT_NE(states, nullptr);
  for (const TableRow& row : states->rows()) {
    EXPECT_NE(set.value()->find_table("city-a/state-out")->find(row.from_code), nullptr) << row.from_code;
  }
}

TEST(TableCodes, HaveDistinctIdsAndBothTexts) {
  std::vector<std::string_view> ids;
  for (const ErrorCode* code : codes::tables_codes()) {
    EXPECT_TRUE(code->id.starts_with("table.") || code->id.starts_with("unit."));
    EXPECT_FALSE(code->en.empty());
    EXPECT_FALSE(code->zh.empty());
    EXPECT_THAT(ids, testing::Not(testing::Contains(code->id)));
    ids.push_back(code->id);
  }
}

}  // namespace
}  // namespace tongqu
