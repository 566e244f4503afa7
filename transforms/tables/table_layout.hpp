#pragma once
// The shape that all table files share: head lines "#word,value", one line of column names, rows.
#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transforms/tables/csv_reader.hpp"

namespace tongqu {

struct HeadWord {
  std::string_view word;
  bool required = false;
};

struct TableLayout {
  std::span<const HeadWord> head;
  std::span<const std::string_view> columns;  // all required, in any order
};

// A file taken apart. `rows` have exactly one cell for each column of the layout, in the layout's order.
struct TableParts {
  std::map<std::string, CsvCell, std::less<>> head;
  std::vector<CsvRow> rows;

  [[nodiscard]] std::string_view head_text(std::string_view word) const;
};

// Takes `rows` apart. All faults of head and shape are appended to `faults`; rows that do not fit are left out.
[[nodiscard]] TableParts take_apart(std::vector<CsvRow> rows, const TableLayout& layout, const std::string& file,
                                    std::vector<Fault>& faults);

// True for YYYY-MM-DD of the calendar.
[[nodiscard]] bool is_table_date(std::string_view text);

}  // namespace tongqu
