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

// A text takes the room of the one before it; nothing of that one is left in it.
TEST(FoldedText, ALongTextHoldsNothingOfTheOneBefore) {
  for (const std::size_t size : {3 * CharacterRoom::kLeastKept, CharacterRoom::kLeastKept + 1,
                                 2 * CharacterRoom::kLeastKept, CharacterRoom::kMostKept + 5, std::size_t{70000}}) {
    std::string utf8;
    for (std::size_t i = 0; i < size; ++i) utf8 += i % 7 == 0 ? "，" : i % 3 == 0 ? "a" : "货";
    const FoldedText text(utf8);
    const FoldedText copy = text;  // NOLINT(performance-unnecessary-copy-initialization): it is the copy that is tested
    ASSERT_EQ(text.size(), size);
    ASSERT_EQ(text.folded().size(), size);
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_EQ(text.text()[i], i % 7 == 0 ? U'，' : i % 3 == 0 ? U'a' : U'货') << i;
      ASSERT_EQ(copy.folded()[i], i % 7 == 0 ? U',' : i % 3 == 0 ? U'A' : U'货') << i;
    }
  }
}

TEST(CharacterSet, HoldsWhatWasAdded) {
  CharacterSet set;
  for (const char32_t c : {U'\0', U'\x1F', U' ', U'一', U'\xFFFF'}) set.add(c);
  std::size_t held = 0;
  for (char32_t c = 0; c < 0x10000; ++c) held += set.holds(c) ? 1 : 0;
  EXPECT_EQ(held, 5U);
  EXPECT_TRUE(set.holds(U'一'));
  EXPECT_FALSE(set.holds(U'丁'));
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
