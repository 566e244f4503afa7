#pragma once
// Errors on the wire: RFC 9457 problem details, in the language that the caller asked for (docs/formats.md, section
// 10).
#include <string>

#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"

namespace tongqu {

// Chinese when `Accept-Language` prefers any zh over en; English otherwise.
[[nodiscard]] Lang preferred_language(std::string_view accept_language);

// Response with every fault, its path and its text. `exchange` may be empty. `retry_after_s` > 0 adds Retry-After.
[[nodiscard]] HttpResponse problem_response(const Error& error, Lang lang, std::string_view exchange = {},
                                            int retry_after_s = 0);

}  // namespace tongqu
