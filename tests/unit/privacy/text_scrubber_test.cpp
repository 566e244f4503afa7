// What the scrubber hides, what it leaves alone, and that it changes nothing the second time.
#include "security/privacy/text_scrubber.hpp"

#include <gtest/gtest.h>

#include <random>

#include "security/privacy/text_span.hpp"
#include "tests/unit/privacy/policy_support.hpp"

namespace tongqu::test {
namespace {

const TextScrubber& scrubber() {
  static const auto kOpened = open_text_scrubber(kDefaultNamesModel);
  if (kOpened.has_error()) throw std::runtime_error(kOpened.error().text(Lang::kEnglish));
  return **kOpened;
}

std::string hidden_in(std::string_view text, const KnownPersons& known = {}) {
  return scrubber().scrub(text, RecordPersons(known)).text;
}

struct Case {
  const char* in;
  const char* out;
};

class Scrubs : public testing::TestWithParam<Case> {};
TEST_P(Scrubs, WhatIsOfAPerson) { EXPECT_EQ(hidden_in(GetParam().in), GetParam().out); }
INSTANTIATE_TEST_SUITE_P(
    Texts, Scrubs,
    testing::Values(
        Case{"", ""}, Case{"请退还货款1600元，并赔偿损失。", "请退还货款1600元，并赔偿损失。"},
        Case{"市民王建国来电反映，电话13812345678。", "市民〔姓名〕来电反映，电话〔电话〕。"},
        Case{"答复：已由民警陈志强联系138 1234 5678，对方未接。", "答复：已由民警〔姓名〕联系〔电话〕，对方未接。"},
        Case{"订单号3202512010000123456789，客服热线95518。", "订单号3202512010000123456789，客服热线95518。"},
        Case{"姓名\t刘晓燕\r\n身份证１１０１０５１９４９１２３１００２Ｘ\r\n",
             "姓名\t〔姓名〕\r\n身份证〔证件号〕\r\n"}));

TEST(TextScrubber, KeepsTheRestByteForByte) {
  const std::string text = "  王建国\u3000说：\"ＡＢＣ\"…\t\r\n<br/>&nbsp;电话 13812345678\U0001F600e\u0301  ";
  const Scrubbed out = scrubber().scrub(text, {});
  ASSERT_EQ(out.spans.size(), 2U);
  EXPECT_EQ(out.text, "  〔姓名〕\u3000说：\"ＡＢＣ\"…\t\r\n<br/>&nbsp;电话 〔电话〕\U0001F600e\u0301  ");
}

TEST(TextScrubber, SpansAreInCodePointsOfTheInput) {
  const Scrubbed out = scrubber().scrub("\U0001F600电话13812345678，王建国", {});
  ASSERT_EQ(out.spans.size(), 2U);
  EXPECT_EQ(out.spans[0].begin, 3U);
  EXPECT_EQ(out.spans[0].end, 14U);
  EXPECT_EQ(out.spans[0].type, SpanType::kPhone);
  EXPECT_EQ(out.spans[1].begin, 15U);
  EXPECT_EQ(out.spans[1].end, 18U);
  for (const TextSpan& span : out.spans) EXPECT_FALSE(span.reason.empty());
}

TEST(TextScrubber, WhatTheRecordKnowsIsHiddenThoughNoFinderSeesIt) {
  const std::string text = "由 zhang xiaoming 在场签字";
  ASSERT_EQ(hidden_in(text), text);
  KnownPersons known;
  known.hidden = {{KnownKind::kName, "张小明"}};
  EXPECT_EQ(hidden_in(text, known), "由 〔姓名〕 在场签字");
}

TEST(TextScrubber, WhatTheRecipientMaySeeStays) {
  const std::string text = "经营者陈志强，店员王建国";
  ASSERT_EQ(hidden_in(text), "经营者〔姓名〕，店员〔姓名〕");
  KnownPersons known;
  known.shown = {"陈志强"};
  EXPECT_EQ(hidden_in(text, known), "经营者陈志强，店员〔姓名〕");
  // A value that is both is hidden.
  known.hidden = {{KnownKind::kName, "陈志强"}};
  EXPECT_EQ(hidden_in(text, known), "经营者〔姓名〕，店员〔姓名〕");
}

TEST(TextScrubber, MarksCueNothing) {
  EXPECT_EQ(hidden_in("联系〔电话〕12345处理"), "联系〔电话〕12345处理");
  EXPECT_EQ(hidden_in("〔姓名〕〔地址〕〔账号〕abc12345"), "〔姓名〕〔地址〕〔账号〕abc12345");
}

// Sentences of parts that finders see, nearly see and do not see.
std::string random_text(std::mt19937& random) {
  static constexpr std::array kParts{"王建国",      "说",
                                     "，",          "电话",
                                     "13812345678", "138 1234",
                                     "5678",        "姓名：",
                                     "张三",        "和李四",
                                     "。",          "\n",
                                     "女士",        "老刘",
                                     "某",          "超市",
                                     "〔姓名〕",    "〔电话",
                                     "买买提·艾力", "民警",
                                     "微信",        "abc_12345",
                                     "身份证",      "11010519491231002X",
                                     "住",          "中山路18号3单元",
                                     "投诉",        "12345",
                                     "欧阳",        "文静",
                                     "与",          "京A12345",
                                     "的车",        "a@b.cn",
                                     "　",          "退款"};
  std::string out;
  const int count = std::uniform_int_distribution<int>(1, 30)(random);
  for (int i = 0; i < count; ++i)
    out += kParts[std::uniform_int_distribution<std::size_t>(0, kParts.size() - 1)(random)];
  return out;
}

TEST(TextScrubber, ChangesNothingTheSecondTime) {
  std::mt19937 random(20261126);
  KnownPersons known;
  known.hidden = {{KnownKind::kName, "王建国"}, {KnownKind::kPhone, "13812345678"}};
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random_text(random);
    const std::string once = hidden_in(text, known);
    const Scrubbed twice = scrubber().scrub(once, RecordPersons(known));
    ASSERT_EQ(twice.text, once) << text;
    ASSERT_TRUE(twice.spans.empty()) << text;
  }
}

TEST(TextScrubber, SpansAreInOrderAndApart) {
  std::mt19937 random(7);
  for (int i = 0; i < 1000; ++i) {
    std::uint32_t end = 0;
    for (const TextSpan& span : scrubber().scrub(random_text(random), {}).spans) {
      ASSERT_GE(span.begin, end);
      ASSERT_GT(span.end, span.begin);
      end = span.end;
    }
  }
}

TEST(TextScrubber, ATextIsSearchedOnceForAllRecipients) {
  const std::string text = "市民王建国来电，要求赔偿二十元";
  (void)scrubber().scrub(text, {});
  const std::uint64_t before = scrubber().searched();
  KnownPersons other;
  other.shown = {"王建国"};
  EXPECT_EQ(scrubber().scrub(text, RecordPersons(other)).text, text);
  (void)scrubber().scrub(text, {});
  EXPECT_EQ(scrubber().searched(), before);
}

TEST(TextScrubber, SearchingAheadFindsTheSame) {
  std::mt19937 random(99);
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i) texts.push_back(random_text(random));
  const auto ahead = open_text_scrubber(kDefaultNamesModel);
  ASSERT_TRUE(ahead.has_value());
  (*ahead)->search_ahead(std::vector<std::string_view>(texts.begin(), texts.end()));
  for (const std::string& text : texts) {
    const Scrubbed one = scrubber().scrub(text, {});
    const Scrubbed other = (*ahead)->scrub(text, {});
    EXPECT_EQ(one.text, other.text);
    EXPECT_EQ(one.spans, other.spans);
  }
}

TEST(TextScrubber, WithoutTheNetworkThereIsNone) {
  const auto opened = open_text_scrubber("/nonexistent");
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code->id, "privacy.network");
}

TEST(JoinSpans, OverlappingOnesBecomeOneOfTheLongest) {
  std::vector<TextSpan> spans{{5, 9, SpanType::kPhone, "a"},
                              {0, 2, SpanType::kName, "b"},
                              {8, 14, SpanType::kId, "c"},
                              {9, 10, SpanType::kName, "d"},
                              {14, 15, SpanType::kName, "e"}};
  join_spans(spans);
  const std::vector<TextSpan> expected{
      {0, 2, SpanType::kName, "b"}, {5, 14, SpanType::kId, "c"}, {14, 15, SpanType::kName, "e"}};
  EXPECT_EQ(spans, expected);
}

// --- the treatment

const FieldNode& fields() {
  static const FieldNode kFields =
      object("", {object("provider", {text("name", "name", "complainant"), text("phone", "phone", "complainant")}),
                  object("target", {text("name", "name", "respondent")}),
                  object("informant", {text("order_no", "order", "informant")}),
                  text("content", "free-text", "complainant"), text("reply", "free-text", "officer")});
  return kFields;
}
constexpr const char* kMatter =
    R"({"provider":{"name":"诸葛","phone":"13812345678"},"target":{"name":"陈志强"},"informant":{"order_no":"QW-7715"},
"content":"诸葛向陈志强投诉，单号QW-7715","reply":"已告知诸葛（13812345678）"})";

std::string scrubbed_view(std::vector<PolicyRule> rules, bool with_scrubber = true) {
  PolicyTools tools;
  if (with_scrubber) tools.scrubber = *open_text_scrubber(kDefaultNamesModel);
  auto policy = RulePolicy::create(spec(std::move(rules)), fields(), std::move(tools));
  EXPECT_TRUE(policy.has_value());
  return view_of(**policy, kMatter, fields());
}

TEST(ScrubPolicy, HidesWhatTheRecordKnowsAndShowsWhatTheRecipientSees) {
  EXPECT_EQ(
      scrubbed_view({rule("free-text", "complainant", T::kScrub), rule("free-text", "officer", T::kScrub),
                     rule("name", "respondent", T::kClear)}),
      R"({"target":{"name":"陈志强"},"content":"〔姓名〕向陈志强投诉，单号〔账号〕","reply":"已告知〔姓名〕（〔电话〕）"})");
}

TEST(ScrubPolicy, WithoutScrubberTheTextIsDropped) {
  EXPECT_EQ(scrubbed_view({rule("free-text", "complainant", T::kScrub), rule("name", "respondent", T::kClear)}, false),
            R"({"target":{"name":"陈志强"}})");
}

TEST(ScrubPolicy, TheLedgerNamesTheForm) {
  PolicyTools tools;
  tools.scrubber = *open_text_scrubber(kDefaultNamesModel);
  auto policy = RulePolicy::create(spec({rule("free-text", "officer", T::kScrub)}), fields(), std::move(tools));
  ASSERT_TRUE(policy.has_value());
  const Document record = decoded(kMatter);
  const auto view = (*policy)->view(record.root(), fields());
  ASSERT_TRUE(view.has_value());
  EXPECT_NE(
      view->disclosure().to_ledger().find(R"({"form":"scrub","kind":"free-text","path":"reply","subject":"officer"})"),
      std::string::npos);
}

}  // namespace
}  // namespace tongqu::test
