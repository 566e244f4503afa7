#pragma once
// Cuts the bytes of a CSV file (RFC 4180, separator and quote as configured) into records without decoding them: what
// comes out is what stood in the file, so that the partner schema's codec reads each row with the file's own character
// set. No I/O; memory is one record and one chunk.
//
// Character sets: in UTF-8 no byte of a longer character is below 0x80. In GB18030 (and GBK, GB2312, its subsets) the
// second byte may be 0x40–0x7E – '|', '^', '~' and '\' among them – and the second and fourth byte of a four-byte
// character are digits; those bytes belong to their character and are never separator or quote. A lead byte without a
// proper second byte stands alone, so that a broken character cannot swallow a quotation mark or a line end.
//
// A quotation mark opens a quoted field at the field's start only; "" inside is one mark; what follows the closing mark
// belongs to the field. LF or CR LF ends a record outside quotation marks. Records without a byte are passed over.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::file {

enum class Charset : std::uint8_t { kUtf8, kGb18030 };

struct CsvForm {
  Charset charset = Charset::kUtf8;
  char separator = ',';
  char quote = '"';
  std::size_t max_record_bytes = std::size_t{1} << 20U;
};

// One record. `bytes` is valid until the next call of the splitter.
struct Record {
  std::string_view bytes;   // without its line end
  std::uint64_t line = 0;   // line of its first byte, from 1
  std::uint64_t begin = 0;  // offset of its first byte
  std::uint64_t end = 0;    // offset behind its line end: where the next one begins
  std::uint64_t next_line = 0;
};

class RowSplitter {
 public:
  // Begins at byte `offset`, which is the first of line `line` (1 at offset 0). A byte order mark at offset 0 is
  // skipped.
  explicit RowSplitter(const CsvForm& form, std::uint64_t offset = 0, std::uint64_t line = 1);

  enum class Step : std::uint8_t { kRecord, kMore, kEnd, kFault };
  // The next record. kMore: feed() first. kEnd and kFault are final. `at_end`: nothing will be fed any more.
  [[nodiscard]] Step next(bool at_end);
  // Adds bytes. At most once after each kMore; the chunk is copied.
  void feed(std::string_view chunk);

  [[nodiscard]] const Record& record() const { return record_; }
  // After kFault: file.row-too-long or file.quote-open, and the line on which the record began.
  [[nodiscard]] const ErrorCode& fault() const { return *fault_; }
  [[nodiscard]] std::uint64_t fault_line() const { return line_; }

 private:
  enum class State : std::uint8_t { kFieldStart, kPlain, kQuoted, kQuoteInQuoted };
  [[nodiscard]] std::size_t unit(bool at_end) const;
  void take(unsigned char byte, std::size_t size);
  [[nodiscard]] Step cut(std::size_t size, std::size_t line_end);
  [[nodiscard]] Step fail(const ErrorCode& code);
  bool skip_mark(bool at_end);
  void compact();

  CsvForm form_;
  std::string buffer_;
  std::size_t head_ = 0;  // first byte of the record in buffer_
  std::size_t scan_ = 0;  // first byte not looked at
  std::uint64_t offset_;  // of head_ in the file
  std::uint64_t line_;    // of head_
  std::uint64_t lines_inside_ = 0;
  State state_ = State::kFieldStart;
  bool mark_checked_;
  const ErrorCode* fault_ = nullptr;
  Record record_;
};

// The fields of one record, quotation marks taken off. `record` is in UTF-8 or plain ASCII.
[[nodiscard]] std::vector<std::string> split_fields(std::string_view record, char separator = ',', char quote = '"');
// `value` as a CSV field: in quotation marks where it needs them.
[[nodiscard]] std::string csv_field(std::string_view value);

}  // namespace tongqu::file
