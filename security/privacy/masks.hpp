#pragma once
// Masking formats (脱敏显示格式): what remains readable of a value, counted in code points.
//
// They follow what most government systems print (docs/privacy.md): no standard, so configuration chooses among them.
// All fail closed: a value whose shape does not fit, or that is no UTF-8, gives kHiddenText and nothing of itself, not
// even its length. A masked value always hides at least half of what the shape holds.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tongqu {

inline constexpr std::string_view kHiddenText = "***";

enum class MaskShape : std::uint8_t {
  kAll,
  kName,
  kNameEnds,
  kCitizenId,
  kMobile,
  kLandline,
  kPhone,
  kAddress,
  kEmail,
  kPlate,
  kBankCard,
  kIpv4,
  kPassport
};

// One format with its numbers, written "kind" or "kind:a,b". Value type, thread-safe.
//
//   all                     kHiddenText
//   name                    first character: 段正淳 → 段**; 段 → *
//   name-ends               first and last: 王小峰 → 王*峰; of two characters the first
//   citizen-id[:a,b]        first a, last b, default 1,2, a+b ≤ 8: 5***************1X
//   mobile[:a,b]            default 3,4, a+b ≤ 7: 180****1999
//   landline[:a,b]          with area code; default 4,2, a+b ≤ 6: 0915*****79
//   phone                   mobile or landline with their defaults, by shape
//   address[:n]             last n hidden, default 8, at least 4; no longer address than that: hidden wholly, and so is
//                           one whose kept part holds more than six digits in a row (a telephone number) or an '@'
//   email                   first character of the local part: d********@example.cn
//   plate                   positions 4 to last but one hidden: 苏D4***0
//   bank-card               first 4 and the last group of 4 or what is left of it: 1101 **** **** **** 3256
//   ipv4                    first octet: 192.*.*.*
//   passport[:a,b]          passports and permits; default 2,2, a+b ≤ 4: E1*****78
class MaskFormat {
 public:
  // Empty for an unknown kind, numbers it does not take, or numbers out of range.
  [[nodiscard]] static std::optional<MaskFormat> parse(std::string_view text);
  // "name", "name-ends", … for messages.
  [[nodiscard]] static std::span<const std::string_view> names();

  // An empty value gives an empty one: there is nothing to hide.
  [[nodiscard]] std::string apply(std::string_view value) const;
  // Does the format hide values of this label kind ("name", "phone", "id", …)? `all` does for every kind.
  [[nodiscard]] bool suits(std::string_view label_kind) const;

 private:
  MaskFormat(MaskShape shape, std::uint8_t front, std::uint8_t back) : shape_(shape), front_(front), back_(back) {}
  MaskShape shape_;
  std::uint8_t front_;
  std::uint8_t back_;
};

}  // namespace tongqu
