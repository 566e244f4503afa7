#include "security/privacy/text_span.hpp"

#include <gtest/gtest.h>

#include "tests/unit/privacy/span_support.hpp"

namespace tongqu {
namespace {

// U+0000 is shown as '_'.
struct FoldCase {
  const char* text;
  const char* folded;
};

constexpr FoldCase kCases[] = {
    {"", ""},
    {"ａｂＣ１２３＠．", "ABC123@."},
    {"电话 138", "电话 138"},
    {"一二三四五六七", "1234567"},
    {"一二三四五六", "一二三四五六"},
    {"一三八 零零一三 八零零零", "138 0013 8000"},
    {"幺三八-〇〇壹叁-③000", "138-0013-3000"},
    {"一二三、四五六七", "一二三、四五六七"},
    {"138零零一三8000", "13800138000"},
    {"a</br>b<br/>c<BR />d", "A_____B_____C______D"},
    {"<b>x</b>", "___X____"},
    {"<zhang@qq.com>", "<ZHANG@QQ.COM>"},
    {"&nbsp;x&#160;&#xA0;", "______X____________"},
    {"&amp;nbsp;x", "__________X"},
    {"&lt;br&gt;x", "__________X"},
    {"&#49;&#x32;&#;&#99999999;", "1____2_____&#;&#99999999;"},
    {"R&D <3", "R&D <3"},
    {"a\xE2\x80\x8B"
     "b\xC2\xA0"
     "c\xE3\x80\x80"
     "d—e",
     "A_B C D-E"},
    {"\xF0\xA0\xAE\xB7😀", "\xF0\xA0\xAE\xB7😀"},
    {"\xFF"
     "a\xE4\xB8",
     "\xEF\xBF\xBD"
     "A\xEF\xBF\xBD\xEF\xBF\xBD"},
};

TEST(FoldedText, Cases) {
  for (const FoldCase& one : kCases) {
    const FoldedText text(one.text);
    std::u32string shown = text.folded();
    for (char32_t& c : shown) c = c == U'\0' ? U'_' : c;
    EXPECT_EQ(test::utf8_of(shown), one.folded) << one.text;
    EXPECT_EQ(text.text().size(), text.folded().size());
  }
}

TEST(FoldedText, AnEntityEndsBehindItsSemicolon) {
  const FoldedText text("&#49;3&x");
  EXPECT_EQ(text.end_of(0), 5U);
  EXPECT_EQ(text.end_of(5), 6U);
  EXPECT_EQ(text.end_of(6), 7U);
  EXPECT_EQ(text.at(99), U'\0');
}

TEST(Spans, JoinedByTheLonger) {
  std::vector<TextSpan> spans{{5, 9, SpanType::kName, "a"},   {0, 3, SpanType::kId, "b"},
                              {2, 6, SpanType::kPhone, "c"},  {9, 10, SpanType::kName, "d"},
                              {12, 12, SpanType::kName, "e"}, {20, 22, SpanType::kId, "f"},
                              {20, 25, SpanType::kPhone, "g"}};
  join_spans(spans);
  const std::vector<TextSpan> expected{
      {0, 9, SpanType::kPhone, "c"}, {9, 10, SpanType::kName, "d"}, {20, 25, SpanType::kPhone, "g"}};
  EXPECT_EQ(spans, expected);
}

}  // namespace
}  // namespace tongqu
