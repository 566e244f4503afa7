// How a family name is spoken to, and when it is no name.
#include <algorithm>

#include "security/privacy/known_forms.hpp"

namespace tongqu {
namespace {

constexpr std::u32string_view kTitles[] = {
    U"先生", U"女士", U"小姐", U"师傅", U"老师",   U"经理",   U"总经理", U"主任", U"医生", U"大夫", U"护士", U"教授",
    U"律师", U"老板", U"店长", U"同学", U"同志",   U"阿姨",   U"大爷",   U"大妈", U"大姐", U"大哥", U"叔叔", U"奶奶",
    U"爷爷", U"太太", U"夫人", U"总监", U"工程师", U"警官",   U"科长",   U"处长", U"局长", U"所长", U"队长", U"书记",
    U"站长", U"组长", U"会计", U"司机", U"老先生", U"老太太", U"姑娘",   U"伯伯", U"大叔", U"大娘", U"老人", U"姐姐",
    U"哥哥", U"妈妈", U"爸爸", U"弟弟", U"妹妹",   U"董事长", U"校长",   U"主管", U"經理", U"師傅", U"老師", U"醫生"};
// Titles of one character, each with what may not follow it (张总共, 张工作).
struct ShortTitle {
  char32_t title = 0;
  std::u32string_view not_before;
};
constexpr ShortTitle kShortTitles[] = {{U'总', U"共计数是会算体之部量和额价店"},
                                       {U'總', U"共計數是會算體之部量和"},
                                       {U'工', U"作资厂人程地商业具序艺钱时夫伤会龄"},
                                       {U'姐', U""},
                                       {U'哥', U""},
                                       {U'叔', U""},
                                       {U'姨', U""},
                                       {U'婶', U""},
                                       {U'伯', U""},
                                       {U'嫂', U""},
                                       {U'某', U"些种个次一日天年月"},
                                       {U'董', U""},
                                       {U'氏', U""}};
// What makes the family name a measure word: 一张, 两张, 这张.
constexpr std::u32string_view kMeasured = U"0123456789十百千两几这那每半哪多数";
constexpr std::u32string_view kMaskSigns = U"*X×○●■□◯〇某?";

constexpr std::u32string_view kNotNicknames[] = {
    U"小时", U"小米", U"小包", U"小费", U"小路", U"小白", U"小黄", U"小区", U"小计", U"小车", U"小花", U"小龙", U"小桥",
    U"小江", U"小毛", U"小钱", U"小房", U"小牛", U"小单", U"小高", U"小鱼", U"小字", U"小心", U"小伙", U"小店", U"小数",
    U"小学", U"小票", U"小便", U"小家", U"小康", U"小麦", U"小雪", U"小雨", U"小山", U"小水", U"小门", U"小样", U"小组",
    U"小声", U"小气", U"小吃", U"小儿", U"小孩", U"小朋", U"小型", U"小额", U"小量", U"小巧", U"小看", U"小说", U"小程",
    U"小寒", U"小满", U"小暑", U"小年", U"小于", U"小马", U"小熊", U"小游", U"小商", U"小党", U"小官", U"小强", U"小方",
    U"小金", U"小品", U"小青", U"小兰", U"小平", U"小安", U"小丽", U"老师", U"老公", U"老家", U"老年", U"老实", U"老路",
    U"老牛", U"老白", U"老板", U"老人", U"老乡", U"老鼠", U"老虎", U"老古", U"老干", U"老毛", U"老高", U"老远", U"老早",
    U"老成", U"老金", U"老龙", U"老车", U"老房", U"老花", U"老黄", U"老包", U"阿里", U"阿胶", U"阿拉"};

bool is_one_of(char32_t c, std::u32string_view set) { return c != U'\0' && set.find(c) != std::u32string_view::npos; }

std::size_t skip_blanks(const FoldedText& text, std::size_t at) {
  const std::size_t end = std::min(at + 24, text.size());
  while (at < end && is_dropped(text.at(at))) ++at;
  return at;
}

// Where `word` ends when it stands at `at`, blanks between its characters; 0 if it does not.
std::size_t end_of_word(const FoldedText& text, std::size_t at, std::u32string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i > 0) at = skip_blanks(text, at);
    if (text.at(at) != word[i]) return 0;
    at = text.end_of(at);
  }
  return at;
}

}  // namespace

std::size_t end_of_title(const FoldedText& text, std::size_t family_end) {
  const std::size_t at = skip_blanks(text, family_end);
  std::size_t masks = 0;
  std::size_t end = at;
  while (masks < 3 && is_one_of(text.at(end), kMaskSigns)) ++end, ++masks;
  const char32_t next = text.at(end);
  const bool code = (next >= U'0' && next <= U'9') || (next >= U'A' && next <= U'Z');
  const bool some = masks == 1 && (text.at(at) == U'某' || text.at(at) == U'?');
  if (masks > 0 && !some && !code) return end;
  std::size_t longest = 0;
  for (const std::u32string_view title : kTitles) {
    if (text.at(at) == title.front() && title.size() > 1) longest = std::max(longest, end_of_word(text, at, title));
  }
  if (longest > 0) return longest;
  // One character: not behind a number, not as the beginning of a word.
  std::size_t before = family_end - 1;
  while (before > 0 && family_end - before < 12 && is_dropped(text.at(before - 1))) --before;
  const bool measured = before > 0 && is_one_of(key_of(text.at(before - 1)), kMeasured);
  for (const ShortTitle& title : kShortTitles) {
    if (text.at(at) == title.title && !measured && !is_one_of(text.at(at + 1), title.not_before)) return at + 1;
  }
  return family_end;
}

bool is_nickname(char32_t before, char32_t family) {
  if (before != U'小' && before != U'老' && before != U'阿') return false;
  const std::u32string word{before, family};
  return std::ranges::find(kNotNicknames, word) == std::ranges::end(kNotNicknames);
}

}  // namespace tongqu
