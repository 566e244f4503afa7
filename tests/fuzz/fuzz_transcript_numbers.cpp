// Whatever is read as a sheet of national numbers: bounded, each row with its place, no row lost between the counts,
// and the same twice.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "transforms/sheets/transcript_sheet.hpp"

namespace {

using namespace tongqu;  // NOLINT

std::string said(const Result<NumberSheet>& read) {
  if (read.has_error()) return std::string(read.error().code->id) + read.error().param;
  if (read->rows.size() > kMaxNumberRows) std::abort();
  std::string out = std::to_string(read->blank);
  for (const NumberRow& row : read->rows) {
    if (row.where.empty()) std::abort();
    if (row.fault == nullptr && row.number.empty()) std::abort();
    out.append(row.where).append(row.exchange).append(row.number);
  }
  return out;
}

std::string read_book(std::string_view bytes) {
  WorkbookLimits limits;
  limits.max_unpacked_bytes = 1U << 20U;
  limits.max_rows = 1000;
  std::vector<Fault> faults;
  const auto sheets = read_workbook(bytes, limits, &faults);
  if (sheets.has_error()) return std::string(sheets.error().code->id);
  return said(sheets_to_numbers(*sheets, faults));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("PK")) {
    if (read_book(bytes) != read_book(bytes)) std::abort();
    return 0;
  }
  const auto read = csv_to_numbers(bytes);
  if (said(read) != said(csv_to_numbers(bytes))) std::abort();
  const auto lines = std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; }) + 1;
  if (read.has_value() && read->rows.size() + read->blank > static_cast<std::size_t>(lines)) std::abort();
  return 0;
}
