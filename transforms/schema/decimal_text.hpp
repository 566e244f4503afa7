#pragma once
// A decimal number as it stands in a text, exact, without conversion to a binary fraction and without allocation.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongqu {

// A view: the text must outlive it. The value is ±0.d1d2d3… × 10^scale, where the digits are those of `head` followed
// by those of `tail`, without zeros at either end; zero has no digits, no sign and scale 0.
class DecimalText {
 public:
  // Divisors of is_multiple_of have at most this many significant digits.
  static constexpr std::size_t kMaxDivisorDigits = 18;

  // A number in JSON's grammar; leading zeros are accepted. Exponents beyond ±10^12 count as ±10^12.
  [[nodiscard]] static std::optional<DecimalText> parse(std::string_view text);

  [[nodiscard]] bool is_zero() const { return digit_count() == 0; }
  [[nodiscard]] bool is_negative() const { return negative_; }
  [[nodiscard]] bool is_integer() const { return scale_ >= static_cast<std::int64_t>(digit_count()); }
  [[nodiscard]] std::size_t digit_count() const { return head_.size() + tail_.size(); }
  // `divisor` has at most kMaxDivisorDigits digits. Of zero, only zero is a multiple.
  [[nodiscard]] bool is_multiple_of(const DecimalText& divisor) const;
  // The value when it is an integer from 0 to 2^53.
  [[nodiscard]] std::optional<std::uint64_t> to_count() const;
  // Same text for equal values: "-12345e-2", "0e0".
  [[nodiscard]] std::string to_canonical() const;

  friend std::strong_ordering operator<=>(const DecimalText& a, const DecimalText& b);
  friend bool operator==(const DecimalText& a, const DecimalText& b) { return (a <=> b) == 0; }

 private:
  [[nodiscard]] unsigned digit(std::size_t i) const {
    return static_cast<unsigned>((i < head_.size() ? head_[i] : tail_[i - head_.size()]) - '0');
  }
  void strip_zeros();

  bool negative_ = false;
  std::string_view head_;
  std::string_view tail_;
  std::int64_t scale_ = 0;
};

}  // namespace tongqu
