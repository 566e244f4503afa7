#include "security/privacy/masks.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/core/text.hpp"

namespace tongqu {

namespace {

// What a word of the configuration stands for.
struct MaskKind {
  MaskShape shape;
  std::uint8_t front, back;      // defaults; for an address `back` is what is hidden
  std::uint8_t max_kept;         // 0: takes no numbers
  std::string_view label_kinds;  // each between spaces; empty: every kind
};

constexpr std::array<std::string_view, 13> kWords{"all",       "name",  "name-ends", "citizen-id", "mobile",
                                                  "landline",  "phone", "address",   "email",      "plate",
                                                  "bank-card", "ipv4",  "passport"};
constexpr std::array<MaskKind, 13> kKinds{{{MaskShape::kAll, 0, 0, 0, ""},
                                           {MaskShape::kName, 0, 0, 0, " name "},
                                           {MaskShape::kNameEnds, 0, 0, 0, " name "},
                                           {MaskShape::kCitizenId, 1, 2, 8, " id "},
                                           {MaskShape::kMobile, 3, 4, 7, " phone "},
                                           {MaskShape::kLandline, 4, 2, 6, " phone "},
                                           {MaskShape::kPhone, 0, 0, 0, " phone "},
                                           {MaskShape::kAddress, 0, 8, 0, " address place "},
                                           {MaskShape::kEmail, 0, 0, 0, " email "},
                                           {MaskShape::kPlate, 0, 0, 0, " plate "},
                                           {MaskShape::kBankCard, 0, 0, 0, " bank "},
                                           {MaskShape::kIpv4, 0, 0, 0, " ip "},
                                           {MaskShape::kPassport, 2, 2, 4, " id "}}};

constexpr std::size_t kMaxNameLength = 60;      // code points
constexpr std::size_t kMaxAddressLength = 200;  // code points
constexpr unsigned kMaxAddressHidden = 200;
constexpr unsigned kMinAddressHidden = 4;  // a house number and its 号; less would hide nothing
constexpr int kLongestHouseNumber = 6;     // digits in a row; more are a telephone number or an id in the wrong field

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::string stars(std::size_t count) { return std::string(count, '*'); }

std::string hidden() { return std::string(kHiddenText); }

// Bytes of the first `count` code points of valid UTF-8.
std::size_t prefix_bytes(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (count-- > 0 && at < text.size()) (void)next_code_point(text, at);
  return at;
}

// First `front` and last `back` code points of valid UTF-8 with stars between.
std::string keep_ends(std::string_view text, std::size_t front, std::size_t back) {
  const std::size_t length = count_code_points(text);
  if (front + back >= length) return hidden();
  const std::size_t head = prefix_bytes(text, front);
  const std::size_t tail = prefix_bytes(text, length - back);
  return std::string(text.substr(0, head)) + stars(length - front - back) + std::string(text.substr(tail));
}

bool is_citizen_id(std::string_view text) {
  if (text.size() == 18)
    return all_digits(text.substr(0, 17)) && (is_digit(text[17]) || text[17] == 'X' || text[17] == 'x');
  if (text.size() != 15) return false;
  const bool letters = is_upper(text[0]) && is_upper(text[1]) && is_upper(text[2]);
  return (letters || all_digits(text.substr(0, 3))) && all_digits(text.substr(3));
}

bool is_mobile(std::string_view text) {
  return text.size() == 11 && all_digits(text) && text[0] == '1' && text[1] >= '3';
}

// With area code, else four kept digits of seven would be most of the number; dashes and an extension may be there.
bool is_landline(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  const auto dashes = std::count(text.begin(), text.end(), '-');
  return text.size() > 1 && text[0] == '0' && text[1] != '0' && digits >= 9 && digits <= 18 && dashes <= 2 &&
         digits + dashes == static_cast<std::ptrdiff_t>(text.size()) && text.back() != '-';
}

bool is_passport(std::string_view text) {
  return text.size() >= 8 && text.size() <= 11 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_upper(c); }) &&
         std::count_if(text.begin(), text.end(), is_digit) >= 6;
}

std::string mask_name(std::string_view text, bool last_too) {
  const std::size_t length = count_code_points(text);
  if (length > kMaxNameLength) return hidden();
  if (length == 1) return stars(1);
  return keep_ends(text, 1, last_too && length > 2 ? 1 : 0);
}

// Digits in a row, full-width ones too, with spaces and dashes between; or an e-mail address.
bool holds_another_identifier(std::string_view text) {
  int digits = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    if (!c || *c == U'@' || *c == 0xFF20) return true;
    if ((*c >= U'0' && *c <= U'9') || (*c >= 0xFF10 && *c <= 0xFF19)) {
      if (++digits > kLongestHouseNumber) return true;
    } else if (*c != U' ' && *c != U'-' && *c != 0x3000 && *c != 0xFF0D) {
      digits = 0;
    }
  }
  return false;
}

std::string mask_address(std::string_view text, std::size_t hide) {
  const std::size_t length = count_code_points(text);
  if (length > kMaxAddressLength) return hidden();
  if (length <= hide) return stars(length);
  const std::string_view kept = text.substr(0, prefix_bytes(text, length - hide));
  if (holds_another_identifier(kept)) return hidden();
  return std::string(kept) + stars(hide);
}

std::string mask_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return hidden();
  const std::string_view domain = text.substr(at + 1);
  const bool plain = !domain.empty() && std::all_of(domain.begin(), domain.end(), [](char c) {
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
  });
  if (!plain || domain.find('.') == std::string_view::npos) return hidden();
  const std::string_view local = text.substr(0, at);
  const std::size_t length = count_code_points(local);
  const std::size_t keep = length > 1 ? 1 : 0;
  return std::string(local.substr(0, prefix_bytes(local, keep))) + stars(length - keep) + std::string(text.substr(at));
}

std::string mask_plate(std::string_view text) {
  const std::size_t length = count_code_points(text);
  if (length != 7 && length != 8) return hidden();
  const std::size_t province = prefix_bytes(text, 1);
  const std::size_t last = prefix_bytes(text, length - 1);
  if (province != 3 || !is_upper(text[3])) return hidden();
  const std::string_view middle = text.substr(4, last - 4);
  if (!std::all_of(middle.begin(), middle.end(), [](char c) { return is_digit(c) || is_upper(c); })) return hidden();
  return keep_ends(text, 3, 1);
}

std::string mask_bank_card(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits.push_back(c);
  }
  if (!all_digits(digits) || digits.size() < 12 || digits.size() > 24) return hidden();
  const std::size_t tail = digits.size() % 4 == 0 ? 4 : digits.size() % 4;
  std::string out = digits.substr(0, 4);
  for (std::size_t left = digits.size() - 4 - tail; left > 0; left -= 4) out += " ****";
  return out + " " + digits.substr(digits.size() - tail);
}

std::string mask_ipv4(std::string_view text) {
  std::string_view rest = text;
  std::string_view first;
  for (int i = 0; i < 4; ++i) {
    const auto dot = rest.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return hidden();
    const std::string_view octet = rest.substr(0, dot);
    if (!all_digits(octet) || octet.size() > 3 || (octet.size() == 3 && octet > "255")) return hidden();
    if (i == 0) first = octet;
    if (i < 3) rest.remove_prefix(dot + 1);
  }
  return std::string(first) + ".*.*.*";
}

std::string mask_phone(std::string_view text) {
  if (is_mobile(text)) return keep_ends(text, 3, 4);
  return is_landline(text) ? keep_ends(text, 4, 2) : hidden();
}

std::optional<unsigned> number_of(std::string_view text) {
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::span<const std::string_view> MaskFormat::names() { return kWords; }

std::optional<MaskFormat> MaskFormat::parse(std::string_view text) {
  const auto colon = text.find(':');
  const auto word = std::find(kWords.begin(), kWords.end(), text.substr(0, colon));
  if (word == kWords.end()) return std::nullopt;
  const MaskKind& kind = kKinds[static_cast<std::size_t>(word - kWords.begin())];
  if (colon == std::string_view::npos) return MaskFormat(kind.shape, kind.front, kind.back);
  const std::string_view numbers = text.substr(colon + 1);
  if (kind.shape == MaskShape::kAddress) {
    const auto hide = number_of(numbers);
    if (!hide || *hide < kMinAddressHidden || *hide > kMaxAddressHidden) return std::nullopt;
    return MaskFormat(kind.shape, 0, static_cast<std::uint8_t>(*hide));
  }
  const auto comma = numbers.find(',');
  if (kind.max_kept == 0 || comma == std::string_view::npos) return std::nullopt;
  const auto front = number_of(numbers.substr(0, comma));
  const auto back = number_of(numbers.substr(comma + 1));
  if (!front || !back || *front > kind.max_kept || *back > kind.max_kept || *front + *back > kind.max_kept) {
    return std::nullopt;
  }
  return MaskFormat(kind.shape, static_cast<std::uint8_t>(*front), static_cast<std::uint8_t>(*back));
}

bool MaskFormat::suits(std::string_view label_kind) const {
  const std::string_view kinds = kKinds[static_cast<std::size_t>(shape_)].label_kinds;
  return kinds.empty() || kinds.find(" " + std::string(label_kind) + " ") != std::string_view::npos;
}

std::string MaskFormat::apply(std::string_view value) const {
  if (value.empty()) return {};
  if (!is_utf8(value)) return hidden();
  switch (shape_) {
    case MaskShape::kAll: return hidden();
    case MaskShape::kName: return mask_name(value, false);
    case MaskShape::kNameEnds: return mask_name(value, true);
    case MaskShape::kCitizenId: return is_citizen_id(value) ? keep_ends(value, front_, back_) : hidden();
    case MaskShape::kMobile: return is_mobile(value) ? keep_ends(value, front_, back_) : hidden();
    case MaskShape::kLandline: return is_landline(value) ? keep_ends(value, front_, back_) : hidden();
    case MaskShape::kPhone: return mask_phone(value);
    case MaskShape::kAddress: return mask_address(value, back_);
    case MaskShape::kEmail: return mask_email(value);
    case MaskShape::kPlate: return mask_plate(value);
    case MaskShape::kBankCard: return mask_bank_card(value);
    case MaskShape::kIpv4: return mask_ipv4(value);
    case MaskShape::kPassport: return is_passport(value) ? keep_ends(value, front_, back_) : hidden();
  }
  return hidden();
}

}  // namespace tongqu
