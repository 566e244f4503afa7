#include "security/privacy/number_rules.hpp"

#include <algorithm>
#include <array>

namespace tongqu {
namespace {

int number_at(std::string_view digits, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : digits.substr(at, count)) value = value * 10 + (c - '0');
  return value;
}

bool is_date(int year, int month, int day) {
  return year >= 1880 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// The first two digits of division codes (GB/T 2260), 83 for residents of Taiwan.
bool is_province(std::string_view digits) {
  static constexpr std::array<int, 35> kProvinces{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                                  35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                                  53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
  return std::ranges::binary_search(kProvinces, number_at(digits, 0, 2));
}

// GB 11643: ISO 7064 MOD 11-2.
bool has_id_check(std::string_view digits) {
  static constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  return std::string_view("10X98765432")[static_cast<std::size_t>(sum % 11)] == digits[17];
}

// GB 32100 for a code of digits only: each stands for itself. Its division stands behind the first two digits.
bool is_social_credit_code(std::string_view digits) {
  if (!is_province(digits.substr(2))) return false;
  int weight = 1;
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    sum += weight * (digits[i] - '0');
    weight = weight * 3 % 31;
  }
  const int check = (31 - sum % 31) % 31;
  return check < 10 && digits[17] == static_cast<char>('0' + check);
}

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int value = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) value = value > 4 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return sum % 10 == 0;
}

bool is_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

// Area code and number: 010 and 02x with eight digits, 03xx to 09xx with seven or eight.
bool is_landline(std::string_view digits) {
  if (digits.size() < 10 || digits.size() > 12 || digits[0] != '0') return false;
  const bool three = digits[1] == '1' || digits[1] == '2';
  if (three && digits[1] == '1' && digits[2] != '0') return false;
  const std::size_t area = three ? 3 : 4;
  if (digits[1] < '1' || digits.size() < area + 7) return false;
  const std::size_t rest = digits.size() - area;
  return rest >= (three ? 8U : 7U) && rest <= 8 && digits[area] >= '2';
}

std::optional<NumberKind> kind_of_id(std::string_view digits) {
  if (digits.size() == 15) {
    const bool date = is_date(1900 + number_at(digits, 6, 2), number_at(digits, 8, 2), number_at(digits, 10, 2));
    if (date && is_province(digits)) return NumberKind{SpanType::kId, "citizen id of 15"};
    return std::nullopt;
  }
  if (digits.size() != 18) return std::nullopt;
  const bool date = is_date(number_at(digits, 6, 4), number_at(digits, 10, 2), number_at(digits, 12, 2));
  if (has_id_check(digits) && date) return NumberKind{SpanType::kId, "citizen id"};
  if (digits[17] != 'X' && is_social_credit_code(digits)) return std::nullopt;
  if (is_province(digits) && (date || digits[17] == 'X')) return NumberKind{SpanType::kId, "citizen id, mistyped"};
  return std::nullopt;
}

std::optional<NumberKind> kind_of_phone(std::string_view digits) {
  for (const std::string_view prefix : {"0086", "86", "17951", "12593"}) {
    if (digits.size() > 11 && digits.starts_with(prefix) && is_mobile(digits.substr(prefix.size())))
      return NumberKind{SpanType::kPhone, "mobile with country code"};
  }
  if (is_mobile(digits)) return NumberKind{SpanType::kPhone, "mobile"};
  if (digits.size() == 12 && digits[0] == '0' && is_mobile(digits.substr(1)))
    return NumberKind{SpanType::kPhone, "mobile with 0"};
  if (is_landline(digits)) return NumberKind{SpanType::kPhone, "landline"};
  if (digits.starts_with("86") && is_landline("0" + std::string(digits.substr(2))))
    return NumberKind{SpanType::kPhone, "landline with country code"};
  return std::nullopt;
}

// The lengths that go with the first digits: UnionPay, old cards of banks, and the foreign nets of sixteen digits.
bool is_card_length(std::string_view digits) {
  if (digits.size() == 16) return std::string_view("34569").find(digits[0]) != std::string_view::npos;
  return digits[0] == '6' || digits[0] == '9';
}

std::optional<NumberKind> kind_of_card(std::string_view digits, NumberCue cue) {
  const bool length = digits.size() >= 16 && digits.size() <= 19 && digits.back() != 'X';
  if (!length || cue == NumberCue::kOrder) return std::nullopt;
  if (is_card_length(digits) && passes_luhn(digits)) return NumberKind{SpanType::kBankCard, "bank card"};
  if (cue == NumberCue::kCard) return NumberKind{SpanType::kBankCard, "bank card after a cue word"};
  return std::nullopt;
}

struct CueWord {
  std::u32string_view word;
  NumberCue cue;
};

constexpr CueWord kCueWords[] = {
    {U"电话", NumberCue::kPhone},      {U"座机", NumberCue::kPhone},        {U"固话", NumberCue::kPhone},
    {U"TEL", NumberCue::kPhone},       {U"联系方式", NumberCue::kPhone},    {U"传真", NumberCue::kPhone},
    {U"手机", NumberCue::kPhone},      {U"致电", NumberCue::kPhone},        {U"拨打", NumberCue::kPhone},
    {U"身份证", NumberCue::kIdentity}, {U"身份号码", NumberCue::kIdentity}, {U"证件号", NumberCue::kIdentity},
    {U"银行卡", NumberCue::kCard},     {U"卡号", NumberCue::kCard},         {U"账号", NumberCue::kCard},
    {U"账户", NumberCue::kCard},       {U"帐号", NumberCue::kCard},         {U"储蓄卡", NumberCue::kCard},
    {U"信用卡", NumberCue::kCard},     {U"打款到", NumberCue::kCard},       {U"订单", NumberCue::kOrder},
    {U"单号", NumberCue::kOrder},      {U"编号", NumberCue::kOrder},        {U"编码", NumberCue::kOrder},
    {U"流水号", NumberCue::kOrder},    {U"序列号", NumberCue::kOrder},      {U"批号", NumberCue::kOrder},
    {U"条码", NumberCue::kOrder},      {U"条形码", NumberCue::kOrder},      {U"货号", NumberCue::kOrder},
    {U"型号", NumberCue::kOrder},      {U"ISBN", NumberCue::kOrder},        {U"许可证", NumberCue::kOrder},
    {U"备案号", NumberCue::kOrder},    {U"发票", NumberCue::kOrder},        {U"快递", NumberCue::kOrder},
    {U"信用代码", NumberCue::kOrder},  {U"案号", NumberCue::kOrder},        {U"执行标准", NumberCue::kOrder},
    {U"交易号", NumberCue::kOrder},    {U"商户号", NumberCue::kOrder},      {U"SN", NumberCue::kOrder}};

}  // namespace

std::optional<NumberKind> kind_of_number(std::string_view digits, NumberCue cue) {
  if (auto id = kind_of_id(digits)) return id;
  const bool about = digits.size() >= 14 && digits.size() <= 19;
  if (cue == NumberCue::kIdentity && about) return NumberKind{SpanType::kId, "citizen id after a cue word"};
  if (digits.back() == 'X') return std::nullopt;
  if (auto card = kind_of_card(digits, cue)) return card;
  if (auto phone = kind_of_phone(digits)) return phone;
  const bool local = digits.size() == 7 || digits.size() == 8;
  if (local && cue == NumberCue::kPhone && digits[0] >= '2')
    return NumberKind{SpanType::kPhone, "landline after a cue word"};
  return std::nullopt;
}

NumberCue cue_before(const FoldedText& text, std::size_t at) {
  constexpr std::size_t kNear = 8;
  constexpr std::u32string_view kClauseEnds = U"，。；,;！？!?、";
  const std::size_t from = at > kNear + 4 ? at - kNear - 4 : 0;
  std::u32string_view before = std::u32string_view(text.folded()).substr(from, at - from);
  if (const auto end = before.find_last_of(kClauseEnds); end != before.npos) before.remove_prefix(end + 1);
  NumberCue cue = NumberCue::kNone;
  std::size_t nearest = 0;
  for (const CueWord& word : kCueWords) {
    const auto found = before.rfind(word.word);
    if (found == before.npos || found + word.word.size() + kNear < before.size()) continue;
    // Another number came in between.
    if (before.find_first_of(U"0123456789", found + word.word.size()) != before.npos) continue;
    if (found + word.word.size() > nearest) nearest = found + word.word.size(), cue = word.cue;
  }
  return cue;
}

}  // namespace tongqu
