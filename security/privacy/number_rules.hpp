#pragma once
// What a row of digits is, and codes that are written with letters.
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

// `digits`: 0-9, the eighteenth may be X. Empty: no number of a person that is to be hidden – a service number, an
// order number, an amount, a date, a social credit code of digits only.
[[nodiscard]] std::optional<NumberKind> kind_of_number(std::string_view digits);

// E-mail addresses, plates, passports and permits, accounts after cue words (微信, QQ). Adds to `spans` what does not
// overlap them and puts all in order.
void find_written_codes(const FoldedText& text, std::vector<TextSpan>& spans);

}  // namespace tongqu
