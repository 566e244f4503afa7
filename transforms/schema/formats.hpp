#pragma once
// What `format` checks. A schema may name those of built_in_formats and those that its loader is given.
#include <span>
#include <string_view>

namespace tongqu {

// Pure, thread-safe; true when the text fits. `name` must live as long as the schemas that use it.
struct FormatCheck {
  std::string_view name;
  bool (*fits)(std::string_view text);
};

// date-time (RFC 3339, offset mandatory), date (yyyy-MM-dd of the calendar), decimal (a number as JSON writes it,
// without exponent).
[[nodiscard]] std::span<const FormatCheck> built_in_formats();

// uscc, organisation-code, citizen-id, phone, plate, patent-number, bank-card: the value as it came is valid.
// Use with x-grade warning: people mistype, and a citizen's matter is not turned back for it.
[[nodiscard]] std::span<const FormatCheck> identifier_formats();

}  // namespace tongqu
