#pragma once
// Fields and labels of a schema, read for the second checker; and its own order of labels.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/json.hpp"

namespace tongqu::checker {

// "none", "secret" (no label), or "kind/subject". Text is enough: labels are only compared.
using LabelText = std::string;

struct Leaf {
  std::string path;  // list elements as "[]"
  LabelText label;
  bool texts = false;  // may hold text: what a mask or a reference needs
};
// All leaves of one schema in schema order; a leaf is what has nothing below it.
struct Leaves {
  std::vector<Leaf> all;
  std::unordered_map<std::string, std::pair<std::size_t, std::size_t>> ranges;  // path → first leaf, behind the last
};

// `shared` is services/common.json or null.
[[nodiscard]] Leaves read_leaves(const Json& schema, const Json* shared, const std::string& name);
// What stands at `path` or below it; empty when the schema has no such place.
[[nodiscard]] std::vector<Leaf> leaves_at(const Leaves& leaves, const std::string& path);

// May a field labelled `holder` hold what is labelled `value`?
[[nodiscard]] bool may_hold(const LabelText& holder, const LabelText& value);
// For each holder there is one of the values that it may hold.
[[nodiscard]] bool may_hold(const std::set<LabelText>& holders, const std::set<LabelText>& values);

}  // namespace tongqu::checker
