// A text that comes in pieces is scrubbed as the whole of it, in bounded memory.
#include "security/privacy/text_stream.hpp"

#include <gtest/gtest.h>

#include <random>

#include "gateway/core/text.hpp"
#include "tests/unit/privacy/span_support.hpp"

namespace tongqu::test {
namespace {

const TextScrubber& scrubber() {
  static const auto kOpened = open_text_scrubber(kDefaultNamesModel);
  if (kOpened.has_error()) throw std::runtime_error(kOpened.error().text(Lang::kEnglish));
  return **kOpened;
}

struct Streamed {
  std::string text;
  std::vector<TextSpan> spans;
  bool good = true;
  std::size_t most_waiting = 0;  // bytes that had come in and had not been put out
};

// Pieces of `sizes`, over and over.
Streamed stream(std::string_view utf8, const std::vector<std::size_t>& sizes, const RecordPersons& persons = {}) {
  Streamed out;
  std::uint64_t put_out = 0;  // code points
  TextStream to(scrubber(), persons, [&](const StreamedPart& part) {
    EXPECT_EQ(part.begin, put_out);
    out.text += part.scrubbed.text;
    for (TextSpan span : part.scrubbed.spans) {
      span.begin += static_cast<std::uint32_t>(part.begin);
      span.end += static_cast<std::uint32_t>(part.begin);
      out.spans.push_back(span);
    }
    // What came in of this part: its text with the spans instead of the marks.
    put_out += count_code_points(part.scrubbed.text);
    for (const TextSpan& span : part.scrubbed.spans)
      put_out += span.end - span.begin - count_code_points(mark_of(span.type));
  });
  std::size_t at = 0;
  for (std::size_t i = 0; at < utf8.size() && out.good; ++i) {
    const std::string_view piece = utf8.substr(at, sizes[i % sizes.size()]);
    at += piece.size();
    out.good = to.push(piece);
    const std::size_t came = count_code_points(utf8.substr(0, at));
    if (out.good) out.most_waiting = std::max<std::size_t>(out.most_waiting, came - put_out);
  }
  out.good = out.good && to.finish();
  return out;
}

// About `bytes` of ordinary text with persons in it, sentences and lines of all lengths.
std::string long_text(std::size_t bytes, unsigned seed) {
  static constexpr std::array kParts{"消费者王建国来电反映，",
                                     "在某超市购买的牛奶已经过期",
                                     "，电话13812345678",
                                     "。",
                                     "\n",
                                     "姓名：张晓明，",
                                     "要求退还货款并赔偿损失",
                                     "，家住中山路18号3单元501室",
                                     "！",
                                     "138 1234\r\n5678",
                                     "阿卜杜拉·买买提到场调解，",
                                     "邮箱zhang@example.com ",
                                     "\U0001F600"};
  std::mt19937 random(seed);
  std::string out;
  while (out.size() < bytes) out += kParts[std::uniform_int_distribution<std::size_t>(0, kParts.size() - 1)(random)];
  return out;
}

TEST(TextStream, ATextThatFitsIsScrubbedAsAWhole) {
  const std::string text = long_text(TextStream::kWindowBytes - 100, 1);
  const Scrubbed whole = scrubber().scrub(text, {});
  ASSERT_GT(whole.spans.size(), 100U);
  for (const std::vector<std::size_t>& sizes : {std::vector<std::size_t>{1 << 20}, {1, 2, 3, 50000}}) {
    const Streamed parts = stream(text, sizes);
    EXPECT_EQ(parts.text, whole.text);
    EXPECT_EQ(parts.spans, whole.spans);
  }
}

TEST(TextStream, ALongTextIsScrubbedTheSameHoweverItComes) {
  const std::string text = long_text(3 * TextStream::kWindowBytes + 12345, 2);
  const Scrubbed whole = scrubber().scrub(text, {});
  for (const std::vector<std::size_t>& sizes :
       {std::vector<std::size_t>{1 << 22}, {65536}, {7, 70001, 1, TextStream::kWindowBytes}}) {
    const Streamed parts = stream(text, sizes);
    EXPECT_TRUE(parts.good);
    EXPECT_TRUE(parts.text == whole.text);
    EXPECT_EQ(parts.spans, whole.spans);
  }
}

TEST(TextStream, WhatIsNotHiddenStaysByteForByte) {
  const std::string text = long_text(2 * TextStream::kWindowBytes, 3);
  const Streamed parts = stream(text, {10000});
  const std::u32string from = code_points(text);
  std::string expected;
  std::size_t at = 0;
  for (const TextSpan& span : parts.spans) {
    ASSERT_GE(span.begin, at);
    expected += utf8_of(from.substr(at, span.begin - at)) + std::string(mark_of(span.type));
    at = span.end;
  }
  expected += utf8_of(from.substr(at));
  EXPECT_TRUE(parts.text == expected);
}

TEST(TextStream, HoldsABoundedPart) {
  const std::string text = long_text(4 * TextStream::kWindowBytes, 4);
  EXPECT_LT(stream(text, {4096}).most_waiting, TextStream::kWindowBytes);
}

// A telephone number and a name on every place around the border of two windows, in a text without any other border.
TEST(TextStream, NothingIsCutInTwo) {
  const RecordPersons persons(KnownPersons{{{KnownKind::kName, "张小明"}}, {}});
  for (std::size_t before = TextStream::kWindowBytes - 40; before <= TextStream::kWindowBytes + 3; before += 3) {
    std::string text;
    while (text.size() < before) text += "货";
    text += "，13812345678，张小明，";
    std::string expected = text.substr(0, text.find("，")) + "，〔电话〕，〔姓名〕，";
    for (int i = 0; i < 2000; ++i) text += "货", expected += "货";
    const Streamed parts = stream(text, {1 << 20}, persons);
    EXPECT_TRUE(parts.text == expected) << before;
    EXPECT_EQ(parts.spans.size(), 2U) << before;
  }
}

TEST(TextStream, WhatIsNoUtf8IsNotPutOut) {
  std::string text = long_text(3 * TextStream::kWindowBytes, 5);
  text[2 * TextStream::kWindowBytes] = '\xFF';
  const Streamed parts = stream(text, {50000});
  EXPECT_FALSE(parts.good);
  EXPECT_FALSE(parts.text.empty());
  EXPECT_EQ(parts.text.find('\xFF'), std::string::npos);
  EXPECT_FALSE(stream("\xB0\xA1", {1}).good);
  EXPECT_FALSE(stream("王建国\xE7", {100}).good);
  EXPECT_TRUE(stream("", {1}).good);
}

}  // namespace
}  // namespace tongqu::test
