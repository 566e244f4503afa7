#pragma once
// What was found in a free text, and the text as the detectors see it.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tongqu {

enum class SpanType : std::uint8_t { kId, kBankCard, kPhone, kEmail, kPlate, kPassport, kAccount, kAddress, kName };
[[nodiscard]] std::string_view name_of(SpanType type);  // "ID", "BANK_CARD", "PHONE", …

// Code points [begin, end) of a text. `reason` is static: the rule's name, never a value.
struct TextSpan {
  std::uint32_t begin = 0, end = 0;
  SpanType type = SpanType::kId;
  std::string_view reason;
  friend bool operator==(const TextSpan&, const TextSpan&) = default;
};

// The value of a Chinese digit (〇零一…九, 幺, 壹…玖) or a circled one as '0' to '9'; U+0000 for another character.
[[nodiscard]] char32_t digit_of(char32_t c);
// Full-width signs narrow, letters upper case, blanks and dashes as one kind each, what has no width as U+0000.
[[nodiscard]] char32_t folded_character(char32_t c);
// The code point at `at`, which moves behind it; U+FFFD for a byte that belongs to none.
[[nodiscard]] char32_t take_code_point(std::string_view utf8, std::size_t& at);
// Blanks, line breaks and what has no width.
[[nodiscard]] inline bool is_blank(char32_t c) {
  return c == U' ' || c == U'\0' || c == U'\n' || c == U'\r' || c == U'\t';
}

// Some of the characters up to U+FFFF.
class CharacterSet {
 public:
  void add(char32_t c) { words_[(c & 0xFFFFU) / 32] |= 1U << (c % 32); }
  // Of a character beyond U+FFFF it says what it says of its last sixteen bits.
  [[nodiscard]] bool holds(char32_t c) const { return (words_[(c & 0xFFFFU) / 32] >> (c % 32) & 1U) != 0; }

 private:
  std::array<std::uint32_t, 0x10000 / 32> words_{};
};

// Room for the characters of one text. That of a longer text goes to the next one of the same thread: to be given new
// pages by the system costs as much as to fold what stands on them.
class CharacterRoom {
 public:
  static constexpr std::size_t kLeastKept = 16U << 10U;  // characters; shorter ones are cheap
  static constexpr std::size_t kMostKept = 1U << 20U;    // characters, of each of two rooms of a thread

  explicit CharacterRoom(std::size_t size);  // characters of any value
  ~CharacterRoom();
  CharacterRoom(const CharacterRoom&) = default;
  CharacterRoom(CharacterRoom&&) noexcept = default;
  CharacterRoom& operator=(const CharacterRoom&) = default;
  CharacterRoom& operator=(CharacterRoom&&) noexcept = default;
  std::u32string characters;
};

// A text as code points, and folded: one character for each code point, folded_character() of each; Chinese digits as
// digits where seven or more stand together; tags without attributes (</br>) and entities of blanks (&nbsp;) as U+0000;
// another numeric entity (&#49;) as its character and then U+0000.
class FoldedText {
 public:
  // `utf8` is well-formed; what is not becomes U+FFFD.
  explicit FoldedText(std::string_view utf8);
  [[nodiscard]] const std::u32string& text() const { return text_.characters; }
  [[nodiscard]] const std::u32string& folded() const { return folded_.characters; }
  [[nodiscard]] std::size_t size() const { return text().size(); }
  // Folded character at `i`; U+0000 outside the text.
  [[nodiscard]] char32_t at(std::size_t i) const { return i < folded().size() ? folded()[i] : U'\0'; }
  // Where what is written at `i` ends: behind the character, or behind the whole entity.
  [[nodiscard]] std::size_t end_of(std::size_t i) const;

 private:
  void fold_all(std::string_view utf8, std::vector<std::uint32_t>& digits, bool& markup);
  void fold_digits(const std::vector<std::uint32_t>& places);
  void fold_markup();

  CharacterRoom text_, folded_;
};

// Sorts; where two overlap the longer takes the other in.
void join_spans(std::vector<TextSpan>& spans);

}  // namespace tongqu
