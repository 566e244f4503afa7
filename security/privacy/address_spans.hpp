#pragma once
// Addresses of persons in free text, found without a record: what stands behind a cue word (家住, 收货地址, 寄到), what
// has the shape of a home (road or village, house, room), and a text that is an address as a whole. Hidden from the
// road downward; province to town stay. The road and number of a shop or a place of the offence stay as far as the
// words around them tell (…路5号的某某超市, 位于…): the matter cannot be worked without them.
#include <vector>

#include "security/privacy/text_span.hpp"

namespace tongqu {

// In order, without overlap. Linear in the length of the text.
[[nodiscard]] std::vector<TextSpan> find_addresses(const FoldedText& text);

}  // namespace tongqu
