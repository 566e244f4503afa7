#include "gateway/settings/scalars.hpp"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/core/clock.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
// Longest factor first: formatting takes the first that divides.
constexpr std::array<Unit, 5> kDurationUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<Unit, 4> kSizeUnits{{{"GiB", 1LL << 30U}, {"MiB", 1LL << 20U}, {"KiB", 1LL << 10U}, {"B", 1}}};

std::optional<std::int64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const auto count = parse_integer(text.substr(0, digits));
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == text.substr(digits); });
  if (!count || unit == units.end()) return std::nullopt;
  std::int64_t value = 0;
  if (__builtin_mul_overflow(*count, unit->factor, &value)) return std::nullopt;
  return value;
}

std::string format_with_unit(std::int64_t value, std::span<const Unit> units) {
  const auto unit =
      value == 0 ? units.end() - 1
                 : std::find_if(units.begin(), units.end(), [&](const Unit& u) { return value % u.factor == 0; });
  return std::to_string(value / unit->factor).append(unit->name);
}

bool zero_behind(std::span<const unsigned char> address, unsigned prefix_bits) {
  for (std::size_t bit = prefix_bits; bit < address.size() * 8; ++bit) {
    if ((address[bit / 8] >> (7 - bit % 8) & 1U) != 0) return false;
  }
  return true;
}

Scalar ranged(const FieldSpec& spec, std::optional<std::int64_t> number, ScalarVerdict otherwise) {
  if (!number) return {otherwise, 0};
  const Range range = range_of(spec);
  return {*number < range.min || *number > range.max ? ScalarVerdict::kOutOfRange : ScalarVerdict::kGood, *number};
}

Scalar formed(bool good) { return {good ? ScalarVerdict::kGood : ScalarVerdict::kBadForm, 0}; }

Scalar read_text(const FieldSpec& spec, std::string_view text) {
  const auto length = static_cast<std::int64_t>(count_code_points(text));
  const Scalar in_range = ranged(spec, length, ScalarVerdict::kOutOfRange);
  if (in_range.verdict != ScalarVerdict::kGood) return {in_range.verdict, 0};
  switch (spec.type) {
    case SettingType::kPath: return formed(is_path(text));
    case SettingType::kUrl: return formed(is_url(text));
    case SettingType::kNetwork: return formed(is_network(text));
    case SettingType::kTime: return formed(parse_time_minutes(text).has_value());
    case SettingType::kDate: return formed(is_date(text));
    case SettingType::kWindow: return formed(parse_window(text).has_value());
    default: break;
  }
  if (spec.pattern.empty()) return {};
  return formed(RE2::FullMatch(re2::StringPiece(text.data(), text.size()),
                               RE2(re2::StringPiece(spec.pattern.data(), spec.pattern.size()))));
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0') || text == "-0") return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_duration_ms(std::string_view text) { return parse_with_unit(text, kDurationUnits); }
std::optional<std::int64_t> parse_size_bytes(std::string_view text) { return parse_with_unit(text, kSizeUnits); }
std::string format_duration(std::int64_t ms) { return ms == 0 ? "0s" : format_with_unit(ms, kDurationUnits); }
std::string format_size(std::int64_t bytes) { return format_with_unit(bytes, kSizeUnits); }

std::string format_number(SettingType type, std::int64_t value) {
  if (type == SettingType::kDuration) return format_duration(value);
  return type == SettingType::kSize ? format_size(value) : std::to_string(value);
}

std::optional<int> parse_time_minutes(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return parse_rfc3339(std::string(text) + "T00:00:00+08:00").has_value();
}

std::optional<Window> parse_window(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = parse_time_minutes(text.substr(0, 5));
  const auto to = parse_time_minutes(text.substr(6));
  if (!from || !to || *from == *to) return std::nullopt;
  return Window{*from, *to};
}

bool is_network(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string address(text.substr(0, slash));
  const auto prefix = parse_integer(text.substr(slash + 1));
  if (!prefix || *prefix < 0) return false;
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1)
    return *prefix <= 32 && zero_behind(std::span(bytes).first(4), static_cast<unsigned>(*prefix));
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1)
    return *prefix <= 128 && zero_behind(bytes, static_cast<unsigned>(*prefix));
  return false;
}

bool is_url(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return false;
  }
  if (std::any_of(rest.begin(), rest.end(),
                  [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '#' || c == '\x7f'; }))
    return false;
  const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
  return !host.empty() && host.front() != ':' && host.find('@') == std::string_view::npos;
}

bool is_path(std::string_view text) { return !text.empty() && text.find('\0') == std::string_view::npos; }

bool is_safe_path(std::string_view text) {
  if (!is_path(text)) return false;
  while (true) {
    const auto slash = text.find('/');
    const std::string_view segment = text.substr(0, slash);
    if (segment == "." || segment == "..") return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

Scalar read_scalar(const FieldSpec& spec, std::span<const std::string_view> words, std::string_view text, bool quoted) {
  switch (spec.type) {
    case SettingType::kInteger:
      return quoted ? Scalar{ScalarVerdict::kWrongType} : ranged(spec, parse_integer(text), ScalarVerdict::kWrongType);
    case SettingType::kBoolean:
      if (quoted || (text != "true" && text != "false")) return {ScalarVerdict::kWrongType};
      return {ScalarVerdict::kGood, text == "true" ? 1 : 0};
    case SettingType::kDuration: return ranged(spec, parse_duration_ms(text), ScalarVerdict::kBadForm);
    case SettingType::kSize: return ranged(spec, parse_size_bytes(text), ScalarVerdict::kBadForm);
    case SettingType::kEnum:
      return {std::find(words.begin(), words.end(), text) != words.end() ? ScalarVerdict::kGood
                                                                         : ScalarVerdict::kUnknownWord};
    case SettingType::kText:
    case SettingType::kPath:
    case SettingType::kUrl:
    case SettingType::kNetwork:
    case SettingType::kTime:
    case SettingType::kDate:
    case SettingType::kWindow: return read_text(spec, text);
    case SettingType::kSecret:
    case SettingType::kReference:
    case SettingType::kList:
    case SettingType::kMap:
    case SettingType::kObject: break;
  }
  return {ScalarVerdict::kWrongType};
}

}  // namespace tongqu
