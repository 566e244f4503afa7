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

// GB 32100 for a code of digits only: each stands for itself.
bool is_social_credit_code(std::string_view digits) {
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
  if (digits[17] == 'X' || (date && is_province(digits))) return NumberKind{SpanType::kId, "citizen id, mistyped"};
  return std::nullopt;
}

std::optional<NumberKind> kind_of_phone(std::string_view digits) {
  for (const std::string_view country : {"0086", "86"}) {
    if (digits.size() > 11 && digits.starts_with(country) && is_mobile(digits.substr(country.size())))
      return NumberKind{SpanType::kPhone, "mobile with country code"};
  }
  if (is_mobile(digits)) return NumberKind{SpanType::kPhone, "mobile"};
  if (digits.size() == 12 && digits[0] == '0' && is_mobile(digits.substr(1)))
    return NumberKind{SpanType::kPhone, "mobile with 0"};
  if (is_landline(digits)) return NumberKind{SpanType::kPhone, "landline"};
  return std::nullopt;
}

}  // namespace

std::optional<NumberKind> kind_of_number(std::string_view digits) {
  if (auto id = kind_of_id(digits)) return id;
  const bool card = digits.size() >= 16 && digits.size() <= 19 && digits.back() != 'X';
  if (card && std::string_view("34569").find(digits[0]) != std::string_view::npos && passes_luhn(digits))
    return NumberKind{SpanType::kBankCard, "bank card"};
  return kind_of_phone(digits);
}

}  // namespace tongqu
