#pragma once
// A code table as a spreadsheet: the lines of its CSV file (transforms/tables/file_table.hpp) with Chinese headings,
// row for line, so that a fault in a line is one in the row of the same number.
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"
#include "transforms/sheets/workbook.hpp"

namespace tongqu {

inline constexpr std::string_view kTableSheetName = "代码表";

// `csv` is the text of a table file. Fails with the codes of read_csv.
[[nodiscard]] Result<Sheet> table_to_sheet(std::string_view csv, const std::string& file);

// The text of a table file; line n is row n. Fails with sheet.missing (no sheet 代码表) or sheet.head (a heading that
// is neither Chinese nor the CSV file's own, named by its cell).
[[nodiscard]] Result<std::string> sheet_to_table(const std::vector<Sheet>& sheets);

// `error` of parsing the text of sheet_to_table, told in the words of the spreadsheet: each fault's path becomes
// "代码表!C7 目标代码".
[[nodiscard]] Error in_words_of_sheet(const Error& error, const Sheet& sheet);

}  // namespace tongqu
