#pragma once
// Chinese family names, and the characters that write foreign names. Constant tables; thread-safe.
#include <cstddef>
#include <string_view>

namespace tongqu {

// How surely a character begins a name where nothing else speaks for one.
enum class FamilyName : unsigned char {
  kNone,
  kWord,    // a family name that is an ordinary word as well: 于, 和, 方, 时
  kCommon,  // hardly ever anything else before a given name, or borne by very many: 王, 李, 刘
};

// The kind of the one-character family name `c`.
[[nodiscard]] FamilyName family_name(char32_t c);
// True where `text` begins with a family name of two characters (欧阳, 司马).
[[nodiscard]] bool begins_with_compound_family_name(std::u32string_view text);
// True for a character that transcriptions of foreign names (斯, 尔, 克, 娜) or of names of China's Turkic and Tibetan
// peoples (买, 提, 丽) are written with. Most of them are ordinary characters too.
[[nodiscard]] bool transcribes(char32_t c);

}  // namespace tongqu
