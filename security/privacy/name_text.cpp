#include "security/privacy/name_text.hpp"

#include <algorithm>

#include "security/privacy/family_names.hpp"
#include "security/privacy/name_words.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kLongestWord = 8;  // of the tables

// What closes a name that is quoted.
bool is_quote(char32_t c) { return c == U'”' || c == U'』' || c == U'」' || c == U'’'; }

// What stands before a measure word.
bool counts(char32_t c) {
  static constexpr std::u32string_view kCounts = U"一二两三四五六七八九十百几每这那数半整";
  return (c >= U'0' && c <= U'9') || (c >= 0xFF10 && c <= 0xFF19) || kCounts.find(c) != std::u32string_view::npos;
}

}  // namespace

bool is_han(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF);
}

bool is_latin(char32_t c) {
  return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') || (c >= 0xC0 && c <= 0x24F && c != U'×' && c != U'÷') ||
         (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A);
}

bool is_middle_dot(char32_t c) {
  return c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x30FB || c == 0xFF65 || c == 0xFF0E || c == 0x2219 ||
         c == 0x22C5;
}

NameText::NameText(const FoldedText& text, std::span<const NameWord> words)
    : text_(text.text()), word_of_(words.empty() ? 0 : text.size()) {
  for (const NameWord& word : words) cut(word);
  for (std::size_t w = 0; w < words_.size(); ++w) {
    for (std::size_t i = words_[w].begin; i < words_[w].end; ++i) word_of_[i] = static_cast<std::uint32_t>(w);
  }
}

// The network draws punctuation into words; of one with a sign at its end it is not sure.
void NameText::cut(const NameWord& word) {
  const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(word.end, word_of_.size()));
  const bool doubtful =
      word.kind == WordKind::kPerson && end > word.begin && is_border(end - 1) && !is_quote(at(end - 1));
  const WordKind kind = doubtful ? WordKind::kName : word.kind;
  for (std::uint32_t i = word.begin; i < end;) {
    const bool border = is_border(i);
    std::uint32_t next = i + 1;
    while (next < end && is_border(next) == border) ++next;
    words_.push_back({i, next, border ? WordKind::kFunction : kind});
    i = next;
  }
}

bool NameText::is_border(std::size_t i) const {
  const char32_t c = at(i);
  return !is_han(c) && !is_latin(c) && !(c >= U'0' && c <= U'9') && !(c >= 0xFF10 && c <= 0xFF19);
}

std::u32string_view NameText::before(std::size_t i) const {
  i = std::min(i, size());
  const std::size_t begin = i > kLongestWord ? i - kLongestWord : 0;
  return text_.substr(begin, i - begin);
}

std::u32string_view NameText::from(std::size_t i) const {
  return i < size() ? text_.substr(i, kLongestWord) : std::u32string_view();
}

NameWord NameText::word(std::size_t i) const {
  if (i < word_of_.size()) return words_[word_of_[i]];
  const auto at = static_cast<std::uint32_t>(i);
  return {at, at + 1, WordKind::kUnknown};
}

bool NameText::begins_word(std::size_t i) const { return word(i).begin == i; }

bool NameText::free_before(std::size_t i) const {
  if (i == 0 || !is_han(at(i - 1))) return true;
  if (has_words()) return begins_word(i) && (kind(i - 1) != WordKind::kName || word(i - 1).end - word(i - 1).begin > 1);
  return never_in_given_name(at(i - 1)) || at(i - 1) == U'和' || name_words::roles().at_end(before(i)) > 0 ||
         name_words::labels().at_end(before(i)) > 0;
}

std::size_t NameText::family_at(std::size_t i, bool any) const {
  if (i >= size()) return 0;
  if (begins_with_compound_family_name(from(i))) return 2;
  const FamilyName found = family_name(at(i));
  return found == FamilyName::kCommon || (any && found == FamilyName::kWord) ? 1 : 0;
}

std::size_t NameText::name_end(std::size_t i, bool any) const {
  const std::size_t family = family_at(i, any);
  if (family == 0) return i;
  std::size_t end = i + family;
  const auto fits = [&](std::size_t at_) {
    return is_han(at(at_)) && !never_in_given_name(at(at_)) && name_words::titles().at_begin(from(at_)) < 2;
  };
  if (!fits(end)) return i;
  ++end;
  if (!fits(end)) return end;
  // One character more, unless the network ends a word before it and not behind it.
  if (has_words() && begins_word(end) && end + 1 < size() && !begins_word(end + 1)) return end;
  if (has_words() && begins_word(end) && (kind(end) == WordKind::kFunction || kind(end) == WordKind::kOther))
    return end;
  return end + 1;
}

bool NameText::is_kept(std::size_t begin, std::size_t end) const {
  if (name_words::not_names().holds(view(begin, end))) return true;
  // What begins inside a word: 携[程].
  if (begin > 0 && name_words::not_names().holds(view(begin - 1, begin + 1))) return true;
  // 两张[大], 5张: a measure word, not the family name.
  if (at(begin) == U'张' && begin > 0 && counts(at(begin - 1))) return true;
  // A title of a work and nothing else.
  if (begin > 0 && at(begin - 1) == U'《' && at(end) == U'》') return true;
  return name_words::owners().at_begin(from(end)) > 0;
}

bool NameText::is_doubtful(std::size_t begin, std::size_t end) const {
  return is_kept(begin, end) || name_words::not_names().at_begin(view(begin, end)) > 1 ||
         name_words::owner_endings().at_begin(from(end)) > 0;
}

}  // namespace tongqu
