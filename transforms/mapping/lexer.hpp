#pragma once
// Text of a mapping → tokens and comments. Line ends mean nothing but where a token begins.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::mapping {

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,     // letters, digits, '_', '-', '/', Chinese: names, table names, words of the language
  kMember,   // behind a '.': a word, or @name, #text, with ':' for XML prefixes
  kText,     // constant in quotation marks; `value` has the escapes resolved
  kInteger,  // with sign
  kDecimal,  // with sign and point
  kSchema,   // rest of a header line: "city-a.workorder@1"
  kSymbol,   // $ $$ . [ ] ( ) { } , : = == != < <= > >=
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // as written
  std::string value;      // kText: the text itself; kMember in quotation marks: the name
  Position position;
  std::uint32_t end_line = 0;
  bool first_on_line = false;
};

struct Comment {
  std::string_view text;  // with '#', without white space at its end
  Position position;
  bool own_line = false;
};

struct Lexed {
  std::vector<Token> tokens;  // ends with kEnd
  std::vector<Comment> comments;
  std::vector<Fault> faults;
};

constexpr std::size_t kMaxMappingBytes = 256U * 1024U;

// Views in the result point into `text`. Goes on behind a fault, so that all come at once.
[[nodiscard]] Lexed lex(std::string_view text);

// True for the words that an expression or a rule gives a meaning to; a field of that name is quoted.
[[nodiscard]] bool is_reserved(std::string_view word);

}  // namespace tongqu::mapping
