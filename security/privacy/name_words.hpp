#pragma once
// Words that stand beside names, and words that look like names. Constant tables; thread-safe.
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tongqu {

// A set of words that is asked at places of a text.
class WordSet {
 public:
  // `words`: each view of static storage.
  explicit WordSet(std::u32string_view words_between_spaces);
  // Length of the longest word that `text` begins with; 0 if none.
  [[nodiscard]] std::size_t at_begin(std::u32string_view text) const;
  // Length of the longest word that `text` ends with; 0 if none.
  [[nodiscard]] std::size_t at_end(std::u32string_view text) const;
  [[nodiscard]] bool holds(std::u32string_view word) const;

 private:
  using ByCharacter = std::unordered_map<char32_t, std::vector<std::u32string_view>>;  // longest first
  ByCharacter by_first_, by_last_;
};

namespace name_words {

// 姓名, 联系人, …: what follows is a name, a colon may stand between.
const WordSet& labels();
// 店主, 民警, 名叫, …: a name may follow at once.
const WordSet& roles();
// 先生, 经理, 主任, …: a family name or a name may stand before.
const WordSet& titles();
// Those of them that stand behind nothing but a name: 先生, 女士.
const WordSet& personal_titles();
// Companies, shops, places, institutions: what stands before is their name (…公司, …超市, …法院).
const WordSet& owners();
// The same in one character (…店, …路); before many of them a person may stand as well (张三路过).
const WordSet& owner_endings();
// 说, 表示, …: who does so is a person.
const WordSet& speaking();
// 传, 选集, 日记, …: behind a person's name in a title, works about or by that person.
const WordSet& works_of_persons();
// Words, brands and places that begin like a name and are none.
const WordSet& not_names();

}  // namespace name_words

// True for a character that is in no given name as good as always: 的, 了, 是, 说, 拒.
[[nodiscard]] bool never_in_given_name(char32_t c);

}  // namespace tongqu
