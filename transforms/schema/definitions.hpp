#pragma once
// The definitions that "#/$defs/…" may name: those of the document and those shared by all documents.
#include <string_view>

#include "gateway/core/document.hpp"

namespace tongqu::schema {

struct Definitions {
  const Node* own = nullptr;     // value of $defs of the document; may be null
  const Node* shared = nullptr;  // value of $defs of the shared document; may be null

  // The definition, or nullptr. `reference` is "#/$defs/name" with ~0, ~1 and %XX in the name.
  [[nodiscard]] const Node* find(std::string_view reference) const;
};

// "name" of "#/$defs/name", unescaped; empty if the reference has another form.
[[nodiscard]] std::string definition_name(std::string_view reference);

// The value of $defs, or nullptr.
[[nodiscard]] const Node* definitions_of(const Node* document);

}  // namespace tongqu::schema
