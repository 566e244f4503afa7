#pragma once
// What the partner is told about one of its files. CSV in UTF-8; line, column, field and code, never a value.
//
//   <name>.errors.csv   line,column,field,code,text   one line a fault; line and column as in the partner's file
//   <name>.result.csv   item,value                    state, rows = imported + duplicate + refused, held (of imported),
//                                                     and one line reason:<code> for each reason of refusal
#include <string>

#include "connectors/file/import_state.hpp"

namespace tongqu::file {

inline constexpr std::size_t kMaxFaultsOfRow = 20;

[[nodiscard]] std::string errors_header();
// Lines for one refused row that was handed over as `header_lines` lines of header and itself. `lines` counts them.
[[nodiscard]] std::string error_lines(const RowPlace& place, const Error& error, std::uint64_t header_lines,
                                      std::uint64_t& lines);
// The one line for a file that is turned back as a whole.
[[nodiscard]] std::string broken_line(const ErrorCode& code, std::uint64_t line);
[[nodiscard]] std::string result_text(const ImportState& state);

}  // namespace tongqu::file
