#include "security/privacy/known_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>

#include "tests/unit/privacy/span_support.hpp"

namespace tongqu {
namespace {

using test::Dice;

const std::vector<KnownValue>& record() {
  static const std::vector<KnownValue> kRecord{
      {KnownKind::kName, "张小明"},
      {KnownKind::kPhone, "+86 13800138000"},
      {KnownKind::kPhone, "0531-88776655"},
      {KnownKind::kId, "11010519491231002X"},
      {KnownKind::kAddress, "山东省济南市历下区泉城路15号幸福小区3号楼2单元501室"},
      {KnownKind::kEmail, "zhang.xm@qq.com"},
      {KnownKind::kBankCard, "6222021234567890128"},
      {KnownKind::kPlate, "鲁A12345"},
      {KnownKind::kAccount, "zxm_1990"}};
  return kRecord;
}

// What is to be found stands in marks; nothing else is.
constexpr const char* kCases[] = {
    "[PERSON|张小明]说，[PERSON|张先生]、[PERSON|张女士]、[PERSON|张经理]、[PERSON|张师傅]",
    "[PERSON|小张]和[PERSON|老张]，[PERSON|张某]与[PERSON|张某某]，[PERSON|张××]、[PERSON|张XX]、[PERSON|张**]",
    "[PERSON|小明]来过，[PERSON|张 小 明]，[PERSON|张</br>小&nbsp;明]，[PERSON|张\n小明]，[PERSON|張小明]",
    "[PERSON|Zhang Xiaoming]。[PERSON|ZHANG XIAO MING]。[PERSON|zhangxiaoming]，[PERSON|xiaoming zhang]",
    "[PERSON|Ｚｈａｎｇ Ｘｉａｏｍｉｎｇ]，[PERSON|zxm]，azxmb",
    "[PERSON|张*明]，[PERSON|张某明]，[PERSON|张小*]，[PERSON|张&#23567;明]，[PERSON|張總]",
    "[EMAIL|z*****m@qq.com]和[EMAIL|zh***@qq.com]，车[PLATE|A1***5]，（[PHONE|13800138000]）",
    "张贴告示，一张纸，两张总共三元，两张总觉得贵，纸张工作，慌张，开张，张家界",
    "[PHONE|13800138000]，[PHONE|138-0013-8000]，[PHONE|一三八零零一三八零零零]，[PHONE|+8613800138000]",
    "尾号[PHONE|8000]，后四位是[PHONE|8000]，尾号为[PHONE|八零零零]，[PHONE|138****8000]，[PHONE|138 **** 8000]",
    "[PHONE|88776655]，[PHONE|(0531)88776655]，1138001380001，138001380001，8000元",
    "[ID|110105 19491231 002X]，后六位[ID|31002X]，[ID|110***********002X]，[ID|11010519491231００２ｘ]",
    "卡号[BANK_CARD|6222 0212 3456 7890 128]，尾号[BANK_CARD|0128]",
    "住[ADDRESS|泉城路15号]，[ADDRESS|泉城路十五号]，[ADDRESS|泉城路１５号幸福小区3栋2单元501]",
    "家在[ADDRESS|幸福小区]，房号[ADDRESS|501]。[ADDRESS|3-2-501]；[ADDRESS|幸福3号楼]",
    "济南市历下区泉城路的某某超市，历下区的店，山东省，501元，15号到货，2单元",
    "[EMAIL|zhang.xm@qq.com]，[PLATE|鲁A12345]，[PLATE|A12345]，[PLATE|鲁A·12345]，[ACCOUNT|zxm_1990]",
};

TEST(KnownValues, Cases) {
  const KnownValues known(record());
  for (const char* const one : kCases) {
    const auto expected = test::marked(one);
    const FoldedText text(expected.text);
    EXPECT_EQ(test::with_marks(text, known.find(text)), one);
  }
}

struct OtherRecord {
  KnownKind kind;
  const char* value;
  const char* marked;
};

constexpr OtherRecord kOthers[] = {
    {KnownKind::kName, "欧阳修文", "[PERSON|欧阳先生]，[PERSON|欧阳某]，[PERSON|修文]，[PERSON|Ouyang Xiuwen]，欧洲"},
    {KnownKind::kName, "单田芳", "[PERSON|Shan Tianfang]，[PERSON|老单]，菜单"},
    {KnownKind::kName, "吕布", "[PERSON|Lv Bu]。[PERSON|LYU BU]。[PERSON|呂布]"},
    {KnownKind::kName, "阿依古丽·买买提",
     "[PERSON|阿依古丽]，[PERSON|买买提]，[PERSON|阿依古丽•买买提]，[PERSON|阿依古丽买买提]"},
    {KnownKind::kName, "高国庆", "国庆节很高兴，[PERSON|高国庆]，[PERSON|高工]，身高"},
    {KnownKind::kName, "时光", "24小时，[PERSON|时女士]，姓[PERSON|时]"},
    {KnownKind::kName, "John Smith", "[PERSON|John Smith]，[PERSON|Smith]，Johnson"},
    {KnownKind::kPlate, "沪AD12345", "[PLATE|沪AD12345]，[PLATE|AD12345]，[PLATE|AD1***5]"},
    {KnownKind::kAddress, "李家村12号", "[ADDRESS|李家村]很大，[ADDRESS|李家村十二号]"},
    {KnownKind::kName, "", "张"},
    {KnownKind::kAddress, "山东省济南市", "山东省济南市"},
};

TEST(KnownValues, OtherRecords) {
  for (const OtherRecord& one : kOthers) {
    const KnownValues known({{one.kind, one.value}});
    const auto expected = test::marked(one.marked);
    const FoldedText text(expected.text);
    EXPECT_EQ(test::with_marks(text, known.find(text)), one.marked);
  }
}

// Pinyin of the generator's own tables, written by hand.
struct Syllable {
  const char* character;
  const char* traditional;
  const char* pinyin;
};
constexpr Syllable kFamilies[] = {
    {"王", "王", "wang"}, {"李", "李", "li"},    {"张", "張", "zhang"},      {"刘", "劉", "liu"},
    {"陈", "陳", "chen"}, {"杨", "楊", "yang"},  {"赵", "趙", "zhao"},       {"黄", "黃", "huang"},
    {"周", "周", "zhou"}, {"吴", "吳", "wu"},    {"徐", "徐", "xu"},         {"孙", "孫", "sun"},
    {"曾", "曾", "zeng"}, {"郑", "鄭", "zheng"}, {"欧阳", "歐陽", "ouyang"}, {"司马", "司馬", "sima"}};
constexpr Syllable kGiven[] = {{"伟", "偉", "wei"},  {"芳", "芳", "fang"}, {"娜", "娜", "na"},    {"敏", "敏", "min"},
                               {"静", "靜", "jing"}, {"丽", "麗", "li"},   {"强", "強", "qiang"}, {"磊", "磊", "lei"},
                               {"军", "軍", "jun"},  {"洋", "洋", "yang"}, {"勇", "勇", "yong"},  {"艳", "艷", "yan"},
                               {"杰", "傑", "jie"},  {"娟", "娟", "juan"}, {"涛", "濤", "tao"},   {"超", "超", "chao"}};
constexpr const char* kTitles[] = {"先生", "女士", "小姐", "师傅", "老师", "经理", "某",
                                   "某某", "××",   "XX",   "**",   "总",   "阿姨", "大哥"};
constexpr const char* kRoads[] = {"泉城路", "文化西路", "解放大道", "建设二路",
                                  "青年街", "柳树巷",   "五一路",   "舜耕大街"};
constexpr const char* kEstates[] = {"幸福小区", "阳光花园", "锦绣家园", "东苑",
                                    "王官庄",   "三里新村", "翡翠公寓", "金桂华庭"};
constexpr const char* kNoise[] = {" ", "\n", "</br>", "&nbsp;", "\xE3\x80\x80", "\xE2\x80\x8B", "<br/>", "\r\n  "};

struct Person {
  Syllable family, first, second;
  std::string name, phone, landline, id, card, road, estate;
  std::size_t number = 0, house = 0, cell = 0, room = 0;

  explicit Person(Dice& dice)
      : family(dice.pick(kFamilies)),
        first(dice.pick(kGiven)),
        second(dice.pick(kGiven)),
        road(dice.pick(kRoads)),
        estate(dice.pick(kEstates)),
        number(1 + dice.roll(300)),
        house(1 + dice.roll(30)),
        cell(1 + dice.roll(4)),
        room(101 + dice.roll(20) * 100) {
    name = std::string(family.character) + first.character + second.character;
    phone = "1" + dice.one_of("3456789") + dice.digits(9);
    landline = "0531" + dice.one_of("2345678") + dice.digits(7);
    id = "370102" + std::to_string(1940 + dice.roll(60)) + "0" + dice.one_of("123456789") + "1" + dice.digits(4) + "X";
    card = "622202" + dice.digits(13);
  }
  [[nodiscard]] std::string house_number() const { return std::to_string(number) + "号"; }
  [[nodiscard]] std::string rooms() const {
    return std::to_string(house) + "号楼" + std::to_string(cell) + "单元" + std::to_string(room) + "室";
  }
  [[nodiscard]] std::string address() const { return "山东省济南市历下区" + road + house_number() + estate + rooms(); }
  [[nodiscard]] std::vector<KnownValue> values() const {
    return {{KnownKind::kName, name}, {KnownKind::kPhone, phone},   {KnownKind::kPhone, landline},
            {KnownKind::kId, id},     {KnownKind::kBankCard, card}, {KnownKind::kAddress, address()}};
  }
};

std::string numeral(std::size_t value) {
  static constexpr const char* kDigits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  std::string out;
  if (value >= 100) out += std::string(kDigits[value / 100]) + "百";
  const std::size_t tens = value / 10 % 10;
  if (tens > 0) out += (tens == 1 && value < 100 ? "" : std::string(kDigits[tens])) + "十";
  if (value >= 100 && tens == 0 && value % 10 > 0) out += "零";
  if (value % 10 > 0) out += kDigits[value % 10];
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

std::string name_form(Dice& dice, const Person& who) {
  const std::string family = who.family.pinyin;
  const std::string given = std::string(who.first.pinyin) + who.second.pinyin;
  switch (dice.roll(14)) {
    case 0: return std::string(who.family.character) + dice.pick(kTitles);
    case 1:
      return std::string(dice.roll(2) == 0 && who.name.size() == 9 && family != "huang" ? "小" : "姓名：") + who.name;
    case 2: return std::string(who.first.character) + who.second.character;
    case 3: return test::spread(who.name, dice.pick(kNoise));
    case 4: return test::split_once(dice, who.name, dice.pick(kNoise));
    case 5: return std::string(who.family.traditional) + who.first.traditional + who.second.traditional;
    case 6: return family + given;
    case 7: return upper(family) + " " + upper(who.first.pinyin) + " " + upper(who.second.pinyin);
    case 8: return given + " " + family;
    case 9: return test::full_width(family + " " + given);
    case 10: return std::string(who.family.character) + " " + dice.pick(kTitles);
    case 11: return family + "," + given;
    default: return who.name;
  }
}

std::string number_form(Dice& dice, const std::string& number) {
  switch (dice.roll(12)) {
    case 0: return test::full_width(number);
    case 1: return test::grouped(number, {3, 4, 4, 4}, "-");
    case 2: return test::grouped(number, {4, 4, 4, 4}, " ");
    case 3: return test::spread(number, dice.pick(kNoise));
    case 4: return test::split_once(dice, number, dice.pick(kNoise));
    case 5: return test::chinese_digits(number);
    case 6: return test::chinese_digits(number, U"〇幺二三四五六七八九");
    case 7: return test::chinese_digits(number, U"零壹贰叁肆伍陆柒捌玖");
    case 8: return number.substr(0, 3) + "****" + number.substr(number.size() - 4);
    case 9: return number.substr(0, 4) + " **** " + number.substr(number.size() - 4);
    default: return number;
  }
}

std::string address_form(Dice& dice, const Person& who) {
  const std::string room = std::to_string(who.room);
  switch (dice.roll(13)) {
    case 0: return who.address();
    case 1: return who.road + who.house_number();
    case 2: return who.road + numeral(who.number) + "号";
    case 3: return who.estate;
    case 4: return who.estate + std::to_string(who.house) + "栋" + std::to_string(who.cell) + "单元" + room;
    case 5: return who.estate + std::to_string(who.house) + "-" + std::to_string(who.cell) + "-" + room;
    case 6: return who.estate + numeral(who.house) + "号楼" + numeral(who.cell) + "单元" + room + "室";
    case 7: return test::split_once(dice, who.road + who.house_number(), dice.pick(kNoise));
    case 8: return who.road + test::full_width(std::to_string(who.number)) + "号" + who.estate;
    case 9: return who.rooms();
    case 10: return who.road + who.house_number() + "，" + who.estate + who.rooms();
    case 11: return who.road + std::to_string(who.number);
    default: return test::spread(who.estate + who.rooms(), dice.pick(kNoise));
  }
}

std::string any_form(Dice& dice, const Person& who) {
  switch (dice.roll(8)) {
    case 0: return number_form(dice, who.phone);
    case 1: return number_form(dice, who.landline);
    case 2: return number_form(dice, who.id);
    case 3: return number_form(dice, who.card);
    case 4:
    case 5: return address_form(dice, who);
    default: return name_form(dice, who);
  }
}

// What has a cue word before it that stays.
std::string tail_form(Dice& dice, const Person& who, std::string& cue) {
  cue = dice.pick(std::to_array({"尾号", "后四位", "后4位是", "尾号为", "末四位："}));
  const std::string& of = dice.roll(2) == 0 ? who.phone : who.card;
  const std::string tail = of.substr(of.size() - 4);
  return dice.roll(3) == 0 ? test::chinese_digits(tail) : tail;
}

TEST(KnownValues, ThousandsOfRecordsAndTextsInAllForms) {
  static constexpr const char* kWords[] = {"我是", "，投诉商家",         "。联系",          "，请回复", "（本人）",
                                           "；",   "，称在历下区购买，", "。地点为济南市。"};
  Dice dice(20261126);
  std::size_t wanted = 0, covered = 0, beside = 0, length = 0, shown = 0;
  for (int round = 0; round < 6000; ++round) {
    const Person who(dice);
    const KnownValues known(who.values());
    std::u32string text;
    std::vector<TextSpan> spans;
    for (int part = 0; part < 4; ++part) {
      std::string before = dice.pick(kWords);
      std::string cue;
      const std::string form = dice.roll(10) == 0 ? tail_form(dice, who, cue) : any_form(dice, who);
      text += test::code_points(before + cue);
      const auto begin = static_cast<std::uint32_t>(text.size());
      text += test::code_points(form);
      spans.push_back(
          {begin, static_cast<std::uint32_t>(text.size()), SpanType::kName, form.find("历下") != form.npos ? "x" : ""});
      if (form.starts_with("姓名：")) spans.back().begin += 3;
    }
    text += test::code_points("，谢谢。");
    const FoldedText folded(test::utf8_of(text));
    const auto found = known.find(folded);
    std::vector<bool> hidden(text.size()), mine(text.size());
    for (const TextSpan& span : found) std::fill(hidden.begin() + span.begin, hidden.begin() + span.end, true);
    for (TextSpan span : spans) {
      std::fill(mine.begin() + span.begin, mine.begin() + span.end, true);
      if (!span.reason.empty()) span.begin += 9;  // the divisions stay
      ++wanted;
      const bool whole =
          std::all_of(hidden.begin() + span.begin, hidden.begin() + span.end, [](bool one) { return one; });
      covered += whole;
      if (!whole && ++shown <= 25)
        std::cout << test::utf8_of(text.substr(span.begin, span.end - span.begin)) << " of " << who.name << " in "
                  << test::with_marks(folded, found) << "\n";
    }
    for (std::size_t i = 0; i < text.size(); ++i) length += !mine[i], beside += hidden[i] && !mine[i];
  }
  const double recall = static_cast<double>(covered) / static_cast<double>(wanted);
  std::cout << "known values: " << wanted << " forms, recall " << recall << "; hidden beside them " << beside << " of "
            << length << " characters\n";
  EXPECT_GE(recall, 0.999);
  EXPECT_LE(static_cast<double>(beside), 0.005 * static_cast<double>(length));
}

TEST(KnownValues, BuiltByManyThreadsAtOnce) {
  const FoldedText text("张小明，Zhang Xiaoming，張小明，吕布，Lyu Bu，13800138000");
  const auto spans_of_both = [&] {
    auto spans = KnownValues(record()).find(text);
    const auto more = KnownValues({{KnownKind::kName, "吕布"}}).find(text);
    spans.insert(spans.end(), more.begin(), more.end());
    return spans;
  };
  const auto expected = spans_of_both();
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) wrong += spans_of_both() != expected;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(expected.size(), 6U);
  EXPECT_EQ(wrong, 0);
}

TEST(KnownValues, NothingOfOrdinaryTextIsHidden) {
  const KnownValues known(record());
  const FoldedText text(
      "消费者在历下区某超市购买一张购物卡，商家张贴的告示称小时内退款，共计800元，收据三张，老板说过完国庆再来，"
      "2026年11月15日又去了15号柜台，等了2小时，订单号380013800012345678，客服12315。");
  EXPECT_EQ(test::with_marks(text, known.find(text)), test::utf8_of(text.text()));
}

TEST(KnownValues, LongTextsInTimeThatGrowsWithTheirLength) {
  const KnownValues known(record());
  const std::string parts[] = {"张",  "张 ", "1",  "138",  "138****", "泉城路",       "15号",
                               "501", "*",   "* ", "尾号", "&#49;",   "\xE2\x80\x8B", "1\xE2\x80\x8B"};
  for (const std::string& part : parts) {
    std::string long_text;
    while (long_text.size() < 1'000'000) long_text += part;
    const auto begin = std::chrono::steady_clock::now();
    const FoldedText text(long_text);
    const auto spans = known.find(text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "repeated: " << part;
    for (std::size_t i = 1; i < spans.size(); ++i) ASSERT_LE(spans[i - 1].end, spans[i].begin);
  }
}

}  // namespace
}  // namespace tongqu
