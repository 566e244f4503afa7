#include <array>

#include "gateway/core/text.hpp"
#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {

namespace {

constexpr std::size_t kMaxExtensionDigits = 6;

bool is_mobile(std::string_view d) { return d.size() == 11 && d[0] == '1' && d[1] >= '3' && d[1] <= '9'; }

// Digits of the area code with its 0: 010 and 02d are short, 03dd…09dd long; 0 when there is none.
std::size_t area_size(std::string_view d) {
  if (d.size() < 3 || d[0] != '0') return 0;
  if (d[1] == '1') return d[2] == '0' ? 3 : 0;
  if (d[1] == '2') return 3;
  return d[1] >= '3' && d.size() >= 4 ? 4 : 0;
}

bool is_short_service(std::string_view d) {
  if (d.size() == 3) return d.substr(0, 2) == "11" || d.substr(0, 2) == "12";
  if (d.size() < 5 || d.size() > 8) return false;
  const auto lead = d.substr(0, 2);
  if (lead == "95" || lead == "96") return true;
  return d.size() == 5 && (lead == "10" || lead == "12");
}

PhoneKind classify(std::string_view d) {
  if (is_mobile(d)) return PhoneKind::kMobile;
  if (d.size() == 10 && (d.substr(0, 3) == "400" || d.substr(0, 3) == "800")) return PhoneKind::kService;
  if (is_short_service(d)) return PhoneKind::kService;
  const std::size_t area = area_size(d);
  const std::string_view local = d.substr(area);
  if (area != 0 && is_short_service(local)) return PhoneKind::kService;
  const bool subscriber = !local.empty() && local[0] >= '2' && local[0] <= '8';
  if (area != 0)
    return subscriber && local.size() >= 6 && local.size() <= 8 ? PhoneKind::kLandline : PhoneKind::kUnknown;
  return subscriber && (local.size() == 7 || local.size() == 8) ? PhoneKind::kLandline : PhoneKind::kUnknown;
}

// Cuts the extension off: "转8001", "ext8001", "x8001", "#8001". A last group after a dash is handled by the caller.
std::string_view cut_extension(std::string_view value, std::string_view& extension) {
  static constexpr std::array<std::string_view, 9> kMarks{"转分机", "分机", "转", "ext.", "ext", "EXT", "x", "#", "＃"};
  for (const std::string_view mark : kMarks) {
    const auto at = value.find(mark);
    if (at == std::string_view::npos || at == 0) continue;
    extension = value.substr(at + mark.size());
    return value.substr(0, at);
  }
  return value;
}

// Dashes of all kinds become '-', brackets and dots go; false when something else than digits, '+' and '-' is left.
bool reduce(std::string_view value, ShortText& grouped, Slips& slips) {
  std::size_t at = 0;
  while (at < value.size()) {
    auto c = next_code_point(value, at);
    if (!c) return false;
    if ((*c >= 0xFF01 && *c <= 0xFF5E) || *c == 0x3000) {
      slips |= kFullWidth;
      *c = *c == 0x3000 ? U' ' : *c - 0xFEE0;
    }
    if (*c < 0x80 && is_digit(static_cast<char>(*c))) {
      grouped.push_back(static_cast<char>(*c));
      continue;
    }
    if (*c == U'+' && grouped.empty()) {
      grouped.push_back('+');
      continue;
    }
    slips |= kSeparators;
    const bool dash = *c == U'-' || (*c >= 0x2010 && *c <= 0x2015) || *c == 0x2212 || *c == 0x2014;
    if (dash) {
      grouped.push_back('-');
    } else if (*c != U' ' && *c != U'\t' && *c != 0xA0 && *c != U'(' && *c != U')' && *c != U'.' && *c != 0xB7) {
      return false;
    }
  }
  return !grouped.overlong();
}

// Takes the country code away and gives a landline number its 0 back.
void strip_country(ShortText& digits, bool plus) {
  const bool zero_zero = !plus && digits.view().substr(0, 4) == "0086";
  if (zero_zero) digits.drop_front(2);
  if ((plus || zero_zero) && digits.view().substr(0, 2) == "86") {
    digits.drop_front(2);
    if (digits.view().substr(0, 1) == "0" || classify(digits.view()) == PhoneKind::kMobile) return;
    ShortText with_zero("0");
    with_zero.append(digits.view());
    if (classify(with_zero.view()) == PhoneKind::kLandline) digits = with_zero;
    return;
  }
  // Without a plus, 86 is the country code only before a whole mobile number.
  if (digits.size() == 13 && digits.view().substr(0, 2) == "86" && is_mobile(digits.view().substr(2)))
    digits.drop_front(2);
}

// The digits as they are dialled inland.
ShortText inland(std::string_view grouped, bool plus) {
  ShortText digits;
  for (const char c : grouped) {
    if (is_digit(c)) digits.push_back(c);
  }
  strip_country(digits, plus);
  if (digits.size() == 12 && digits[0] == '0' && is_mobile(digits.view().substr(1))) digits.drop_front(1);
  return digits;
}

// May `extension` stand behind `number`? Only behind a landline or a 400 number, and only where the two written
// together are no number themselves: "8690123-4" is rather a grouped 86901234, and nothing is guessed.
bool extends(std::string_view number, std::string_view extension) {
  const PhoneKind kind = classify(number);
  if (kind != PhoneKind::kLandline && !(kind == PhoneKind::kService && number.size() == 10)) return false;
  if (extension.size() > kMaxExtensionDigits || !all_digits(extension)) return false;
  ShortText whole(number);
  whole.append(extension);
  return classify(whole.view()) == PhoneKind::kUnknown;
}

// "0571-86901234-801", "057186901234-801": what follows the last dash may be the extension.
bool split_last_group(std::string_view grouped, bool plus, ShortText& number, ShortText& extension) {
  const auto last = grouped.rfind('-');
  if (last == std::string_view::npos) return false;
  const ShortText before = inland(grouped.substr(0, last), plus);
  const std::string_view tail = grouped.substr(last + 1);
  if (!extends(before.view(), tail)) return false;
  number = before;
  extension = ShortText(tail);
  return true;
}

}  // namespace

std::string_view name_of(PhoneKind kind) {
  static constexpr std::array<std::string_view, 4> kNames{"unknown", "mobile", "landline", "service"};
  return kNames[static_cast<std::size_t>(kind)];
}

PhoneCheck check_phone(std::string_view value) {
  PhoneCheck out;
  std::string_view marked;
  const std::string_view number = cut_extension(value, marked);
  ShortText grouped;
  if (!reduce(number, grouped, out.slips)) return out;
  const bool plus = !grouped.empty() && grouped[0] == '+';
  if (plus && grouped.view().substr(0, 3) != "+86") return out;  // a foreign number
  ShortText extension = fold(marked, Separators::kSpace).text;
  ShortText digits;
  if (!marked.empty()) {
    digits = inland(grouped.view(), plus);
    if (!extends(digits.view(), extension.view())) return out;
  } else if (!split_last_group(grouped.view(), plus, digits, extension)) {
    digits = inland(grouped.view(), plus);
  }
  out.kind = classify(digits.view());
  if (out.kind == PhoneKind::kUnknown) return out;
  out.digits = digits;
  out.extension = extension;
  return out;
}

std::optional<std::string> normalise_phone(std::string_view value) {
  const PhoneCheck check = check_phone(value);
  if (check.kind == PhoneKind::kUnknown) return std::nullopt;
  std::string out(check.digits.view());
  if (!check.extension.empty()) out.append("-").append(check.extension.view());
  return out;
}

}  // namespace tongqu
