#include "transforms/identifiers/short_text.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"

namespace tongqu {

ShortText::ShortText(std::string_view text) { append(text); }

void ShortText::push_back(char c) {
  if (overlong_ || size_ == kCapacity) {
    size_ = 0;
    overlong_ = true;
    return;
  }
  chars_[size_++] = c;
}

void ShortText::append(std::string_view text) {
  for (const char c : text) push_back(c);
}

void ShortText::drop_front(std::size_t count) {
  count = std::min<std::size_t>(count, size_);
  std::copy(chars_.begin() + static_cast<std::ptrdiff_t>(count), chars_.begin() + size_, chars_.begin());
  size_ = static_cast<std::uint8_t>(size_ - count);
}

namespace {

bool is_space(char32_t c) { return c == U' ' || c == U'\t' || c == U'\r' || c == U'\n' || c == 0xA0 || c == 0x3000; }

bool is_dash(char32_t c) {
  return c == U'-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == U'.' || c == 0xB7 || c == 0x2022 ||
         c == 0x30FB;
}

}  // namespace

Folded fold(std::string_view utf8, Separators separators) {
  Folded out;
  std::size_t at = 0;
  bool space_pending = false;
  while (at < utf8.size()) {
    auto c = next_code_point(utf8, at);
    if (!c) {
      out.ascii = false;
      break;
    }
    if ((*c >= 0xFF01 && *c <= 0xFF5E) || *c == 0x3000) {
      out.slips |= kFullWidth;
      *c = *c == 0x3000 ? U' ' : *c - 0xFEE0;
    }
    if (is_space(*c)) {
      out.slips |= kSeparators;
      space_pending = separators == Separators::kOuterSpace && !out.text.empty();
      continue;
    }
    if (separators == Separators::kSpaceAndDashes && is_dash(*c)) {
      out.slips |= kSeparators;
      continue;
    }
    if (*c > 0x7E) {
      out.ascii = false;
      break;
    }
    if (space_pending) out.text.push_back(' ');
    space_pending = false;
    out.text.push_back(static_cast<char>(*c));
  }
  if (!out.ascii) out.text = ShortText{};
  return out;
}

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

bool is_civil_date(std::string_view yyyymmdd) {
  if (yyyymmdd.size() != 8 || !all_digits(yyyymmdd)) return false;
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (yyyymmdd[i] - '0');
    return value;
  };
  const int year = number(0, 4);
  const int month = number(4, 2);
  const int day = number(6, 2);
  if (year < 1850 || month < 1 || month > 12 || day < 1) return false;
  static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

}  // namespace tongqu
