#include "security/privacy/number_spans.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>

#include "tests/unit/privacy/span_support.hpp"

namespace tongqu {
namespace {

using test::Dice;

// What is to be found stands in marks; nothing else is.
constexpr const char* kCases[] = {
    "联系电话[PHONE|13800138000]，请尽快联系",
    "电话[PHONE|138-0013-8000]或[PHONE|138 0013 8000]",
    "我的手机[PHONE|+86 13800138000]，[PHONE|8613800138000]，[PHONE|0086-138-0013-8000]",
    "[PHONE|１３８００１３８０００]是我的号码",
    "打[PHONE|一三八零零一三八零零零]或[PHONE|幺三八〇〇幺三八〇〇〇]",
    "打[PHONE|壹叁捌零零壹叁捌零零零]",
    "电话[PHONE|138</br>00138000]，[PHONE|1380013&nbsp;8000]，[PHONE|13800\n138000]",
    "电话[PHONE|&#49;3800138000]",
    "[PHONE|13800138000]vx同号，[PHONE|13900139000]微信同号",
    "座机[PHONE|0531-88776655]，[PHONE|(0531)88776655]，[PHONE|010-88776655转802]",
    "固话：[PHONE|88776655]；价格88776655",
    "身份证[ID|11010519491231002X]，[ID|11010519491231002x]",
    "身份证号 [ID|110105 19491231 002X]，[ID|１１０１０５１９４９１２３１００２Ｘ]",
    "校验位写错的[ID|110105194912310021]，老身份证[ID|110105491231002]",
    "身份证[ID|1101 0519 4912 3100 2X]号",
    "银行卡[BANK_CARD|6222021234567890128]，[BANK_CARD|6222 0212 3456 7890 128]",
    "卡号[BANK_CARD|6222021234567890123]打错一位也是卡",
    "邮箱[EMAIL|zhang.san@example.cn]谢谢，邮件发到[EMAIL|ａｂｃ＠ｑｑ．ｃｏｍ]",
    "车牌[PLATE|鲁A12345]，[PLATE|鲁A·12345]，[PLATE|鲁AD12345]，[PLATE|京A1234学]",
    "车牌号[PLATE|A12345]停在门口",
    "护照[PASSPORT|E12345678]，[PASSPORT|EA1234567]，港澳通行证[PASSPORT|C12345678]",
    "台胞证号：[PASSPORT|12345678]，回乡证[PASSPORT|H1234567890]",
    "微信号：[ACCOUNT|zhang_san88]，加V[ACCOUNT|abc12345]，vx：[ACCOUNT|zhangsan]，v信[ACCOUNT|zs123456]",
    "QQ群[ACCOUNT|123456789]，扣扣[ACCOUNT|12345678]，QQ：[ACCOUNT|123456]",
    "QQ音乐、微信支付12345元、微信APP",
    "国家工单号3701022025120100012345，订单号1234567890123456789012345",
    "统一社会信用代码91370100MA3C12345X，91310000552936878J",
    "客服400-810-6666、800-820-8888、12345、12315、95588、10086",
    "金额13800.00元，2026年11月26日，2026-11-26 18:15，共3800138元",
    "ISBN 978-7-111-21382-6，型号KT13800138000B，快递SF1380013800012",
    "编号S12345678，批号C12345678",
    "1380 0138 0001 3800 1380 0013，0.03123456789，139.19.135.120",
    "全新A12345型，要A4纸100张",
    "第13800138000123456789号",
    "<p>电话</p><br/>[PHONE|13800138000]<br/>",
};

TEST(NumberSpans, Cases) {
  for (const char* const one : kCases) {
    const auto expected = test::marked(one);
    const FoldedText text(expected.text);
    EXPECT_EQ(test::with_marks(text, find_numbers(text)), one);
  }
}

std::string mobile(Dice& dice) { return "1" + dice.one_of("3456789") + dice.digits(9); }

std::string citizen_id(Dice& dice, bool right) {
  static constexpr const char* kDivisions[] = {"110105", "370102", "310115", "440305", "510107", "650102"};
  std::string id = dice.pick(kDivisions) + std::to_string(1930 + dice.roll(90));
  id += std::to_string(101 + dice.roll(12) * 100 + dice.roll(28)).insert(0, dice.roll(1), '0');
  id = id.substr(0, 6) + id.substr(6, 4) + std::string(id.size() == 13 ? "0" : "") + id.substr(10) + dice.digits(3);
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += kWeights[i] * (id[i] - '0');
  const std::size_t at = static_cast<std::size_t>(sum % 11 + (right ? 0 : 1)) % 11;
  return id + "10X98765432"[at];
}

std::string bank_card(Dice& dice) {
  static constexpr const char* kBanks[] = {"622202", "621700", "622848", "955880", "601382"};
  std::string card = dice.pick(kBanks) + dice.digits(dice.roll(2) == 0 ? 9 : 12);
  int sum = 0;
  for (std::size_t i = 0; i < card.size(); ++i) {
    const int value = card[card.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? (value > 4 ? value * 2 - 9 : value * 2) : value;
  }
  return card + static_cast<char>('0' + (10 - sum % 10) % 10);
}

// A number in one of its written forms.
std::string written(Dice& dice, const std::string& number) {
  switch (dice.roll(11)) {
    case 0: return test::full_width(number);
    case 1: return test::grouped(number, {3, 4, 4, 4}, "-");
    case 2: return test::grouped(number, {4, 4, 4, 4}, " ");
    case 3: return test::spread(number, " ");
    case 4: return test::split_once(dice, number, "\n");
    case 5: return test::split_once(dice, number, "</br>");
    case 6: return test::split_once(dice, number, "&nbsp;");
    case 7: return test::chinese_digits(number);
    case 8: return test::chinese_digits(number, U"〇幺二三四五六七八九");
    default: return number;
  }
}

std::string plate(Dice& dice) {
  static constexpr const char* kProvinces[] = {"鲁", "京", "苏", "粤", "川", "新", "沪"};
  const std::string start = dice.pick(kProvinces) + dice.one_of("ABCDEFGHJK");
  switch (dice.roll(4)) {
    case 0: return start + dice.digits(5);
    case 1: return start + "D" + dice.digits(5);
    case 2: return start + "·" + dice.digits(3) + dice.one_of("ABCDEFGHJKLMN") + dice.digits(1);
    default: return test::full_width(dice.one_of("AB")).insert(0, "鲁") + dice.digits(5);
  }
}

std::string account(Dice& dice) {
  static constexpr const char* kCues[] = {"微信号", "微信：", "vx", "V信", "加V", "QQ", "扣扣", "QQ群：", "qq号"};
  return std::string(dice.pick(kCues)) + "[ACCOUNT|" + dice.one_of("123456789") + dice.digits(5 + dice.roll(4)) + "]";
}

std::string document(Dice& dice) {
  static constexpr const char* kCues[] = {"护照", "护照号：", "港澳通行证", "台胞证", "回乡证"};
  return std::string(dice.pick(kCues)) + "[PASSPORT|" + dice.one_of("EGHMC") + dice.digits(8) + "]";
}

std::string local_part(Dice& dice) {
  std::string out;
  for (std::size_t i = 0; i < 4 + dice.roll(6); ++i) out += dice.one_of("abcdefghijklmnopqrstuvwxyz0123456789_");
  return "a" + out;
}

std::string personal(Dice& dice) {
  const auto mark = [](const char* type, const std::string& value) {
    return "[" + std::string(type) + "|" + value + "]";
  };
  switch (dice.roll(10)) {
    case 0: return mark("ID", written(dice, citizen_id(dice, true)));
    case 1: return mark("ID", written(dice, citizen_id(dice, false)));
    case 2: return mark("BANK_CARD", written(dice, bank_card(dice)));
    case 3:
      return mark("EMAIL", local_part(dice) + dice.pick(std::to_array({"@qq.com", "@163.com", "＠example.com.cn"})));
    case 4: return mark("PLATE", plate(dice));
    case 5: return account(dice);
    case 6: return document(dice);
    case 7:
      return "座机" + mark("PHONE", dice.pick(std::to_array({"0531-", "010-", "021", "0755 "})) +
                                        dice.one_of("2345678") + dice.digits(7));
    case 8: return mark("PHONE", dice.pick(std::to_array({"+86", "86 ", "0086-"})) + mobile(dice));
    default: return mark("PHONE", written(dice, mobile(dice)));
  }
}

// What looks like a number of a person and is none.
std::string nasty(Dice& dice) {
  switch (dice.roll(15)) {
    case 0: return "工单" + dice.digits(25);
    case 1: return dice.digits(12) + mobile(dice) + dice.digits(2);
    case 2: return "金额" + dice.digits(6) + "." + dice.digits(2) + "元";
    case 3: return "2026年" + std::to_string(1 + dice.roll(12)) + "月" + std::to_string(1 + dice.roll(28)) + "日";
    case 4: return "2026-11-" + std::to_string(10 + dice.roll(20)) + " 1" + dice.digits(1) + ":3" + dice.digits(1);
    case 5: return "订单号" + dice.one_of("23456789") + dice.digits(17 + dice.roll(2));
    case 6: return "型号" + dice.one_of("ABCXYZ") + dice.one_of("ABCXYZ") + "-" + dice.digits(4);
    case 7: return "ISBN 978-7-" + dice.digits(3) + "-" + dice.digits(5) + "-" + dice.digits(1);
    case 8: return "快递单号SF" + dice.digits(13);
    case 9: return "客服400-" + dice.digits(3) + "-" + dice.digits(4);
    case 10: return dice.pick(std::to_array({"12345热线", "12315", "95588", "拨打10010", "110"}));
    case 11: return "条码69" + dice.digits(11);
    case 12: return "信用代码91370" + dice.digits(3) + "MA" + dice.digits(6) + dice.one_of("XKLM") + dice.digits(1);
    case 13: return "批号2026" + dice.digits(4) + "，净含量" + dice.digits(3) + "g";
    default: return "价格" + dice.digits(3) + "-" + dice.digits(4) + "元";
  }
}

bool overlap(const TextSpan& a, const TextSpan& b) { return a.begin < b.end && b.begin < a.end; }

TEST(NumberSpans, ThousandsOfTextsInAllWrittenForms) {
  static constexpr const char* kWords[] = {"我的号码是", "，请回电", "联系", "：", "，已付款，",
                                           "（",         "）等",     "。",   "给", "，商家称"};
  Dice dice(20261126);
  std::size_t wanted = 0, covered = 0, given = 0, right = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string with_marks;
    for (std::size_t i = 1 + dice.roll(4); i > 0; --i) {
      with_marks += dice.pick(kWords);
      with_marks += dice.roll(2) == 0 ? personal(dice) : nasty(dice);
    }
    with_marks += dice.pick(kWords);
    const auto expected = test::marked(with_marks);
    const FoldedText text(expected.text);
    const auto found = find_numbers(text);
    std::size_t missed = 0;
    for (const TextSpan& span : expected.spans) {
      const bool whole = std::ranges::any_of(
          found, [&](const TextSpan& one) { return one.begin <= span.begin && one.end >= span.end; });
      ++wanted, covered += whole, missed += !whole;
    }
    std::size_t wrong = 0;
    for (const TextSpan& one : found) {
      const bool real = std::ranges::any_of(expected.spans, [&](const TextSpan& span) { return overlap(one, span); });
      ++given, right += real, wrong += !real;
    }
    if ((missed > 0 || wrong > 0) && wanted - covered + given - right < 40)
      std::cout << with_marks << "\n  " << test::with_marks(text, found) << "\n";
  }
  const double recall = static_cast<double>(covered) / static_cast<double>(wanted);
  const double precision = static_cast<double>(right) / static_cast<double>(given);
  std::cout << "numbers: " << wanted << " wanted, recall " << recall << ", precision " << precision << "\n";
  EXPECT_GE(recall, 0.995);
  EXPECT_GE(precision, 0.99);
}

TEST(NumberSpans, LongTextsInTimeThatGrowsWithTheirLength) {
  const std::string parts[] = {"1 ",
                               "1",
                               "138-",
                               "@a.",
                               "&#49;",
                               "<br>",
                               "一",
                               "微信 ",
                               "鲁A",
                               "E1",
                               "a",
                               "\xE2\x80\x8B"
                               "1"};
  for (const std::string& part : parts) {
    std::string long_text;
    while (long_text.size() < 1'000'000) long_text += part;
    const auto begin = std::chrono::steady_clock::now();
    const FoldedText text(long_text);
    const auto spans = find_numbers(text);
    const auto time = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(time, std::chrono::seconds(5)) << "repeated: " << part;
    for (std::size_t i = 1; i < spans.size(); ++i) ASSERT_LE(spans[i - 1].end, spans[i].begin);
  }
}

}  // namespace
}  // namespace tongqu
