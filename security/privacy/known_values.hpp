#pragma once
// The record itself: the values of its structured fields (the complainant's name, telephone, address …) and every
// written form of them, to be found again in the record's free texts. What names the matter (the company complained of,
// its shop, the place of the offence) is not given to this class and stays readable.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "security/privacy/known_forms.hpp"
#include "security/privacy/text_span.hpp"

namespace tongqu {

// Built once for a record; find() may be called from several threads at once.
class KnownValues {
 public:
  static constexpr std::size_t kMaxValues = 64;       // more are not looked at
  static constexpr std::size_t kMaxCodePoints = 128;  // of one value; a longer one is cut

  explicit KnownValues(const std::vector<KnownValue>& values);

  // In order, without overlap. Linear in the length of the text. A whole value is found in all its forms: with blanks,
  // line breaks, tags and entities between its characters, full-width, in traditional or simplified characters; a name
  // in parts with a title and in pinyin, a number with separators, in Chinese digits, partly masked or its last digits
  // after a cue word, an address without its divisions. A family name or a division alone is not found.
  [[nodiscard]] std::vector<TextSpan> find(const FoldedText& text) const;
  [[nodiscard]] bool empty() const { return forms_.empty(); }

 private:
  void add_first(char32_t c);

  std::vector<KnownForm> forms_;  // by first character
  std::vector<std::size_t> group_begins_;
  std::vector<KnownCode> codes_;
  CharacterSet firsts_;  // characters with which something may begin
};

}  // namespace tongqu
