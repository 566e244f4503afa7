#include "connectors/file/row_splitter.hpp"

#include "connectors/file/file_codes.hpp"

namespace tongqu::file {
namespace {

constexpr std::string_view kMarkUtf8 = "\xEF\xBB\xBF";
constexpr std::string_view kMarkGb18030 = "\x84\x31\x95\x33";

bool is_lead(unsigned char c) { return c >= 0x81 && c <= 0xFE; }
bool is_digit(unsigned char c) { return c >= 0x30 && c <= 0x39; }
bool is_second_of_two(unsigned char c) { return c >= 0x40 && c <= 0xFE && c != 0x7F; }

}  // namespace

RowSplitter::RowSplitter(const CsvForm& form, std::uint64_t offset, std::uint64_t line)
    : form_(form), offset_(offset), line_(line), mark_checked_(offset != 0) {}

void RowSplitter::feed(std::string_view chunk) {
  compact();
  buffer_.append(chunk);
}

// What was cut is dropped; a record that is still open is moved to the front once per chunk.
void RowSplitter::compact() {
  buffer_.erase(0, head_);
  scan_ -= head_;
  head_ = 0;
}

// Bytes of the character at scan_; 0 = more are needed to tell.
std::size_t RowSplitter::unit(bool at_end) const {
  if (form_.charset == Charset::kUtf8) return 1;
  const auto at = [this](std::size_t i) { return static_cast<unsigned char>(buffer_[scan_ + i]); };
  const std::size_t left = buffer_.size() - scan_;
  if (!is_lead(at(0))) return 1;
  if (left < 2) return at_end ? 1 : 0;
  if (is_second_of_two(at(1))) return 2;
  if (!is_digit(at(1))) return 1;
  if (left < 3) return at_end ? 1 : 0;
  if (!is_lead(at(2))) return 1;
  if (left < 4) return at_end ? 1 : 0;
  return is_digit(at(3)) ? 4 : 1;
}

void RowSplitter::take(unsigned char byte, std::size_t size) {
  const bool quote = size == 1 && byte == static_cast<unsigned char>(form_.quote);
  const bool separator = size == 1 && byte == static_cast<unsigned char>(form_.separator);
  switch (state_) {
    case State::kFieldStart:
      if (!separator) state_ = quote ? State::kQuoted : State::kPlain;
      return;
    case State::kPlain:
      if (separator) state_ = State::kFieldStart;
      return;
    case State::kQuoted:
      if (quote) state_ = State::kQuoteInQuoted;
      if (size == 1 && byte == '\n') ++lines_inside_;
      return;
    case State::kQuoteInQuoted:
      state_ = quote ? State::kQuoted : separator ? State::kFieldStart : State::kPlain;
      return;
  }
}

bool RowSplitter::skip_mark(bool at_end) {
  const std::string_view mark = form_.charset == Charset::kUtf8 ? kMarkUtf8 : kMarkGb18030;
  if (buffer_.size() < mark.size() && !at_end && mark.starts_with(buffer_)) return false;
  mark_checked_ = true;
  if (!buffer_.starts_with(mark)) return true;
  head_ = scan_ = mark.size();
  offset_ += mark.size();
  return true;
}

RowSplitter::Step RowSplitter::cut(std::size_t size, std::size_t line_end) {
  record_.bytes = std::string_view(buffer_).substr(head_, size);
  if (line_end > 0 && record_.bytes.ends_with('\r')) record_.bytes.remove_suffix(1);
  record_.line = line_;
  record_.begin = offset_;
  record_.end = offset_ + size + line_end;
  record_.next_line = line_ + lines_inside_ + line_end;
  offset_ = record_.end;
  line_ = record_.next_line;
  lines_inside_ = 0;
  head_ = scan_;
  state_ = State::kFieldStart;
  return Step::kRecord;
}

RowSplitter::Step RowSplitter::fail(const ErrorCode& code) {
  fault_ = &code;
  return Step::kFault;
}

RowSplitter::Step RowSplitter::next(bool at_end) {
  if (fault_ != nullptr) return Step::kFault;
  if (!mark_checked_ && !skip_mark(at_end)) return Step::kMore;
  while (scan_ < buffer_.size()) {
    if (scan_ - head_ > form_.max_record_bytes) return fail(codes::kFileRowTooLong);
    const std::size_t size = unit(at_end);
    if (size == 0) return Step::kMore;
    const auto byte = static_cast<unsigned char>(buffer_[scan_]);
    if (size == 1 && byte == '\n' && state_ != State::kQuoted) {
      const std::size_t length = scan_ - head_;
      ++scan_;
      if (cut(length, 1) == Step::kRecord && !record_.bytes.empty()) return Step::kRecord;
      continue;
    }
    take(byte, size);
    scan_ += size;
  }
  if (!at_end) return Step::kMore;
  if (state_ == State::kQuoted) return fail(codes::kFileQuoteOpen);
  if (scan_ == head_) return Step::kEnd;
  return cut(scan_ - head_, 0);
}

std::vector<std::string> split_fields(std::string_view record, char separator, char quote) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  bool at_start = true;
  for (std::size_t i = 0; i < record.size(); ++i) {
    const char c = record[i];
    if (quoted) {
      if (c != quote) {
        fields.back() += c;
      } else if (i + 1 < record.size() && record[i + 1] == quote) {
        fields.back() += quote;
        ++i;
      } else {
        quoted = false;
      }
      continue;
    }
    if (c == separator) {
      fields.emplace_back();
      at_start = true;
      continue;
    }
    quoted = at_start && c == quote;
    if (!quoted) fields.back() += c;
    at_start = false;
  }
  return fields;
}

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (const char c : value) {
    out += c;
    if (c == '"') out += c;
  }
  return out + '"';
}

}  // namespace tongqu::file
