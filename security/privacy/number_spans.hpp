#pragma once
// Numbers of persons in free text: citizen ids, bank cards, telephones, e-mail addresses, plates, passports and
// permits, accounts after cue words. A checksum never decides whether an id is hidden, people mistype; digit boundaries
// do: a telephone inside a number of twenty digits is none. Order and national numbers, unified social credit codes and
// service numbers (400, 12345, 95…) stay.
#include <vector>

#include "security/privacy/text_span.hpp"

namespace tongqu {

// In order, without overlap. Linear in the length of the text.
[[nodiscard]] std::vector<TextSpan> find_numbers(const FoldedText& text);

}  // namespace tongqu
