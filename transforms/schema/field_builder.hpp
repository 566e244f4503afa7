#pragma once
// Schema document → tree of fields with titles, types and privacy labels.
#include "gateway/core/document.hpp"
#include "gateway/core/field_tree.hpp"
#include "transforms/schema/definitions.hpp"

namespace tongqu::schema {

// `document` was compiled by RuleCompiler without a fault, so references end and labels are right. Of the schemas that
// apply to one value – the schema itself, its $ref, its allOf – the first that says something is taken; their members
// are joined. anyOf, oneOf, not, if and additionalProperties add no fields.
[[nodiscard]] FieldNode build_fields(const Node& document, const Definitions& definitions);

}  // namespace tongqu::schema
