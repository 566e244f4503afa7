#include "security/privacy/text_span.hpp"

#include <array>
#include <optional>

#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

// Fewer Chinese digits in a row than the shortest telephone number are words: 三五, 一二.
constexpr std::size_t kLeastChineseDigits = 7;

std::optional<char32_t> chinese_digit(char32_t c) {
  static constexpr std::u32string_view kPlain = U"〇一二三四五六七八九";
  static constexpr std::u32string_view kFormal = U"零壹贰叁肆伍陆柒捌玖";
  if (c < 0x3007 || c > 0x9FFF) return std::nullopt;
  if (c == U'幺') return U'1';
  if (const auto at = kPlain.find(c); at != std::u32string_view::npos) return U'0' + static_cast<char32_t>(at);
  if (const auto at = kFormal.find(c); at != std::u32string_view::npos) return U'0' + static_cast<char32_t>(at);
  return std::nullopt;
}

bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || c == 0x00AD || (c >= 0x202A && c <= 0x202E);
}

char32_t fold(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  if (c >= U'a' && c <= U'z') return c - 32;
  if (c < 0x80) return c;
  if (c == 0x3000 || c == 0x00A0 || (c >= 0x2000 && c <= 0x200A)) return U' ';
  if (c >= 0x2010 && c <= 0x2015) return U'-';
  return is_invisible(c) ? U'\0' : c;
}

}  // namespace

std::string_view name_of(SpanType type) {
  static constexpr std::array<std::string_view, 9> kNames{"ID",       "BANK_CARD", "PHONE",   "EMAIL", "PLATE",
                                                          "PASSPORT", "ACCOUNT",   "ADDRESS", "PERSON"};
  return kNames[static_cast<std::size_t>(type)];
}

FoldedText::FoldedText(std::string_view utf8) {
  text_.reserve(utf8.size());
  folded_.reserve(utf8.size());
  std::size_t chinese = 0;  // digits right before here
  const auto take_digits = [&](std::size_t end) {
    if (chinese >= kLeastChineseDigits) {
      for (std::size_t i = end - chinese; i < end; ++i) folded_[i] = *chinese_digit(text_[i]);
    }
    chinese = 0;
  };
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = next_code_point(utf8, at).value_or(U'\xFFFD');
    if (chinese_digit(c)) {
      ++chinese;
    } else if (chinese > 0) {
      take_digits(text_.size());
    }
    text_.push_back(c);
    folded_.push_back(fold(c));
  }
  take_digits(text_.size());
}

}  // namespace tongqu
