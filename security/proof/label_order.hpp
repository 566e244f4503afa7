#pragma once
// The order of privacy labels: which field may hold what came out of which other one.
//
//   {kind: none} without subject     may go anywhere
//   no label (secret)                holds everything, goes only into what has no label either
//   {kind, subject}                  holds the same kind of the same subject; `informant` holds every subject's data of
//                                    the same kind, because it is the strictest subject
// Another kind is never as protected: policies decide by kind, so phone → name or phone → none is a way out.
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/field_tree.hpp"

namespace tongqu {

using MaybeLabel = std::optional<Label>;

[[nodiscard]] bool is_open(const MaybeLabel& label);  // kind none
[[nodiscard]] bool covers(const MaybeLabel& holder, const MaybeLabel& value);

// What the presence of a field and the length of a list tell is as protected as the least protected of what is below
// it: that field shows them anyway. Several labels when none of them is the least.
using Shape = std::vector<MaybeLabel>;
[[nodiscard]] Shape shape_of(const FieldNode& field);
// For each label of the holder there is one of the value that it covers.
[[nodiscard]] bool covers(const Shape& holder, const Shape& value);
[[nodiscard]] bool is_open(const Shape& shape);

// "phone/complainant", "none", "secret"; several with "+".
[[nodiscard]] std::string text_of(const MaybeLabel& label);
[[nodiscard]] std::string text_of(const Shape& shape);

}  // namespace tongqu
