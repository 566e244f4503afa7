#pragma once
// A table file as a spreadsheet: the lines of its CSV (transforms/tables/file_table.hpp, unit_table.hpp) with Chinese
// headings, row for line, so that a fault in a line is one in the row of the same number.
#include <span>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"
#include "transforms/sheets/workbook.hpp"

namespace tongqu {

// What the words of a kind of file are called in its sheet.
struct SheetWords {
  struct Heading {
    std::string_view csv;
    std::string_view zh;
  };
  std::string_view sheet;             // its name
  std::span<const Heading> headings;  // columns, and "#…" for the lines before them
  // Columns whose name goes on behind a prefix: "code:city-a" is "代码:city-a". Empty: there are none.
  Heading prefix = {};
};
extern const SheetWords kCodeTableWords;  // sheet 代码表
extern const SheetWords kUnitWords;       // sheet 机构

// `csv` is the text of a table file. Fails with the codes of read_csv.
[[nodiscard]] Result<Sheet> table_to_sheet(std::string_view csv, const std::string& file,
                                           const SheetWords& words = kCodeTableWords);

// The text of a table file; line n is row n, and every row has the cells of the row of headings. Fails with
// sheet.missing (no such sheet) or sheet.head (a heading that is neither Chinese nor the CSV file's own, named by its
// cell).
[[nodiscard]] Result<std::string> sheet_to_table(const std::vector<Sheet>& sheets,
                                                 const SheetWords& words = kCodeTableWords);

// `error` of parsing the text of sheet_to_table, told in the words of the spreadsheet: each fault's path becomes
// "代码表!C7 目标代码".
[[nodiscard]] Error in_words_of_sheet(const Error& error, const std::vector<Sheet>& sheets,
                                      const SheetWords& words = kCodeTableWords);

}  // namespace tongqu
