#include <xlsxwriter.h>

#include "transforms/sheets/sheets_codes.hpp"
#include "transforms/sheets/workbook.hpp"

namespace tongqu {
namespace {

constexpr double kMinWidth = 10;
constexpr double kMaxWidth = 60;

// Width of a text in characters of the sheet's font; Chinese ones count two.
double width_of(const std::string& text) {
  double width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) width += byte >= 0xE0U ? 2 : 1;
  }
  return width;
}

// The format holds 32,767 characters a cell: a longer text is an error, never a cell that is missing.
lxw_error write_sheet(lxw_workbook* book, lxw_format* text, lxw_format* head, const Sheet& sheet,
                      std::size_t head_rows) {
  lxw_worksheet* out = workbook_add_worksheet(book, sheet.name.c_str());
  std::vector<double> widths;
  lxw_error failed = LXW_NO_ERROR;
  for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
    for (std::size_t column = 0; column < sheet.rows[row].size(); ++column) {
      const std::string& value = sheet.rows[row][column];
      if (widths.size() <= column) widths.resize(column + 1, kMinWidth);
      widths[column] = std::min(kMaxWidth, std::max(widths[column], width_of(value) + 2));
      if (value.empty()) continue;
      const lxw_error cell = worksheet_write_string(out, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                                                    value.c_str(), row < head_rows ? head : text);
      if (failed == LXW_NO_ERROR) failed = cell;
    }
  }
  // Whole columns are text, so that what is typed below the last row stays as it was typed.
  for (std::size_t column = 0; column < widths.size(); ++column) {
    worksheet_set_column(out, static_cast<lxw_col_t>(column), static_cast<lxw_col_t>(column), widths[column], text);
  }
  if (head_rows > 0) worksheet_freeze_panes(out, static_cast<lxw_row_t>(head_rows), 0);
  return failed;
}

}  // namespace

Status write_workbook(const std::vector<Sheet>& sheets, std::size_t head_rows, const std::filesystem::path& file) {
  lxw_workbook* book = workbook_new(file.c_str());
  if (book == nullptr) return make_error(codes::kSheetWrite, "out of memory");
  lxw_format* text = workbook_add_format(book);
  format_set_num_format(text, "@");
  format_set_text_wrap(text);
  format_set_align(text, LXW_ALIGN_VERTICAL_TOP);
  lxw_format* head = workbook_add_format(book);
  format_set_num_format(head, "@");
  format_set_bold(head);
  format_set_bg_color(head, 0xE8EEF7);
  lxw_error failed = LXW_NO_ERROR;
  for (const Sheet& sheet : sheets) {
    const lxw_error one = write_sheet(book, text, head, sheet, head_rows);
    if (failed == LXW_NO_ERROR) failed = one;
  }
  const lxw_error closed = workbook_close(book);
  if (failed == LXW_NO_ERROR) failed = closed;
  if (failed == LXW_NO_ERROR) return {};
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  return make_error(codes::kSheetWrite, lxw_strerror(failed));
}

}  // namespace tongqu
