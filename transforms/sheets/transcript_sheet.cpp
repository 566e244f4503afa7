#include "transforms/sheets/transcript_sheet.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "gateway/core/text.hpp"
#include "transforms/codecs/csv_reader.hpp"
#include "transforms/sheets/sheets_codes.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxSheetName = 25;  // code points; the format allows 31, a number may follow

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

// The format forbids some characters in names of sheets, and two of the same name.
std::string sheet_name(std::string_view title, std::set<std::string>& used) {
  std::string name;
  std::size_t count = 0;
  for (std::size_t at = 0; at < title.size() && count < kMaxSheetName; ++count) {
    const auto cp = next_code_point(title, at);
    if (!cp) break;
    constexpr std::string_view kForbidden = "[]:*?/\\'";
    const bool forbidden =
        *cp < 0x20 || (*cp < 0x80 && kForbidden.find(static_cast<char>(*cp)) != std::string_view::npos);
    append_utf8(name, forbidden ? U'_' : *cp);
  }
  if (name.empty()) name = "表";
  std::string unique = name;
  for (int n = 2; !used.insert(unique).second; ++n) unique = name + " " + std::to_string(n);
  return unique;
}

Sheet to_sheet(const TranscriptTable& table, std::set<std::string>& used) {
  Sheet sheet{sheet_name(table.title, used), {}};
  std::vector<std::string> head{
      std::string(kExchangeHeading), std::string(kNumberHeading), "已有登记编号", "状态", "业务", "收到时间", "批次"};
  head.insert(head.end(), table.columns.begin(), table.columns.end());
  sheet.rows.push_back(std::move(head));
  for (const TranscriptRowText& row : table.rows) {
    std::vector<std::string> cells{row.exchange, {},           row.known_number, row.entered ? "已归集" : "待归集",
                                   row.service,  row.received, row.batch};
    cells.insert(cells.end(), row.values.begin(), row.values.end());
    sheet.rows.push_back(std::move(cells));
  }
  return sheet;
}

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(c);
    }
  }
}

void append_line(std::string& out, std::string_view title, std::string_view value) {
  if (value.empty()) return;
  out += "<tr><th>";
  append_html(out, title);
  out += "</th><td>";
  append_html(out, value);
  out += "</td></tr>\n";
}

void append_card(std::string& out, const TranscriptTable& table, const TranscriptRowText& row) {
  out += "<section>\n<h2>";
  append_html(out, table.title);
  out += "</h2>\n<table>\n";
  append_line(out, kExchangeHeading, row.exchange);
  append_line(out, "已有登记编号", row.known_number);
  append_line(out, "状态", row.entered ? "已归集" : "待归集");
  append_line(out, "业务", row.service);
  append_line(out, "收到时间", row.received);
  for (std::size_t i = 0; i < table.columns.size() && i < row.values.size(); ++i) {
    append_line(out, table.columns[i], row.values[i]);
  }
  out += "</table>\n</section>\n";
}

constexpr std::string_view kStyle =
    "body{font-family:sans-serif;margin:2em}section{border:1px solid #888;padding:1em;margin:0 0 1em;"
    "page-break-after:always}h2{margin:0 0 .5em}table{border-collapse:collapse;width:100%}"
    "th{text-align:left;vertical-align:top;width:10em;background:#e8eef7}th,td{border:1px solid #ccc;padding:.3em}"
    "td{white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}";

// One row of a file, both columns found.
Status add(NumberSheet& out, NumberRow row) {
  if (row.fault == nullptr) {
    row.exchange = trimmed(row.exchange);
    if (row.exchange.empty() && trimmed(row.number).empty()) return {};
    if (trimmed(row.number).empty()) {
      ++out.blank;
      return {};
    }
  }
  if (out.rows.size() == kMaxNumberRows) return make_error(codes::kSheetLimit, std::to_string(kMaxNumberRows));
  out.rows.push_back(std::move(row));
  return {};
}

struct Columns {
  std::size_t exchange = 0, number = 0;  // from 1; 0 = not there
  [[nodiscard]] bool found() const { return exchange != 0 && number != 0; }
  void see(std::string_view heading, std::size_t column) {
    if (trimmed(heading) == kExchangeHeading && exchange == 0) exchange = column;
    if (trimmed(heading) == kNumberHeading && number == 0) number = column;
  }
};

Status read_sheet(const Sheet& sheet, const Columns& columns, const std::map<std::string, const ErrorCode*>& faults,
                  NumberSheet& out) {
  for (std::size_t i = 1; i < sheet.rows.size(); ++i) {
    const auto& cells = sheet.rows[i];
    const auto cell = [&](std::size_t column) { return column <= cells.size() ? cells[column - 1] : std::string(); };
    NumberRow row;
    row.where = sheet.name + "!" + cell_name(columns.number, i + 1);
    row.exchange = cell(columns.exchange);
    row.number = cell(columns.number);
    for (const std::size_t column : {columns.number, columns.exchange}) {
      const auto fault = faults.find(sheet.name + "!" + cell_name(column, i + 1));
      if (fault == faults.end()) continue;
      row.where = fault->first;
      row.fault = fault->second;
    }
    if (auto status = add(out, std::move(row)); status.has_error()) return status;
  }
  return {};
}

}  // namespace

std::vector<Sheet> transcript_to_sheets(const std::vector<TranscriptTable>& tables) {
  std::vector<Sheet> out;
  out.reserve(tables.size());
  std::set<std::string> used;
  for (const TranscriptTable& table : tables) out.push_back(to_sheet(table, used));
  return out;
}

std::string transcript_to_cards(const std::vector<TranscriptTable>& tables, std::string_view heading) {
  std::string out =
      "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>";
  append_html(out, heading);
  out.append("</title>\n<style>").append(kStyle).append("</style>\n</head>\n<body>\n<h1>");
  append_html(out, heading);
  out += "</h1>\n";
  for (const TranscriptTable& table : tables) {
    for (const TranscriptRowText& row : table.rows) append_card(out, table, row);
  }
  return out + "</body>\n</html>\n";
}

Result<NumberSheet> sheets_to_numbers(const std::vector<Sheet>& sheets, const std::vector<Fault>& faults) {
  std::map<std::string, const ErrorCode*> by_cell;
  for (const Fault& fault : faults) by_cell.emplace(fault.path, fault.code);
  NumberSheet out;
  bool any = false;
  for (const Sheet& sheet : sheets) {
    Columns columns;
    if (!sheet.rows.empty()) {
      for (std::size_t i = 0; i < sheet.rows.front().size(); ++i) columns.see(sheet.rows.front()[i], i + 1);
    }
    if (!columns.found()) continue;
    any = true;
    if (auto status = read_sheet(sheet, columns, by_cell, out); status.has_error()) return status.error();
  }
  if (!any) return make_error(codes::kSheetHead, std::string(kExchangeHeading) + "、" + std::string(kNumberHeading));
  return out;
}

Result<NumberSheet> csv_to_numbers(std::string_view bytes) {
  CsvDialect dialect;
  dialect.charset = is_utf8(bytes) ? Charset::kUtf8 : Charset::kGb18030;
  CsvReader reader(dialect, {}, pull_from(bytes));
  NumberSheet out;
  Columns columns;
  CsvRow row;
  for (bool head = true;; head = false) {
    const auto more = reader.next(row);
    if (more.has_error()) {
      const Error& error = more.error();
      if (head || error.code->id != "csv.ragged" || error.faults.empty()) return error;
      const Position at = error.faults.front().position;
      NumberRow faulty;
      faulty.where = std::to_string(at.line) + ":" + std::to_string(at.column);
      faulty.fault = error.code;
      if (auto status = add(out, std::move(faulty)); status.has_error()) return status.error();
      continue;
    }
    if (!*more) break;
    if (head) {
      for (std::size_t i = 0; i < row.size(); ++i) columns.see(row.cell(i), i + 1);
      if (!columns.found()) break;
      continue;
    }
    const Position at = row.position(columns.number - 1);
    NumberRow read;
    read.where = std::to_string(at.line) + ":" + std::to_string(at.column);
    read.exchange = row.cell(columns.exchange - 1);
    read.number = row.cell(columns.number - 1);
    if (auto status = add(out, std::move(read)); status.has_error()) return status.error();
  }
  if (!columns.found())
    return make_error(codes::kSheetHead, std::string(kExchangeHeading) + "、" + std::string(kNumberHeading));
  return out;
}

}  // namespace tongqu
