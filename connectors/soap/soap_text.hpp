#pragma once
// Text in and around envelopes: escaping, documents inside strings, media types.
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu::soap {

// `text` fit for element content and attributes; what XML 1.0 cannot write becomes U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);
// The five predefined entities and character references replaced; anything else stays.
[[nodiscard]] std::string unescaped(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);

// The XML document that a string parameter holds: blanks and byte order mark in front are dropped, a document that was
// escaped once more is unescaped (at most twice), a CDATA section around it and the XML declaration are dropped, since
// characters have no encoding. Fails with soap.string.
[[nodiscard]] Result<std::string> inner_document(std::string_view text);

// "multipart/related; type=\"text/xml\"; boundary=x".
struct MediaType {
  std::string type;  // lower case, without parameters
  std::string text;  // as received
  // Value of a parameter, quotes taken off; empty when absent. `name` lower case.
  [[nodiscard]] std::string parameter(std::string_view name) const;
};
[[nodiscard]] MediaType parse_media_type(std::string_view text);

[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b);

}  // namespace tongqu::soap
