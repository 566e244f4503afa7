#include "transforms/sheets/table_sheet.hpp"

#include <algorithm>
#include <array>

#include "transforms/sheets/sheets_codes.hpp"
#include "transforms/tables/csv_reader.hpp"

namespace tongqu {
namespace {

using Heading = SheetWords::Heading;
constexpr std::array<Heading, 13> kTableHeadings{{{"#table", "表名"},
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
constexpr std::array<Heading, 14> kUnitHeadings{{{"#units", "机构表"},
                                                 {"#title", "标题"},
                                                 {"#version", "版本"},
                                                 {"#source", "来源"},
                                                 {"id", "机构标识"},
                                                 {"name", "机构名称"},
                                                 {"level", "层级"},
                                                 {"parent", "上级机构"},
                                                 {"divisions", "行政区划代码"},
                                                 {"zone", "功能区"},
                                                 {"acts_in_name_of", "以何机构名义"},
                                                 {"valid_from", "生效日期"},
                                                 {"valid_to", "失效日期"},
                                                 {"note", "备注"}}};

std::string to_zh(std::string_view csv, const SheetWords& words) {
  for (const Heading& h : words.headings) {
    if (h.csv == csv) return std::string(h.zh);
  }
  const bool longer = !words.prefix.csv.empty() && csv.starts_with(words.prefix.csv);
  return longer ? std::string(words.prefix.zh).append(csv.substr(words.prefix.csv.size())) : std::string(csv);
}

// Empty: nobody knows it.
std::string to_csv(std::string_view text, const SheetWords& words) {
  for (const Heading& h : words.headings) {
    if (h.zh == text || h.csv == text) return std::string(h.csv);
  }
  if (words.prefix.csv.empty()) return {};
  if (text.starts_with(words.prefix.csv)) return std::string(text);
  if (!text.starts_with(words.prefix.zh)) return {};
  return std::string(words.prefix.csv).append(text.substr(words.prefix.zh.size()));
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
bool is_head(const std::vector<std::string>& row, const SheetWords& words) {
  if (row.empty()) return false;
  const std::string first = to_csv(row[0], words);
  return !first.empty() && first[0] != '#';
}

const Sheet* sheet_of(const std::vector<Sheet>& sheets, const SheetWords& words) {
  const auto found = std::find_if(sheets.begin(), sheets.end(), [&](const Sheet& s) { return s.name == words.sheet; });
  return found == sheets.end() ? nullptr : &*found;
}

// Where a person types, empty cells at the end come and go: a row has as many as the headings, a property as it needs.
std::vector<std::string> trimmed(std::vector<std::string> row, std::size_t at_least) {
  while (row.size() > at_least && row.back().empty()) row.pop_back();
  if (!row.empty() && row.size() < at_least) row.resize(at_least);
  return row;
}

// Rows of a sheet → lines of the file.
class LineWriter {
 public:
  explicit LineWriter(const SheetWords& words) : words_(words) {}

  Result<std::string> write(const Sheet& sheet) {
    for (std::size_t i = 0; i < sheet.rows.size(); ++i) add(sheet.rows[i], i + 1);
    const std::string first(words_.headings[first_column()].zh);
    if (columns_ == 0) faults_.push_back({&codes::kSheetHead, std::string(words_.sheet), {}, first, {}, Grade::kError});
    if (faults_.empty()) return std::move(text_);
    Error error = make_error(codes::kSheetHead, faults_.front().param);
    error.faults = std::move(faults_);
    return error;
  }

 private:
  [[nodiscard]] std::size_t first_column() const {
    std::size_t at = 0;
    while (words_.headings[at].csv[0] == '#') ++at;
    return at;
  }

  void add(const std::vector<std::string>& cells, std::size_t number) {
    const bool head = columns_ == 0 && is_head(cells, words_);
    auto row = trimmed(cells, columns_);
    if (head) columns_ = row.size();
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (!row[k].empty() && (head || (columns_ == 0 && k == 0))) row[k] = known(row[k], k + 1, number);
      if (k > 0) text_.push_back(',');
      append_cell(text_, row[k]);
    }
    text_.push_back('\n');
  }

  std::string known(const std::string& heading, std::size_t column, std::size_t row) {
    std::string word = to_csv(heading, words_);
    const std::string where = std::string(words_.sheet) + "!" + cell_name(column, row);
    if (word.empty()) faults_.push_back({&codes::kSheetHead, where, {}, where, {}, Grade::kError});
    return word;
  }

  const SheetWords& words_;
  std::string text_;
  std::size_t columns_ = 0;  // 0: the row of headings did not come yet
  std::vector<Fault> faults_;
};

}  // namespace

constinit const SheetWords kCodeTableWords{"代码表", kTableHeadings, {}};
constinit const SheetWords kUnitWords{"机构", kUnitHeadings, {"code:", "代码:"}};

Result<Sheet> table_to_sheet(std::string_view csv, const std::string& file, const SheetWords& words) {
  auto rows = read_csv(csv, file);
  if (rows.has_error()) return rows.error();
  Sheet sheet;
  sheet.name = words.sheet;
  bool headed = false;
  for (const CsvRow& row : *rows) {
    auto& cells = sheet.rows.emplace_back();
    cells.reserve(row.size());
    for (const CsvCell& cell : row) cells.push_back(cell.text);
    if (cells.empty() || headed) continue;
    const bool property = cells[0].starts_with('#');
    if (property) {
      cells[0] = to_zh(cells[0], words);
    } else {
      for (std::string& cell : cells) cell = to_zh(cell, words);
      headed = true;
    }
  }
  return sheet;
}

Result<std::string> sheet_to_table(const std::vector<Sheet>& sheets, const SheetWords& words) {
  const Sheet* sheet = sheet_of(sheets, words);
  if (sheet == nullptr) return make_error(codes::kSheetMissing, std::string(words.sheet));
  return LineWriter(words).write(*sheet);
}

Error in_words_of_sheet(const Error& error, const std::vector<Sheet>& sheets, const SheetWords& words) {
  const Sheet* found = sheet_of(sheets, words);
  if (found == nullptr) return error;
  const Sheet& sheet = *found;
  Error out = error;
  const auto head =
      std::find_if(sheet.rows.begin(), sheet.rows.end(), [&](const auto& row) { return is_head(row, words); });
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
