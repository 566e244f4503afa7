#pragma once
// JSON (RFC 8259), strict. Refused beyond what the grammar refuses: a member name twice in one object, half a
// surrogate pair in \u escapes, a byte order mark, malformed UTF-8, numbers whose magnitude is above 1.7e308, and
// whatever exceeds the limits. docs/conformance-json.md lists the choices where the RFC leaves one.
//
// Numbers stay exactly as written; texts are unescaped UTF-8 and may hold U+0000.
#include <string>
#include <string_view>

#include "gateway/core/codec.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

// Nesting above this is refused whatever DecodeLimits say, and cannot be encoded.
inline constexpr std::size_t kMaxJsonDepth = 512;

// Stateless, thread-safe. A decode copies the bytes once into the document's arena and unescapes there: it allocates
// nothing else unless an object has more than 32 members.
class JsonCodec final : public Codec {
 public:
  // Stops at the first fault. Errors: json.* of codecs_codes.hpp, each with one fault that has the position and the
  // path of the value it stands in.
  [[nodiscard]] Status decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const override;
  // Compact. Texts must be UTF-8 (every decoder guarantees it). Fails with json.depth or json.encode-number; then
  // `out` is as it was.
  [[nodiscard]] Status encode(const Node& node, std::string& out) const override;
  [[nodiscard]] std::string_view content_type() const override { return "application/json"; }
};

// decode into a new document.
[[nodiscard]] Result<Document> decode_json(std::string_view bytes, const DecodeLimits& limits = {});

// For people: one member or element a line, two spaces of indent, no newline at the end. Numbers that JSON cannot
// write are written as texts; nesting below kMaxJsonDepth is written as null.
[[nodiscard]] std::string to_pretty_json(const Node& node);

// True when `text` is a number of RFC 8259 from end to end.
[[nodiscard]] bool is_json_number(std::string_view text);

}  // namespace tongqu
