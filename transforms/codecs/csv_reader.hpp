#pragma once
// CSV (RFC 4180) row by row in bounded memory, with what spreadsheets of Chinese offices add: a byte order mark, a
// first line "sep=;", any of CRLF, LF and CR, text cells ="0012" (bare or quoted).
//
// Quotes stand around a whole cell or nowhere. Lines without a character are no rows. Every row has as many cells as
// the first.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu {

struct CsvLimits {
  std::size_t max_row_bytes = 1U << 20U;  // UTF-8, all cells of a row together
  std::size_t max_columns = 1024;
  std::size_t max_cell_bytes = 256 * 1024;
};

struct CsvDialect {
  char separator = ',';              // one ASCII character; neither quote nor line break
  Charset charset = Charset::kUtf8;  // unless the bytes begin with a mark
};

// One row. Valid until the reader is asked for the next.
class CsvRow {
 public:
  [[nodiscard]] std::size_t size() const { return cells_.size(); }
  [[nodiscard]] std::string_view cell(std::size_t i) const {
    return std::string_view(text_).substr(cells_[i].begin, cells_[i].size);
  }
  // Where the cell begins, its quote included.
  [[nodiscard]] Position position(std::size_t i) const { return cells_[i].position; }

 private:
  friend class CsvReader;
  struct Cell {
    std::size_t begin = 0;
    std::size_t size = 0;
    Position position;
  };
  std::string text_;
  std::vector<Cell> cells_;
};

// Not thread-safe. Memory: one row, and 64 KiB of the source.
class CsvReader {
 public:
  // Fills `buffer` with up to `size` bytes and returns how many; 0 = end. Its errors come through `next`.
  using Pull = std::function<Result<std::size_t>(char* buffer, std::size_t size)>;

  CsvReader(CsvDialect dialect, CsvLimits limits, Pull pull);
  ~CsvReader();

  // The next row; false at the end. Errors, each with a fault that has line and column: csv.ragged – then the reader
  // goes on with the row behind it –, csv.quote, csv.unclosed, csv.character (U+0000), csv.row-bytes, csv.columns,
  // csv.cell-bytes, charset.malformed and those of `pull` – then every further call returns the same error.
  [[nodiscard]] Result<bool> next(CsvRow& row);

 private:
  class Source;
  Result<bool> read_row(CsvRow& row);
  Status read_cell(CsvRow& row);
  Status read_quoted(CsvRow& row, Position begin, bool is_text_cell);
  Status put(CsvRow& row, char c);
  void end_cell(CsvRow& row, bool may_be_text_cell);
  void read_separator_line();

  CsvDialect dialect_;
  CsvLimits limits_;
  std::unique_ptr<Source> source_;
  std::size_t columns_ = 0;  // of the first row; 0 = not read yet
  bool at_begin_ = true;
  Error failure_;
};

// A pull function over bytes that outlive it.
[[nodiscard]] CsvReader::Pull pull_from(std::string_view bytes);

}  // namespace tongqu
