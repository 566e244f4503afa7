#pragma once
// Bytes ↔ document. One Codec per format; stateless and thread-safe.
#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

struct DecodeLimits {
  std::size_t max_bytes = 1U << 20U;
  std::size_t max_depth = 64;              // nesting of objects and lists
  std::size_t max_nodes = 100'000;         // values in the document
  std::size_t max_text_bytes = 1U << 20U;  // one string
};

class Codec {
 public:
  virtual ~Codec() = default;
  // Decodes the whole of `bytes` into `out` (cleared first). On failure `out` is unspecified but valid, and the error
  // has one fault per reason found with its position; a decoder may stop at the first.
  [[nodiscard]] virtual Status decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const = 0;
  // Appends the encoding of `node` to `out`. Fails when the document has no such form.
  [[nodiscard]] virtual Status encode(const Node& node, std::string& out) const = 0;
  // "application/json"
  [[nodiscard]] virtual std::string_view content_type() const = 0;
};

}  // namespace tongqu
