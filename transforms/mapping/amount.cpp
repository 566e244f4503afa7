#include "transforms/mapping/amount.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "gateway/core/text.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

using Text = std::u32string_view;
constexpr std::size_t kMaxAmountCharacters = 64;

Value no_amount() { return Value::of_fault(codes::kMapAmount); }
Value wrong_unit(MoneyUnit unit) { return Value::of_fault(codes::kMapAmountUnit, name_of(unit)); }

int digit_of(char32_t c) {
  static constexpr std::array<Text, 10> kForms{U"0零〇○", U"1一壹",   U"2二贰貳两兩", U"3三叁參", U"4四肆",
                                               U"5五伍",  U"6六陆陸", U"7七柒",       U"8八捌",   U"9九玖"};
  for (std::size_t value = 0; value < kForms.size(); ++value) {
    if (kForms[value].find(c) != Text::npos) return static_cast<int>(value);
  }
  return -1;
}

std::int64_t unit_of(char32_t c) {
  switch (c) {
    case U'十':
    case U'拾': return 10;
    case U'百':
    case U'佰': return 100;
    case U'千':
    case U'仟': return 1000;
    case U'万':
    case U'萬': return 10'000;
    case U'亿':
    case U'億': return 100'000'000;
    default: return 0;
  }
}

bool is_yuan(char32_t c) { return c == U'元' || c == U'圆' || c == U'圓' || c == U'块'; }
bool is_wan(char32_t c) { return c == U'万' || c == U'萬'; }
bool is_jiao(char32_t c) { return c == U'角' || c == U'毛'; }
bool is_ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_arabic(Text text) { return !text.empty() && (is_ascii_digit(text[0]) || text[0] == U'.' || text[0] == U'-'); }

// Chinese whole numbers: sections of four digits, closed by 万 and 亿.
class Numeral {
 public:
  static std::optional<std::int64_t> parse(Text text) {
    if (text.empty()) return std::nullopt;
    const bool has_unit = std::any_of(text.begin(), text.end(), [](char32_t c) { return unit_of(c) != 0; });
    if (!has_unit) return positional(text);
    Numeral numeral;
    for (const char32_t c : text) {
      if (is_ascii_digit(c) || !numeral.take(c)) return std::nullopt;
    }
    return numeral.finish();
  }

 private:
  static std::optional<std::int64_t> positional(Text text) {
    std::int64_t value = 0;
    for (const char32_t c : text) {
      const int digit = digit_of(c);
      if (digit < 0 || is_ascii_digit(c) || value > kMaxFen) return std::nullopt;
      value = value * 10 + digit;
    }
    return value;
  }

  bool take(char32_t c) {
    const int digit = digit_of(c);
    if (digit == 0) {
      if (pending_ >= 0) return false;
      after_zero_ = true;
      return true;
    }
    if (digit > 0) {
      if (pending_ >= 0) return false;
      pending_ = digit;
      return true;
    }
    const std::int64_t unit = unit_of(c);
    if (unit == 0) return false;
    return unit < 10'000 ? small_unit(unit) : close_section(unit);
  }

  bool small_unit(std::int64_t unit) {
    if (unit >= section_unit_) return false;
    // 十五 stands for 一十五.
    if (pending_ < 0 && unit != 10) return false;
    section_ += (pending_ < 0 ? 1 : pending_) * unit;
    section_unit_ = last_unit_ = unit;
    pending_ = -1;
    after_zero_ = false;
    return true;
  }

  bool close_section(std::int64_t unit) {
    if (pending_ > 0) section_ += pending_;
    pending_ = -1;
    if (unit == 10'000) {
      if (section_ == 0 || wan_) return false;
      total_ += section_ * unit;
      wan_ = true;
    } else {
      if (yi_ || total_ + section_ == 0) return false;
      total_ = (total_ + section_) * unit;
      yi_ = true;
      wan_ = false;
    }
    section_ = 0;
    section_unit_ = 10'000;
    last_unit_ = unit;
    after_zero_ = false;
    return total_ <= kMaxFen;
  }

  std::optional<std::int64_t> finish() const {
    std::int64_t value = total_ + section_;
    // 三万五 is 三万五千, 三万零五 is not.
    if (pending_ > 0) value += after_zero_ ? pending_ : pending_ * (last_unit_ / 10);
    return value;
  }

  std::int64_t total_ = 0, section_ = 0, section_unit_ = 10'000, last_unit_ = 10;
  int pending_ = -1;
  bool after_zero_ = false, wan_ = false, yi_ = false;
};

// Thousands separators only where they belong; the digits without them.
bool drop_commas(Text text, std::u32string_view& out, std::array<char32_t, kMaxAmountCharacters>& room) {
  const auto point = std::min(text.find(U'.'), text.size());
  const Text whole = text.substr(0, point);
  std::size_t size = 0;
  std::size_t group = 0;
  bool seen = false;
  for (const char32_t c : whole) {
    if (c == U',') {
      if (group == 0 || group > 3 || (seen && group != 3)) return false;
      seen = true;
      group = 0;
      continue;
    }
    ++group;
    room[size++] = c;
  }
  if (seen && group != 3) return false;
  for (const char32_t c : text.substr(point)) {
    if (c == U',') return false;
    room[size++] = c;
  }
  out = {room.data(), size};
  return true;
}

Value scaled(Text digits, int places) {
  const bool negative = digits.starts_with(U'-');
  if (negative) digits.remove_prefix(1);
  std::int64_t value = 0;
  int after = -1;
  bool any = false;
  bool lost = false;
  for (const char32_t c : digits) {
    if (c == U'.') {
      if (after >= 0) return no_amount();
      after = 0;
      continue;
    }
    if (!is_ascii_digit(c)) return no_amount();
    any = true;
    if (after >= places) {
      lost = lost || c != U'0';
      continue;
    }
    if (after >= 0) ++after;
    value = value * 10 + static_cast<std::int64_t>(c - U'0');
    if (value > kMaxFen) return Value::of_fault(codes::kMapAmountRange);
  }
  if (!any || digits.ends_with(U'.')) return no_amount();
  if (lost) return Value::of_fault(codes::kMapAmountFraction);
  for (int i = std::max(after, 0); i < places; ++i) {
    value *= 10;
    if (value > kMaxFen) return Value::of_fault(codes::kMapAmountRange);
  }
  if (negative && value != 0) return Value::of_fault(codes::kMapAmountRange);
  return Value::of_integer(value);
}

int places_of(MoneyUnit unit) { return unit == MoneyUnit::kYuan ? 2 : unit == MoneyUnit::kWan ? 6 : 0; }

Value arabic(Text text, MoneyUnit unit) {
  std::array<char32_t, kMaxAmountCharacters> room{};
  Text digits;
  if (!drop_commas(text, digits, room)) return no_amount();
  return scaled(digits, places_of(unit));
}

// 一点五: whole 点 digits.
Value chinese(Text text, MoneyUnit unit) {
  const auto point = text.find(U'点');
  const auto whole = Numeral::parse(text.substr(0, point));
  if (!whole) return no_amount();
  std::array<char32_t, kMaxAmountCharacters + 24> room{};
  std::size_t size = 0;
  std::array<char, 24> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), *whole).ptr;
  for (const char* at = digits.data(); at != end; ++at) room[size++] = static_cast<char32_t>(*at);
  if (point != Text::npos) {
    if (point + 1 == text.size()) return no_amount();
    room[size++] = U'.';
    for (const char32_t c : text.substr(point + 1)) {
      const int digit = digit_of(c);
      if (digit < 0 || is_ascii_digit(c)) return no_amount();
      room[size++] = static_cast<char32_t>(U'0' + digit);
    }
  }
  return scaled({room.data(), size}, places_of(unit));
}

Value number(Text text, MoneyUnit unit) { return is_arabic(text) ? arabic(text, unit) : chinese(text, unit); }

// 叁元伍角贰分, 3元5角, 伍角: a yuan part, then single digits before 角 and 分.
Value composite(Text text) {
  std::int64_t fen = 0;
  const auto yuan = std::find_if(text.begin(), text.end(), is_yuan);
  if (yuan != text.end()) {
    const auto before = static_cast<std::size_t>(yuan - text.begin());
    const Value whole = number(text.substr(0, before), MoneyUnit::kYuan);
    if (whole.state != State::kValue) return whole;
    fen = whole.integer;
    text.remove_prefix(before + 1);
  }
  std::int64_t least = 100;
  while (!text.empty()) {
    if (text.size() > 1 && text[0] == U'零') text.remove_prefix(1);
    if (text.size() < 2) return no_amount();
    const int digit = digit_of(text[0]);
    const std::int64_t worth = is_jiao(text[1]) ? 10 : text[1] == U'分' ? 1 : 0;
    if (digit < 0 || worth == 0 || worth >= least) return no_amount();
    fen += digit * worth;
    least = worth;
    text.remove_prefix(2);
  }
  return fen > kMaxFen ? Value::of_fault(codes::kMapAmountRange) : Value::of_integer(fen);
}

// The text in half-width characters without white space; empty when it is too long or no UTF-8.
Text clean(std::string_view text, std::array<char32_t, kMaxAmountCharacters>& room) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto c = next_code_point(text, at);
    if (!c) return {};
    if (*c >= 0xFF01 && *c <= 0xFF5E) *c -= 0xFEE0;
    if (*c == U' ' || *c == 0x3000 || *c == 0xA0 || *c == U'\t') continue;
    if (size == room.size()) return {};
    room[size++] = *c;
  }
  return {room.data(), size};
}

bool has(Text text, bool (*test)(char32_t)) { return std::any_of(text.begin(), text.end(), test); }

}  // namespace

std::string_view name_of(MoneyUnit unit) {
  return unit == MoneyUnit::kYuan ? "yuan" : unit == MoneyUnit::kWan ? "wan" : "fen";
}

Value amount_of_decimal(std::string_view digits, MoneyUnit unit) {
  std::array<char32_t, kMaxAmountCharacters> room{};
  return scaled(clean(digits, room), places_of(unit));
}

Value parse_amount(std::string_view given, MoneyUnit unit) {
  std::array<char32_t, kMaxAmountCharacters> room{};
  Text text = clean(given, room);
  if (text.starts_with(U"人民币")) text.remove_prefix(3);
  // NFKC maps the full-width sign to U+00A5; both are met.
  if (text.starts_with(U'¥') || text.starts_with(U'￥')) text.remove_prefix(1);
  if (text.ends_with(U'整') || text.ends_with(U'正')) text.remove_suffix(1);
  if (text.empty()) return no_amount();
  if (text.ends_with(U'分') && !has(text, is_yuan) && !has(text, is_jiao)) {
    return unit == MoneyUnit::kFen ? number(text.substr(0, text.size() - 1), unit) : wrong_unit(unit);
  }
  if (has(text.substr(0, text.size() - 1), is_yuan) || is_jiao(text.back()))
    return unit == MoneyUnit::kYuan ? composite(text) : wrong_unit(unit);
  const bool yuan_last = is_yuan(text.back());
  const Text body = yuan_last ? text.substr(0, text.size() - 1) : text;
  if (body.empty()) return no_amount();
  const bool wan_last = is_wan(body.back());
  if (wan_last && (unit == MoneyUnit::kWan || is_arabic(body))) {
    return unit == MoneyUnit::kWan ? number(body.substr(0, body.size() - 1), unit) : wrong_unit(unit);
  }
  if (yuan_last && unit != MoneyUnit::kYuan) return wrong_unit(unit);
  if (unit == MoneyUnit::kWan && has(body, is_wan)) return wrong_unit(unit);
  return number(body, unit);
}

}  // namespace tongqu::mapping
