#pragma once
// Identifiers of people and organisations: what each is, and whether its check digit, date and division fit.
//
// Pure functions: no allocation, no clock, no state; thread-safe. None repairs or refuses anything: the caller keeps
// the value as it came and decides. Each check tells of the value exactly as it came (`result`) and of the value with
// its slips mended (`mended`, for a person to compare); without slips both are the same.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "transforms/identifiers/short_text.hpp"

namespace tongqu {

// Which division codes exist or existed (GB/T 2260, 6 digits). DivisionTable in transforms/tables is one.
class DivisionSet {
 public:
  virtual ~DivisionSet() = default;
  enum class Standing : std::uint8_t { kCurrent, kRetired, kUnknown };
  [[nodiscard]] virtual Standing standing(std::string_view code) const = 0;
};

// In the order of testing: a value has the first that applies.
enum class IdResult : std::uint8_t {
  kValid,
  kBadForm,          // length, alphabet or fixed positions do not fit
  kBadDate,          // citizen id: no day of the calendar, or after `today`
  kBadCheckDigit,    // Early pilot codes were issued with one: a warning, never a refusal
  kBadInnerCode,     // USCC: the organisation code inside fails its own check digit
  kUnknownDivision,  // the division never existed
  kNoCheckDigit,     // patent number written without its check digit: form fits, nothing proven
};
[[nodiscard]] std::string_view name_of(IdResult result);  // "valid", "bad-form", …

// 统一社会信用代码, GB 32100-2015. The inner organisation code stands at positions 9–17.
struct UsccCheck {
  IdResult result = IdResult::kBadForm;
  IdResult mended = IdResult::kBadForm;
  Slips slips = kNoSlip;
  ShortText text;  // with slips mended; empty when it is no ASCII
};
// `divisions` may be null: then the division is not looked at. A retired division is valid: a code is kept for life.
[[nodiscard]] UsccCheck check_uscc(std::string_view value, const DivisionSet* divisions = nullptr);
// Check character of the first 17 characters; empty when one is outside the alphabet.
[[nodiscard]] std::optional<char> uscc_check_character(std::string_view first17);

// 组织机构代码, GB 11714-1997: 8 characters and a check character, optionally with '-' between.
[[nodiscard]] IdResult check_organisation_code(std::string_view value);
[[nodiscard]] std::optional<char> organisation_check_character(std::string_view first8);

// 公民身份号码, GB 11643-1999, and what shares its form.
enum class CitizenIdKind : std::uint8_t {
  kNone,
  kCitizen18,
  kCitizen15,        // before 1999-10; no check digit
  kResidencePermit,  // 港澳台居民居住证: 810000, 820000, 830000
  kForeigner18,      // 外国人永久居留身份证 of 2023: 9 + province + nationality
  kForeignerOld,     // three letters and twelve digits
};
struct CitizenIdCheck {
  IdResult result = IdResult::kBadForm;
  IdResult mended = IdResult::kBadForm;
  CitizenIdKind kind = CitizenIdKind::kNone;
  Slips slips = kNoSlip;
  bool retired_division = false;
  std::optional<std::int32_t> birth_yyyymmdd;  // when form and date fit
  std::optional<bool> male;                    // when form fits; the permanent residence card of old tells none
  ShortText text;                              // with slips mended
};
// `today_yyyymmdd` bounds the birth date; 0 = not looked at. 15-digit numbers belong to births from 1900 to 1999.
[[nodiscard]] CitizenIdCheck check_citizen_id(std::string_view value, const DivisionSet* divisions = nullptr,
                                              std::int32_t today_yyyymmdd = 0);
[[nodiscard]] std::optional<char> citizen_id_check_character(std::string_view first17);
// 15 → 18 characters: 19 put before the year, check character appended. Empty when it is no 15-digit number with a
// date.
[[nodiscard]] std::optional<ShortText> citizen_id_to_18(std::string_view value15);

// 专利申请号, ZC 0006-2003: year 4, kind 1, serial 7, '.', check; before 2003-10 year 2, kind 1, serial 5. "CN" and the
// dot may be left out.
struct PatentNumberCheck {
  IdResult result = IdResult::kBadForm;
  IdResult mended = IdResult::kBadForm;
  Slips slips = kNoSlip;
  char kind = 0;   // '1' 发明, '2' 实用新型, '3' 外观设计, '8' PCT 发明, '9' PCT 实用新型
  int year = 0;    // year of application; four digits
  ShortText text;  // "201811532422.8": without CN, with dot; without ".…" when the check digit is not there
};
[[nodiscard]] PatentNumberCheck check_patent_number(std::string_view value);
[[nodiscard]] std::optional<char> patent_check_character(std::string_view number);  // 12 or 8 digits

// 银行卡号: 16 to 19 digits (assumed), Luhn. Spaces and dashes may group it.
struct BankCardCheck {
  IdResult result = IdResult::kBadForm;
  Slips slips = kNoSlip;
  bool union_pay = false;  // begins with 62 (assumed)
  ShortText text;          // digits
};
[[nodiscard]] BankCardCheck check_bank_card(std::string_view value);
[[nodiscard]] bool passes_luhn(std::string_view digits);

enum class PhoneKind : std::uint8_t { kUnknown, kMobile, kLandline, kService };
[[nodiscard]] std::string_view name_of(PhoneKind kind);  // "unknown", "mobile", "landline", "service"

// A number of the mainland. Unknown: foreign, or two numbers in one field, or no number.
struct PhoneCheck {
  PhoneKind kind = PhoneKind::kUnknown;
  Slips slips = kNoSlip;
  ShortText digits;     // mobile 11 digits; landline with area code and its 0 when it was given; empty for kUnknown
  ShortText extension;  // 分机, digits
};
// Takes away full-width forms, separators, +86, 0086, 86 and the 0 before a mobile number. Service numbers (400, 800,
// 95…, 96…, 10…, 12…, 11x) belong to nobody in person.
[[nodiscard]] PhoneCheck check_phone(std::string_view value);
// Digits, and "-extension" where there is one. Empty for kUnknown: the caller keeps the value as it came.
[[nodiscard]] std::optional<std::string> normalise_phone(std::string_view value);

enum class PlateKind : std::uint8_t { kNone, kOrdinary, kNewEnergy, kSpecial };  // special: 挂学警港澳, 使领
[[nodiscard]] PlateKind check_plate(std::string_view value);  // a dot or space behind the letter is allowed

[[nodiscard]] bool is_passport(std::string_view value);               // G, E, D, S, P series (the last three assumed)
[[nodiscard]] bool is_mainland_permit(std::string_view value);        // 港澳居民来往内地通行证: H or M, 8 or 10 digits
[[nodiscard]] bool is_taiwan_permit(std::string_view value);          // 台湾居民来往大陆通行证: 8 digits
[[nodiscard]] bool is_postcode(std::string_view value);               // 6 digits
[[nodiscard]] std::optional<int> nice_class(std::string_view value);  // 1–45, one or two digits

}  // namespace tongqu
