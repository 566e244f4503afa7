#include "security/privacy/person_names.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "gateway/core/text.hpp"
#include "security/privacy/privacy_codes.hpp"

namespace tongqu {
namespace {

// The package python3-jieba brings it; scripts/packages.sh installs it.
constexpr const char* kFolder = "/usr/lib/python3/dist-packages/jieba/lac_small";

const PersonNames& names() {
  static const auto kNames = [] {
    auto opened = PersonNames::open(kFolder);
    if (opened.has_error()) std::abort();
    return std::move(*opened);
  }();
  return *kNames;
}

std::vector<TextSpan> find(const FoldedText& text) {
  const FoldedText* const one[] = {&text};
  std::vector<std::vector<TextSpan>> out;
  names().find(one, out);
  return out.front();
}

std::string hidden(const std::string& utf8) {
  const FoldedText text(utf8);
  std::string out;
  std::size_t next = 0;
  const auto spans = find(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (next < spans.size() && spans[next].end <= i) ++next;
    const bool inside = next < spans.size() && spans[next].begin <= i;
    append_utf8(out, inside ? U'*' : text.text()[i]);
  }
  return out;
}

struct Case {
  const char* text;
  const char* hidden;
};
const Case kCases[] = {
    {"张小明向李四投诉某某火锅店，电话另附，住在北京市海淀区。", "***向**投诉某某火锅店，电话另附，住在北京市海淀区。"},
    {"市民王女士来电反映，其在杭州市某手机店购买手机，店主陈建国拒绝退款。",
     "市民*女士来电反映，其在杭州市某手机店购买手机，店主***拒绝退款。"},
    {"欧阳文静与店员小刘发生争执，派出所民警买买提·艾力到场调解。", "****与店员**发生争执，派出所民警******到场调解。"},
    {"请退还货款1600元，并赔偿损失。", "请退还货款1600元，并赔偿损失。"},
    {"收到的牛奶已经过期，客服不予处理，希望市场监管部门介入。",
     "收到的牛奶已经过期，客服不予处理，希望市场监管部门介入。"},
    {"在海底捞火锅店用餐后腹泻，要求赔偿。", "在海底捞火锅店用餐后腹泻，要求赔偿。"},
};

TEST(PersonNames, HideNamesAndNothingElse) {
  for (const Case& c : kCases) EXPECT_EQ(hidden(c.text), c.hidden);
}

TEST(PersonNames, WithoutTheNetworkThereIsNone) {
  const auto opened = PersonNames::open("/nonexistent");
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, &codes::kNetwork);
}

// Wherever the border between two pieces falls in or beside a name, it is found.
TEST(PersonNames, ANameOnTheBorderOfTwoPiecesIsFound) {
  const std::u32string filler = U"市民反映购买的商品存在质量问题，";
  const std::u32string name = U"店主陈建国";
  for (std::size_t at = PersonNames::kPieceCharacters - 8; at <= PersonNames::kPieceCharacters + 3; ++at) {
    std::u32string text;
    while (text.size() < at - 1) text += filler;
    text.resize(at - 1);
    text += U"，" + name + U"拒绝退款，";
    while (text.size() < 3 * PersonNames::kPieceCharacters) text += filler;
    std::string utf8;
    for (const char32_t c : text) append_utf8(utf8, c);
    const auto spans = find(FoldedText(utf8));
    ASSERT_EQ(spans.size(), 1U) << at;
    EXPECT_EQ(spans[0].begin, at + 2) << at;
    EXPECT_EQ(spans[0].end, at + 5) << at;
  }
}

TEST(PersonNames, WordsOfPiecesFollowEachOtherWithoutGap) {
  std::string utf8;
  for (int i = 0; i < 60; ++i) utf8 += "张小明向李四投诉某某火锅店电话另附住在北京市海淀区";
  const FoldedText text(utf8);
  const FoldedText* const one[] = {&text};
  std::uint32_t at = 0;
  const auto words = names().words(one);
  for (const NameWord& word : words.front()) {
    EXPECT_EQ(word.begin, at);
    EXPECT_LT(word.begin, word.end);
    at = word.end;
  }
  EXPECT_EQ(at, text.size());
}

// What is remembered of a sentence is what the network says of it, wherever it stands.
TEST(PersonNames, ARememberedSentenceIsReadTheSame) {
  auto opened = PersonNames::open(kFolder, false);
  ASSERT_TRUE(opened.has_value());
  std::string all;
  for (const Case& c : kCases) {
    all += c.text;
    all += "\n";
  }
  const FoldedText once(all);
  const FoldedText twice(all + all);
  const FoldedText* const one[] = {&once};
  const FoldedText* const both[] = {&twice};
  const auto expected = (*opened)->words(one).front();
  EXPECT_EQ((*opened)->words(both).front().size(), 2 * expected.size());
  for (int round = 0; round < 2; ++round) {
    const auto words = names().words(both).front();
    ASSERT_EQ(words.size(), 2 * expected.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      const NameWord& from = expected[i % expected.size()];
      const std::size_t base = i < expected.size() ? 0 : once.size();
      EXPECT_EQ(words[i].begin, from.begin + base);
      EXPECT_EQ(words[i].end, from.end + base);
      EXPECT_EQ(words[i].kind, from.kind);
    }
  }
}

TEST(PersonNames, TheSameBesideOthersAndFromManyThreads) {
  std::vector<FoldedText> texts;
  for (int i = 0; i < 50; ++i)
    texts.emplace_back(std::string(static_cast<std::size_t>(i % 7), '.') + kCases[i % 6].text);
  std::vector<const FoldedText*> all;
  for (const FoldedText& text : texts) all.push_back(&text);
  all.push_back(nullptr);
  std::vector<std::vector<TextSpan>> alone;
  for (const FoldedText& text : texts) alone.push_back(find(text));
  alone.emplace_back();
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      std::vector<std::vector<TextSpan>> out;
      names().find(all, out);
      EXPECT_EQ(out, alone);
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace tongqu
