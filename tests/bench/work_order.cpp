#include "tests/bench/work_order.hpp"

#include <array>
#include <cstdio>

namespace tongqu::bench {
namespace {

constexpr std::array<const char*, 8> kNames{"段正淳", "王小峰", "欧阳文静", "李四", "周明", "张小明", "陈建国", "赵敏"};
constexpr std::array<const char*, 4> kShops{"某某餐饮管理有限公司建国路店", "好再来商业连锁有限公司二店",
                                            "新天地通讯设备有限公司总店", "阳光体育健身有限公司朝阳店"};
constexpr std::array<const char*, 4> kCreditCodes{"91350100M000100Y43", "91340000711771143J", "91440115618712245T",
                                                  "91110108MA00478Q15"};
constexpr std::array<const char*, 4> kMoneys{"1600", "1,280.50", "99元", "15.8"};

std::string padded(std::uint64_t number, int width) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%0*llu", width, static_cast<unsigned long long>(number));
  return text.data();
}

void add(std::string& out, const char* name, const std::string& value) {
  out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":\"").append(value).append("\"");
}

std::string local_time(Instant at) {
  std::string text = to_beijing_text(at).substr(0, 19);
  text[10] = ' ';
  return text;
}

}  // namespace

std::string work_order(const std::string& run, std::uint64_t number, Instant now) {
  const std::string shop = kShops[number % kShops.size()];
  std::string out = "{";
  add(out, "orderNum", "GD" + run + padded(number, 8));
  out += ",\"round\":1";
  add(out, "operation", "create");
  add(out, "type", number % 3 == 0 ? "咨询" : "投诉");
  add(out, "callTime", local_time({now.ms - 3'600'000}));
  add(out, "channel", std::to_string(1 + number % 4));
  add(out, "callerName", kNames[number % kNames.size()]);
  add(out, "callerSex", number % 2 == 0 ? "女" : "男");
  add(out, "callerPhone", "138" + padded(10'000'000 + number % 89'999'999, 8));
  add(out, "callerIdNo", "11010519491231002X");
  add(out, "callerAddress", "海淀区中关村大街" + std::to_string(number % 99 + 1) + "号");
  add(out, "callerMail", "caller" + padded(number % 10'000, 4) + "@example.cn");
  add(out, "inNumber", "010-8261" + std::to_string(1000 + number % 9000));
  add(out, "secret", "0");
  add(out, "urgency", std::to_string(number % 3));
  out += ",\"handleDays\":5";
  add(out, "questionCode", std::to_string(1001 + number % 4));
  out += ",\"company\":{";
  add(out, "name", shop);
  add(out, "code", kCreditCodes[number % kCreditCodes.size()]);
  add(out, "address", "北京市朝阳区建国路" + std::to_string(number % 300 + 1) + "号");
  add(out, "phone", "010-65000000");
  out += "}";
  add(out, "address", "北京市朝阳区建国路" + std::to_string(number % 300 + 1) + "号商业楼一层");
  add(out, "goods", "二手手机");
  add(out, "brand", "某品牌");
  add(out, "orderNo", "E" + padded(number, 12));
  add(out, "money", kMoneys[number % kMoneys.size()]);
  add(out, "content", "见各栏。");
  add(out, "operator", "话务员刘芳");
  add(out, "unitName", "朝阳区市场监督管理局");
  add(out, "publishConsent", "0");
  static constexpr std::string_view kBegin = ",\"category\":\"";
  static constexpr std::string_view kEnd = "\"}";
  out += kBegin;
  const std::size_t room = kOrderBytes - kEnd.size();
  if (out.size() < room) out.append(room - out.size(), 'x');
  return out.append(kEnd);
}

}  // namespace tongqu::bench
