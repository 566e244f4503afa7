#include "transforms/mapping/functions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "gateway/core/clock.hpp"
#include "transforms/identifiers/identifiers.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

using Values = std::span<const Value>;

constexpr std::int64_t kMaxMonths = 1'200;

Value look_up(const CallConstants& call, Values in, bool name) {
  const CodeTable::Hit* hit = call.table->find(in[0].text);
  if (hit == nullptr) return Value::of_fault(codes::kMapUnknownCode, call.table->name());
  return Value::of_text(name ? hit->name : hit->code);
}
Value lookup(const CallConstants& call, Values in, Scratch&) { return look_up(call, in, false); }
Value lookup_name(const CallConstants& call, Values in, Scratch&) { return look_up(call, in, true); }

Value datetime(const CallConstants& call, Values in, Scratch&) {
  if (in[0].type != FieldType::kInteger) return call.pattern->parse(in[0].text);
  std::array<char, 24> digits{};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), in[0].integer).ptr;
  return call.pattern->parse({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Value format_datetime(const CallConstants& call, Values in, Scratch& scratch) {
  return call.pattern->format(in[0].integer, scratch);
}

// The same day of another month in Beijing, or its last day where the month is shorter.
Value plus_months(const CallConstants&, Values in, Scratch&) {
  const std::int64_t months = in[1].integer;
  if (months < -kMaxMonths || months > kMaxMonths) return Value::of_fault(codes::kMapNumberRange, "1200");
  CivilTime civil = to_beijing({in[0].integer});
  const std::int64_t month = std::int64_t{civil.year} * 12 + civil.month - 1 + months;
  civil.year = static_cast<int>(month / 12);
  civil.month = static_cast<int>(month % 12) + 1;
  if (civil.year < 1 || civil.year > 9999) return Value::of_fault(codes::kMapDate, "plus_months");
  for (int day = civil.day; day > civil.day - 4; --day) {
    CivilTime there = civil;
    there.day = day;
    if (const auto instant = from_beijing(there)) return Value::of_instant(instant->ms);
  }
  return Value::of_fault(codes::kMapDate, "plus_months");
}

Value fen(const CallConstants& call, Values in, Scratch&) {
  if (in[0].type == FieldType::kText) return parse_amount(in[0].text, call.unit);
  if (in[0].type == FieldType::kDecimal) return amount_of_decimal(in[0].text, call.unit);
  std::array<char, 24> digits{};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), in[0].integer).ptr;
  return amount_of_decimal({digits.data(), static_cast<std::size_t>(end - digits.data())}, call.unit);
}

// 123 fen with 2 places → 1.23
Value with_places(std::int64_t fen_value, std::size_t places, Scratch& scratch) {
  std::array<char, 24> digits{};
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), fen_value).ptr;
  const bool negative = digits[0] == '-';
  const char* first = digits.data() + (negative ? 1 : 0);
  const auto size = static_cast<std::size_t>(end - first);
  char* const room = scratch.allocate(size + places + 3);
  if (room == nullptr) return text_too_long();
  char* at = room;
  if (negative) *at++ = '-';
  for (std::size_t position = std::max(size, places + 1); position-- > 0;) {
    *at++ = position < size ? first[size - 1 - position] : '0';
    if (position == places) *at++ = '.';
  }
  return Value::of_decimal({room, static_cast<std::size_t>(at - room)});
}
Value yuan(const CallConstants&, Values in, Scratch& scratch) { return with_places(in[0].integer, 2, scratch); }
Value wan(const CallConstants&, Values in, Scratch& scratch) { return with_places(in[0].integer, 6, scratch); }

Value phone(const CallConstants&, Values in, Scratch& scratch) {
  const PhoneCheck check = check_phone(in[0].text);
  if (check.kind == PhoneKind::kUnknown) return Value::of_fault(codes::kMapPhone);
  const std::string_view digits = check.digits.view();
  const std::string_view extension = check.extension.view();
  char* const room = scratch.allocate(digits.size() + extension.size() + 1);
  if (room == nullptr) return text_too_long();
  std::copy(digits.begin(), digits.end(), room);
  if (extension.empty()) return Value::of_text({room, digits.size()});
  room[digits.size()] = '-';
  std::copy(extension.begin(), extension.end(), room + digits.size() + 1);
  return Value::of_text({room, digits.size() + 1 + extension.size()});
}

Value uscc(const CallConstants&, Values in, Scratch&) {
  const IdResult result = check_uscc(in[0].text).result;
  if (result != IdResult::kValid) return Value::of_fault(codes::kMapUscc, tongqu::name_of(result));
  return in[0];
}

Value as_text(const CallConstants&, Values in, Scratch& scratch) {
  switch (in[0].type) {
    case FieldType::kText: return in[0];
    case FieldType::kDecimal: return Value::of_text(in[0].text);
    case FieldType::kBoolean: return Value::of_text(in[0].integer != 0 ? "true" : "false");
    case FieldType::kInstant: return instant_text(in[0].integer, scratch);
    default: break;
  }
  char* const room = scratch.allocate(24);
  if (room == nullptr) return text_too_long();
  char* const end = std::to_chars(room, room + 24, in[0].integer).ptr;
  return Value::of_text({room, static_cast<std::size_t>(end - room)});
}

Value integer(const CallConstants&, Values in, Scratch&) {
  if (in[0].type == FieldType::kText) return parse_integer(in[0].text);
  const std::string_view digits = in[0].text;
  const auto point = digits.find('.');
  const bool whole = point == std::string_view::npos || digits.find_first_not_of('0', point + 1) == digits.npos;
  return whole ? parse_integer(digits.substr(0, point)) : Value::of_fault(codes::kMapNumber, "integer");
}

Value decimal(const CallConstants& call, Values in, Scratch& scratch) {
  if (in[0].type == FieldType::kText) return parse_decimal(in[0].text, scratch);
  Value digits = as_text(call, in, scratch);
  digits.type = FieldType::kDecimal;
  return digits;
}

constexpr Param kTextParam{ParamKind::kText};
constexpr Param kConstParam{ParamKind::kConstText};
constexpr std::array kOneText{kTextParam};
constexpr std::array kTwoTexts{kTextParam, kTextParam};
constexpr std::array kTextConst{kTextParam, kConstParam};
constexpr std::array kTextConst2{kTextParam, kConstParam, kConstParam};
constexpr std::array kLookup{Param{ParamKind::kTable}, kTextParam};
constexpr std::array kDatetime{Param{ParamKind::kTextOrInteger}, Param{ParamKind::kPattern}};
constexpr std::array kFormat{Param{ParamKind::kInstant}, Param{ParamKind::kPattern}};
constexpr std::array kPlusMonths{Param{ParamKind::kInstant}, Param{ParamKind::kInteger}};
constexpr std::array kFen{Param{ParamKind::kNumberOrText}, Param{ParamKind::kUnit}};
constexpr std::array kOneInteger{Param{ParamKind::kInteger}};
constexpr std::array kSubstring{kTextParam, Param{ParamKind::kConstCount}, Param{ParamKind::kConstCount, true}};
constexpr std::array kTextListConst{Param{ParamKind::kTextList}, kConstParam};
constexpr std::array kScalarList{Param{ParamKind::kScalarList}};
constexpr std::array kTextOrList{Param{ParamKind::kTextOrList}};
constexpr std::array kScalar{Param{ParamKind::kScalar}};
constexpr std::array kTextOrDecimal{Param{ParamKind::kTextOrDecimal}};
constexpr std::array kTextOrInteger{Param{ParamKind::kTextOrInteger}};

namespace tf = text_functions;
using enum FieldType;
using enum LabelFlow;

constexpr std::array kFunctions{
    FunctionInfo{"basename", "basename(text) → text", kOneText, false, FieldType::kText, kPasses, tf::basename},
    FunctionInfo{"concat", "concat(text, text, …) → text", kTwoTexts, true, FieldType::kText, kPasses, tf::concat},
    FunctionInfo{"datetime", "datetime(text | integer, \"pattern\") → instant", kDatetime, false, kInstant, kPasses,
                 datetime},
    FunctionInfo{"decimal", "decimal(text | integer) → decimal", kTextOrInteger, false, kDecimal, kPasses, decimal},
    FunctionInfo{"fen", "fen(text | integer | decimal, unit: yuan | wan | fen) → integer", kFen, false,
                 FieldType::kInteger, kPasses, fen},
    FunctionInfo{"first", "first(list) → element", kScalarList, false, kAny, kPasses, tf::first},
    FunctionInfo{"format_datetime", "format_datetime(instant, \"pattern\") → text", kFormat, false, FieldType::kText,
                 kPasses, format_datetime},
    FunctionInfo{"half_width", "half_width(text) → text", kOneText, false, FieldType::kText, kPasses, tf::half_width},
    FunctionInfo{"html_to_text", "html_to_text(text) → text", kOneText, false, FieldType::kText, kPasses,
                 tf::html_to_text},
    FunctionInfo{"integer", "integer(text | decimal) → integer", kTextOrDecimal, false, FieldType::kInteger, kPasses,
                 integer},
    FunctionInfo{"join", "join(list of texts, \"separator\") → text", kTextListConst, false, FieldType::kText, kPasses,
                 tf::join},
    FunctionInfo{"length", "length(text | list) → integer", kTextOrList, false, FieldType::kInteger, kReduces,
                 tf::length},
    FunctionInfo{"lookup", "lookup(table, text) → text", kLookup, false, FieldType::kText, kTable, lookup},
    FunctionInfo{"lookup_name", "lookup_name(table, text) → text", kLookup, false, FieldType::kText, kTable,
                 lookup_name},
    FunctionInfo{"lower", "lower(text) → text", kOneText, false, FieldType::kText, kPasses, tf::lower},
    FunctionInfo{"phone", "phone(text) → text", kOneText, false, FieldType::kText, kPasses, phone},
    FunctionInfo{"plus_months", "plus_months(instant, integer) → instant", kPlusMonths, false, kInstant, kPasses,
                 plus_months},
    FunctionInfo{"replace", "replace(text, \"from\", \"to\") → text", kTextConst2, false, FieldType::kText, kPasses,
                 tf::replace},
    FunctionInfo{"split", "split(text, \"separator\") → list of texts", kTextConst, false, kList, kPasses, tf::split},
    FunctionInfo{"substring", "substring(text, from, [count]) → text", kSubstring, false, FieldType::kText, kPasses,
                 tf::substring},
    FunctionInfo{"text", "text(scalar) → text", kScalar, false, FieldType::kText, kPasses, as_text},
    FunctionInfo{"trim", "trim(text) → text", kOneText, false, FieldType::kText, kPasses, tf::trim},
    FunctionInfo{"upper", "upper(text) → text", kOneText, false, FieldType::kText, kPasses, tf::upper},
    FunctionInfo{"uscc", "uscc(text) → text", kOneText, false, FieldType::kText, kPasses, uscc},
    FunctionInfo{"wan", "wan(integer) → decimal", kOneInteger, false, kDecimal, kPasses, wan},
    FunctionInfo{"yuan", "yuan(integer) → decimal", kOneInteger, false, kDecimal, kPasses, yuan},
};

}  // namespace

std::string_view name_of(LabelFlow flow) {
  static constexpr std::array<std::string_view, 3> kNames{"passes", "reduces", "table"};
  return kNames[static_cast<std::size_t>(flow)];
}

std::span<const FunctionInfo> functions() { return kFunctions; }

const FunctionInfo* find_function(std::string_view name) {
  const auto found =
      std::lower_bound(kFunctions.begin(), kFunctions.end(), name,
                       [](const FunctionInfo& info, std::string_view wanted) { return info.name < wanted; });
  return found != kFunctions.end() && found->name == name ? &*found : nullptr;
}

}  // namespace tongqu::mapping
