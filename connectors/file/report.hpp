#pragma once
// What the partner is told about one of its files. CSV in UTF-8; line, column, field and code, never a value.
//
//   <name>.errors.csv   line,column,field,code,text   one line a fault; line and column as in the partner's file;
//                                                     for archives a sixth column, member: the name in the archive
//   <name>.result.csv   item,value                    state, rows = imported + duplicate + refused, held (of imported),
//                                                     and one line reason:<code> for each reason of refusal
#include <string>

#include "connectors/file/import_state.hpp"

namespace tongqu::file {

inline constexpr std::size_t kMaxFaultsOfRow = 20;

// `with_member`: the partner's files are archives.
[[nodiscard]] std::string errors_header(bool with_member);
// Where something refused stood: a row that was handed over as `header_lines` lines of header and itself.
struct ErrorPlace {
  std::uint64_t line = 1;  // of its first line in the file
  std::uint64_t header_lines = 0;
  bool with_member = false;
  std::string member;
};
// Lines for one that was refused. `lines` counts them.
[[nodiscard]] std::string error_lines(const ErrorPlace& place, const Error& error, std::uint64_t& lines);
// The one line for a file that is turned back as a whole.
[[nodiscard]] std::string broken_line(const ErrorCode& code, std::uint64_t line, bool with_member);
[[nodiscard]] std::string result_text(const ImportState& state);

}  // namespace tongqu::file
