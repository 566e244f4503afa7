#pragma once
// Spreadsheets as people exchange them: .xlsx (ISO/IEC 29500, both its namespaces), read with libarchive and libxml2,
// written with libxlsxwriter.
//
// A cell is text. What is not text in the file becomes the text that a person sees: a boolean TRUE or FALSE, a date
// YYYY-MM-DD (with a time of day: YYYY-MM-DD HH:mm:ss), a whole number its digits, another number its shortest decimal
// form. Numbers of more than 15 digits have lost digits before the file was written, so they are a fault, never a
// value. Formulas give their stored result.
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu {

struct Sheet {
  std::string name;
  // rows[i][k] is row i + 1, column k + 1; rows and cells that the file leaves out are empty.
  std::vector<std::vector<std::string>> rows;
};

struct WorkbookLimits {
  std::size_t max_file_bytes = 16U << 20U;
  std::size_t max_unpacked_bytes = 128U << 20U;  // all parts together: what a bomb unpacks to
  std::size_t max_parts = 1'000;
  std::size_t max_sheets = 100;
  std::size_t max_rows = 200'000;  // of a sheet
  std::size_t max_columns = 200;
};

// All sheets in the order of the workbook; hidden ones too. Errors: sheet.unreadable, sheet.limit, sheet.missing, and
// sheet.digits, sheet.cell with one fault for each such cell (at most 100), named by sheet and cell. With `put_aside`
// such cells are empty and their faults, all of them, go there instead.
[[nodiscard]] Result<std::vector<Sheet>> read_workbook(std::string_view bytes, const WorkbookLimits& limits = {},
                                                       std::vector<Fault>* put_aside = nullptr);

// Writes `sheets` to `file`; every cell is text and stays text when the file is edited, the first `head_rows` rows
// stand still when it is scrolled. Fails with sheet.write; an unfinished file is removed.
[[nodiscard]] Status write_workbook(const std::vector<Sheet>& sheets, std::size_t head_rows,
                                    const std::filesystem::path& file);

// "B7" of column and row, both from 1.
[[nodiscard]] std::string cell_name(std::size_t column, std::size_t row);

}  // namespace tongqu
