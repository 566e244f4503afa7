#pragma once
// The forms in which a known value is written.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "security/privacy/text_span.hpp"

namespace tongqu {

enum class KnownKind : std::uint8_t { kName, kPhone, kId, kBankCard, kEmail, kPlate, kPassport, kAccount, kAddress };

struct KnownValue {
  KnownKind kind = KnownKind::kName;
  std::string value;  // UTF-8
};

// What may not stand directly beside a form.
enum class FormEdge : std::uint8_t { kNone, kLetters, kCodes, kDigits };
// kWhole is a span by itself; kFamily only with a title; kTail is a cue word of last digits; the others are parts of
// an address, of which several make a span: the road, its number, house and room, and a place that says enough alone.
enum class FormRole : std::uint8_t { kWhole, kFamily, kTail, kRoad, kPlace, kStem, kNumber };

struct KnownForm {
  std::u32string characters;  // as key_of() gives them; what is_dropped() is not among them
  FormEdge edge = FormEdge::kNone;
  FormRole role = FormRole::kWhole;
  SpanType type = SpanType::kName;
  std::string_view reason;
};

// A number or code, for its last digits and for what is left of it when it was masked.
struct KnownCode {
  std::u32string characters;
  SpanType type = SpanType::kPhone;
};

// The character under which a folded character is compared: Chinese digits are digits.
[[nodiscard]] inline char32_t key_of(char32_t folded) {
  if (folded < 0x80) return folded;
  const char32_t digit = digit_of(folded);
  return digit != U'\0' ? digit : folded;
}
// What may stand between the characters of a form without changing it.
[[nodiscard]] inline bool is_dropped(char32_t c) {
  return is_blank(c) || c == U'-' || c == U'.' || c == U'_' || c == U'·' || c == U'•' || c == U'・' || c == U'‧' ||
         c == U'∙';
}

// Folded, keyed, without what is dropped.
[[nodiscard]] std::u32string key_of_value(std::string_view utf8, std::size_t max_code_points);

void add_name_forms(std::string_view utf8, std::size_t max_code_points, std::vector<KnownForm>& forms);
// Numbers and codes: telephones, ids, cards, e-mail, plates, passports, accounts.
void add_code_forms(KnownKind kind, const std::u32string& key, std::vector<KnownForm>& forms,
                    std::vector<KnownCode>& codes);
// `folded` is keyed with its separators.
void add_address_forms(std::u32string_view folded, std::vector<KnownForm>& forms);

// The title that begins at `at` (先生, 经理, 某某, **), the code point behind it; `at` if there is none.
[[nodiscard]] std::size_t end_of_title(const FoldedText& text, std::size_t at);
// 小, 老 or 阿 before the family name do not make a word of the language (小时, 老师).
[[nodiscard]] bool is_nickname(char32_t before, char32_t family);

}  // namespace tongqu
