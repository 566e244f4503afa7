#pragma once
// application/x-www-form-urlencoded ↔ document: an object of texts.
//
// A field that the schema has as a list is one, also for a single occurrence; where the schema has something else a
// second occurrence is a fault; a name that the schema does not know becomes a list at its second occurrence.
#include <string>
#include <string_view>

#include "gateway/core/codec.hpp"
#include "gateway/core/field_tree.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu {

// Thread-safe.
class FormCodec final : public Codec {
 public:
  // `fields` (an object of scalars and lists of scalars) outlives the codec. No form is in UTF-16.
  FormCodec(Charset charset, const FieldNode& fields) : charset_(charset), fields_(fields) {}

  // '+' is a space, %XX a byte of the charset; bytes that should have been escaped are taken as they are. A piece
  // without '=' is a name with an empty text, an empty piece is nothing. Stops at the first fault: form.escape,
  // form.repeated, form.bytes, form.nodes, form.text-bytes, charset.malformed (offset in the unescaped name or text);
  // the column counts bytes.
  [[nodiscard]] Status decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const override;
  // In the order of the schema, then the members it does not know; null and empty lists leave no trace. Fails with
  // form.encode-shape or charset.unencodable; then `out` is as it was.
  [[nodiscard]] Status encode(const Node& node, std::string& out) const override;
  [[nodiscard]] std::string_view content_type() const override { return "application/x-www-form-urlencoded"; }

 private:
  Charset charset_;
  const FieldNode& fields_;
};

}  // namespace tongqu
