#pragma once
// Messages that wait for a file together, the bytes of that file, and the partner's acknowledgement of it. No I/O.
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/batch_book.hpp"
#include "connectors/file/row_splitter.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::file {

// One message as a row: header line and row, both without line end, in the partner's character set.
struct CsvRow {
  std::string header;
  std::string row;
};
// A message body of exactly two records; file.batch-form otherwise. With `id_column` a first column of that name holds
// the message id, so that the partner can de-duplicate as well.
[[nodiscard]] Result<CsvRow> read_row(std::string_view body, const CsvForm& form, const std::string& id_column,
                                      const std::string& message_id);

struct CollectLimits {
  std::size_t max_rows = 500;
  std::size_t max_bytes = std::size_t{16} << 20U;
  std::int64_t max_age_ms = 5000;  // from its first row to its closing
};

// Rows of one header that wait.
class Collector {
 public:
  explicit Collector(const CollectLimits& limits) : limits_(limits) {}
  // False: the row begins the next file (another header, or no room); close() first.
  [[nodiscard]] bool fits(const CsvRow& row) const;
  void add(std::string message_id, CsvRow row, std::int64_t now_ms);
  // Takes a message out again; false when it is not here.
  bool remove(const std::string& message_id);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] bool due(std::int64_t now_ms) const;
  [[nodiscard]] std::optional<std::int64_t> due_at_ms() const;
  [[nodiscard]] bool holds(const std::string& message_id) const;

  struct Closed {
    std::string csv;             // header and rows, CR LF behind each
    std::vector<BatchRow> rows;  // with their lines
  };
  [[nodiscard]] Closed close();

 private:
  struct Waiting {
    std::string message_id;
    std::string row;
  };
  CollectLimits limits_;
  std::string header_;
  std::vector<Waiting> rows_;
  std::size_t bytes_ = 0;
  std::int64_t first_ms_ = 0;
};

// The acknowledgement file of a partner, CSV in UTF-8 (assumed):
//
//   line,result,code
//   17,refused,E03         a row that it refuses, by the line on which it begins; rows not named are taken
//   total,1024,1           the end: rows of the file, rows refused
//
// Empty while the end is missing (it is being written). file.ack-form when it is something else, or counts otherwise
// than `rows`.
[[nodiscard]] Result<std::optional<std::set<std::uint64_t>>> read_ack(std::string_view text,
                                                                      const std::vector<BatchRow>& rows);

}  // namespace tongqu::file
