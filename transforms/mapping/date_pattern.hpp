#pragma once
// Date patterns (docs/mapping.md section 7), compiled when the mapping is loaded.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transforms/mapping/value.hpp"

namespace tongqu::mapping {

class DatePattern {
 public:
  // Empty when the pattern is none: an unknown letter, a part twice, no year.
  [[nodiscard]] static std::optional<DatePattern> create(std::string_view pattern);

  // An instant; absent for zeros and separators alone; fault map.date with the pattern as parameter.
  [[nodiscard]] Value parse(std::string_view text) const;
  [[nodiscard]] Value format(std::int64_t ms, Scratch& scratch) const;
  [[nodiscard]] bool epoch() const { return epoch_; }

 private:
  enum class Part : std::uint8_t { kYear, kMonth, kDay, kHour, kMinute, kSecond, kMillisecond, kOffset, kLiteral };
  struct Piece {
    Part part = Part::kLiteral;
    std::size_t width = 0;
    std::string literal;
  };
  bool add_part(std::string_view letters);
  [[nodiscard]] bool all_zeros(std::string_view text) const;

  std::string text_;
  std::vector<Piece> pieces_;
  std::size_t format_bytes_ = 0;
  bool epoch_ = false;
};

}  // namespace tongqu::mapping
