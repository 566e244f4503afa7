#include "transforms/codecs/csv_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kBlockBytes = 16 * 1024;
constexpr std::size_t kLongestMark = 4;

bool is_line_end(int c) { return c == '\n' || c == '\r'; }

}  // namespace

// UTF-8, character by character, with line and column.
class CsvReader::Source {
 public:
  static constexpr int kEnd = -1;
  static constexpr int kFailed = -2;

  Source(Charset charset, Pull pull) : charset_(charset), pull_(std::move(pull)) {}

  // The next byte without taking it; `ahead` bytes further on. kEnd behind the last; kFailed when `failure` is set.
  int peek(std::size_t ahead = 0) {
    while (at_ + ahead >= text_.size()) {
      if (failure_.code != nullptr && at_ >= text_.size()) return kFailed;
      if (ended_ || failure_.code != nullptr) return kEnd;
      fill();
    }
    return static_cast<unsigned char>(text_[at_ + ahead]);
  }
  void take() {
    const char c = text_[at_++];
    // The position moves behind a line end when its last byte was taken.
    if (c == '\n' || (c == '\r' && peek() != '\n')) {
      ++position_.line;
      position_.column = 1;
    } else if (c != '\r' && static_cast<signed char>(c) >= -64) {
      ++position_.column;
    }
  }
  // Takes CRLF, LF or CR.
  void take_line_end() {
    const bool is_return = peek() == '\r';
    take();
    if (is_return && peek() == '\n') take();
  }
  [[nodiscard]] Position position() const { return position_; }
  // Why the bytes end early, at the place where they do.
  [[nodiscard]] Error failure() const {
    return failure_.faults.empty() && failure_.code->kind == ErrorKind::kInvalid
               ? refusal(*failure_.code, "$", position_, failure_.param)
               : failure_;
  }

 private:
  void fill() {
    text_.erase(0, at_);
    at_ = 0;
    std::array<char, kBlockBytes> block;
    const auto size = pull_(block.data(), block.size());
    if (size.has_error()) {
      failure_ = size.error();
      return;
    }
    ended_ = *size == 0;
    if (decoder_) return decode({block.data(), *size});
    // The mark is looked for when enough has come.
    head_.append(block.data(), *size);
    if (head_.size() < kLongestMark && !ended_) return;
    const auto mark = find_byte_order_mark(head_);
    decoder_.emplace(mark ? mark->charset : charset_);
    decode(head_);
    if (mark && text_.size() >= 3) text_.erase(0, 3);  // U+FEFF, also when a later byte is malformed
    head_.clear();
  }
  void decode(std::string_view bytes) {
    if (Status decoded = decoder_->decode(bytes, ended_, text_); decoded.has_error()) failure_ = decoded.error();
  }

  Charset charset_;
  Pull pull_;
  std::optional<CharsetDecoder> decoder_;
  std::string head_;
  std::string text_;
  std::size_t at_ = 0;
  bool ended_ = false;
  Position position_{1, 1};
  Error failure_;
};

CsvReader::CsvReader(CsvDialect dialect, CsvLimits limits, Pull pull)
    : dialect_(dialect), limits_(limits), source_(std::make_unique<Source>(dialect.charset, std::move(pull))) {}
CsvReader::~CsvReader() = default;

Result<bool> CsvReader::next(CsvRow& row) {
  if (failure_.code != nullptr) return failure_;
  auto read = read_row(row);
  if (read.has_error()) {
    failure_ = read.error();
    return read;
  }
  if (!*read) return false;
  if (columns_ == 0) columns_ = row.size();
  if (row.size() == columns_) return true;
  const bool is_long = row.size() > columns_;
  const Position position = is_long ? row.position(columns_) : row.position(row.size() - 1);
  return refusal(codes::kCsvRagged, "$", position, std::to_string(columns_));
}

// "sep=;" and the line's end, at the very beginning.
void CsvReader::read_separator_line() {
  static constexpr std::string_view kWord = "sep=";
  for (std::size_t i = 0; i < kWord.size(); ++i) {
    if (source_->peek(i) != kWord[i]) return;
  }
  const int separator = source_->peek(4);
  if (separator < 0x09 || separator > 0x7E || separator == '"' || is_line_end(separator)) return;
  if (!is_line_end(source_->peek(5))) return;
  for (int i = 0; i < 5; ++i) source_->take();
  source_->take_line_end();
  dialect_.separator = static_cast<char>(separator);
}

Result<bool> CsvReader::read_row(CsvRow& row) {
  row.text_.clear();
  row.cells_.clear();
  if (at_begin_) read_separator_line();
  at_begin_ = false;
  while (is_line_end(source_->peek())) source_->take_line_end();
  if (source_->peek() == Source::kEnd) return false;
  for (;;) {
    if (row.cells_.size() >= limits_.max_columns) {
      return refusal(codes::kCsvColumns, "$", source_->position(), std::to_string(limits_.max_columns));
    }
    if (Status read = read_cell(row); read.has_error()) return read.error();
    const int c = source_->peek();
    if (c == Source::kFailed) return source_->failure();
    if (c == Source::kEnd) return true;
    if (is_line_end(c)) {
      source_->take_line_end();
      return true;
    }
    source_->take();  // the separator
  }
}

Status CsvReader::put(CsvRow& row, char c) {
  if (c == '\0') return refusal(codes::kCsvCharacter, "$", source_->position());
  CsvRow::Cell& cell = row.cells_.back();
  if (++cell.size > limits_.max_cell_bytes) {
    return refusal(codes::kCsvCellBytes, "$", cell.position, std::to_string(limits_.max_cell_bytes));
  }
  row.text_.push_back(c);
  if (row.text_.size() > limits_.max_row_bytes) {
    return refusal(codes::kCsvRowBytes, "$", cell.position, std::to_string(limits_.max_row_bytes));
  }
  return {};
}

Status CsvReader::read_cell(CsvRow& row) {
  const Position begin = source_->position();
  row.cells_.push_back({row.text_.size(), 0, begin});
  if (source_->peek() == '"') return read_quoted(row, begin, false);
  if (source_->peek() == '=' && source_->peek(1) == '"') {
    source_->take();
    return read_quoted(row, begin, true);
  }
  for (int c = source_->peek(); c >= 0 && c != dialect_.separator && !is_line_end(c); c = source_->peek()) {
    if (c == '"') return refusal(codes::kCsvQuote, "$", source_->position());
    if (Status put_in = put(row, static_cast<char>(c)); put_in.has_error()) return put_in;
    source_->take();
  }
  return {};
}

Status CsvReader::read_quoted(CsvRow& row, Position begin, bool is_text_cell) {
  source_->take();
  for (;;) {
    const int c = source_->peek();
    if (c == Source::kFailed) return source_->failure();
    if (c == Source::kEnd) return refusal(codes::kCsvUnclosed, "$", begin);
    source_->take();
    if (c == '"' && source_->peek() != '"') break;
    if (c == '"') source_->take();
    if (Status put_in = put(row, static_cast<char>(c)); put_in.has_error()) return put_in;
  }
  const int behind = source_->peek();
  if (behind >= 0 && behind != dialect_.separator && !is_line_end(behind)) {
    return refusal(codes::kCsvQuote, "$", source_->position());
  }
  if (!is_text_cell) end_cell(row, true);
  return {};
}

// "=""0012""" is the text cell ="0012" in quotes.
void CsvReader::end_cell(CsvRow& row, bool may_be_text_cell) {
  CsvRow::Cell& cell = row.cells_.back();
  const std::string_view value = row.cell(row.cells_.size() - 1);
  if (!may_be_text_cell || value.size() < 3 || !value.starts_with("=\"") || !value.ends_with('"')) return;
  const std::string_view inner = value.substr(2, value.size() - 3);
  if (inner.find('"') != std::string_view::npos) return;
  cell.begin += 2;
  cell.size -= 3;
}

CsvReader::Pull pull_from(std::string_view bytes) {
  return [bytes](char* buffer, std::size_t size) mutable -> Result<std::size_t> {
    const std::size_t taken = std::min(size, bytes.size());
    if (taken > 0) std::memcpy(buffer, bytes.data(), taken);
    bytes.remove_prefix(taken);
    return taken;
  };
}

}  // namespace tongqu
