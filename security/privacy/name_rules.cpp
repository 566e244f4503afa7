#include "security/privacy/name_rules.hpp"

#include <algorithm>

#include "security/privacy/family_names.hpp"
#include "security/privacy/name_mentions.hpp"
#include "security/privacy/name_text.hpp"
#include "security/privacy/name_words.hpp"

namespace tongqu {
namespace {

class Finder {
 public:
  explicit Finder(const NameText& text) : text_(text) {}

  std::vector<TextSpan> run() {
    for (const NameWord& word : text_.words()) take_word(word);
    for (std::size_t i = 0; i < text_.size(); ++i) {
      take_title(i);
      take_little(i);
      take_masked(i);
      take_cue(i);
      if (is_middle_dot(text_.at(i))) take_dot(i);
    }
    return std::move(spans_);
  }

 private:
  void add(std::size_t begin, std::size_t end, std::string_view reason) {
    if (begin >= end || end > text_.size() || end - begin > NameText::kMaxName || text_.is_kept(begin, end)) return;
    spans_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), SpanType::kName, reason});
  }

  void take_word(const NameWord& word) {
    if (word.kind == WordKind::kName && !is_likely_name(word)) return;
    if (word.kind != WordKind::kPerson && word.kind != WordKind::kName) return;
    std::size_t end = word.end;
    const auto all = text_.view(word.begin, word.end);
    const std::size_t title =
        name_words::titles().at_end(all.substr(all.size() - std::min<std::size_t>(all.size(), 8)));
    // The title stays readable: 王女士. A single character (某, 总) only behind a family name alone.
    if (title < all.size() && (title > 1 || (title == 1 && all.size() == 2))) end -= title;
    add(word.begin, end, "network");
  }

  // `nr` is as often a word as a name.
  [[nodiscard]] bool is_likely_name(const NameWord& word) const {
    const std::size_t size = word.end - word.begin;
    if (size < 2 || size > 4) return false;
    const std::size_t family = text_.family_at(word.begin, false);
    if (family > 0 && size - family >= 1 && size - family <= 2) return true;
    return size > 2 &&
           std::all_of(text_.view(word.begin, word.end).begin(), text_.view(word.begin, word.end).end(), transcribes);
  }

  // A title at `i`: the name before it.
  void take_title(std::size_t i) {
    const std::size_t size = name_words::titles().at_begin(text_.from(i));
    if (size == 0 || i == 0 || !is_han(text_.at(i - 1))) return;
    if (size == 1 && !short_title_fits(i)) return;
    for (const std::size_t length : {std::size_t{4}, std::size_t{3}, std::size_t{2}}) {
      if (size == 1 || i < length) continue;
      const std::size_t begin = i - length;
      const std::size_t family = text_.family_at(begin, false);
      const bool fits = family > 0 && length - family >= 1 && length - family <= 2 && text_.free_before(begin) &&
                        !never_in_given_name(text_.at(i - 1)) && !never_in_given_name(text_.at(begin + family)) &&
                        (!text_.has_words() || text_.begins_word(i));
      if (fits && text_.kind(begin) != WordKind::kOwner && text_.kind(begin) != WordKind::kPlace) {
        return add(begin, i, "family name and title");
      }
    }
    if (i >= 2 && begins_with_compound_family_name(text_.from(i - 2))) return add(i - 2, i, "family name and title");
    const bool common = text_.family_at(i - 1, false) == 1;
    const bool any = text_.family_at(i - 1, true) == 1;
    if (!any || !text_.free_before(i - 1)) return;
    const WordKind kind = text_.kind(i - 1);
    if (!common && text_.has_words() && kind != WordKind::kPerson && kind != WordKind::kName) return;
    if (name_words::not_names().holds(text_.view(i - 1, i + size))) return;
    add(i - 1, i, "family name and title");
  }

  // 总, 哥, 姐, 某 make words with what follows and with what stands before.
  [[nodiscard]] bool short_title_fits(std::size_t i) const {
    static constexpr std::u32string_view kAfterTotal = U"是共之结数额部店经体算和价量监裁会有裁统理";
    const char32_t next = text_.at(i + 1);
    if (text_.at(i) == U'总' && kAfterTotal.find(next) != std::u32string_view::npos) return false;
    if (text_.at(i) == U'某' && name_words::owners().at_begin(text_.from(i + 1)) > 0) return false;
    return text_.family_at(i - 1, false) > 0;
  }

  // 小刘, 老张, 阿强 without any word around.
  void take_little(std::size_t i) {
    const char32_t c = text_.at(i);
    if ((c != U'小' && c != U'老') || text_.family_at(i + 1, false) != 1) return;
    if (!text_.free_before(i)) return;
    const bool ends = text_.has_words() ? text_.begins_word(i + 2) || i + 2 >= text_.size()
                                        : !is_han(text_.at(i + 2)) || never_in_given_name(text_.at(i + 2));
    const NameWord word = text_.word(i);
    const bool whole = !text_.has_words() || (word.kind != WordKind::kOwner && word.kind != WordKind::kPlace);
    if (ends && whole) add(i, i + 2, "family name and title");
  }

  // 张某某, 李某甲, 王××, 陈XX.
  void take_masked(std::size_t i) {
    const std::size_t family = text_.family_at(i, false);
    if (family == 0) return;
    std::size_t end = i + family;
    if (text_.at(end) == U'某') {
      while (end < i + family + 2 && text_.at(end) == U'某') ++end;
      static constexpr std::u32string_view kOrder = U"甲乙丙丁";
      if (kOrder.find(text_.at(end)) != std::u32string_view::npos) ++end;
    } else {
      const auto hides = [](char32_t c) {
        return c == U'×' || c == U'X' || c == U'x' || c == U'*' || c == 0xFF0A || c == U'○' || c == U'〇' ||
               c == 0xFF38;
      };
      while (end < i + family + 2 && hides(text_.at(end))) ++end;
      const bool letter = text_.at(i + family) == U'X' || text_.at(i + family) == U'x';
      const char32_t next = text_.at(end);
      const bool goes_on = (next >= U'0' && next <= U'9') || (next >= U'A' && next <= U'z') || hides(next);
      if (end == i + family || goes_on || (letter && end < i + family + 2) || !text_.free_before(i)) return;
    }
    if (name_words::owners().at_begin(text_.from(end)) == 0) add(i, end, "cue word");
  }

  // A cue that ends before `i`: the name at `i`.
  void take_cue(std::size_t i) {
    if (i == 0 || !is_han(text_.at(i))) return;
    std::size_t cue_end = i;
    bool marked = false;  // by a colon
    while (cue_end > 0 && i - cue_end < 3) {
      const char32_t c = text_.at(cue_end - 1);
      if (c == U':' || c == 0xFF1A) {
        marked = true;
      } else if (c != U' ' && c != 0x3000 && c != U'\t') {
        break;
      }
      --cue_end;
    }
    if (text_.at(i - 1) == U'姓' && text_.family_at(i, true) > 0) return take_family(i);
    if (marked || cue_end < i) {
      if (name_words::labels().at_end(text_.before(cue_end)) > 0) return take_after_label(i, marked);
      if (!marked) return;
    }
    if (name_words::roles().at_end(text_.before(cue_end)) == 0) return;
    if (marked) return take_after_label(i, true);
    take_after_role(i);
  }

  void take_family(std::size_t i) {
    const std::size_t family = text_.family_at(i, true);
    if (text_.at(i) != U'名') add(i, i + family, "cue word");
  }

  // A field: all of it, if it may be a name.
  void take_after_label(std::size_t i, bool marked) {
    std::size_t end = i;
    while (end < text_.size() && end - i <= 4 && is_han(text_.at(end))) ++end;
    if (is_middle_dot(text_.at(end))) return;  // its own rule
    const std::size_t size = end - i;
    const std::size_t family = text_.family_at(i, true);
    if (marked && family > 0 && size - family >= 1 && size - family <= 2) return add(i, end, "cue word");
    const std::size_t name = text_.name_end(i, marked);
    if (name > i && (!text_.has_words() || fits_words(i, name))) add(i, name, "cue word");
  }

  void take_after_role(std::size_t i) {
    const std::size_t end = text_.name_end(i, false);
    if (end == i) return;
    if (text_.has_words()) {
      if (text_.begins_word(i) && fits_words(i, end)) add(i, end, "cue word");
      return;
    }
    // Alone the rules need a sign that a name has ended.
    const char32_t next = text_.at(end);
    if (end - i >= 3 || !is_han(next) || never_in_given_name(next)) add(i, end, "cue word");
  }

  // The network's words of [begin, end) end with it, and none of them is one that no name is made of.
  [[nodiscard]] bool fits_words(std::size_t begin, std::size_t end) const {
    if (end < text_.size() && !text_.begins_word(end)) return false;
    const NameWord first = text_.word(begin);
    if (first.end >= end && first.kind == WordKind::kOther) return false;
    for (std::size_t i = begin; i < end; ++i) {
      const WordKind kind = text_.kind(i);
      if (kind == WordKind::kOwner || kind == WordKind::kPlace || kind == WordKind::kFunction) return false;
      const NameWord word = text_.word(i);
      if (word.end - word.begin > 1 && kind == WordKind::kNoun && word.begin == begin && word.end == end) return false;
    }
    return true;
  }

  // A dot between two parts that foreign names are written with.
  void take_dot(std::size_t dot) {
    std::size_t begin = dot;
    std::size_t end = dot + 1;
    while (begin > 0 && dot - begin < kMaxPart && is_part(begin - 1)) --begin;
    while (end < text_.size() && end - dot <= kMaxPart && is_part(end)) ++end;
    if (begin == dot || end == dot + 1) return;
    if (text_.has_words()) {
      // Where the network begins and ends words, unless it begins one at the dot alone.
      while (begin < dot && !text_.begins_word(begin)) ++begin;
      while (end > dot + 2 && end < text_.size() && !text_.begins_word(end)) --end;
    }
    if (begin == dot) return;
    const bool letters = !is_han(text_.at(dot - 1)) && !is_han(text_.at(dot + 1));
    if (!letters) add(begin, end, "middle dot");
  }

  static constexpr std::size_t kMaxPart = 9;
  [[nodiscard]] bool is_part(std::size_t i) const {
    const WordKind kind = text_.kind(i);
    const char32_t c = text_.at(i);
    if (kind == WordKind::kPerson || kind == WordKind::kName) return is_han(c);
    const bool letter = (c >= U'A' && c <= U'Z') || (c >= 0xFF21 && c <= 0xFF3A);
    const NameWord word = text_.word(i);
    const bool alone = word.end - word.begin == 1 && word.kind == WordKind::kFunction;
    return letter || (transcribes(c) && !alone);
  }

  const NameText& text_;
  std::vector<TextSpan> spans_;
};

}  // namespace

std::vector<TextSpan> find_person_names(const FoldedText& text, std::span<const NameWord> words) {
  const NameText asked(text, words);
  std::vector<TextSpan> spans = Finder(asked).run();
  add_mentions(asked, spans);
  return spans;
}

}  // namespace tongqu
