#pragma once
// What is generated from the field lists. Output depends on the lists alone, so that it can be compared in tests.
#include <iosfwd>

#include "gateway/settings/field_list.hpp"

namespace tongqu {

// The reference page, Markdown, Chinese and English side by side: docs/reference/settings.md.
void write_reference(std::ostream& out, SpecList specs);

// JSON Schema (draft-07, which YAML editors read) with one definition per file kind: docs/reference/editor-schema.json.
// A file says "# yaml-language-server: $schema=…/editor-schema.json#/definitions/partner" on its first line.
void write_editor_schema(std::ostream& out, SpecList specs);

// One line per field: "connector:http url url required …". tests/golden/settings-manifest.txt holds it, so that every
// change that an integrator can see is seen in review.
void write_manifest(std::ostream& out, SpecList specs);

}  // namespace tongqu
