#pragma once
// `x-format` of a partner's schema → codec.
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/core/codec.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/field_tree.hpp"

namespace tongqu {

// Text of a stylesheet by its name ("agri/order-in"); empty when there is none.
using StylesheetSource = std::function<std::optional<std::string_view>(std::string_view name)>;

// `format`: the node of "x-format" (an object; docs/schema.md lists its members) or nullptr = JSON. `fields`: the
// compiled schema's field tree, which outlives the codec; list-ness and the order of elements come from it.
// Fails with codecs.format and one fault per reason – codecs.format-member, -missing, -type, -value, -prefix,
// -structure, -review, xslt.load, xslt.forbidden – with path ("$.x-format.…", or that of the field in the message) and
// position.
[[nodiscard]] Result<std::shared_ptr<const Codec>> make_codec(const Node* format, const FieldNode& fields,
                                                              const StylesheetSource& stylesheets = {});

}  // namespace tongqu
