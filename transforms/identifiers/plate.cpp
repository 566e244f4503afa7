#include <array>

#include "gateway/core/text.hpp"
#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {

namespace {

constexpr std::u32string_view kProvinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
constexpr std::u32string_view kSuffixes = U"挂学警港澳使领";
constexpr std::size_t kLongest = 8;

bool is_plate_letter(char32_t c) { return c >= U'A' && c <= U'Z' && c != U'I' && c != U'O'; }
bool is_plate_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

// GA 36: small cars a letter first (a second letter is allowed), large ones the letter last.
bool is_new_energy(std::u32string_view serial) {
  const auto kind = [](char32_t c) { return c >= U'A' && c <= U'K' && c != U'I'; };
  const auto digits = [](std::u32string_view text) {
    for (const char32_t c : text) {
      if (!is_plate_digit(c)) return false;
    }
    return true;
  };
  if (kind(serial[5]) && digits(serial.substr(0, 5))) return true;
  return kind(serial[0]) && (is_plate_digit(serial[1]) || is_plate_letter(serial[1])) && digits(serial.substr(2));
}

}  // namespace

PlateKind check_plate(std::string_view value) {
  std::array<char32_t, kLongest> chars{};
  std::size_t count = 0;
  std::size_t at = 0;
  while (at < value.size()) {
    const auto c = next_code_point(value, at);
    if (!c) return PlateKind::kNone;
    const bool gap = *c == U' ' || *c == 0xB7 || *c == 0x2022 || *c == 0x30FB;
    if (gap && count == 2) continue;
    if (count == kLongest) return PlateKind::kNone;
    chars[count++] = *c;
  }
  const std::u32string_view plate{chars.data(), count};
  if (count < 7 || kProvinces.find(plate[0]) == std::u32string_view::npos || !is_plate_letter(plate[1])) {
    return PlateKind::kNone;
  }
  const std::u32string_view serial = plate.substr(2);
  if (count == 8) return is_new_energy(serial) ? PlateKind::kNewEnergy : PlateKind::kNone;
  for (std::size_t i = 0; i < 4; ++i) {
    if (!is_plate_digit(serial[i]) && !is_plate_letter(serial[i])) return PlateKind::kNone;
  }
  if (kSuffixes.find(serial[4]) != std::u32string_view::npos) return PlateKind::kSpecial;
  return is_plate_digit(serial[4]) || is_plate_letter(serial[4]) ? PlateKind::kOrdinary : PlateKind::kNone;
}

}  // namespace tongqu
