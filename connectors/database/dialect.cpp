#include "connectors/database/dialect.hpp"

#include <algorithm>
#include <array>

namespace tongqu::database {
namespace {

constexpr std::size_t kMaxPartLength = 128;
constexpr int kMaxParts = 3;
constexpr std::string_view kOracleTimeOpen = "TO_TIMESTAMP(";
constexpr std::string_view kOracleTimeClose = ", 'YYYY-MM-DD HH24:MI:SS.FF3')";

constexpr std::array<Dialect, 8> kDialects{{
    {.name = "sqlite"},
    {.name = "postgresql", .numbered_placeholders = true, .skip_locked = SkipLocked::kForUpdate},
    // Poco 1.11 hands out columns of MySQL by their own type only, and reads past its buffer with a LONGTEXT:
    // everything is asked for as a text whose length fits a VARCHAR of four bytes a character.
    {.name = "mysql",
     .quote_open = '`',
     .quote_close = '`',
     .piece_chars = 16'000,
     .text_open = "CAST(",
     .text_close = " AS CHAR(16000))"},
    {.name = "kingbase", .skip_locked = SkipLocked::kForUpdate},
    {.name = "opengauss", .skip_locked = SkipLocked::kForUpdate},
    {.name = "oracle",
     .upper_case_names = true,
     .empty_is_null = true,
     .limit = LimitStyle::kRownum,
     .time_open = kOracleTimeOpen,
     .time_close = kOracleTimeClose},
    {.name = "sqlserver",
     .quote_open = '[',
     .quote_close = ']',
     .limit = LimitStyle::kTop,
     .skip_locked = SkipLocked::kReadPast,
     .length_function = "DATALENGTH"},
    {.name = "dameng", .upper_case_names = true, .time_open = kOracleTimeOpen, .time_close = kOracleTimeClose},
}};

constexpr bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
constexpr bool is_rest(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '$'; }

bool is_part(std::string_view part) {
  return !part.empty() && part.size() <= kMaxPartLength && is_letter(part.front()) &&
         std::all_of(part.begin(), part.end(), is_rest);
}

}  // namespace

const Dialect* find_dialect(std::string_view name) {
  const auto* found =
      std::find_if(kDialects.begin(), kDialects.end(), [name](const Dialect& d) { return d.name == name; });
  return found == kDialects.end() ? nullptr : found;
}

bool is_identifier(std::string_view name, bool schema_allowed) {
  for (int part = 1; part <= (schema_allowed ? kMaxParts : 1); ++part) {
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return is_part(name);
    if (!is_part(name.substr(0, dot))) return false;
    name.remove_prefix(dot + 1);
  }
  return false;
}

std::string quoted(const Dialect& dialect, std::string_view name) {
  std::string out(1, dialect.quote_open);
  for (char c : name) {
    if (c == '.') {
      out += {dialect.quote_close, '.', dialect.quote_open};
      continue;
    }
    if (dialect.upper_case_names && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    out.push_back(c);
  }
  out.push_back(dialect.quote_close);
  return out;
}

}  // namespace tongqu::database
