#include "security/privacy/family_names.hpp"
#include "security/privacy/name_rule_parts.hpp"
#include "security/privacy/name_words.hpp"

namespace tongqu::name_rules {
namespace {

constexpr std::size_t kMaxPart = 9;       // of a foreign name
constexpr std::size_t kMaxGluedPart = 4;  // of one that the network drew to the word before
constexpr std::size_t kMaxAccount = 16;   // characters of an account's name

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

// 小刘, 老张 without any word around.
void take_little(const NameText& text, std::size_t i, FoundNames& out) {
  if (text.family_at(i + 1, false) != 1 || !text.free_before(i)) return;
  const bool ends = text.has_words() ? i + 2 >= text.size() || text.begins_word(i + 2)
                                     : !is_han(text.at(i + 2)) || never_in_given_name(text.at(i + 2));
  const WordKind kind = text.kind(i);
  if (ends && kind != WordKind::kOwner && kind != WordKind::kPlace) out.add(i, i + 2, "family name and title", true);
}

bool hides(char32_t c) {
  return c == U'×' || c == U'X' || c == U'x' || c == U'*' || c == 0xFF0A || c == U'○' || c == U'〇' || c == 0xFF38;
}

// 张某某, 李某甲, 王××, 陈XX.
void take_hidden(const NameText& text, std::size_t i, FoundNames& out) {
  const std::size_t given = i + text.family_at(i, false);
  if (given == i) return;
  std::size_t end = given;
  if (text.at(given) == U'某') {
    while (end < given + 2 && text.at(end) == U'某') ++end;
    static constexpr std::u32string_view kOrder = U"甲乙丙丁";
    if (kOrder.find(text.at(end)) != std::u32string_view::npos) ++end;
  } else {
    while (end < given + 2 && hides(text.at(end))) ++end;
    if (end == given) return;
    const bool letter = is_latin(text.at(given));
    const char32_t next = text.at(end);
    if (is_digit(next) || is_latin(next) || hides(next) || (letter && end < given + 2) || !text.free_before(i)) return;
  }
  out.add(i, end, "hidden in part", true);
}

bool is_part(const NameText& text, std::size_t i) {
  const NameWord word = text.word(i);
  const char32_t c = text.at(i);
  if (word.kind == WordKind::kPerson || word.kind == WordKind::kName) return is_han(c);
  const bool letter = (c >= U'A' && c <= U'Z') || (c >= 0xFF21 && c <= 0xFF3A);
  const bool alone = word.end - word.begin == 1 && word.kind == WordKind::kFunction;
  return letter || (transcribes(c) && !alone);
}

bool is_person(const NameText& text, std::size_t i) {
  return text.kind(i) == WordKind::kPerson || text.kind(i) == WordKind::kName;
}

// A dot between two parts that foreign names are written with; a hyphen where the network knows both.
void take_dot(const NameText& text, std::size_t dot, bool hyphen, FoundNames& out) {
  if (dot == 0 || (hyphen && (!is_person(text, dot - 1) || !is_person(text, dot + 1)))) return;
  std::size_t begin = dot;
  std::size_t end = dot + 1;
  while (begin > 0 && dot - begin < kMaxPart && is_part(text, begin - 1)) --begin;
  while (end < text.size() && end - dot <= kMaxPart && is_part(text, end)) ++end;
  if (begin == dot || end == dot + 1) return;
  // No farther than the network's words, unless its word does not end before the dot's part: 书记科|·|斯坎.
  const std::size_t run = begin;
  while (begin < dot && text.has_words() && !text.begins_word(begin)) ++begin;
  if (begin == dot && dot - run <= kMaxGluedPart) begin = run;
  while (end > dot + 2 && end < text.size() && text.has_words() && !text.begins_word(end)) --end;
  const bool letters = !is_han(text.at(dot - 1)) && !is_han(text.at(dot + 1));
  if (begin < dot && !letters) out.add(begin, end, "middle dot", false);
}

bool is_of_account(char32_t c) {
  return is_han(c) || is_latin(c) || is_digit(c) || c == U'_' || c == U'-' || c == U'·' || c == 0x30FC;
}

// What an account of a shop, an office or a paper is called.
const WordSet& organisations() {
  static const WordSet kWords(
      U"官方 官微 客服 新闻 日报 晚报 时报 头条 资讯 传媒 电视台 广播 微博 客户端 航空 乳业 科技 网络 协会 商会 "
      U"市场监管 公安 政务 发布");
  return kWords;
}

// @somebody; not what stands in an e-mail address, nor the account of a shop.
void take_account(const NameText& text, std::size_t at, FoundNames& out) {
  const char32_t before = at == 0 ? U' ' : text.at(at - 1);
  if ((is_latin(before) || is_digit(before) || before == U'.') && !is_han(text.at(at + 1))) return;
  std::size_t end = at + 1;
  bool owner = false;
  while (end < text.size() && end - at <= kMaxAccount && is_of_account(text.at(end))) {
    const auto from = text.from(end);
    owner = owner || name_words::owners().at_begin(from) > 0 || organisations().at_begin(from) > 0;
    ++end;
  }
  const bool ended = end >= text.size() || !is_of_account(text.at(end));
  if (ended && !owner && end > at + 2) out.add(at + 1, end, "account", false);
}

}  // namespace

void take_shape(const NameText& text, std::size_t i, FoundNames& out) {
  const char32_t c = text.at(i);
  if (c == U'小' || c == U'老') take_little(text, i, out);
  if (is_han(c)) return take_hidden(text, i, out);
  if (is_middle_dot(c)) take_dot(text, i, false, out);
  if (c == U'-' || c == 0xFF0D || c == U'□') take_dot(text, i, true, out);
  if (c == U'@' || c == 0xFF20) take_account(text, i, out);
}

}  // namespace tongqu::name_rules
