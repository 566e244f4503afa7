#include "transforms/tables/csv_reader.hpp"

#include <algorithm>
#include <fstream>

#include "gateway/core/text.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {

namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Result<std::vector<CsvRow>> read() {
    if (text_.size() > kMaxTableFileBytes)
      return fail(codes::kTableLimit, std::to_string(kMaxTableFileBytes) + " bytes");
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    while (at_ < text_.size()) {
      if (Status status = read_row(); status.has_error()) return status.error();
    }
    return std::move(rows_);
  }

 private:
  [[nodiscard]] Error fail(const ErrorCode& code, std::string param = {}) const {
    return table_error(file_, {table_fault(code, file_, place_, std::move(param))});
  }

  // Reads one code point; line ends come as '\n' whatever they are made of.
  Result<char32_t> take() {
    const auto c = next_code_point(text_, at_);
    if (!c) return fail(codes::kTableEncoding);
    char32_t out = *c;
    if (out == U'\r' && at_ < text_.size() && text_[at_] == '\n') {
      ++at_;
      out = U'\n';
    }
    if ((out < 0x20 && out != U'\n' && out != U'\t') || out == 0x7F) return fail(codes::kTableEncoding);
    if (out == U'\n') {
      ++place_.line;
      place_.column = 1;
    } else {
      ++place_.column;
    }
    return out;
  }

  // One row up to and with its line end.
  Status read_row() {
    CsvRow row;
    bool more = true;
    while (more) {
      if (row.size() == kMaxTableColumns)
        return fail(codes::kTableLimit, std::to_string(kMaxTableColumns) + " columns");
      row.push_back({{}, place_});
      auto again = read_cell(row.back().text);
      if (again.has_error()) return again.error();
      more = again.value();
    }
    const bool empty = std::all_of(row.begin(), row.end(), [](const CsvCell& cell) { return cell.text.empty(); });
    if (empty) return {};
    if (rows_.size() == kMaxTableRows) return fail(codes::kTableLimit, std::to_string(kMaxTableRows) + " rows");
    rows_.push_back(std::move(row));
    return {};
  }

  // True when another cell follows in the row.
  Result<bool> read_cell(std::string& cell) {
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) {
      if (Status status = read_quoted(cell); status.has_error()) return status.error();
    }
    while (at_ < text_.size()) {
      const auto c = take();
      if (c.has_error()) return c.error();
      if (c.value() == U',') return true;
      if (c.value() == U'\n') return false;
      if (quoted || c.value() == U'"') return fail(codes::kTableQuote);
      append_utf8(cell, c.value());
      if (cell.size() > kMaxTableCellBytes)
        return fail(codes::kTableLimit, std::to_string(kMaxTableCellBytes) + " bytes in a cell");
    }
    return false;
  }

  Status read_quoted(std::string& cell) {
    ++at_;
    ++place_.column;
    while (at_ < text_.size()) {
      const auto c = take();
      if (c.has_error()) return c.error();
      if (c.value() == U'"') {
        if (at_ == text_.size() || text_[at_] != '"') return {};
        ++at_;
        ++place_.column;
      }
      append_utf8(cell, c.value());
      if (cell.size() > kMaxTableCellBytes)
        return fail(codes::kTableLimit, std::to_string(kMaxTableCellBytes) + " bytes in a cell");
    }
    return fail(codes::kTableQuote);
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  Position place_{1, 1};
  std::vector<CsvRow> rows_;
};

}  // namespace

Result<std::vector<CsvRow>> read_csv(std::string_view text, const std::string& file) {
  return CsvReader(text, file).read();
}

Result<std::string> read_table_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return make_error(codes::kTableUnreadable, file.string());
  std::string text(kMaxTableFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return make_error(codes::kTableUnreadable, file.string());
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxTableFileBytes) {
    return table_error(file.string(), {table_fault(codes::kTableLimit, file.string(), {},
                                                   std::to_string(kMaxTableFileBytes) + " bytes")});
  }
  return text;
}

Error table_error(const std::string& file, std::vector<Fault> faults) {
  return Error{&codes::kTableFile, file, std::move(faults)};
}

Fault table_fault(const ErrorCode& code, const std::string& file, Position position, std::string param) {
  Fault fault;
  fault.code = &code;
  fault.path = file;
  fault.param = std::move(param);
  fault.position = position;
  return fault;
}

}  // namespace tongqu
