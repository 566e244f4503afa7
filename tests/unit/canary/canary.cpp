#include "tests/unit/canary/canary.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "gateway/core/text.hpp"

namespace tongqu::canary_test {
namespace {

struct Syllable {
  const char* character;
  const char* pinyin;
};
// One character for a syllable, so that pinyin names the canary as well as its characters do.
constexpr std::array<Syllable, 100> kGiven{
    {{"安", "an"},     {"白", "bai"},  {"冰", "bing"},  {"波", "bo"},    {"才", "cai"},   {"灿", "can"},
     {"昌", "chang"},  {"朝", "chao"}, {"辰", "chen"},  {"诚", "cheng"}, {"川", "chuan"}, {"春", "chun"},
     {"聪", "cong"},   {"达", "da"},   {"丹", "dan"},   {"德", "de"},    {"鼎", "ding"},  {"冬", "dong"},
     {"帆", "fan"},    {"芳", "fang"}, {"飞", "fei"},   {"风", "feng"},  {"福", "fu"},    {"刚", "gang"},
     {"歌", "ge"},     {"根", "gen"},  {"光", "guang"}, {"贵", "gui"},   {"国", "guo"},   {"海", "hai"},
     {"涵", "han"},    {"航", "hang"}, {"豪", "hao"},   {"禾", "he"},    {"恒", "heng"},  {"红", "hong"},
     {"华", "hua"},    {"欢", "huan"}, {"辉", "hui"},   {"吉", "ji"},    {"佳", "jia"},   {"坚", "jian"},
     {"江", "jiang"},  {"杰", "jie"},  {"金", "jin"},   {"晶", "jing"},  {"军", "jun"},   {"凯", "kai"},
     {"康", "kang"},   {"科", "ke"},   {"坤", "kun"},   {"兰", "lan"},   {"朗", "lang"},  {"乐", "le"},
     {"雷", "lei"},    {"礼", "li"},   {"莲", "lian"},  {"亮", "liang"}, {"林", "lin"},   {"玲", "ling"},
     {"龙", "long"},   {"露", "lu"},   {"伦", "lun"},   {"满", "man"},   {"茂", "mao"},   {"梅", "mei"},
     {"萌", "meng"},   {"民", "min"},  {"明", "ming"},  {"墨", "mo"},    {"娜", "na"},    {"南", "nan"},
     {"能", "neng"},   {"宁", "ning"}, {"诺", "nuo"},   {"培", "pei"},   {"鹏", "peng"},  {"品", "pin"},
     {"平", "ping"},   {"普", "pu"},   {"琪", "qi"},    {"强", "qiang"}, {"巧", "qiao"},  {"琴", "qin"},
     {"青", "qing"},   {"泉", "quan"}, {"群", "qun"},   {"仁", "ren"},   {"荣", "rong"},  {"如", "ru"},
     {"瑞", "rui"},    {"若", "ruo"},  {"森", "sen"},   {"山", "shan"},  {"生", "sheng"}, {"石", "shi"},
     {"双", "shuang"}, {"水", "shui"}, {"思", "si"},    {"松", "song"}}};
constexpr std::array<Syllable, 10> kSurnames{{{"赵", "zhao"},
                                              {"钱", "qian"},
                                              {"孙", "sun"},
                                              {"周", "zhou"},
                                              {"吴", "wu"},
                                              {"郑", "zheng"},
                                              {"王", "wang"},
                                              {"徐", "xu"},
                                              {"杨", "yang"},
                                              {"朱", "zhu"}}};

std::string digits(std::uint64_t number, std::size_t count) {
  std::string out(count, '0');
  for (std::size_t i = count; i > 0; --i, number /= 10) out[i - 1] = static_cast<char>('0' + number % 10);
  return out;
}
// Spread over the range, so that neighbours do not look alike: 7,654,321 has no factor in common with 10^9.
std::uint64_t spread(std::uint64_t number) { return number * 7'654'321 % 1'000'000'000; }

std::string given_of(std::uint32_t number) {
  std::string out;
  for (int i = 0; i < 3; ++i, number /= 100) out += kGiven[number % 100].character;
  return out;
}
std::string name_of_number(std::uint32_t number) {
  return kSurnames[number / 1'000'000 % 10].character + given_of(number);
}
std::string word_of(std::uint32_t number) {
  std::string out = "qz";
  std::uint64_t rest = spread(number);
  for (int i = 0; i < 8; ++i, rest /= 26) out.push_back(static_cast<char>('a' + rest % 26));
  return out;
}

std::string gb18030(const std::string& text) {
  thread_local const iconv_t to = iconv_open("GB18030", "UTF-8");
  std::string out(text.size() * 4 + 8, '\0');
  char* from = const_cast<char*>(text.data());
  char* into = out.data();
  std::size_t left = text.size();
  std::size_t room = out.size();
  iconv(to, &from, &left, &into, &room);
  out.resize(out.size() - room);
  return out;
}

std::u32string code_points(const std::string& text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out.push_back(*next_code_point(text, at));
  return out;
}

std::string full_width(const std::string& text) {
  std::string out;
  for (const char32_t c : code_points(text)) append_utf8(out, c > 0x20 && c < 0x7F ? c + 0xFEE0 : c);
  return out;
}

std::string chinese_digits(const std::string& text) {
  static constexpr std::array<const char*, 10> kDigits{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  std::string out;
  for (const char c : text) out += c >= '0' && c <= '9' ? std::string(kDigits[c - '0']) : std::string(1, c);
  return out;
}

enum class Escape : std::uint8_t { kJson, kXmlDecimal, kXmlHex };
std::string hex4(char32_t c) {
  const std::string two{static_cast<char>(c >> 8), static_cast<char>(c & 0xFF)};
  return to_hex(two);
}
// All characters above ASCII, or with `all` every one.
std::string escaped(const std::string& text, Escape how, bool all) {
  std::string out;
  for (const char32_t c : code_points(text)) {
    if (c < 0x80 && !all) {
      out.push_back(static_cast<char>(c));
    } else if (how == Escape::kJson) {
      out += "\\u" + hex4(c);
    } else if (how == Escape::kXmlDecimal) {
      out += "&#" + std::to_string(static_cast<std::uint32_t>(c)) + ";";
    } else {
      std::string hex = hex4(c);
      hex.erase(0, std::min(hex.find_first_not_of('0'), hex.size() - 1));
      out += "&#x" + hex + ";";
    }
  }
  return out;
}

std::string percent(const std::string& text, bool all) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!all && byte < 0x80 && std::isalnum(byte) != 0) {
      out.push_back(c);
    } else {
      out += "%" + to_hex(std::string_view(&c, 1));
    }
  }
  return out;
}

std::string utf16(const std::string& text, bool little) {
  std::string out;
  for (const char32_t c : code_points(text)) {
    const char high = static_cast<char>(c >> 8);
    const char low = static_cast<char>(c & 0xFF);
    out.push_back(little ? low : high);
    out.push_back(little ? high : low);
  }
  return out;
}

// The characters that depend on nothing but `text` when `before` bytes stand in front of it.
std::string base64_at(const std::string& text, std::size_t before) {
  const std::string all = to_base64(std::string(before, 'x') + text);
  const std::size_t first = (before * 8 + 5) / 6;
  const std::size_t last = (before + text.size()) * 8 / 6;
  return all.substr(first, last - first);
}
std::string url_alphabet(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

void add_base64(const std::string& bytes, const char* standard, const char* url, std::vector<Form>& out) {
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string text = base64_at(bytes, before);
    out.push_back({standard, text});
    out.push_back({url, url_alphabet(text)});
  }
}

std::string only_digits(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c >= '0' && c <= '9') out.push_back(c);
  }
  return out;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

std::string pinyin_of(const std::string& text) {
  static const std::map<std::string, std::string> kAll = [] {
    std::map<std::string, std::string> all{{"里", "li"}, {"号", "hao"}};
    for (const Syllable& one : kGiven) all[one.character] = one.pinyin;
    for (const Syllable& one : kSurnames) all[one.character] = one.pinyin;
    return all;
  }();
  std::string out;
  for (const char32_t c : code_points(text)) {
    std::string one;
    append_utf8(one, c);
    const auto found = kAll.find(one);
    out += found == kAll.end() ? one : found->second;
  }
  return out;
}

Canary make_canary(const Label& label, std::uint32_t number) {
  Canary out;
  out.label = label;
  out.pair = 0;
  const std::string& kind = label.kind;
  if (kind == "name") {
    out.value = name_of_number(number);
  } else if (kind == "phone") {
    out.value = "13" + digits(spread(number), 9);
  } else if (kind == "id") {
    out.value = "510107" + digits(spread(number), 9) + digits(number % 100, 2) + "X";
  } else if (kind == "bank") {
    out.value = "622202" + digits(spread(number), 9) + digits(number % 10000, 4);
  } else if (kind == "address" || kind == "place") {
    out.core = given_of(number) + "里" + digits(spread(number), 4);
    out.value = "某省某市某区某街道" + out.core;
  } else if (kind == "email") {
    out.core = "m" + digits(spread(number), 9) + "x";
    out.value = out.core + "@example.cn";
  } else {
    out.value = word_of(number);
  }
  if (out.core.empty()) out.core = out.value;
  return out;
}

std::vector<Form> forms_of(const std::string& text) {
  std::vector<Form> all{{"plain", text},
                        {"gb18030", gb18030(text)},
                        {"full-width", full_width(text)},
                        {"chinese digits", chinese_digits(text)},
                        {"pinyin", pinyin_of(text)},
                        {"hex", to_hex(text)},
                        {"hex of gb18030", to_hex(gb18030(text))},
                        {"percent", percent(text, false)},
                        {"percent of all", percent(text, true)},
                        {"percent of gb18030", percent(gb18030(text), true)},
                        {"json escapes", escaped(text, Escape::kJson, false)},
                        {"json escapes of all", escaped(text, Escape::kJson, true)},
                        {"xml decimal", escaped(text, Escape::kXmlDecimal, false)},
                        {"xml decimal of all", escaped(text, Escape::kXmlDecimal, true)},
                        {"xml hex", escaped(text, Escape::kXmlHex, false)},
                        {"xml hex of all", escaped(text, Escape::kXmlHex, true)},
                        {"utf-16le", utf16(text, true)},
                        {"utf-16be", utf16(text, false)}};
  const std::string plain_digits = only_digits(text);
  if (plain_digits.size() >= 11) all.push_back({"digits", plain_digits});
  add_base64(text, "base64", "base64url", all);
  add_base64(gb18030(text), "base64 of gb18030", "base64url of gb18030", all);
  std::vector<Form> out;
  std::set<std::string> seen;
  for (Form& form : all) {
    form.bytes = folded(form.bytes);
    if (form.bytes.size() >= kMinFormBytes && seen.insert(form.bytes).second) out.push_back(std::move(form));
  }
  return out;
}

}  // namespace tongqu::canary_test
