#pragma once
// The records of a file, read in chunks through the splitter.
#include <memory>

#include "connectors/file/row_splitter.hpp"
#include "connectors/support/file_system.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::file {

class RecordReader {
 public:
  // `reader` stands at byte `offset`, the first of line `line`. `hash`, if given, gets every byte that is read.
  RecordReader(std::unique_ptr<FileReader> reader, const CsvForm& form, std::uint64_t offset, std::uint64_t line,
               RunningHash* hash = nullptr);
  // The next record, valid until the next call; null at the end. Errors: the reader's; file.row-too-long and
  // file.quote-open with fault_line().
  [[nodiscard]] Result<const Record*> next();
  [[nodiscard]] std::uint64_t fault_line() const { return splitter_.fault_line(); }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  std::unique_ptr<FileReader> reader_;
  RowSplitter splitter_;
  RunningHash* hash_;
  std::string chunk_;
  std::uint64_t bytes_read_ = 0;
  bool at_end_ = false;
};

}  // namespace tongqu::file
