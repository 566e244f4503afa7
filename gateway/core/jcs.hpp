#pragma once
// JSON Canonicalization Scheme, RFC 8785, over a document that holds only objects, lists, text, booleans, null and
// integers below 2^53 (design section 2: audit entries hold nothing else).
#include <string>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

namespace codes {
extern const ErrorCode kJcsNumber;
}

// Members sorted by UTF-16 code units, no white space, minimal escapes. Fails with jcs.number when a number is not
// an integer within ±(2^53 − 1).
[[nodiscard]] Result<std::string> to_jcs(const Node& node);

// Appends `text` as a JSON string literal with the escapes of RFC 8785; `text` is valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace tongqu
