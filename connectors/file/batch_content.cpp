#include "connectors/file/batch_content.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/file/file_codes.hpp"

namespace tongqu::file {
namespace {

constexpr std::size_t kMaxAckLineBytes = 1024;
constexpr std::string_view kAckHeader = "line,result,code";

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<CsvRow> read_row(std::string_view body, const CsvForm& form, const std::string& id_column,
                        const std::string& message_id) {
  RowSplitter splitter(form);
  splitter.feed(body);
  CsvRow row;
  if (splitter.next(true) != RowSplitter::Step::kRecord) return make_error(codes::kBatchForm);
  row.header = splitter.record().bytes;
  if (splitter.next(true) != RowSplitter::Step::kRecord) return make_error(codes::kBatchForm);
  row.row = splitter.record().bytes;
  if (splitter.next(true) != RowSplitter::Step::kEnd) return make_error(codes::kBatchForm);
  if (!id_column.empty()) {
    row.header.insert(0, id_column + form.separator);
    row.row.insert(0, message_id + form.separator);
  }
  return row;
}

bool Collector::fits(const CsvRow& row) const {
  if (rows_.empty()) return true;
  return row.header == header_ && rows_.size() < limits_.max_rows && bytes_ + row.row.size() + 2 <= limits_.max_bytes;
}

void Collector::add(std::string message_id, CsvRow row, std::int64_t now_ms) {
  if (rows_.empty()) {
    header_ = std::move(row.header);
    bytes_ = header_.size() + 2;
    first_ms_ = now_ms;
  }
  bytes_ += row.row.size() + 2;
  rows_.push_back({std::move(message_id), std::move(row.row)});
}

bool Collector::holds(const std::string& message_id) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Waiting& one) { return one.message_id == message_id; });
}

bool Collector::remove(const std::string& message_id) {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const Waiting& one) { return one.message_id == message_id; });
  if (found == rows_.end()) return false;
  bytes_ -= found->row.size() + 2;
  rows_.erase(found);
  return true;
}

bool Collector::due(std::int64_t now_ms) const {
  if (rows_.empty()) return false;
  return rows_.size() >= limits_.max_rows || bytes_ >= limits_.max_bytes || now_ms - first_ms_ >= limits_.max_age_ms;
}

std::optional<std::int64_t> Collector::due_at_ms() const {
  if (rows_.empty()) return std::nullopt;
  return first_ms_ + limits_.max_age_ms;
}

Collector::Closed Collector::close() {
  const auto lines = [](std::string_view text) {
    return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  };
  Closed closed;
  closed.csv.reserve(bytes_);
  closed.csv.append(header_).append("\r\n");
  std::uint64_t line = 1 + lines(header_);
  for (Waiting& one : rows_) {
    closed.csv.append(one.row).append("\r\n");
    closed.rows.push_back({std::move(one.message_id), line});
    line += lines(one.row);
  }
  rows_.clear();
  bytes_ = 0;
  return closed;
}

Result<std::optional<std::set<std::uint64_t>>> read_ack(std::string_view text, const std::vector<BatchRow>& rows) {
  using Answer = std::optional<std::set<std::uint64_t>>;
  RowSplitter splitter({.max_record_bytes = kMaxAckLineBytes});
  splitter.feed(text);
  std::set<std::uint64_t> refused;
  bool header = true;
  for (;;) {
    // A last line without its end is being written.
    switch (splitter.next(false)) {
      case RowSplitter::Step::kMore:
      case RowSplitter::Step::kEnd: return Answer();
      case RowSplitter::Step::kFault: return make_error(codes::kBatchAckForm);
      case RowSplitter::Step::kRecord: break;
    }
    const std::string_view record = splitter.record().bytes;
    if (header && record != kAckHeader) return make_error(codes::kBatchAckForm);
    if (std::exchange(header, false)) continue;
    const auto fields = split_fields(record);
    if (fields.size() != 3) return make_error(codes::kBatchAckForm);
    if (fields[0] == "total") {
      if (number(fields[1]) != rows.size() || number(fields[2]) != refused.size())
        return make_error(codes::kBatchAckForm);
      return Answer(std::move(refused));
    }
    const auto line = number(fields[0]);
    const bool known =
        line && std::any_of(rows.begin(), rows.end(), [&](const BatchRow& row) { return row.line == *line; });
    if (!known || fields[1] != "refused") return make_error(codes::kBatchAckForm);
    refused.insert(*line);
  }
}

}  // namespace tongqu::file
