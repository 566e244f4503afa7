// USCC and organisation code: two nested check characters over two alphabets.
#include <array>

#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {

namespace {

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // no I O S V Z
constexpr std::array<int, 17> kUsccWeights{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
constexpr std::array<int, 8> kOrganisationWeights{3, 7, 9, 10, 5, 8, 4, 2};
constexpr std::size_t kUsccSize = 18;

IdResult judge_uscc(std::string_view code, const DivisionSet* divisions) {
  if (code.size() != kUsccSize) return IdResult::kBadForm;
  for (const char c : code) {
    if (kUsccAlphabet.find(c) == std::string_view::npos) return IdResult::kBadForm;
  }
  if (!all_digits(code.substr(2, 6))) return IdResult::kBadForm;
  if (uscc_check_character(code.substr(0, 17)) != code[17]) return IdResult::kBadCheckDigit;
  if (organisation_check_character(code.substr(8, 8)) != code[16]) return IdResult::kBadInnerCode;
  const bool unknown =
      divisions != nullptr && divisions->standing(code.substr(2, 6)) == DivisionSet::Standing::kUnknown;
  return unknown ? IdResult::kUnknownDivision : IdResult::kValid;
}

}  // namespace

std::string_view name_of(IdResult result) {
  static constexpr std::array<std::string_view, 7> kNames{
      "valid", "bad-form", "bad-date", "bad-check-digit", "bad-inner-code", "unknown-division", "no-check-digit"};
  return kNames[static_cast<std::size_t>(result)];
}

std::optional<char> uscc_check_character(std::string_view first17) {
  if (first17.size() != kUsccWeights.size()) return std::nullopt;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < first17.size(); ++i) {
    const auto value = kUsccAlphabet.find(first17[i]);
    if (value == std::string_view::npos) return std::nullopt;
    sum += value * static_cast<std::size_t>(kUsccWeights[i]);
  }
  return kUsccAlphabet[(31 - sum % 31) % 31];
}

std::optional<char> organisation_check_character(std::string_view first8) {
  if (first8.size() != kOrganisationWeights.size()) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < first8.size(); ++i) {
    const char c = first8[i];
    if (!is_digit(c) && !is_upper(c)) return std::nullopt;
    sum += (is_digit(c) ? c - '0' : c - 'A' + 10) * kOrganisationWeights[i];
  }
  const int check = 11 - sum % 11;
  if (check == 10) return 'X';
  return static_cast<char>('0' + (check == 11 ? 0 : check));
}

UsccCheck check_uscc(std::string_view value, const DivisionSet* divisions) {
  UsccCheck out;
  out.result = judge_uscc(value, divisions);
  Folded folded = fold(value, Separators::kSpaceAndDashes);
  out.slips = folded.slips;
  for (std::size_t i = 0; i < folded.text.size(); ++i) {
    char& c = folded.text[i];
    if (c == 'l') {
      out.slips |= kLetterI;
      c = '1';
      continue;
    }
    if (c >= 'a' && c <= 'z') {
      out.slips |= kLowerCase;
      c = static_cast<char>(c - 'a' + 'A');
    }
    if (c == 'O') out.slips |= kLetterO;
    if (c == 'I') out.slips |= kLetterI;
    if (c == 'O') c = '0';
    if (c == 'I') c = '1';
  }
  out.text = folded.text;
  out.mended = out.slips == kNoSlip ? out.result : judge_uscc(out.text.view(), divisions);
  // 'l' stands for 1 or for a lower-case L: the check character tells which of the two was meant.
  if (out.mended != IdResult::kValid && (out.slips & kLetterI) != 0) {
    ShortText other = out.text;
    const Folded again = fold(value, Separators::kSpaceAndDashes);
    for (std::size_t i = 0; i < other.size(); ++i) {
      if (again.text[i] == 'l') other[i] = 'L';
    }
    if (judge_uscc(other.view(), divisions) == IdResult::kValid) {
      out.mended = IdResult::kValid;
      out.text = other;
      out.slips |= kLowerCase;
    }
  }
  return out;
}

IdResult check_organisation_code(std::string_view value) {
  std::array<char, 8> first{};
  if (value.size() == 10 && value[8] == '-') {
    value.copy(first.data(), first.size());
  } else if (value.size() == 9) {
    value.copy(first.data(), first.size());
  } else {
    return IdResult::kBadForm;
  }
  const char last = value.back();
  const auto check = organisation_check_character({first.data(), first.size()});
  if (!check || !(is_digit(last) || last == 'X')) return IdResult::kBadForm;
  return *check == last ? IdResult::kValid : IdResult::kBadCheckDigit;
}

}  // namespace tongqu
