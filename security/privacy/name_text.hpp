#pragma once
// A text as the rules for names ask it: where words begin, what kind they are of, where a name may begin and end.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "security/privacy/name_rules.hpp"

namespace tongqu {

[[nodiscard]] bool is_han(char32_t c);
[[nodiscard]] bool is_latin(char32_t c);  // a letter, also a full-width one
[[nodiscard]] bool is_middle_dot(char32_t c);

// Borrows the text. Positions outside the text are allowed everywhere and hold nothing.
class NameText {
 public:
  static constexpr std::size_t kMaxName = 24;  // code points of a name; longer ones are no names

  NameText(const FoldedText& text, std::span<const NameWord> words);

  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] char32_t at(std::size_t i) const { return i < text_.size() ? text_[i] : U'\0'; }
  [[nodiscard]] std::u32string_view view(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }
  // Not more than a word of the tables is long.
  [[nodiscard]] std::u32string_view before(std::size_t i) const;
  [[nodiscard]] std::u32string_view from(std::size_t i) const;

  [[nodiscard]] bool has_words() const { return !words_.empty(); }
  [[nodiscard]] std::span<const NameWord> words() const { return words_; }
  // The word that covers i; without words one of kind kUnknown.
  [[nodiscard]] NameWord word(std::size_t i) const;
  [[nodiscard]] WordKind kind(std::size_t i) const { return word(i).kind; }
  // Whether a word may begin at i: the network says so, or nothing speaks against it where no network was asked.
  [[nodiscard]] bool begins_word(std::size_t i) const;
  // Before i stands no Chinese character, or one that ends no name (的, 和, 找), or a cue.
  [[nodiscard]] bool free_before(std::size_t i) const;

  // Length of the family name at i; 0 if none. `any`: also those that are ordinary words.
  [[nodiscard]] std::size_t family_at(std::size_t i, bool any) const;
  // End of the family name and given name that begin at i as far as one can tell; `i` if there is none.
  [[nodiscard]] std::size_t name_end(std::size_t i, bool any) const;
  // [begin, end) is a word, a brand or a work, or what follows makes it a company, a shop or an institution.
  [[nodiscard]] bool is_kept(std::size_t begin, std::size_t end) const;
  // The same and stricter, where only its look speaks for a name: it begins like a word; a road, a village, a shop.
  [[nodiscard]] bool is_doubtful(std::size_t begin, std::size_t end) const;
  // Neither Chinese character nor letter nor digit stands at i, or the text has ended.
  [[nodiscard]] bool is_border(std::size_t i) const;

 private:
  void cut(const NameWord& word);

  const std::u32string_view text_;
  std::vector<NameWord> words_;  // cut where a character stands that is in no name
  std::vector<std::uint32_t> word_of_;
};

}  // namespace tongqu
