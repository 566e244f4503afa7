// A person's name in all its forms.
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

#include "security/privacy/known_forms.hpp"

namespace tongqu {
namespace {

constexpr std::u32string_view kCompounds[] = {
    U"欧阳", U"司马", U"上官", U"诸葛", U"东方", U"皇甫", U"尉迟", U"公孙", U"慕容", U"令狐", U"司徒", U"司空",
    U"夏侯", U"端木", U"南宫", U"宇文", U"长孙", U"独孤", U"轩辕", U"闻人", U"呼延", U"赫连", U"澹台", U"公冶",
    U"宗政", U"濮阳", U"淳于", U"单于", U"太叔", U"申屠", U"仲孙", U"钟离", U"鲜于", U"闾丘", U"司寇", U"百里",
    U"东郭", U"南门", U"西门", U"公羊", U"万俟", U"拓跋", U"纳兰", U"完颜", U"歐陽", U"司馬", U"諸葛", U"東方"};

// Readings that a family name has and the common word has not.
struct Reading {
  std::u32string_view family, pinyin;
};
constexpr Reading kReadings[] = {{U"单", U"SHAN"},   {U"仇", U"QIU"},        {U"曾", U"ZENG"}, {U"解", U"XIE"},
                                 {U"查", U"ZHA"},    {U"区", U"OU"},         {U"翟", U"ZHAI"}, {U"朴", U"PIAO"},
                                 {U"盖", U"GE"},     {U"乐", U"YUE"},        {U"缪", U"MIAO"}, {U"种", U"CHONG"},
                                 {U"覃", U"QIN"},    {U"冼", U"XIAN"},       {U"折", U"SHE"},  {U"尉迟", U"YUCHI"},
                                 {U"万俟", U"MOQI"}, {U"长孙", U"ZHANGSUN"}, {U"任", U"REN"}};

// Given names that are words of every day: alone they say nothing.
constexpr std::u32string_view kWords[] = {
    U"国庆", U"和平", U"建设", U"文明", U"健康", U"平安", U"胜利", U"春天", U"光明", U"幸福", U"希望", U"发展", U"团结",
    U"长江", U"东方", U"太阳", U"新华", U"中华", U"高兴", U"自强", U"元旦", U"建国", U"清明", U"重阳", U"吉祥", U"如意",
    U"天天", U"多多", U"宝宝", U"小时", U"先生", U"女士", U"安全", U"正常", U"可能", U"成功", U"满意", U"良好", U"大同",
    U"海洋", U"阳光", U"美丽", U"永远", U"师傅", U"友谊", U"黎明", U"明天", U"青春", U"向阳"};

icu::Transliterator* transliterator(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  icu::Transliterator* made = icu::Transliterator::createInstance(icu::UnicodeString(name), UTRANS_FORWARD, status);
  return U_SUCCESS(status) ? made : nullptr;
}

std::u32string transformed(const icu::Transliterator* with, std::u32string_view text) {
  icu::UnicodeString out = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                                         static_cast<std::int32_t>(text.size()));
  if (with != nullptr) with->transliterate(out);
  std::u32string back;
  for (std::int32_t i = 0; i < out.length(); i = out.moveIndex32(i, 1))
    back.push_back(static_cast<char32_t>(out.char32At(i)));
  return back;
}

std::u32string simplified(std::u32string_view text) {
  static const std::unique_ptr<icu::Transliterator> kWith(transliterator("Traditional-Simplified"));
  return transformed(kWith.get(), text);
}

std::u32string traditional(std::u32string_view text) {
  static const std::unique_ptr<icu::Transliterator> kWith(transliterator("Simplified-Traditional"));
  return transformed(kWith.get(), text);
}

// Upper case, without tones; ü as V.
std::u32string pinyin(char32_t character) {
  static const std::unique_ptr<icu::Transliterator> kLatin(transliterator("Han-Latin; NFD"));
  std::u32string latin = transformed(kLatin.get(), std::u32string_view(&character, 1));
  for (std::size_t at = 0; (at = latin.find(U"u\u0308", at)) != std::u32string::npos;) latin.replace(at, 2, U"v");
  std::u32string out;
  for (const char32_t c : latin) {
    const char32_t upper = folded_character(c);
    if (upper >= U'A' && upper <= U'Z') out.push_back(upper);
  }
  return out;
}

struct Name {
  std::u32string family, given;
};

Name split(std::u32string_view name) {
  std::size_t size = 1;
  if (name.size() >= 3 && std::ranges::find(kCompounds, name.substr(0, 2)) != std::ranges::end(kCompounds)) size = 2;
  return {std::u32string(name.substr(0, size)), std::u32string(name.substr(size))};
}

class NameForms {
 public:
  explicit NameForms(std::vector<KnownForm>& forms) : forms_(forms) {}

  void chinese(std::u32string_view name) {
    add(name, FormEdge::kNone, "known name");
    const Name parts = split(name);
    forms_.push_back(
        {keyed(parts.family), FormEdge::kNone, FormRole::kFamily, SpanType::kName, "known name with title"});
    // 张*明, 张小*: one character masked.
    for (const char32_t mask : std::u32string_view(U"*某X×○")) {
      if (parts.given.size() != 2) break;
      add(parts.family + mask + parts.given.substr(1), FormEdge::kNone, "known name, partly masked");
      add(parts.family + parts.given.substr(0, 1) + mask, FormEdge::kCodes, "known name, partly masked");
    }
    // A double family name (张王小明): each way to cut it.
    if (name.size() == 4 && parts.family.size() == 1) given(name.substr(2));
    given(parts.given);
  }

  void latin(std::u32string_view name) {
    const Name parts = split(name);
    std::u32string family;
    for (const char32_t c : parts.family) family += pinyin(c);
    for (const Reading& reading : kReadings) {
      if (reading.family == parts.family) family = reading.pinyin;
    }
    std::u32string given;
    std::u32string letters;
    for (const char32_t c : parts.given) {
      const std::u32string syllable = pinyin(c);
      given += syllable;
      letters += syllable.substr(0, 1);
    }
    if (family.empty() || given.empty()) return;
    for (const auto& f : umlauts(family)) {
      for (const auto& g : umlauts(given)) {
        for (const auto& form : {f + g, g + f, f + U"," + g, g + U"," + f}) pinyin_form(form);
        if (parts.given.size() >= 2 && g.size() >= 5) add(g, FormEdge::kLetters, "known given name in pinyin");
        initials(letters, f);
      }
    }
  }

  void part(std::u32string_view part) {
    if (part.size() >= 2) add(part, is_latin(part) ? FormEdge::kLetters : FormEdge::kNone, "part of a known name");
  }

 private:
  static bool is_latin(std::u32string_view part) { return part.front() < 0x250; }

  static std::u32string keyed(std::u32string_view text) {
    std::u32string out;
    for (const char32_t c : text) {
      if (const char32_t folded = folded_character(c); !is_dropped(folded)) out.push_back(key_of(folded));
    }
    return out;
  }

  void add(std::u32string_view form, FormEdge edge, std::string_view reason) {
    std::u32string key = keyed(form);
    if (!key.empty()) forms_.push_back({std::move(key), edge, FormRole::kWhole, SpanType::kName, reason});
  }

  void given(std::u32string_view given) {
    if (given.size() == 1) {
      for (const char32_t before : {U'小', U'阿'}) {
        if (is_nickname(before, given.front()))
          add(std::u32string{before, given.front()}, FormEdge::kNone, "known given name with 小 or 阿");
      }
    } else if (std::ranges::find(kWords, given) == std::ranges::end(kWords)) {
      add(given, FormEdge::kNone, "known given name");
    }
  }

  static std::vector<std::u32string> umlauts(const std::u32string& text) {
    if (text.find(U'V') == std::u32string::npos) return {text};
    std::vector<std::u32string> out{text};
    for (const std::u32string_view with : {U"U", U"YU"}) {
      std::u32string other = text;
      other.replace(other.find(U'V'), 1, with);
      out.push_back(std::move(other));
    }
    return out;
  }

  void pinyin_form(const std::u32string& form) {
    if (form.size() >= 4) add(form, FormEdge::kLetters, "known name in pinyin");
  }

  // ZXM, ZHANG X M, X M ZHANG
  void initials(const std::u32string& letters, const std::u32string& family) {
    if (letters.size() < 2) return;
    add(family.substr(0, 1) + letters, FormEdge::kCodes, "initials of a known name");
    add(family + letters, FormEdge::kLetters, "known name in pinyin");
    add(letters + family, FormEdge::kLetters, "known name in pinyin");
  }

  std::vector<KnownForm>& forms_;
};

bool is_dot(char32_t c) { return c == U'·' || c == U'•' || c == U'・' || c == U'‧' || c == U'∙' || c == U'.'; }

}  // namespace

void add_name_forms(std::string_view utf8, std::size_t max_code_points, std::vector<KnownForm>& forms) {
  std::u32string name;
  std::vector<std::u32string> parts(1);
  for (std::size_t at = 0; at < utf8.size() && name.size() < max_code_points;) {
    const char32_t c = take_code_point(utf8, at);
    const bool latin = !name.empty() && name.back() < 0x250;
    if (is_dot(c) || (latin && c == U' ')) parts.emplace_back();
    if (is_dropped(folded_character(c))) continue;
    name.push_back(c);
    parts.back().push_back(c);
  }
  if (name.size() < 2) return;
  std::vector<std::u32string> written{name};
  NameForms out(forms);
  if (name.front() >= 0x3400) {
    for (auto& other : {simplified(name), traditional(name)}) {
      if (std::ranges::find(written, other) == written.end()) written.push_back(other);
    }
  }
  const bool plain = parts.size() == 1 && name.size() <= 4 && name.front() >= 0x3400;
  for (const std::u32string& one : written) {
    if (plain)
      out.chinese(one);
    else
      out.part(one);
  }
  if (plain) return out.latin(simplified(name));
  for (const std::u32string& part : parts) {
    out.part(part);
    if (!part.empty() && part.front() >= 0x3400) out.part(simplified(part)), out.part(traditional(part));
  }
}

}  // namespace tongqu
