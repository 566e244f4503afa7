#include <array>

#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {

namespace {

constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
constexpr std::string_view kCheckCharacters = "10X98765432";

std::int32_t number_of(std::string_view digits) {
  std::int32_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// Three letters (nationality), four digits of division, six of birth, one serial, one check: only the form is public.
bool is_old_foreigner_card(std::string_view text) {
  return text.size() == 15 && is_upper(text[0]) && is_upper(text[1]) && is_upper(text[2]) && all_digits(text.substr(3));
}

CitizenIdKind kind_of(std::string_view text) {
  if (text.size() == 15 && all_digits(text)) return CitizenIdKind::kCitizen15;
  if (is_old_foreigner_card(text)) return CitizenIdKind::kForeignerOld;
  if (text.size() != 18 || !all_digits(text.substr(0, 17))) return CitizenIdKind::kNone;
  if (!is_digit(text[17]) && text[17] != 'X') return CitizenIdKind::kNone;
  if (text[0] == '9') return CitizenIdKind::kForeigner18;
  if (text[0] == '8' && text[1] >= '1' && text[1] <= '3') return CitizenIdKind::kResidencePermit;
  return CitizenIdKind::kCitizen18;
}

DivisionSet::Standing standing_of(std::string_view text, CitizenIdKind kind, const DivisionSet* divisions) {
  using Standing = DivisionSet::Standing;
  if (kind == CitizenIdKind::kResidencePermit)
    return text.substr(2, 4) == "0000" ? Standing::kCurrent : Standing::kUnknown;
  if (divisions == nullptr || kind == CitizenIdKind::kForeignerOld) return Standing::kCurrent;
  if (kind == CitizenIdKind::kForeigner18) {
    const std::array<char, 6> province{text[1], text[2], '0', '0', '0', '0'};
    return divisions->standing({province.data(), province.size()});
  }
  return divisions->standing(text.substr(0, 6));
}

IdResult judge(std::string_view text, const DivisionSet* divisions, std::int32_t today, CitizenIdCheck& out) {
  out.kind = kind_of(text);
  out.birth_yyyymmdd.reset();
  out.male.reset();
  if (out.kind == CitizenIdKind::kNone) return IdResult::kBadForm;
  if (out.kind == CitizenIdKind::kForeignerOld) return IdResult::kValid;
  std::array<char, 8> date{'1', '9'};
  if (out.kind == CitizenIdKind::kCitizen15) {
    text.substr(6, 6).copy(date.data() + 2, 6);
  } else {
    text.substr(6, 8).copy(date.data(), 8);
  }
  const std::string_view birth{date.data(), date.size()};
  out.male = ((out.kind == CitizenIdKind::kCitizen15 ? text[14] : text[16]) - '0') % 2 == 1;
  if (!is_civil_date(birth) || (today != 0 && number_of(birth) > today)) return IdResult::kBadDate;
  out.birth_yyyymmdd = number_of(birth);
  if (text.size() == 18 && citizen_id_check_character(text.substr(0, 17)) != text[17]) return IdResult::kBadCheckDigit;
  const auto standing = standing_of(text, out.kind, divisions);
  out.retired_division = standing == DivisionSet::Standing::kRetired;
  return standing == DivisionSet::Standing::kUnknown ? IdResult::kUnknownDivision : IdResult::kValid;
}

}  // namespace

std::optional<char> citizen_id_check_character(std::string_view first17) {
  if (first17.size() != kWeights.size() || !all_digits(first17)) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (first17[i] - '0') * kWeights[i];
  return kCheckCharacters[static_cast<std::size_t>(sum % 11)];
}

CitizenIdCheck check_citizen_id(std::string_view value, const DivisionSet* divisions, std::int32_t today_yyyymmdd) {
  CitizenIdCheck out;
  out.result = judge(value, divisions, today_yyyymmdd, out);
  Folded folded = fold(value, Separators::kSpaceAndDashes);
  out.slips = folded.slips;
  for (std::size_t i = 0; i < folded.text.size(); ++i) {
    char& c = folded.text[i];
    if (c >= 'a' && c <= 'z' && c != 'l') {
      out.slips |= kLowerCase;
      c = static_cast<char>(c - 'a' + 'A');
    }
    // The three letters of the old foreigner's card may be O and I; everywhere else digits stand.
    if (i < 3 && folded.text.size() == 15 && is_upper(c)) continue;
    if (c == 'O') {
      out.slips |= kLetterO;
      c = '0';
    } else if (c == 'I' || c == 'l') {
      out.slips |= kLetterI;
      c = '1';
    }
  }
  out.text = folded.text;
  out.mended = out.slips == kNoSlip ? out.result : judge(out.text.view(), divisions, today_yyyymmdd, out);
  return out;
}

std::optional<ShortText> citizen_id_to_18(std::string_view value15) {
  if (value15.size() != 15 || !all_digits(value15)) return std::nullopt;
  ShortText out(value15.substr(0, 6));
  out.append("19");
  out.append(value15.substr(6));
  if (!is_civil_date(out.view().substr(6, 8))) return std::nullopt;
  out.push_back(*citizen_id_check_character(out.view()));
  return out;
}

}  // namespace tongqu
