#include "transforms/schema/formats.hpp"

#include <array>
#include <charconv>

#include "gateway/core/clock.hpp"
#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {
namespace {

bool is_date_time(std::string_view text) { return parse_rfc3339(text).has_value(); }

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  CivilTime date;
  const auto number = [text](std::size_t from, std::size_t to, int& out) {
    for (std::size_t i = from; i < to; ++i) {
      if (text[i] < '0' || text[i] > '9') return false;
    }
    return std::from_chars(text.data() + from, text.data() + to, out).ec == std::errc{};
  };
  return number(0, 4, date.year) && number(5, 7, date.month) && number(8, 10, date.day) && from_beijing(date);
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const auto is_digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!is_digits(whole) || (whole.size() > 1 && whole[0] == '0')) return false;
  return point == std::string_view::npos || is_digits(text.substr(point + 1));
}

bool is_uscc(std::string_view text) { return check_uscc(text).result == IdResult::kValid; }
bool is_organisation_code(std::string_view text) { return check_organisation_code(text) == IdResult::kValid; }
bool is_citizen_id(std::string_view text) { return check_citizen_id(text).result == IdResult::kValid; }
bool is_phone(std::string_view text) { return check_phone(text).kind != PhoneKind::kUnknown; }
bool is_plate(std::string_view text) { return check_plate(text) != PlateKind::kNone; }
bool is_patent_number(std::string_view text) {
  const IdResult result = check_patent_number(text).result;
  return result == IdResult::kValid || result == IdResult::kNoCheckDigit;
}
bool is_bank_card(std::string_view text) { return check_bank_card(text).result == IdResult::kValid; }

}  // namespace

std::span<const FormatCheck> built_in_formats() {
  static constexpr std::array<FormatCheck, 3> kAll{
      {{"date-time", is_date_time}, {"date", is_date}, {"decimal", is_decimal}}};
  return kAll;
}

std::span<const FormatCheck> identifier_formats() {
  static constexpr std::array<FormatCheck, 7> kAll{{{"uscc", is_uscc},
                                                    {"organisation-code", is_organisation_code},
                                                    {"citizen-id", is_citizen_id},
                                                    {"phone", is_phone},
                                                    {"plate", is_plate},
                                                    {"patent-number", is_patent_number},
                                                    {"bank-card", is_bank_card}}};
  return kAll;
}

}  // namespace tongqu
