#pragma once
// Strict reader of the table files: RFC 4180 as Excel writes it with "CSV UTF-8".
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu {

struct CsvCell {
  std::string text;
  Position position;  // of the first character, 1-based, columns in code points
};
using CsvRow = std::vector<CsvCell>;

inline constexpr std::size_t kMaxTableFileBytes = 4U << 20U;
inline constexpr std::size_t kMaxTableRows = 100'000;
inline constexpr std::size_t kMaxTableColumns = 32;
inline constexpr std::size_t kMaxTableCellBytes = 2'000;

// Rows of `text`. A byte order mark is skipped, lines end with LF or CRLF, rows without any text are left out. Stops at
// the first fault: codes kTableEncoding, kTableQuote, kTableLimit, with `file` as its path.
[[nodiscard]] Result<std::vector<CsvRow>> read_csv(std::string_view text, const std::string& file);

// A whole file of at most kMaxTableFileBytes; codes kTableUnreadable, kTableLimit.
[[nodiscard]] Result<std::string> read_table_file(const std::filesystem::path& file);

// One Error of the code kTableFile for all faults of a file.
[[nodiscard]] Error table_error(const std::string& file, std::vector<Fault> faults);
[[nodiscard]] Fault table_fault(const ErrorCode& code, const std::string& file, Position position,
                                std::string param = {});

}  // namespace tongqu
