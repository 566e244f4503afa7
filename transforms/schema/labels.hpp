#pragma once
// Privacy labels as schemas write them: "x-privacy": {"kind": "phone", "subject": "complainant"}.
#include <span>
#include <string>
#include <string_view>

#include "gateway/core/document.hpp"
#include "gateway/core/field_tree.hpp"

namespace tongqu {

// The kinds that exist; "none" is the only one without a subject.
[[nodiscard]] std::span<const std::string_view> label_kinds();
// The people a field can be about.
[[nodiscard]] std::span<const std::string_view> label_subjects();

// Reads the value of x-privacy into `label`. Empty when it is right, else what is expected instead.
[[nodiscard]] std::string read_label(const Node& value, Label& label);

}  // namespace tongqu
