#pragma once
// What a row of digits is, and codes that are written with letters.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "security/privacy/text_span.hpp"

namespace tongqu {

struct NumberKind {
  SpanType type = SpanType::kId;
  std::string_view reason;
};

// What the words before a number say it is.
enum class NumberCue : std::uint8_t { kNone, kOrder, kPhone, kCard, kIdentity };

// `digits`: 0-9, the last may be X. Empty: no number of a person that is to be hidden – a service number, an order
// number, an amount, a date, a social credit code of digits only.
[[nodiscard]] std::optional<NumberKind> kind_of_number(std::string_view digits, NumberCue cue);

// The nearest cue word that ends at most eight characters before `at`, in the same clause.
[[nodiscard]] NumberCue cue_before(const FoldedText& text, std::size_t at);

// E-mail addresses, plates, passports and permits, accounts after cue words (微信, QQ). Adds to `spans`, takes away
// what overlaps what was added, and puts all in order.
void find_written_codes(const FoldedText& text, std::vector<TextSpan>& spans);

}  // namespace tongqu
