#pragma once
// A short ASCII text without allocation, and how far a value had to be bent to become one.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tongqu {

// What looks like a slip of the keyboard in an identifier. The value stays as it came; a person, or a rule that says
// so, decides whether the repaired reading is meant (domain: "flag it, do not repair silently").
enum Slip : std::uint8_t {
  kNoSlip = 0,
  kLowerCase = 1U << 0U,   // a–z where the standard has A–Z
  kFullWidth = 1U << 1U,   // U+FF01…U+FF5E, U+3000
  kLetterO = 1U << 2U,     // O in an alphabet without O: 0 is meant
  kLetterI = 1U << 3U,     // I or l in an alphabet without I: 1 is meant
  kSeparators = 1U << 4U,  // spaces, dashes, dots or brackets in or around it
};
using Slips = std::uint8_t;

// At most kCapacity ASCII characters. A value that does not fit is `overlong` and empty.
class ShortText {
 public:
  static constexpr std::size_t kCapacity = 48;

  ShortText() = default;
  // Longer texts give an empty, overlong one.
  explicit ShortText(std::string_view text);

  [[nodiscard]] std::string_view view() const { return {chars_.data(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool overlong() const { return overlong_; }
  [[nodiscard]] char operator[](std::size_t at) const { return chars_[at]; }
  [[nodiscard]] char& operator[](std::size_t at) { return chars_[at]; }
  void push_back(char c);
  void append(std::string_view text);
  void drop_front(std::size_t count);
  void shorten(std::size_t size) { size_ = static_cast<std::uint8_t>(size < size_ ? size : size_); }
  friend bool operator==(const ShortText& a, std::string_view b) { return a.view() == b; }

 private:
  std::array<char, kCapacity> chars_{};
  std::uint8_t size_ = 0;
  bool overlong_ = false;
};

// A text with full-width forms made half-width and separators taken out.
struct Folded {
  ShortText text;
  Slips slips = kNoSlip;
  bool ascii = true;  // false: something was left that is no ASCII, or the UTF-8 is malformed; `text` is then empty
};

// Which separators `fold` takes out. White space is ASCII space, tab, CR, LF, U+00A0, U+3000.
enum class Separators : std::uint8_t {
  kOuterSpace,      // white space before and behind only
  kSpace,           // white space anywhere
  kSpaceAndDashes,  // and '-' with its look-alikes (U+2010…U+2015, U+2212), and '.', '·'
};
[[nodiscard]] Folded fold(std::string_view utf8, Separators separators);

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
// True when `text` is not empty and holds ASCII digits only.
[[nodiscard]] bool all_digits(std::string_view text);
// True when the eight digits are a day of the Gregorian calendar from 1850 on.
[[nodiscard]] bool is_civil_date(std::string_view yyyymmdd);

}  // namespace tongqu
