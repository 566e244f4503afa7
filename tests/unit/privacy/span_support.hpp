#pragma once
// Texts in which the tests mark what is to be found, and the ways in which people write the same thing.
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/text.hpp"
#include "security/privacy/text_span.hpp"

namespace tongqu::test {

struct MarkedText {
  std::string text;
  std::vector<TextSpan> spans;  // without reasons
};

inline std::u32string code_points(std::string_view utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) out.push_back(next_code_point(utf8, at).value_or(U'\xFFFD'));
  return out;
}

inline std::string utf8_of(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

// "电话[PHONE|138…]": the text without marks, and the spans.
inline MarkedText marked(std::string_view with_marks) {
  MarkedText out;
  std::uint32_t at = 0;
  TextSpan open;
  bool inside = false;
  for (std::size_t i = 0; i < with_marks.size();) {
    if (with_marks[i] == '[') {
      const std::size_t bar = with_marks.find('|', i);
      const std::string_view name = with_marks.substr(i + 1, bar - i - 1);
      for (int type = 0; type <= static_cast<int>(SpanType::kName); ++type) {
        if (name_of(static_cast<SpanType>(type)) == name) open.type = static_cast<SpanType>(type);
      }
      open.begin = at;
      inside = true;
      i = bar + 1;
    } else if (inside && with_marks[i] == ']') {
      open.end = at;
      out.spans.push_back(open);
      inside = false;
      ++i;
    } else {
      append_utf8(out.text, next_code_point(with_marks, i).value_or(U'\xFFFD'));
      ++at;
    }
  }
  return out;
}

// The same form again, so that a failed test shows what was found.
inline std::string with_marks(const FoldedText& text, const std::vector<TextSpan>& spans) {
  std::string out;
  std::size_t at = 0;
  for (const TextSpan& span : spans) {
    out += utf8_of(std::u32string_view(text.text()).substr(at, span.begin - at));
    out += "[" + std::string(name_of(span.type)) + "|";
    out += utf8_of(std::u32string_view(text.text()).substr(span.begin, span.end - span.begin)) + "]";
    at = span.end;
  }
  return out + utf8_of(std::u32string_view(text.text()).substr(at));
}

// The same numbers on every machine: no distribution of the library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }
  template <typename Table>
  auto pick(const Table& table) {
    return table[roll(std::size(table))];
  }
  std::string digits(std::size_t count) {
    std::string out;
    while (out.size() < count) out.push_back(static_cast<char>('0' + roll(10)));
    return out;
  }
  std::string one_of(std::string_view characters) { return std::string(1, characters[roll(characters.size())]); }

 private:
  std::mt19937_64 engine_;
};

inline std::string full_width(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) append_utf8(out, c > ' ' && c < 0x7F ? static_cast<char32_t>(c) + 0xFEE0 : U' ');
  return out;
}

inline std::string chinese_digits(std::string_view digits, std::u32string_view row = U"零一二三四五六七八九") {
  std::string out;
  for (const char c : digits) append_utf8(out, c >= '0' && c <= '9' ? row[static_cast<std::size_t>(c - '0')] : U'X');
  return out;
}

// `between` after every code point but the last.
inline std::string spread(std::string_view text, std::string_view between) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!out.empty()) out += between;
    append_utf8(out, next_code_point(text, at).value_or(U'\xFFFD'));
  }
  return out;
}

// `between` at one place inside.
inline std::string split_once(Dice& dice, std::string_view text, std::string_view between) {
  const std::u32string characters = code_points(text);
  const std::size_t at = 1 + dice.roll(characters.size() - 1);
  return utf8_of(characters.substr(0, at)) + std::string(between) + utf8_of(characters.substr(at));
}

inline std::string grouped(std::string_view text, std::initializer_list<std::size_t> sizes, std::string_view between) {
  std::string out;
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    if (at >= text.size()) break;
    if (at > 0) out += between;
    out += text.substr(at, size);
    at += size;
  }
  if (at < text.size()) (out += between) += text.substr(at);
  return out;
}

}  // namespace tongqu::test
