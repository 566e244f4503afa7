#pragma once
// One spelling for the many in which a value of a person is written, so that equal values give equal hashes. Unicode
// NFKC first, so that full-width letters and digits, compatibility forms and the like are the ordinary ones.
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

inline constexpr std::size_t kMaxPersonValueBytes = 2048;

// By label kind:
//   phone    digits; what follows an extension mark (转, 分机, ext, x, #) is left out; +86, 0086, and 86 before a
//   mobile
//            number, are taken off, as is a 0 before a mobile number; a landline keeps its area code with its 0. 5 to
//            20 digits remain
//   id       digits and letters, upper case; 15 digits become the 18 of the same person (GB 11643: 19 before the year,
//            check character). The check character is not tested: people mistype. 5 to 30 characters remain
//   name     without white space, middle dots of all kinds and other punctuation; letters without case. 2 to 60 code
//            points remain
//   address  without white space and punctuation; letters without case. 4 to 400 code points remain
// Errors: person.kind (another kind), person.value (not UTF-8, too long, or nothing of that kind remains). They carry
// the kind, never the value.
[[nodiscard]] Result<std::string> person_form(std::string_view kind, std::string_view value);

// 18 characters for the first 17 or for 15 digits of a citizen id; the argument when it is neither. `digits` are ASCII.
[[nodiscard]] std::string citizen_id_18(std::string_view digits);

}  // namespace tongqu
