// Codes that are written with letters: addresses of e-mail, plates, passports and permits, accounts.
#include <algorithm>
#include <array>
#include <bitset>
#include <memory>

#include "security/privacy/number_rules.hpp"

namespace tongqu {
namespace {

constexpr std::u32string_view kProvinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领";
// Longer words before shorter ones that they begin with.
constexpr std::u32string_view kAccountCues[] = {
    U"微信群号", U"微信号",   U"微信ID", U"微信",     U"薇信号", U"薇信",   U"威信",       U"V信",    U"WECHAT",
    U"VX号",     U"VX",       U"WX号",   U"WX",       U"加V",    U"扣扣号", U"扣扣",       U"企鹅号", U"QQ群号",
    U"QQ群",     U"QQ号码",   U"QQ号",   U"QQ",       U"Q群",    U"群号",   U"支付宝账号", U"支付宝", U"抖音号",
    U"快手号",   U"小红书号", U"旺旺",   U"淘宝账号", U"会员名", U"用户名", U"账号",       U"帐号"};
constexpr std::u32string_view kPassportCues[] = {U"护照",   U"通行证", U"台胞证", U"回乡证",
                                                 U"居留证", U"居住证", U"军官证", U"士兵证"};
constexpr std::u32string_view kPlateCues[] = {U"车牌号码", U"车牌号", U"车牌", U"车号"};

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_code(char32_t c) { return is_digit(c) || is_letter(c); }

// The characters with which something may begin; all others are passed over.
const std::bitset<0x10000>& starts() {
  static const auto kStarts = [] {
    auto out = std::make_unique<std::bitset<0x10000>>();
    for (const char32_t c : kProvinces) (*out)[c] = true;
    for (const std::u32string_view cue : kAccountCues) (*out)[cue.front()] = true;
    for (const std::u32string_view cue : kPassportCues) (*out)[cue.front()] = true;
    for (const std::u32string_view cue : kPlateCues) (*out)[cue.front()] = true;
    for (char32_t c = U'A'; c <= U'Z'; ++c) (*out)[c] = true;
    (*out)[U'@'] = true;
    return out;
  }();
  return *kStarts;
}

class CodeFinder {
 public:
  CodeFinder(const FoldedText& text, std::vector<TextSpan>& spans) : text_(text), spans_(spans) {}

  void run() {
    const std::bitset<0x10000>& may_start = starts();
    const std::u32string& folded = text_.folded();
    for (std::size_t i = 0; i < folded.size();) {
      if (folded[i] >= 0x10000 || !may_start[folded[i]]) {
        ++i;
        continue;
      }
      i = std::max(look_at(i), i + 1);
    }
    spans_.insert(spans_.end(), found_.begin(), found_.end());
  }

 private:
  // The end of what begins at `i`; `i` when nothing does.
  std::size_t look_at(std::size_t i) {
    const char32_t c = text_.at(i);
    if (c == U'@') return email(i);
    if (is_letter(c)) {
      if (i > 0 && is_code(text_.at(i - 1))) return i;
      if (c == U'W' || c == U'V' || c == U'Q') {
        if (const std::size_t end = after_cue(i); end != i) return end;
      }
      return passport(i, i);
    }
    if (kProvinces.find(c) != std::u32string_view::npos) return plate(i);
    return after_cue(i);
  }

  // At most four blanks and signs behind `at`.
  [[nodiscard]] std::size_t skip(std::size_t at, std::u32string_view signs) const {
    const std::size_t end = at + 4;
    while (at < text_.size() && at < end && (is_blank(text_.at(at)) || signs.find(text_.at(at)) != signs.npos)) ++at;
    return at;
  }

  std::size_t email(std::size_t at) {
    const auto is_local = [](char32_t c) {
      return is_code(c) || c == U'.' || c == U'_' || c == U'%' || c == U'+' || c == U'-' || c == U'\0';
    };
    const auto is_domain = [](char32_t c) { return is_code(c) || c == U'.' || c == U'-' || c == U'\0'; };
    std::size_t begin = at;
    if (begin > 1 && text_.at(begin - 1) == U' ') --begin;
    const std::size_t local_end = begin;
    while (begin > 0 && local_end - begin < 64 && is_local(text_.at(begin - 1))) --begin;
    while (begin < local_end && !is_code(text_.at(begin))) ++begin;
    std::size_t domain_begin = at + 1;
    if (text_.at(domain_begin) == U' ') ++domain_begin;
    std::size_t end = domain_begin;
    while (end < text_.size() && end - at < 255 && is_domain(text_.at(end))) ++end;
    while (end > domain_begin && !is_code(text_.at(end - 1))) --end;
    const std::u32string_view domain = std::u32string_view(text_.folded()).substr(domain_begin, end - domain_begin);
    const std::size_t dot = domain.rfind(U'.');
    const bool known = domain == U"QQ" || domain == U"163" || domain == U"126";
    const bool whole = dot != std::u32string_view::npos && dot > 0 && domain.size() - dot >= 3;
    if (begin == local_end || (!known && !whole)) return at;
    return add(begin, end, SpanType::kEmail, "e-mail");
  }

  // GA 36: province, letter of the office, five letters and digits, six with a new-energy vehicle.
  std::size_t plate(std::size_t i) {
    static constexpr std::u32string_view kNotNew = U"全最更崭重很";
    if (text_.at(i) == U'新' && i > 0 && kNotNew.find(text_.at(i - 1)) != std::u32string_view::npos) return i;
    return plate_behind(i, skip(i + 1, U"·•-"));
  }

  // The plate that begins at `i`, its letter at `at`.
  std::size_t plate_behind(std::size_t i, std::size_t at) {
    if (!is_letter(text_.at(at))) return i;
    const std::size_t begin = skip(at + 1, U"·•-");
    std::size_t digits = 0;
    std::size_t length = 0;
    std::size_t end = begin;
    for (at = begin; at < begin + 16 && length <= 6; ++at) {
      const char32_t c = text_.at(at);
      if (is_blank(c) && c != U'\n' && at < text_.size() && length > 0) continue;
      if (!is_code(c) || c == U'I' || c == U'O') break;
      digits += is_digit(c);
      ++length;
      end = at + 1;
    }
    static constexpr std::u32string_view kLast = U"挂学警港澳";
    if (length == 4 && kLast.find(text_.at(end)) != std::u32string_view::npos) ++end, ++length;
    if (length < 5 || length > 6 || digits < 2 || is_code(text_.at(end))) return i;
    return add(i, end, SpanType::kPlate, "plate");
  }

  // Passports (E12345678, EA1234567; G, P, S, D with eight digits) and permits (H, M with eight or ten digits, C with
  // eight). Behind a cue word any letters and digits. `i` is where the span, `at` where the code begins.
  std::size_t passport(std::size_t i, std::size_t at) {
    if (i == at && !is_digit(text_.at(at + 1)) && !is_digit(text_.at(at + 2))) return i;
    std::size_t letters = 0;
    while (letters < 3 && is_letter(text_.at(at + letters))) ++letters;
    std::size_t end = at + letters;
    std::size_t digits = 0;
    const std::size_t limit = end + 24;
    std::size_t blank = 0;
    for (std::size_t k = end; k < limit && blank <= 1; ++k) {
      const char32_t c = text_.at(k);
      if (is_digit(c))
        ++digits, end = k + 1, blank = 0;
      else if (k < text_.size() && (c == U' ' || c == U'\0' || c == U'-'))
        blank += c != U'\0';
      else
        break;
    }
    if (is_code(text_.at(end))) return i;
    if (i != at) {  // behind a cue word
      if (letters + digits < 7 || digits < 5 || digits > 11) return i;
      return add(at, end, SpanType::kPassport, "passport or permit after a cue word");
    }
    const char32_t first = text_.at(at);
    const bool passport = (letters == 1 && digits == 8 && std::u32string_view(U"EGPSD").find(first) != kNone) ||
                          (letters == 2 && digits == 7 && first == U'E');
    const bool permit = letters == 1 && ((digits == 8 && (first == U'H' || first == U'M' || first == U'C')) ||
                                         (digits == 10 && (first == U'H' || first == U'M')));
    if ((!passport && !permit) || cue_before(text_, at) == NumberCue::kOrder) return i;
    return add(at, end, SpanType::kPassport, passport ? "passport" : "permit");
  }

  std::size_t after_cue(std::size_t i) {
    const std::u32string_view rest = std::u32string_view(text_.folded()).substr(i, 8);
    for (const std::u32string_view cue : kPassportCues) {
      if (!rest.starts_with(cue)) continue;
      const std::size_t at = skip(skip(i + cue.size(), U":：是为号码"), U":：是为号码");
      return passport(i, at);
    }
    for (const std::u32string_view cue : kPlateCues) {
      if (!rest.starts_with(cue)) continue;
      const std::size_t at = skip(i + cue.size(), U":：是为");
      return is_letter(text_.at(at)) && plate_behind(at, at) != at ? found_.back().end : i;
    }
    for (const std::u32string_view cue : kAccountCues) {
      if (rest.starts_with(cue)) return account(i, i + cue.size());
    }
    return i;
  }

  // 微信20261126付款
  [[nodiscard]] bool is_date(std::size_t at, std::size_t digits) const {
    const std::u32string_view date = std::u32string_view(text_.folded()).substr(at, 8);
    return digits == 8 && date.starts_with(U"20") && date[4] <= U'1' && date[6] <= U'3' && text_.at(at - 1) == U'信';
  }

  // Without a sign between, an account has a digit at least: QQ音乐, 微信APP.
  std::size_t account(std::size_t i, std::size_t cue_end) {
    const std::size_t at = skip(skip(cue_end, U":：是为号码-(("), U":：是为号码-((");
    bool said = text_.at(cue_end - 1) == U'号';
    for (std::size_t k = cue_end; k < at; ++k) said = said || !is_blank(text_.at(k));
    std::size_t end = at;
    std::size_t digits = 0;
    std::size_t letters = 0;
    for (std::size_t k = at; k < at + 40 && digits + letters <= 20; ++k) {
      const char32_t c = text_.at(k);
      const bool inside = k > at && digits + letters > 0 && k < text_.size();
      if (inside && (c == U'\0' || (is_blank(c) && letters == 0 && is_digit(text_.at(k + 1))))) continue;
      if (!is_code(c) && c != U'_' && !(c == U'-' && inside)) break;
      (is_digit(c) ? digits : letters) += 1;
      end = k + 1;
    }
    const std::size_t length = digits + letters;
    if (length < 5 || length > 20 || (!said && digits == 0)) return i;
    if (letters == 0 && (text_.at(end) == U'元' || (!said && is_date(at, digits)))) return i;
    return add(at, end, SpanType::kAccount, "account after a cue word");
  }

  std::size_t add(std::size_t begin, std::size_t end, SpanType type, std::string_view reason) {
    end = text_.end_of(end - 1);
    const TextSpan span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), type, reason};
    // The local part of an e-mail address may have been taken for something else.
    while (!found_.empty() && found_.back().end > span.begin) found_.pop_back();
    found_.push_back(span);
    return end;
  }

  static constexpr std::size_t kNone = std::u32string_view::npos;
  const FoldedText& text_;
  std::vector<TextSpan>& spans_;
  std::vector<TextSpan> found_;
};

}  // namespace

void find_written_codes(const FoldedText& text, std::vector<TextSpan>& spans) {
  CodeFinder(text, spans).run();
  // A number inside an address of e-mail or an account is part of it.
  join_spans(spans);
}

}  // namespace tongqu
