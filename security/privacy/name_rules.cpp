#include "security/privacy/name_rules.hpp"

#include <algorithm>

#include "security/privacy/family_names.hpp"
#include "security/privacy/name_mentions.hpp"
#include "security/privacy/name_rule_parts.hpp"
#include "security/privacy/name_words.hpp"

namespace tongqu {

void FoundNames::add_surely(std::size_t begin, std::size_t end, std::string_view reason) {
  if (begin >= end || end > text_.size() || end - begin > NameText::kMaxName) return;
  if (name_words::not_names().holds(text_.view(begin, end))) return;
  spans_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), SpanType::kName, reason});
}

void FoundNames::add(std::size_t begin, std::size_t end, std::string_view reason, bool doubtful) {
  if (doubtful ? text_.is_doubtful(begin, end) : text_.is_kept(begin, end)) return;
  add_surely(begin, end, reason);
}

namespace name_rules {
namespace {

constexpr std::string_view kTitleReason = "family name and title";

// A family name and one or two characters.
bool has_shape(const NameText& text, std::size_t begin, std::size_t end, bool any) {
  const std::size_t family = text.family_at(begin, any);
  const std::size_t size = end - begin;
  return family > 0 && size > family && size - family <= 2;
}

bool all_transcribe(std::u32string_view characters) {
  return std::all_of(characters.begin(), characters.end(), transcribes);
}

// Steven, MagicYang; not DVD, iPhone.
bool is_latin_name(std::u32string_view all) {
  std::size_t small = 0;
  for (const char32_t c : all) {
    if (!is_latin(c)) return false;
    small += c >= U'a' && c <= U'z' ? 1 : 0;
  }
  return all.size() > 2 && small > 1 && all.front() >= U'A' && all.front() <= U'Z';
}

// The network cuts a rare last character off: 唐进|修, 阿德巴|约. Whether it belongs to the name that ends before
// `end`. 中 ends names as well as it stands behind them; behind a role and before a word it is more likely a name's.
bool has_cut_off(const NameText& text, std::size_t begin, std::size_t end) {
  const NameWord next = text.word(end);
  const char32_t c = text.at(end);
  if (next.begin != end || next.end != end + 1 || !is_han(c)) return false;
  const bool role = name_words::roles().at_end(text.before(begin)) > 0;
  if (c == U'中' && role && text.family_at(begin, false) + 1 == end - begin) return !text.is_border(end + 1);
  static constexpr std::u32string_view kAlone = U"和与在于为来多及以则本加有可";
  if (never_in_given_name(c) || kAlone.find(c) != std::u32string_view::npos) return false;
  if (end - begin >= 3 && all_transcribe(text.view(begin, end + 1))) return true;
  if (end - begin != text.family_at(begin, true) + 1 || next.kind == WordKind::kFunction) return false;
  return text.is_border(end + 1) || role;
}

// A character that is in no given name; 中 as the third of three is in many.
bool has_stranger(std::u32string_view name) {
  for (std::size_t i = 1; i < name.size(); ++i) {
    const bool last = name.size() == 3 && i == 2 && name[i] == U'中';
    if (!last && never_in_given_name(name[i])) return true;
  }
  return false;
}

// What the network tags as a part of a name is as often a word.
bool is_likely(const NameText& text, const NameWord& word) {
  const std::size_t size = word.end - word.begin;
  if (size < 2 || size > 12) return false;
  auto all = text.view(word.begin, word.end);
  const std::size_t title = name_words::titles().at_end(all);
  if (title > 1 && title + 1 < all.size()) all.remove_suffix(title);
  const bool role = name_words::roles().at_end(text.before(word.begin)) > 0;
  if (title < 2 && name_words::personal_titles().at_begin(text.from(word.end)) > 0 && !has_stranger(all)) return true;
  if (word.kind == WordKind::kMaybe) {
    if (has_stranger(all)) return false;
    if (role && is_han(all.front())) return true;
  } else {
    if (role || name_words::speaking().at_begin(text.from(word.end)) > 0) return true;
    const char32_t before = word.begin == 0 ? U' ' : text.at(word.begin - 1);
    if (is_latin(all.front())) return before != U'/' && !is_latin(before) && is_latin_name(all);
  }
  return has_shape(text, word.begin, word.end, false) || (size > 2 && all_transcribe(all));
}

// 总, 哥, 姐, 某 make words with what follows and with what stands before.
bool short_title_fits(const NameText& text, std::size_t i) {
  static constexpr std::u32string_view kAfterTotal = U"是共之结数额部店经体算和价量监裁会有统理";
  if (text.at(i) == U'总' && kAfterTotal.find(text.at(i + 1)) != std::u32string_view::npos) return false;
  if (text.at(i) == U'某' && name_words::owner_endings().at_begin(text.from(i + 1)) > 0) return false;
  return text.family_at(i - 1, false) > 0;
}

// A whole name before a title at `i`; where it begins, or `i`.
std::size_t name_before_title(const NameText& text, std::size_t i) {
  const bool personal = name_words::personal_titles().at_begin(text.from(i)) > 0;
  for (const std::size_t length : {std::size_t{4}, std::size_t{3}, std::size_t{2}}) {
    if (i < length) continue;
    const std::size_t begin = i - length;
    const bool alone = personal && (begin == 0 || text.is_border(begin - 1));
    if (!has_shape(text, begin, i, alone) || !(alone || text.free_before(begin))) continue;
    const WordKind kind = text.kind(begin);
    if (!alone && (kind == WordKind::kOwner || kind == WordKind::kPlace || !text.begins_word(i))) continue;
    bool good = true;
    for (std::size_t at = begin + 1; at < i; ++at)
      good = good && is_han(text.at(at)) && !never_in_given_name(text.at(at));
    if (good) return begin;
  }
  return i;
}

// 克雷蒂安总理, between signs or words.
std::size_t foreign_before_title(const NameText& text, std::size_t i) {
  std::size_t begin = i;
  while (begin > 0 && i - begin < 8 && transcribes(text.at(begin - 1))) --begin;
  static constexpr std::u32string_view kBefore = U"同与和跟向对由被给让请为";
  const bool starts = begin == 0 || text.is_border(begin - 1) || (text.has_words() && text.begins_word(begin)) ||
                      kBefore.find(text.at(begin - 1)) != std::u32string_view::npos;
  return starts && i - begin >= 3 ? begin : i;
}

// Where a foreign name begins of which the network took the end alone (阿里斯托|芬尼斯): behind a role or a sign.
std::size_t foreign_begin(const NameText& text, const NameWord& word) {
  if (word.end - word.begin < 2 || !all_transcribe(text.view(word.begin, word.begin + 2))) return word.begin;
  std::size_t begin = word.begin;
  while (begin > 0 && word.begin - begin < 8 && transcribes(text.at(begin - 1)) &&
         name_words::roles().at_end(text.before(begin)) == 0)
    --begin;
  const bool stops = begin == 0 || text.is_border(begin - 1) || name_words::roles().at_end(text.before(begin)) > 0;
  return stops && word.begin - begin >= 2 && !is_middle_dot(text.at(begin - 1)) ? begin : word.begin;
}

}  // namespace

void take_word(const NameText& text, const NameWord& word, FoundNames& out) {
  const bool unsure = word.kind == WordKind::kName || word.kind == WordKind::kMaybe;
  if (word.kind != WordKind::kPerson && !(unsure && is_likely(text, word))) return;
  std::size_t end = word.end;
  const auto all = text.view(word.begin, word.end);
  const std::size_t title = name_words::titles().at_end(text.before(word.end));
  // The title stays readable: 王女士. One character (某, 总) belongs to the name.
  if (title > 1 && title < all.size()) end -= title;
  if (end == word.end && has_cut_off(text, word.begin, end)) ++end;
  // One character alone is no name without a title, for which there is a rule.
  if (end - word.begin > 1 || end < word.end) out.add(foreign_begin(text, word), end, "network", false);
}

void take_between(const NameText& text, const NameWord& before, const NameWord& word, const NameWord& after,
                  FoundNames& out) {
  if (before.kind != WordKind::kPerson || after.kind != WordKind::kPerson || word.kind == WordKind::kFunction) return;
  if (!has_shape(text, word.begin, word.end, true) || has_stranger(text.view(word.begin, word.end))) return;
  if (has_shape(text, before.begin, before.end, true) && has_shape(text, after.begin, after.end, true))
    out.add_surely(word.begin, word.end, "list");
}

void take_title(const NameText& text, std::size_t i, FoundNames& out) {
  const std::size_t size = name_words::titles().at_begin(text.from(i));
  if (size == 0 || i == 0 || !is_han(text.at(i - 1))) return;
  if (size == 1 && !short_title_fits(text, i)) return;
  if (i >= 2 && begins_with_compound_family_name(text.from(i - 2))) return out.add(i - 2, i, kTitleReason, false);
  if (size > 1) {
    std::size_t begin = name_before_title(text, i);
    if (begin == i) begin = foreign_before_title(text, i);
    // Between a sign and a personal title stands nothing but a name: 黄金陵先生.
    const bool alone = name_words::personal_titles().at_begin(text.from(i)) > 0 && i - begin >= 3 &&
                       (begin == 0 || text.is_border(begin - 1));
    if (begin < i) return out.add(begin, i, kTitleReason, !alone);
  }
  if (text.family_at(i - 1, true) != 1 || !text.free_before(i - 1)) return;
  const bool personal = name_words::personal_titles().at_begin(text.from(i)) > 0;
  const bool alone = personal && (i == 1 || text.is_border(i - 2));
  const WordKind kind = text.kind(i - 1);
  const bool common = text.family_at(i - 1, false) == 1;
  const bool named = kind == WordKind::kPerson || kind == WordKind::kName;
  if (!common && !named && !alone) return;
  if (!common && kind == WordKind::kFunction) return;
  // A brand (康师傅) or a shop (王先生烤鱼店).
  if (name_words::not_names().holds(text.view(i - 1, i + size)) || text.is_kept(i - 1, i + size)) return;
  out.add(i - 1, size == 1 ? i + 1 : i, kTitleReason, size == 1);
}

}  // namespace name_rules

std::vector<TextSpan> find_person_names(const FoldedText& text, std::span<const NameWord> words) {
  const NameText asked(text, words);
  FoundNames found(asked);
  const auto read = asked.words();
  for (std::size_t w = 0; w < read.size(); ++w) {
    name_rules::take_word(asked, read[w], found);
    if (w > 0 && w + 1 < read.size()) name_rules::take_between(asked, read[w - 1], read[w], read[w + 1], found);
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    name_rules::take_title(asked, i, found);
    name_rules::take_cue(asked, i, found);
    name_rules::take_shape(asked, i, found);
  }
  std::vector<TextSpan> spans = found.take();
  add_mentions(asked, spans);
  return spans;
}

}  // namespace tongqu
