#include <algorithm>

#include "security/privacy/family_names.hpp"
#include "security/privacy/name_rule_parts.hpp"
#include "security/privacy/name_words.hpp"

namespace tongqu::name_rules {
namespace {

constexpr std::string_view kReason = "cue word";
constexpr std::size_t kMaxGap = 3;  // spaces and a colon between a cue and the name

bool is_space(char32_t c) { return c == U' ' || c == 0x3000 || c == U'\t'; }
bool is_colon(char32_t c) { return c == U':' || c == 0xFF1A; }

// End of the Chinese characters that begin at i, at most five.
std::size_t token_end(const NameText& text, std::size_t i) {
  std::size_t end = i;
  while (end < text.size() && end - i < 5 && is_han(text.at(end))) ++end;
  return end;
}

bool is_whole_name(const NameText& text, std::size_t begin, std::size_t end, bool any) {
  const std::size_t family = text.family_at(begin, any);
  const std::size_t size = end - begin;
  return family > 0 && size > family && size - family <= 2 && !is_middle_dot(text.at(end));
}

// The network's words end at `end` with [begin, end), and none of them is one that no name is made of.
bool fits_words(const NameText& text, std::size_t begin, std::size_t end) {
  if (!text.begins_word(begin) || (end < text.size() && !text.begins_word(end))) return false;
  for (std::size_t i = begin; i < end; ++i) {
    const NameWord word = text.word(i);
    if (word.kind == WordKind::kOwner || word.kind == WordKind::kPlace || word.kind == WordKind::kFunction)
      return false;
    const bool ordinary = word.kind == WordKind::kNoun || word.kind == WordKind::kOther;
    if (ordinary && word.begin == begin && word.end == end) return false;
  }
  return true;
}

// A field: all of it, if it may be a name.
void take_after_label(const NameText& text, std::size_t i, bool marked, FoundNames& out) {
  const std::size_t end = token_end(text, i);
  if (text.is_border(end) && is_whole_name(text, i, end, marked)) return out.add_surely(i, end, kReason);
  const auto all = text.view(i, end);
  const bool foreign = all.size() > 2 && std::all_of(all.begin(), all.end(), transcribes);
  if (marked && foreign && text.is_border(end)) return out.add_surely(i, end, kReason);
  const std::size_t name = text.name_end(i, marked);
  if (name > i && (!text.has_words() || fits_words(text, i, name))) out.add(i, name, kReason, true);
}

void take_after_role(const NameText& text, std::size_t i, FoundNames& out) {
  const std::size_t token = token_end(text, i);
  if (text.is_border(token) && is_whole_name(text, i, token, false)) return out.add(i, token, kReason, true);
  const auto all = text.view(i, token);
  const bool foreign =
      std::all_of(all.begin(), all.end(), [](char32_t c) { return transcribes(c) && !never_in_given_name(c); });
  if (text.is_border(token) && all.size() > 2 && foreign) {
    return out.add(i, token, kReason, true);
  }
  const std::size_t end = text.name_end(i, false);
  if (end == i) return;
  if (text.has_words()) {
    if (fits_words(text, i, end)) out.add(i, end, kReason, true);
    return;
  }
  // Alone the rules need a sign that a name has ended.
  const bool ended = end - i >= 3 || !is_han(text.at(end)) || never_in_given_name(text.at(end)) ||
                     name_words::speaking().at_begin(text.from(end)) > 0;
  if (ended) out.add(i, end, kReason, true);
}

// The name that ends before the signs before a sex at `i`: 张三，男，
void take_before_sex(const NameText& text, std::size_t i, FoundNames& out) {
  const char32_t next = text.at(i + 1);
  if (is_han(next) && next != U'性') return;
  std::size_t end = i;
  while (end > 0 && i - end < 2 && text.is_border(end - 1) && !is_middle_dot(text.at(end - 1))) --end;
  if (end == i) return;
  std::size_t begin = end;
  while (begin > 0 && end - begin < 5 && is_han(text.at(begin - 1))) --begin;
  if (begin > 0 && !text.is_border(begin - 1)) return;
  if (is_whole_name(text, begin, end, true)) out.add_surely(begin, end, kReason);
}

// Whom a work is about or by, where its kind says so: 《王小五传》, 《李四选集》. Other titles stay whole.
void take_in_title(const NameText& text, std::size_t i, FoundNames& out) {
  const std::size_t family = text.at(i - 1) == U'《' ? text.family_at(i, true) : 0;
  if (family == 0) return;
  for (const std::size_t given : {std::size_t{2}, std::size_t{1}}) {
    const std::size_t end = i + family + given;
    if (name_words::works_of_persons().at_begin(text.from(end)) == 0) continue;
    bool good = true;
    for (std::size_t at = i + family; at < end; ++at)
      good = good && is_han(text.at(at)) && !never_in_given_name(text.at(at));
    if (good) return out.add(i, end, kReason, false);
  }
}

// An author in brackets behind a work, or the writer in brackets at the end: 《…》（王五）.
void take_in_brackets(const NameText& text, std::size_t i, FoundNames& out) {
  const auto opens = [&](std::size_t at) { return text.at(at) == U'(' || text.at(at) == 0xFF08; };
  if (i < 2 || !opens(i - 1) || text.at(i - 2) != U'》') return;
  const std::size_t end = token_end(text, i);
  if ((text.at(end) == U')' || text.at(end) == 0xFF09) && is_whole_name(text, i, end, true))
    out.add(i, end, kReason, true);
}

// 指挥官Shepard: a letter in upper case, then at least one in lower case.
void take_latin(const NameText& text, std::size_t i, FoundNames& out) {
  if (is_latin(text.at(i - 1)) || name_words::roles().at_end(text.before(i)) == 0) return;
  std::size_t end = i;
  while (end < text.size() && end - i < NameText::kMaxName && is_latin(text.at(end))) ++end;
  const char32_t next = text.at(i + 1);
  if (end - i > 2 && next >= U'a' && next <= U'z') out.add(i, end, kReason, false);
}

// At the begin of a line, before a colon: who speaks.
void take_speaker(const NameText& text, std::size_t i, FoundNames& out) {
  const std::size_t end = token_end(text, i);
  if (!is_colon(text.at(end)) || !is_whole_name(text, i, end, end - i == 3)) return;
  const NameWord word = text.word(i);
  if (word.kind == WordKind::kNoun && word.begin == i && word.end == end) return;
  out.add(i, end, kReason, true);
}

}  // namespace

void take_cue(const NameText& text, std::size_t i, FoundNames& out) {
  if (i > 0 && text.at(i) >= U'A' && text.at(i) <= U'Z') take_latin(text, i, out);
  if (!is_han(text.at(i))) return;
  if (text.at(i) == U'男' || text.at(i) == U'女') take_before_sex(text, i, out);
  if (text.family_at(i, true) == 0 && !transcribes(text.at(i))) return;
  if (i == 0 || text.at(i - 1) == U'\n') return take_speaker(text, i, out);
  take_in_brackets(text, i, out);
  take_in_title(text, i, out);
  std::size_t cue_end = i;
  bool marked = false;  // by a colon
  while (cue_end > 0 && i - cue_end < kMaxGap && (is_space(text.at(cue_end - 1)) || is_colon(text.at(cue_end - 1)))) {
    marked = marked || is_colon(text.at(cue_end - 1));
    --cue_end;
  }
  if (text.at(i - 1) == U'姓' && text.at(i) != U'名' && text.at(i - 2) != U'老' && text.at(i - 2) != U'百' &&
      name_words::titles().at_begin(text.from(i)) == 0) {
    return out.add(i, i + text.family_at(i, true), kReason, false);
  }
  const auto before = text.before(cue_end);
  if (cue_end < i && name_words::labels().at_end(before) > 0) return take_after_label(text, i, marked, out);
  if (name_words::roles().at_end(before) == 0) return;
  if (marked) return take_after_label(text, i, true, out);
  take_after_role(text, i, out);
}

}  // namespace tongqu::name_rules
