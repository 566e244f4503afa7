#pragma once
// In which words a database wants its statements. Pure; no I/O.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu::database {

enum class LimitStyle : std::uint8_t {
  kLimit,   // SELECT … LIMIT n
  kTop,     // SELECT TOP (n) …
  kFetch,   // SELECT … FETCH FIRST n ROWS ONLY
  kRownum,  // SELECT * FROM (SELECT …) WHERE ROWNUM <= n
};
enum class SkipLocked : std::uint8_t {
  kNo,         // candidates are read without a lock; the conditional update alone decides
  kForUpdate,  // … FOR UPDATE SKIP LOCKED
  kReadPast,   // FROM t WITH (UPDLOCK, ROWLOCK, READPAST)
};

struct Dialect {
  std::string_view name;
  char quote_open = '"';
  char quote_close = '"';
  bool numbered_placeholders = false;  // $1 instead of ?
  bool upper_case_names = false;       // names are folded to upper case before they are quoted
  bool empty_is_null = false;          // the database stores '' as NULL
  LimitStyle limit = LimitStyle::kLimit;
  SkipLocked skip_locked = SkipLocked::kNo;
  std::string_view length_function = "LENGTH";  // characters or bytes of a text or CLOB
  // Longest text that the driver hands out, in characters; 0 = any. Longer payloads are fetched in pieces.
  std::size_t piece_chars = 0;
  std::string_view text_open = {};  // puts a column of any type into text: CAST( … AS CHAR)
  std::string_view text_close = {};
  std::string_view time_open = {};  // puts a bound "2026-11-25 09:00:00.000" into a timestamp
  std::string_view time_close = {};
};

// sqlite, postgresql, mysql, kingbase, opengauss, oracle, sqlserver, dameng; nullptr for any other name.
[[nodiscard]] const Dialect* find_dialect(std::string_view name);

// True for [A-Za-z_][A-Za-z0-9_$]*, with `schema_allowed` at most two of them joined by dots before it; each part at
// most 128 characters.
[[nodiscard]] bool is_identifier(std::string_view name, bool schema_allowed);
// The name as it stands in a statement, each part quoted. Precondition: is_identifier.
[[nodiscard]] std::string quoted(const Dialect& dialect, std::string_view name);

}  // namespace tongqu::database
