#pragma once
// A document as the rows of a form: each field under its Chinese title, in the order of its schema.
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/field_tree.hpp"

namespace tongqu {

// Path and title of every field that holds a value: scalars and lists; "甲 · 乙" below an object. A field without title
// is shown under its name.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> form_columns(const FieldNode& fields);
// The same of a document whose schema is not known: its own members.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> form_columns(const Node& root);

// The text at `path`, as it is; a list gives a line for each element, an object in it "name: value" pairs. Empty when
// it is absent.
[[nodiscard]] std::string form_value(const Node& root, std::string_view path);

}  // namespace tongqu
