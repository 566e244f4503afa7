#pragma once
// What was found in a free text, and the text as the detectors see it.
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

// A text as code points, and folded: one character for each code point, full-width signs narrow, Chinese digits as
// digits (〇零一…九, 幺, 壹…玖) where they stand beside others, letters upper case, what has no width as U+0000.
class FoldedText {
 public:
  // `utf8` is well-formed.
  explicit FoldedText(std::string_view utf8);
  [[nodiscard]] const std::u32string& text() const { return text_; }
  [[nodiscard]] const std::u32string& folded() const { return folded_; }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  // Folded character at `i`; U+0000 outside the text.
  [[nodiscard]] char32_t at(std::size_t i) const { return i < folded_.size() ? folded_[i] : U'\0'; }

 private:
  std::u32string text_;
  std::u32string folded_;
};

}  // namespace tongqu
