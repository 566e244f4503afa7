#pragma once
// Amounts of money in text → fen, exactly (docs/mapping.md section 8).
#include "transforms/mapping/value.hpp"

namespace tongqu::mapping {

enum class MoneyUnit : std::uint8_t { kYuan, kWan, kFen };
[[nodiscard]] std::string_view name_of(MoneyUnit unit);  // "yuan", "wan", "fen"

constexpr std::int64_t kMaxFen = 1'000'000'000'000'000;

// An integer value, or a fault map.amount…
[[nodiscard]] Value parse_amount(std::string_view text, MoneyUnit unit);
// `digits` as parse_decimal gives them.
[[nodiscard]] Value amount_of_decimal(std::string_view digits, MoneyUnit unit);

}  // namespace tongqu::mapping
