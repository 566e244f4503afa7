#include "transforms/codecs/csv_table.hpp"

#include <algorithm>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/refusal.hpp"

namespace tongqu {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::string_view heading_of(const FieldNode& field, CsvHeader header) {
  return header == CsvHeader::kTitles && !field.title_zh.empty() ? field.title_zh : field.name;
}

// What a reader would take for a text cell is written as one.
bool looks_like_text_cell(std::string_view value) {
  return value.size() >= 3 && value.starts_with("=\"") && value.ends_with('"');
}

void append_cell(std::string& out, std::string_view value, char separator, bool must_quote) {
  const bool is_text_cell = looks_like_text_cell(value);
  const bool is_quoted = is_text_cell || must_quote || value.starts_with(' ') || value.ends_with(' ') ||
                         value.starts_with("sep=") || value.find_first_of("\"\r\n") != std::string_view::npos ||
                         value.find(separator) != std::string_view::npos;
  if (is_text_cell) out.push_back('=');
  if (is_quoted) out.push_back('"');
  for (const char c : value) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  if (is_quoted) out.push_back('"');
}

}  // namespace

CsvTableReader::CsvTableReader(const CsvFormat& format, const FieldNode& fields, CsvLimits limits, CsvReader::Pull pull)
    : format_(format), fields_(fields), reader_(format.dialect, limits, std::move(pull)) {}

std::string CsvTableReader::name_of_heading(std::string_view heading) const {
  for (const FieldNode& field : fields_.members) {
    if (heading_of(field, format_.header) == heading) return field.name;
  }
  return std::string(heading);
}

Status CsvTableReader::read_header() {
  has_header_ = true;
  if (format_.header == CsvHeader::kNone) {
    for (const FieldNode& field : fields_.members) names_.push_back(field.name);
    return {};
  }
  const auto read = reader_.next(row_);
  if (read.has_error()) return read.error();
  if (!*read) return {};
  for (std::size_t i = 0; i < row_.size(); ++i) names_.push_back(name_of_heading(trim(row_.cell(i))));
  std::vector<std::pair<std::string_view, std::size_t>> columns;
  columns.reserve(names_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) columns.emplace_back(names_[i], i);
  std::sort(columns.begin(), columns.end());
  for (std::size_t i = 1; i < columns.size(); ++i) {
    if (columns[i].first.empty() || columns[i].first != columns[i - 1].first) continue;
    return refusal(codes::kCsvHeading, "$", row_.position(columns[i].second));
  }
  return {};
}

Result<bool> CsvTableReader::next(Document& out) {
  out.clear();
  if (!has_header_) {
    if (Status read = read_header(); read.has_error()) header_failure_ = read.error();
  }
  if (header_failure_.code != nullptr) return header_failure_;
  const auto read = reader_.next(row_);
  if (read.has_error() || !*read) return read;
  // Without headings the schema says how many columns there are.
  if (row_.size() != names_.size()) {
    const Position place = row_.position(std::min(names_.size(), row_.size() - 1));
    return refusal(codes::kCsvRagged, "$", place, std::to_string(names_.size()));
  }
  Node* object = out.make(Kind::kObject, {}, row_.position(0));
  out.set_root(object);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i].empty()) {
      if (!row_.cell(i).empty()) return refusal(codes::kCsvHeading, "$", row_.position(i));
      continue;
    }
    out.append(*object, out.make(Kind::kText, row_.cell(i), row_.position(i)), names_[i]);
  }
  return true;
}

// A line whose first bytes a reader would take for a byte order mark, were they the first of a file: U+FEFF itself, or
// 锘 before some characters in GB18030, whose bytes are the mark of UTF-8. In quotes they are text.
Status CsvTableWriter::append_line(std::span<const std::string_view> cells, std::string& out) const {
  // UTF-16 has its mark from append_head.
  const Charset charset = format_.dialect.charset == Charset::kUtf16 ? Charset::kUtf16Le : format_.dialect.charset;
  const std::size_t before = out.size();
  for (bool quote_first = cells.size() == 1 && cells.front().empty();; quote_first = true) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line.push_back(format_.dialect.separator);
      append_cell(line, cells[i], format_.dialect.separator, i == 0 && quote_first);
    }
    line += "\r\n";
    const Status encoded = encode_charset(line, charset, Unencodable::kRefuse, out);
    if (encoded.has_error()) return refusal(*encoded.error().code, "$", {}, encoded.error().param);
    if (quote_first || !find_byte_order_mark(std::string_view(out).substr(before))) return {};
    out.resize(before);
  }
}

Status CsvTableWriter::append_head(std::string& out) const {
  const std::size_t before = out.size();
  if (format_.dialect.charset == Charset::kUtf16) out += "\xFF\xFE";
  if (format_.dialect.charset == Charset::kUtf8 && format_.mark) out += "\xEF\xBB\xBF";
  if (format_.header == CsvHeader::kNone) return {};
  std::vector<std::string_view> headings;
  headings.reserve(fields_.members.size());
  for (const FieldNode& field : fields_.members) headings.push_back(heading_of(field, format_.header));
  Status appended = append_line(headings, out);
  if (appended.has_error()) out.resize(before);
  return appended;
}

Status CsvTableWriter::append_row(const Node& object, std::string& out) const {
  if (object.kind != Kind::kObject) return refusal(codes::kCsvEncodeShape, "$", {}, "a row that is no object");
  std::vector<std::string_view> cells;
  std::size_t known = 0;
  for (const FieldNode& field : fields_.members) {
    const Node* member = object.find(field.name);
    known += member != nullptr ? 1U : 0U;
    if (member != nullptr && (!member->is_scalar() || member->text.find('\0') != std::string_view::npos)) {
      std::string path = "$";
      append_path_member(path, field.name);
      return refusal(codes::kCsvEncodeShape, path, {}, "a member that is no text");
    }
    cells.push_back(member != nullptr ? member->text : std::string_view{});
  }
  if (known != object.count) return refusal(codes::kCsvEncodeShape, "$", {}, "a member that the schema does not have");
  return append_line(cells, out);
}

}  // namespace tongqu
