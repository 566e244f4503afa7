#pragma once
// What happens to the bytes before libxml2 sees them: it gets UTF-8 only, so that offsets are exact and no converter
// of its own replaces anything.
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu::xml {

// Appends the UTF-8 of an XML entity without its byte order mark. The charset is that of the mark, else of the
// declaration, else `fallback`. Fails with charset.unknown, charset.malformed, xml.encoding.
[[nodiscard]] Status to_utf8(std::string_view bytes, Charset fallback, std::string& out);

// The value of `encoding` in the XML declaration of a text of ASCII characters or UTF-8; empty when it says nothing.
[[nodiscard]] std::string_view declared_encoding(std::string_view text);

// Looks for characters that XML 1.0 allows nowhere and for elements with more attributes than kMaxXmlAttributes:
// libxml2 compares the attributes of an element with each other. Linear. Fails with xml.character or xml.attributes.
[[nodiscard]] Status check_text(std::string_view utf8);

// True when `utf8` (well-formed) has only characters of XML 1.0, production 2.
[[nodiscard]] bool has_only_xml_characters(std::string_view utf8);

}  // namespace tongqu::xml
