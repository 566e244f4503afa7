#include "security/privacy/name_rules.hpp"

#include <gtest/gtest.h>

#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

// The text with what was found in brackets.
std::string marked(const FoldedText& text, const std::vector<TextSpan>& spans) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (next < spans.size() && spans[next].end == i) {
      out += ']';
      ++next;
    }
    if (next < spans.size() && spans[next].begin == i) out += '[';
    if (i < text.size()) append_utf8(out, text.text()[i]);
  }
  return out;
}

std::string plain(std::string text) {
  std::erase_if(text, [](char c) { return c == '[' || c == ']'; });
  return text;
}

// Each: a sentence with the names in brackets, found by rules alone.
const char* const kNames[] = {
    // A family name and a title.
    "市民[王]女士来电。",
    "[李]先生、[赵]小姐均在场。",
    "由[欧阳]老师负责。",
    "[陈]经理拒绝处理，[孙总]说不知道。",
    "找[周]师傅维修。",
    "[张建军]医生表示遗憾。",
    // After a cue.
    "姓名：[高明]，电话另附。",
    "联系人: [于海洋]",
    "法定代表人[陈建国]。",
    "投诉人：[方圆]，住址不详。",
    "店主[陈建国]，态度恶劣。",
    "民警[刘洋]到场。",
    "他说他名叫[郑大海]，不肯退款。",
    "一个姓[马]的店员。",
    // Partly hidden already.
    "[张某]称未收到货。",
    "[李某某]与[王某甲]发生争执。",
    "收件人是[赵××]。",
    "来电的[陈XX]表示",
    // Short forms.
    "[小刘]，你好。",
    "[老张]说不知道。",
    // With a middle dot.
    "[买买提·艾力]到场。",
    "[阿依古丽•买买提]到场。",
    // Beside names that were found.
    "联系人：[张伟]、[李娜]和[王芳]。",
    // Before a sex, before a colon at the begin of a line, with an account.
    "[龙泉]，男，汉族。",
    "[姜大山]：我要投诉。",
    "见@[张小花_88]，已转发。",
    // With its own spelling behind it.
    "联系人：[阿卜杜拉]（[Abdulla Ali]）",
    // Mentioned again.
    "姓名：[张晓明]。后来[张晓明]又来过。",
};

TEST(NameRules, FindNamesWithoutTheNetwork) {
  for (const char* const expected : kNames) {
    const FoldedText text(plain(expected));
    EXPECT_EQ(marked(text, find_person_names(text, {})), expected);
  }
}

// Nothing here is a person.
const char* const kNone[] = {
    "",
    "在李记面馆消费两百元。",
    "购买张小泉剪刀一把。",
    "王先生烤鱼店位于中山路。",
    "联系人：不详。姓名：保密。投诉人：匿名",
    "对方经理态度恶劣，甲方老师不在。",
    "方便面和水果都坏了，于是退货。",
    "小米手机无法开机，老板不理。",
    "陈总是个好词。李总结了经验。",
    "《老张》是一本书。",
    "星期一·星期二",
    "长×宽为10×20。",
    "康师傅方便面过期。",
    "联系电话：13800138000",
    "老王烧烤店的食品有异物。",
    "在张家界旅游，入住李庄酒店。",
    "党委书记和常务副总经理到会。",
    "发信到zhang@example.com，关注@张三旗舰店。",
};

TEST(NameRules, WhatIsNoPersonStaysReadable) {
  for (const char* const sentence : kNone) {
    const FoldedText text(sentence);
    EXPECT_EQ(marked(text, find_person_names(text, {})), sentence);
  }
}

// Words as the network gives them, "word/kind word/kind …", and what the rules make of them.
struct WithWords {
  const char* words;
  const char* expected;
};

WordKind kind_of(std::string_view name) {
  if (name == "PER") return WordKind::kPerson;
  if (name == "nr") return WordKind::kName;
  if (name == "may") return WordKind::kMaybe;
  if (name == "n") return WordKind::kNoun;
  if (name == "ORG") return WordKind::kOwner;
  if (name == "LOC") return WordKind::kPlace;
  return name == "v" ? WordKind::kOther : WordKind::kFunction;
}

std::string found_with(const std::string& tagged) {
  std::string whole;
  std::vector<NameWord> words;
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < tagged.size();) {
    const std::size_t end = std::min(tagged.find(' ', i), tagged.size());
    const std::size_t slash = tagged.rfind('/', end);
    const std::string word = tagged.substr(i, slash - i);
    const auto length = static_cast<std::uint32_t>(count_code_points(word));
    words.push_back({at, at + length, kind_of(tagged.substr(slash + 1, end - slash - 1))});
    at += length;
    whole += word;
    i = end + 1;
  }
  const FoldedText text(whole);
  return marked(text, find_person_names(text, words));
}

const WithWords kWithWords[] = {
    {"市民/n 王女士/PER 来电/v", "市民[王]女士来电"},
    {"民警/n 买买/v 提/v ·/w 艾力/nr 到场/v", "民警[买买提·艾力]到场"},
    {"李宁/PER 运动鞋/n 开胶/v", "李宁运动鞋开胶"},
    {"张三/PER 、/w 李/n 四/n 和/c 王/n 小五/n 在/p", "[张三]、[李四]和[王小五]在"},
    {"陈建国/PER 说/v 建国/nr 不/d", "[陈建国]说[建国]不"},
    {"比尔·盖茨/PER 说/v ，/w 盖茨/nr 来/v", "[比尔·盖茨]说，[盖茨]来"},
    {"《/w 老张/PER 》/w 上映/v", "《老张》上映"},
    {"和/c 先生/n 们/n", "和先生们"},
    {"店主/n 白菜/n 卖/v", "店主白菜卖"},
    {"张学良/PER 故居/n", "张学良故居"},
    // Cut by the network: a last 中 behind a role; the title in the word of a foreign name; its begin; one before a
    // dot.
    {"师长/n 李建/PER 中/v 指挥/v", "师长[李建中]指挥"},
    {"王建/PER 中/v 指挥/v", "[王建]中指挥"},
    {"舰队司令/n 巴鲁赫海军上将/may 到访/v", "舰队司令[巴鲁赫海军]上将到访"},
    {"我/r 同迪/v 布朗/may 总督/ORG 会谈/v", "我同[迪布朗]总督会谈"},
    {"船王阿里斯托/ORG 芬尼斯/PER 去世/v", "船王[阿里斯托芬尼斯]去世"},
    {"总书记科/ORG ·/w 马里利迪斯/nr 来电/v", "总书记[科·马里利迪斯]来电"},
    {"“/w 及/c 钱文秀”/PER ，/w", "“及[钱文秀]”，"},
    // Between two persons without a sign, and in a list that was taken for an organisation.
    {"张龙/PER 赵虎/PER 王朝/n 马汉/PER 四/m", "[张龙][赵虎][王朝][马汉]四"},
    {"肖杨/PER 、/w 束怀德、高昌礼/ORG 、/w 梁国庆/PER 等/u", "[肖杨]、[束怀德]、[高昌礼]、[梁国庆]等"},
    {"肖杨/PER 、/w 高新区/LOC 、/w 梁国庆/PER 等/u", "[肖杨]、高新区、[梁国庆]等"},
    // A given name before a title of a person.
    {"小平/nr 同志/n 来/v", "[小平]同志来"},
    {"这里/r 小平/nr 来/v", "这里小平来"},
    // A name that begins like a word, between a sign and a personal title.
    {"黄金山/LOC 先生/n 任/v", "[黄金山]先生任"},
    {"黄金山/LOC 经理/n 任/v", "黄金山经理任"},
    // A name in letters before its Chinese form.
    {"AlanHu/nz （/w 胡海/PER ）/w", "[AlanHu]（[胡海]）"},
    {"，/w Alan.Hu/nz （/w 中文名/n ：/w 胡大海/PER ）/w", "，[Alan.Hu]（中文名：[胡大海]）"},
    {"WIFI/nz （/w 胡海/PER ）/w", "WIFI（[胡海]）"},
    // Authors and works about persons; other titles stay.
    {"《/w 大漠/ORG 》/w （/w 楚平/LOC ）/w", "《大漠》（[楚平]）"},
    {"大漠/ORG （/w 楚平/LOC ）/w", "大漠（楚平）"},
    {"《/w 王守仁传奇/ORG 》/w", "《[王守仁]传奇》"},
    {"《/w 王守仁/PER 》/w", "《王守仁》"},
    {"《/w 王府井商场/ORG 》/w", "《王府井商场》"},
    // A measure word, and goods that look like names.
    {"两/m 张大/PER 床/n", "两张大床"},
    {"店主/n 张大/PER 来到/v 现场/n", "店主[张大]来到现场"},
    {"潘苹果/PER 十斤/m", "潘苹果十斤"},
};

TEST(NameRules, JoinWhatTheNetworkSays) {
  for (const auto& [words, expected] : kWithWords) EXPECT_EQ(found_with(words), expected);
}

TEST(NameRules, EverySpanSaysWhichRuleFoundIt) {
  const FoldedText text("联系人：张伟、李娜，王女士，阿里·买提，后来张伟又来");
  std::vector<std::string_view> reasons;
  for (const TextSpan& span : find_person_names(text, {})) reasons.push_back(span.reason);
  EXPECT_EQ(reasons, (std::vector<std::string_view>{"cue word", "list", "family name and title", "middle dot",
                                                    "mentioned again"}));
}

// A text twice as long takes about twice the work: the time of a long one stays within a bound that a square would
// break.
TEST(NameRules, ManyNamesInOneTextAreLinear) {
  std::string long_text;
  for (int i = 0; i < 20000; ++i) long_text += "联系人：张伟、李娜和王芳，张伟说";
  const FoldedText text(long_text);
  EXPECT_EQ(find_person_names(text, {}).size(), 80000U);
}

}  // namespace
}  // namespace tongqu
