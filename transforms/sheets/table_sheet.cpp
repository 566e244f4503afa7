#include "transforms/sheets/table_sheet.hpp"

#include <algorithm>
#include <array>

#include "transforms/sheets/sheets_codes.hpp"
#include "transforms/tables/csv_reader.hpp"

namespace tongqu {
namespace {

struct Heading {
  std::string_view csv;
  std::string_view zh;
};
constexpr std::array<Heading, 13> kHeadings{{{"#table", "表名"},
                                             {"#title", "标题"},
                                             {"#version", "版本"},
                                             {"#direction", "方向"},
                                             {"#key", "键"},
                                             {"#valid_from", "生效日期"},
                                             {"#source", "来源"},
                                             {"from_code", "源代码"},
                                             {"from_name", "源名称"},
                                             {"to_code", "目标代码"},
                                             {"to_name", "目标名称"},
                                             {"lossy", "有损"},
                                             {"note", "备注"}}};

std::string_view to_zh(std::string_view csv) {
  const auto found = std::find_if(kHeadings.begin(), kHeadings.end(), [csv](const Heading& h) { return h.csv == csv; });
  return found == kHeadings.end() ? csv : found->zh;
}

std::string_view to_csv(std::string_view text) {
  for (const Heading& h : kHeadings) {
    if (h.zh == text || h.csv == text) return h.csv;
  }
  return {};
}

void append_cell(std::string& line, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line.push_back('"');
  for (const char c : text) {
    if (c == '"') line.push_back('"');
    line.push_back(c);
  }
  line.push_back('"');
}

// The row of column headings: the first whose first cell names a column and not a property of the table.
bool is_head(const std::vector<std::string>& row) {
  return !row.empty() && !to_csv(row[0]).empty() && to_csv(row[0])[0] != '#';
}

const Sheet* table_sheet(const std::vector<Sheet>& sheets) {
  const auto found =
      std::find_if(sheets.begin(), sheets.end(), [](const Sheet& s) { return s.name == kTableSheetName; });
  return found == sheets.end() ? nullptr : &*found;
}

}  // namespace

Result<Sheet> table_to_sheet(std::string_view csv, const std::string& file) {
  auto rows = read_csv(csv, file);
  if (rows.has_error()) return rows.error();
  Sheet sheet;
  sheet.name = kTableSheetName;
  bool headed = false;
  for (const CsvRow& row : *rows) {
    auto& cells = sheet.rows.emplace_back();
    cells.reserve(row.size());
    for (const CsvCell& cell : row) cells.push_back(cell.text);
    if (cells.empty() || headed) continue;
    const bool property = cells[0].starts_with('#');
    if (property) {
      cells[0] = to_zh(cells[0]);
    } else {
      for (std::string& cell : cells) cell = to_zh(cell);
      headed = true;
    }
  }
  return sheet;
}

Result<std::string> sheet_to_table(const std::vector<Sheet>& sheets) {
  const Sheet* sheet = table_sheet(sheets);
  if (sheet == nullptr) return make_error(codes::kSheetMissing, std::string(kTableSheetName));
  std::string text;
  std::vector<Fault> faults;
  bool headed = false;
  for (std::size_t i = 0; i < sheet->rows.size(); ++i) {
    const auto& row = sheet->rows[i];
    const bool head = !headed && is_head(row);
    for (std::size_t k = 0; k < row.size(); ++k) {
      std::string_view cell = row[k];
      if (!headed && !cell.empty() && (head || k == 0)) {
        const std::string_view known = to_csv(cell);
        const std::string where = std::string(kTableSheetName) + "!" + cell_name(k + 1, i + 1);
        if (known.empty()) faults.push_back({&codes::kSheetHead, where, {}, where, {}, Grade::kError});
        cell = known;
      }
      if (k > 0) text.push_back(',');
      append_cell(text, cell);
    }
    text.push_back('\n');
    headed = headed || head;
  }
  if (!headed) faults.push_back({&codes::kSheetHead, std::string(kTableSheetName), {}, "源代码", {}, Grade::kError});
  if (faults.empty()) return text;
  Error error = make_error(codes::kSheetHead, faults.front().param);
  error.faults = std::move(faults);
  return error;
}

Error in_words_of_sheet(const Error& error, const Sheet& sheet) {
  Error out = error;
  const auto head = std::find_if(sheet.rows.begin(), sheet.rows.end(), is_head);
  for (Fault& fault : out.faults) {
    const std::size_t row = fault.position.line;
    if (row == 0 || row > sheet.rows.size()) continue;
    // A fault's column counts characters of the CSV line; the cell is the one that they lie in.
    std::size_t at = 0;
    std::size_t column = 0;
    const auto& cells = sheet.rows[row - 1];
    for (; column + 1 < cells.size(); ++column) {
      std::string quoted;
      append_cell(quoted, cells[column]);
      const auto width = static_cast<std::size_t>(std::count_if(
          quoted.begin(), quoted.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
      if (fault.position.column <= at + width + 1) break;
      at += width + 1;
    }
    fault.path = sheet.name + "!" + cell_name(column + 1, row);
    if (head != sheet.rows.end() && column < head->size() &&
        head < sheet.rows.begin() + static_cast<std::ptrdiff_t>(row))
      fault.field_zh = (*head)[column];
  }
  return out;
}

}  // namespace tongqu
