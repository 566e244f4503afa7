#pragma once
// Scalars of the configuration, read strictly and written back in their shortest form. No value is ever guessed.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/settings/field_list.hpp"

namespace tongqu {

// "-12", "0", "64"; no plus sign, no leading zero, within 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);
// "500ms", "30s", "5m", "2h", "7d" → milliseconds. The unit is mandatory.
[[nodiscard]] std::optional<std::int64_t> parse_duration_ms(std::string_view text);
// "512B", "64KiB", "1MiB", "2GiB" → bytes. The unit is mandatory.
[[nodiscard]] std::optional<std::int64_t> parse_size_bytes(std::string_view text);
// "22:00" → minutes since midnight; "24:00" is no time.
[[nodiscard]] std::optional<int> parse_time_minutes(std::string_view text);

struct Window {
  int from_minute = 0;  // since midnight, Beijing time
  int to_minute = 0;    // exclusive; smaller than from_minute = passes midnight
};
// "22:00-06:00"; both ends equal is no window.
[[nodiscard]] std::optional<Window> parse_window(std::string_view text);

// "2026-12-31": a day of the calendar.
[[nodiscard]] bool is_date(std::string_view text);

// "10.0.0.0/8", "2001:db8::/32"; bits behind the prefix have to be zero.
[[nodiscard]] bool is_network(std::string_view text);
// http or https, host present, no user or password, no white space, no fragment.
[[nodiscard]] bool is_url(std::string_view text);
// Not empty, no NUL.
[[nodiscard]] bool is_path(std::string_view text);
// A path without "." or ".." segments.
[[nodiscard]] bool is_safe_path(std::string_view text);

[[nodiscard]] std::string format_duration(std::int64_t ms);  // "90s", "2h"
[[nodiscard]] std::string format_size(std::int64_t bytes);   // "64KiB"
// A number of `type` as it would be written.
[[nodiscard]] std::string format_number(SettingType type, std::int64_t value);

enum class ScalarVerdict : std::uint8_t { kGood, kWrongType, kBadForm, kOutOfRange, kUnknownWord };
struct Scalar {
  ScalarVerdict verdict = ScalarVerdict::kGood;
  std::int64_t number = 0;  // integer, boolean (0, 1), duration in ms, size in bytes
};
// Reads `text` as a scalar of `spec` (not secret, reference, list, map, object). `quoted`: it stood in quotation marks,
// which makes it text: integers and booleans have to be plain.
[[nodiscard]] Scalar read_scalar(const FieldSpec& spec, std::span<const std::string_view> words, std::string_view text,
                                 bool quoted);

}  // namespace tongqu
