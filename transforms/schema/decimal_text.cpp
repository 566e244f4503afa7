#include "transforms/schema/decimal_text.hpp"

#include <algorithm>

namespace tongqu {
namespace {

constexpr std::int64_t kMaxExponent = 1'000'000'000'000;
__extension__ using Wide = unsigned __int128;

std::string_view take_digits(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return text.substr(begin, at - begin);
}

std::uint64_t multiply(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(Wide{a} * b % modulus);
}

std::uint64_t power_of_ten(std::uint64_t exponent, std::uint64_t modulus) {
  std::uint64_t result = 1 % modulus;
  for (std::uint64_t base = 10 % modulus; exponent != 0; exponent >>= 1U, base = multiply(base, base, modulus)) {
    if ((exponent & 1U) != 0) result = multiply(result, base, modulus);
  }
  return result;
}

}  // namespace

std::optional<DecimalText> DecimalText::parse(std::string_view text) {
  DecimalText value;
  std::size_t at = 0;
  if (text.starts_with('-')) {
    value.negative_ = true;
    at = 1;
  }
  value.head_ = take_digits(text, at);
  if (value.head_.empty()) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    value.tail_ = take_digits(text, ++at);
    if (value.tail_.empty()) return std::nullopt;
  }
  std::int64_t exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool minus = at < text.size() && text[at] == '-';
    if (minus || (at < text.size() && text[at] == '+')) ++at;
    const std::string_view digits = take_digits(text, at);
    if (digits.empty()) return std::nullopt;
    for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), kMaxExponent);
    if (minus) exponent = -exponent;
  }
  if (at != text.size()) return std::nullopt;
  value.scale_ = static_cast<std::int64_t>(value.head_.size()) + exponent;
  value.strip_zeros();
  return value;
}

void DecimalText::strip_zeros() {
  for (std::string_view* part : {&head_, &tail_}) {
    while (part->starts_with('0')) {
      part->remove_prefix(1);
      --scale_;
    }
    if (!part->empty()) break;
  }
  for (std::string_view* part : {&tail_, &head_}) {
    while (part->ends_with('0')) part->remove_suffix(1);
    if (!part->empty()) break;
  }
  if (digit_count() == 0) {
    negative_ = false;
    scale_ = 0;
  }
}

bool DecimalText::is_multiple_of(const DecimalText& divisor) const {
  if (is_zero()) return true;
  std::uint64_t modulus = 0;
  for (std::size_t i = 0; i < divisor.digit_count(); ++i) modulus = modulus * 10 + divisor.digit(i);
  if (modulus == 0) return false;
  const std::int64_t shift = (scale_ - static_cast<std::int64_t>(digit_count())) -
                             (divisor.scale_ - static_cast<std::int64_t>(divisor.digit_count()));
  // The last digit is not zero, so a value with more decimal places than the divisor is no multiple of it.
  if (shift < 0) return false;
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < digit_count(); ++i) {
    rest = static_cast<std::uint64_t>((Wide{rest} * 10 + digit(i)) % modulus);
  }
  return multiply(rest, power_of_ten(static_cast<std::uint64_t>(shift), modulus), modulus) == 0;
}

std::optional<std::uint64_t> DecimalText::to_count() const {
  if (negative_ || !is_integer() || scale_ > 16) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(scale_); ++i) {
    value = value * 10 + (i < digit_count() ? digit(i) : 0U);
  }
  return value <= std::uint64_t{1} << 53U ? std::optional(value) : std::nullopt;
}

std::string DecimalText::to_canonical() const {
  std::string out = negative_ ? "-" : "";
  out.append(head_).append(tail_);
  if (is_zero()) out += '0';
  return out + 'e' + std::to_string(scale_ - static_cast<std::int64_t>(digit_count()));
}

std::strong_ordering operator<=>(const DecimalText& a, const DecimalText& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  const DecimalText& low = a.negative_ ? b : a;
  const DecimalText& high = a.negative_ ? a : b;
  if (low.is_zero() || high.is_zero()) return low.digit_count() <=> high.digit_count();
  if (low.scale_ != high.scale_) return low.scale_ <=> high.scale_;
  const std::size_t shared = std::min(low.digit_count(), high.digit_count());
  for (std::size_t i = 0; i < shared; ++i) {
    if (low.digit(i) != high.digit(i)) return low.digit(i) <=> high.digit(i);
  }
  return low.digit_count() <=> high.digit_count();
}

}  // namespace tongqu
