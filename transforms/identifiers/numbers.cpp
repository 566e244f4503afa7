// Patent numbers, bank cards, travel documents, postcode, Nice class.
#include <algorithm>
#include <array>

#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {

namespace {

constexpr std::array<int, 12> kPatentWeights{2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
constexpr std::size_t kNewSize = 12;
constexpr std::size_t kOldSize = 8;

bool is_patent_kind(char c) { return c == '1' || c == '2' || c == '3' || c == '8' || c == '9'; }

IdResult judge_patent(std::string_view text, PatentNumberCheck& out) {
  if (text.substr(0, 2) == "CN") text.remove_prefix(2);
  if (text.substr(0, 2) == "ZL") text.remove_prefix(2);  // 专利号 of a granted patent: the same number
  std::size_t size = std::min(text.find('.'), text.size());
  const bool dotted = size < text.size();
  if (!dotted && (text.size() == kNewSize + 1 || text.size() == kOldSize + 1)) --size;
  if (size != kNewSize && size != kOldSize) return IdResult::kBadForm;
  const std::string_view number = text.substr(0, size);
  const std::string_view check = text.substr(size + (dotted ? 1 : 0));
  if (!all_digits(number) || (dotted && check.size() != 1)) return IdResult::kBadForm;
  if (!check.empty() && !is_digit(check[0]) && check[0] != 'X') return IdResult::kBadForm;
  const bool old = size == kOldSize;
  const char kind = number[old ? 2 : 4];
  int year = 0;
  for (const char c : number.substr(0, old ? 2 : 4)) year = year * 10 + (c - '0');
  if (old) year += year >= 85 ? 1900 : 2000;  // the office opened in 1985; this form ended in 2003
  if (!is_patent_kind(kind) || (old ? year > 2003 : year < 2003)) return IdResult::kBadForm;
  out.kind = kind;
  out.year = year;
  out.text = ShortText(number);
  if (check.empty()) return IdResult::kNoCheckDigit;
  out.text.push_back('.');
  out.text.push_back(check[0]);
  return patent_check_character(number) == check[0] ? IdResult::kValid : IdResult::kBadCheckDigit;
}

}  // namespace

std::optional<char> patent_check_character(std::string_view number) {
  if ((number.size() != kNewSize && number.size() != kOldSize) || !all_digits(number)) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) sum += (number[i] - '0') * kPatentWeights[i];
  return sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11);
}

PatentNumberCheck check_patent_number(std::string_view value) {
  PatentNumberCheck out;
  out.result = judge_patent(value, out);
  Folded folded = fold(value, Separators::kSpace);
  out.slips = folded.slips;
  for (std::size_t i = 0; i < folded.text.size(); ++i) {
    char& c = folded.text[i];
    if (c < 'a' || c > 'z') continue;
    out.slips |= kLowerCase;
    c = static_cast<char>(c - 'a' + 'A');
  }
  out.mended = out.slips == kNoSlip ? out.result : judge_patent(folded.text.view(), out);
  return out;
}

bool passes_luhn(std::string_view digits) {
  if (!all_digits(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int value = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return sum % 10 == 0;
}

BankCardCheck check_bank_card(std::string_view value) {
  BankCardCheck out;
  const Folded folded = fold(value, Separators::kSpaceAndDashes);
  out.slips = folded.slips;
  const std::string_view digits = folded.text.view();
  if (!all_digits(digits) || digits.size() < 16 || digits.size() > 19) return out;
  out.text = folded.text;
  out.union_pay = digits.substr(0, 2) == "62";
  out.result = passes_luhn(digits) ? IdResult::kValid : IdResult::kBadCheckDigit;
  return out;
}

bool is_passport(std::string_view value) {
  if (value.size() != 9 && value.size() != 8) return false;
  const char series = value[0];
  const std::string_view rest = value.substr(1);
  if (series == 'G') return rest.size() == 8 && all_digits(rest);
  if (series == 'E') {
    const bool second = is_digit(rest[0]) || (is_upper(rest[0]) && rest[0] != 'I' && rest[0] != 'O');
    return rest.size() == 8 && second && all_digits(rest.substr(1));
  }
  if (series != 'D' && series != 'S' && series != 'P') return false;
  return all_digits(rest) || (rest.size() == 8 && rest[0] == 'E' && all_digits(rest.substr(1)));
}

bool is_mainland_permit(std::string_view value) {
  if (value.size() != 9 && value.size() != 11) return false;
  return (value[0] == 'H' || value[0] == 'M') && all_digits(value.substr(1));
}

bool is_taiwan_permit(std::string_view value) { return value.size() == 8 && all_digits(value); }

bool is_postcode(std::string_view value) { return value.size() == 6 && all_digits(value); }

std::optional<int> nice_class(std::string_view value) {
  if (value.empty() || value.size() > 2 || !all_digits(value)) return std::nullopt;
  int number = 0;
  for (const char c : value) number = number * 10 + (c - '0');
  if (number < 1 || number > 45) return std::nullopt;
  return number;
}

}  // namespace tongqu
