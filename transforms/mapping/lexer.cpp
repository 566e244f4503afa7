#include "transforms/mapping/lexer.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) { return is_word_start(c) || is_digit(c) || c == '-'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Lexed run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (skip_blank()) next();
    push(TokenKind::kEnd, at_);
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  // Moves to the next token; false at the end.
  bool skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        ++at_;
        ++line_;
        line_start_ = at_;
        fresh_line_ = true;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '#' && !after_dot_) {
        comment();
      } else {
        return true;
      }
    }
    return false;
  }

  Position here(std::size_t at) const {
    return {line_, static_cast<std::uint32_t>(count_code_points(text_.substr(line_start_, at - line_start_)) + 1)};
  }

  void comment() {
    const auto end = std::min(text_.find('\n', at_), text_.size());
    std::string_view body = text_.substr(at_, end - at_);
    while (!body.empty() && (body.back() == ' ' || body.back() == '\t' || body.back() == '\r')) body.remove_suffix(1);
    out_.comments.push_back({body, here(at_), fresh_line_});
    if (!is_utf8(body)) fault(codes::kMappingCharacter, at_);
    at_ = end;
  }

  void fault(const ErrorCode& code, std::size_t at) {
    out_.faults.push_back({.code = &code, .path = {}, .field_zh = {}, .param = {}, .position = here(at)});
  }

  Token& push(TokenKind kind, std::size_t begin) {
    Token token;
    token.kind = kind;
    token.text = text_.substr(begin, at_ - begin);
    token.position = here(begin);
    token.end_line = line_;
    token.first_on_line = fresh_line_;
    out_.tokens.push_back(std::move(token));
    fresh_line_ = false;
    after_dot_ = false;
    return out_.tokens.back();
  }

  void next() {
    const std::size_t begin = at_;
    const char c = peek();
    if (header_next()) return;
    if (c == '"') return text(after_dot_ ? TokenKind::kMember : TokenKind::kText);
    if (after_dot_ && (is_word_start(c) || is_digit(c) || c == '@' || c == '#')) return member();
    if (is_word_start(c)) {
      while (is_word(peek()) || (peek() == '/' && is_word(peek(1)))) ++at_;
      if (!is_utf8(text_.substr(begin, at_ - begin))) fault(codes::kMappingCharacter, begin);
      push(TokenKind::kWord, begin);
      return;
    }
    if (is_digit(c) || (c == '-' && is_digit(peek(1)))) return number();
    symbol();
  }

  // Behind `mapping`, `from` and `to` at the beginning of a line stands a name that may hold nearly anything.
  bool header_next() {
    if (out_.tokens.empty() || fresh_line_) return false;
    const Token& before = out_.tokens.back();
    const bool header = before.kind == TokenKind::kWord && before.first_on_line &&
                        (before.text == "mapping" || before.text == "from" || before.text == "to");
    if (!header || peek() == '=' || peek() == '.') return false;
    const std::size_t begin = at_;
    while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) > ' ' && text_[at_] != '#') ++at_;
    if (!is_utf8(text_.substr(begin, at_ - begin))) fault(codes::kMappingCharacter, begin);
    push(TokenKind::kSchema, begin);
    return true;
  }

  void member() {
    const std::size_t begin = at_;
    if (peek() == '@' || peek() == '#') ++at_;
    while (is_word(peek()) || (peek() == ':' && is_word_start(peek(1)))) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (!is_utf8(name)) fault(codes::kMappingCharacter, begin);
    push(TokenKind::kMember, begin).value = std::string(name);
  }

  void number() {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    while (is_digit(peek())) ++at_;
    const bool point = peek() == '.' && is_digit(peek(1));
    if (point) {
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    push(point ? TokenKind::kDecimal : TokenKind::kInteger, begin);
  }

  void text(TokenKind kind) {
    const std::size_t begin = at_++;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      if (text_[at_] != '\\') {
        value.push_back(text_[at_++]);
        continue;
      }
      static constexpr std::string_view kNames = "\"\\nrt";
      static constexpr std::string_view kValues = "\"\\\n\r\t";
      const auto which = at_ + 1 < text_.size() ? kNames.find(text_[at_ + 1]) : std::string_view::npos;
      if (which == std::string_view::npos) {
        fault(codes::kMappingEscape, at_);
        ++at_;
        continue;
      }
      value.push_back(kValues[which]);
      at_ += 2;
    }
    if (peek() == '"' && at_ < text_.size()) {
      ++at_;
    } else {
      fault(codes::kMappingTextOpen, begin);
    }
    if (!is_utf8(value)) fault(codes::kMappingCharacter, begin);
    push(kind, begin).value = std::move(value);
  }

  void symbol() {
    static constexpr std::array<std::string_view, 19> kSymbols{"$$", "==", "!=", "<=", ">=", "$", ".", "[", "]", "(",
                                                               ")",  "{",  "}",  ",",  ":",  "=", "<", ">", "@"};
    const std::size_t begin = at_;
    for (const std::string_view symbol : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      push(TokenKind::kSymbol, begin);
      after_dot_ = symbol == ".";
      return;
    }
    fault(codes::kMappingCharacter, begin);
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  bool fresh_line_ = true;
  bool after_dot_ = false;
  Lexed out_;
};

}  // namespace

Lexed lex(std::string_view text) {
  if (text.size() > kMaxMappingBytes) {
    Lexed out;
    out.tokens.emplace_back();
    out.faults.push_back({.code = &codes::kMappingTooLarge,
                          .path = {},
                          .field_zh = {},
                          .param = "max_mapping_bytes = " + std::to_string(kMaxMappingBytes),
                          .position = {1, 1}});
    return out;
  }
  return Lexer(text).run();
}

bool is_reserved(std::string_view word) {
  static constexpr std::array<std::string_view, 13> kWords{"when", "if", "then", "else", "otherwise", "and",  "or",
                                                           "not",  "in", "on",   "each", "true",      "false"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace tongqu::mapping
