// Codes that are written with letters: addresses of e-mail, plates, passports and permits, accounts.
#include <algorithm>
#include <array>

#include "security/privacy/number_rules.hpp"

namespace tongqu {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_code(char32_t c) { return is_digit(c) || is_letter(c); }

class CodeFinder {
 public:
  CodeFinder(const FoldedText& text, std::vector<TextSpan>& spans) : text_(text), spans_(spans) {}

  void run() {
    for (std::size_t i = 0; i < text_.size();) {
      const std::size_t end = look_at(i);
      i = std::max(end, i + 1);
    }
  }

 private:
  // The end of what begins at `i`; `i` when nothing does.
  std::size_t look_at(std::size_t i) {
    const char32_t c = text_.at(i);
    if (c == U'@') return email(i);
    if (is_province(c)) return plate(i);
    if (is_letter(c) && !is_code(i > 0 ? text_.at(i - 1) : U'\0')) {
      if (const std::size_t end = account(i); end != i) return end;
      return passport(i);
    }
    if (c == U'微' || c == U'薇' || c == U'威' || c == U'扣' || c == U'加') return account(i);
    return i;
  }

  std::size_t email(std::size_t at) {
    const auto is_local = [](char32_t c) {
      return is_code(c) || c == U'.' || c == U'_' || c == U'%' || c == U'+' || c == U'-';
    };
    const auto is_domain = [](char32_t c) { return is_code(c) || c == U'.' || c == U'-'; };
    std::size_t begin = at;
    while (begin > 0 && at - begin < 64 && is_local(text_.at(begin - 1))) --begin;
    std::size_t end = at + 1;
    while (end - at < 255 && is_domain(text_.at(end))) ++end;
    while (end > at + 1 && !is_code(text_.at(end - 1))) --end;
    const std::u32string_view domain = std::u32string_view(text_.folded()).substr(at + 1, end - at - 1);
    const std::size_t dot = domain.rfind(U'.');
    if (begin == at || dot == std::u32string_view::npos || dot == 0 || domain.size() - dot < 3) return at;
    return add(begin, end, SpanType::kEmail, "e-mail");
  }

  static bool is_province(char32_t c) {
    static constexpr std::u32string_view kProvinces =
        U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领";
    return c >= 0x4E00 && kProvinces.find(c) != std::u32string_view::npos;
  }

  // GA 36: province, letter of the office, five or six letters and digits (no I, no O), one digit at least.
  std::size_t plate(std::size_t i) {
    std::size_t at = i + 1;
    if (!is_letter(text_.at(at))) return i;
    ++at;
    while (at < i + 4 && (text_.at(at) == U'·' || text_.at(at) == U' ' || text_.at(at) == U'-' || text_.at(at) == U'•'))
      ++at;
    const std::size_t begin = at;
    bool digit = false;
    while (at < begin + 7 && is_code(text_.at(at))) {
      digit = digit || is_digit(text_.at(at));
      ++at;
    }
    std::size_t length = at - begin;
    static constexpr std::u32string_view kLast = U"挂学警港澳";
    if (length == 4 && kLast.find(text_.at(at)) != std::u32string_view::npos) ++at, ++length;
    if (length < 5 || length > 6 || !digit) return i;
    return add(i, at, SpanType::kPlate, "plate");
  }

  // Passports (E12345678, EA1234567, G, P, S, D with eight digits) and permits (H, M, C and eight to ten digits).
  std::size_t passport(std::size_t i) {
    std::size_t at = i;
    while (is_code(text_.at(at))) ++at;
    const std::size_t length = at - i;
    const char32_t first = text_.at(i);
    const std::size_t letters = is_letter(text_.at(i + 1)) ? 2 : 1;
    for (std::size_t k = i + letters; k < at; ++k) {
      if (!is_digit(text_.at(k))) return i;
    }
    const bool passport = std::u32string_view(U"EGPSD").find(first) != std::u32string_view::npos && length == 9 &&
                          (letters == 1 || first == U'E');
    const bool permit =
        (first == U'H' || first == U'M' || first == U'C') && letters == 1 && length >= 9 && length <= 11;
    if (!passport && !permit) return i;
    return add(i, at, SpanType::kPassport, passport ? "passport" : "permit");
  }

  std::size_t account(std::size_t i) {
    static constexpr std::array<std::u32string_view, 11> kCues{U"微信号", U"微信", U"薇信", U"威信", U"扣扣", U"WECHAT",
                                                               U"QQ号",   U"QQ",   U"VX",   U"WX",   U"加V"};
    const std::u32string_view rest = std::u32string_view(text_.folded()).substr(i, 40);
    for (const std::u32string_view cue : kCues) {
      if (!rest.starts_with(cue)) continue;
      std::size_t at = i + cue.size();
      static constexpr std::u32string_view kBetween = U" :：是为号码-";
      while (at < i + cue.size() + 4 && kBetween.find(text_.at(at)) != std::u32string_view::npos &&
             text_.at(at) != U'\0')
        ++at;
      const std::size_t begin = at;
      while (at < begin + 21 && (is_code(text_.at(at)) || text_.at(at) == U'_' || text_.at(at) == U'-')) ++at;
      if (at - begin < 5 || at - begin > 20) return i;
      return add(begin, at, SpanType::kAccount, "account after a cue word");
    }
    return i;
  }

  std::size_t add(std::size_t begin, std::size_t end, SpanType type, std::string_view reason) {
    const TextSpan span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), type, reason};
    // A number inside an address or an account is part of it.
    std::erase_if(spans_, [&](const TextSpan& other) { return other.begin < span.end && span.begin < other.end; });
    spans_.push_back(span);
    return end;
  }

  const FoldedText& text_;
  std::vector<TextSpan>& spans_;
};

}  // namespace

void find_written_codes(const FoldedText& text, std::vector<TextSpan>& spans) {
  CodeFinder(text, spans).run();
  std::ranges::sort(spans, [](const TextSpan& a, const TextSpan& b) { return a.begin < b.begin; });
}

}  // namespace tongqu
