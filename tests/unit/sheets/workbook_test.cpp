// Workbooks of libxlsxwriter and of openpyxl (another writer, Python), sound and broken.
#include "transforms/sheets/workbook.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "transforms/sheets/sheets_codes.hpp"

namespace tongqu {
namespace {

using ::testing::ElementsAre;

class Workbooks : public ::testing::Test {
 protected:
  Workbooks() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tongqu-sheets-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Workbooks() override { std::filesystem::remove_all(folder_); }

  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  // Runs `script` with openpyxl; `wb` and `ws` are there, the file is book.xlsx. False: openpyxl is not installed.
  bool python(const std::string& script) const {
    const auto file = folder_ / "make.py";
    std::ofstream(file) << "import openpyxl, datetime\nwb = openpyxl.Workbook()\nws = wb.active\nws.title = '代码表'\n"
                        << script << "\nwb.save('" << (folder_ / "book.xlsx").string() << "')\n";
    return std::system(("/usr/bin/python3 " + file.string() + " 2>" + (folder_ / "errors").string()).c_str()) == 0;
  }
  std::filesystem::path folder_;
};

TEST_F(Workbooks, ComeBackAsTheyWereWritten) {
  const std::vector<Sheet> sheets{
      {"代码表",
       {{"源代码", "名称"}, {"007", "首字符为零"}, {}, {"1110105202611240000123456", "二十五位"}, {"", "&<>\"' 𠮷"}}},
      {"第二张", {{"=1+1", " 前后空格 "}, {"多\n行", "true"}}}};
  const auto file = folder_ / "out.xlsx";
  ASSERT_TRUE(write_workbook(sheets, 1, file).has_value());
  auto read = read_workbook(bytes_of(file));
  ASSERT_TRUE(read.has_value()) << read.error().text(Lang::kEnglish);
  ASSERT_EQ(read->size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ((*read)[i].name, sheets[i].name);
    EXPECT_EQ((*read)[i].rows, sheets[i].rows);
  }
}

TEST_F(Workbooks, OfAnotherWriterKeepTextDatesAndNumbers) {
  if (!python(
          "ws.append(['01', 7, 1280.5, True, datetime.date(2026, 4, 15), datetime.datetime(2026, 4, 15, 23, 59, 1)])\n"
          "ws['B3'] = '1110105202611240000123456'\nwb.create_sheet('空表')"))
    GTEST_SKIP() << "python3-openpyxl is not installed";
  auto read = read_workbook(bytes_of(folder_ / "book.xlsx"));
  ASSERT_TRUE(read.has_value()) << read.error().text(Lang::kEnglish);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_THAT((*read)[0].rows[0], ElementsAre("01", "7", "1280.5", "TRUE", "2026-04-15", "2026-04-15 23:59:01"));
  EXPECT_THAT((*read)[0].rows[2], ElementsAre("", "1110105202611240000123456"));
  EXPECT_TRUE((*read)[1].rows.empty());
}

TEST_F(Workbooks, NameEachCellThatLostDigits) {
  if (!python("ws['A1'] = 1110105202611240000123456\nws['C7'] = 6222021234567890128\nws['B2'] = 15"))
    GTEST_SKIP() << "python3-openpyxl is not installed";
  const auto read = read_workbook(bytes_of(folder_ / "book.xlsx"));
  ASSERT_TRUE(read.has_error());
  EXPECT_EQ(read.error().code, &codes::kSheetDigits);
  std::vector<std::string> places;
  for (const Fault& fault : read.error().faults) places.push_back(fault.path);
  EXPECT_THAT(places, ElementsAre("代码表!A1", "代码表!C7"));
}

TEST_F(Workbooks, ThatAreNoneAreRefused) {
  const auto file = folder_ / "out.xlsx";
  ASSERT_TRUE(write_workbook({{"a", {{"x"}}}}, 0, file).has_value());
  const std::string sound = bytes_of(file);
  for (const std::string& bad : {std::string(), std::string("PK"), std::string("<html/>"), std::string(1000, '\0')})
    EXPECT_EQ(read_workbook(bad).error().code, &codes::kSheetUnreadable);
  // Cut anywhere: an error or the whole content, never a crash and never half a sheet.
  for (std::size_t size = 0; size < sound.size(); size += 7) {
    const auto read = read_workbook(std::string_view(sound).substr(0, size));
    if (read.has_value()) {
      ASSERT_EQ(read->size(), 1U);
      EXPECT_THAT((*read)[0].rows, ElementsAre(ElementsAre("x")));
    }
  }
}

TEST_F(Workbooks, AboveALimitAreRefused) {
  Sheet sheet{"a", {}};
  for (int i = 0; i < 50; ++i) sheet.rows.push_back({"text " + std::to_string(i), "", "c"});
  const auto file = folder_ / "out.xlsx";
  ASSERT_TRUE(write_workbook({sheet, {"b", {}}}, 0, file).has_value());
  const std::string bytes = bytes_of(file);
  const std::vector<WorkbookLimits> limits{{.max_file_bytes = bytes.size() - 1},
                                           {.max_unpacked_bytes = 2000},
                                           {.max_parts = 3},
                                           {.max_sheets = 1},
                                           {.max_rows = 49},
                                           {.max_columns = 2}};
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto read = read_workbook(bytes, limits[i]);
    ASSERT_TRUE(read.has_error()) << i;
    EXPECT_EQ(read.error().code, &codes::kSheetLimit) << i;
  }
  EXPECT_TRUE(read_workbook(bytes, {.max_rows = 50, .max_columns = 3}).has_value());
}

TEST(CellNames, CountLikeASpreadsheet) {
  EXPECT_EQ(cell_name(1, 1), "A1");
  EXPECT_EQ(cell_name(26, 2), "Z2");
  EXPECT_EQ(cell_name(27, 3), "AA3");
  EXPECT_EQ(cell_name(702, 4), "ZZ4");
  EXPECT_EQ(cell_name(703, 5), "AAA5");
}

}  // namespace
}  // namespace tongqu
