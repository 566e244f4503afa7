#pragma once
// Messages that a person transcribes: as a spreadsheet to work from, as cards to copy from, and the national numbers
// that come back.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "transforms/sheets/workbook.hpp"

namespace tongqu {

inline constexpr std::string_view kExchangeHeading = "交换编号";
inline constexpr std::string_view kNumberHeading = "登记编号";

struct TranscriptRowText {
  std::string exchange;
  std::string known_number;  // of the matter; empty = none yet
  std::string service;
  std::string received;
  std::string batch;
  bool entered = false;             // has its number
  std::vector<std::string> values;  // beside the columns of the form
};

struct TranscriptTable {
  std::string title;                 // of the form
  std::vector<std::string> columns;  // Chinese titles, in the order of the form
  std::vector<TranscriptRowText> rows;
};

// A sheet a form. First the columns 交换编号, 登记编号 (empty, to be filled in), 已有登记编号, 状态, 业务, 收到时间,
// 批次, then the form's. Sheet names are the titles, cut and numbered as the format asks.
[[nodiscard]] std::vector<Sheet> transcript_to_sheets(const std::vector<TranscriptTable>& tables);

// A page that loads nothing: a card a message, a field a line, each value selected whole by one click. Everything that
// comes from a message is escaped; line breaks stay.
[[nodiscard]] std::string transcript_to_cards(const std::vector<TranscriptTable>& tables, std::string_view heading);

// A row with something in 登记编号, or that cannot be read.
struct NumberRow {
  std::string where;                 // "投诉登记表!B7", or "7:2" (line and column) of a CSV file
  std::string exchange;              // without the white space around it
  std::string number;                // as typed
  const ErrorCode* fault = nullptr;  // the row cannot be read; then the texts mean nothing
};
struct NumberSheet {
  std::vector<NumberRow> rows;
  std::size_t blank = 0;  // rows with an exchange and no number
};
inline constexpr std::size_t kMaxNumberRows = 5'000;

// Sheets without the two headings are passed over. `faults` are those that read_workbook put aside. Errors: sheet.head
// (no sheet has the headings), sheet.limit (more rows than kMaxNumberRows).
[[nodiscard]] Result<NumberSheet> sheets_to_numbers(const std::vector<Sheet>& sheets, const std::vector<Fault>& faults);
// CSV in UTF-8, or else in GB18030; a row that does not fit is a fault of its own. Errors: sheet.head, sheet.limit, and
// those of CsvReader after which it cannot go on.
[[nodiscard]] Result<NumberSheet> csv_to_numbers(std::string_view bytes);

}  // namespace tongqu
