#pragma once
// The little of JSON that a schema needs: no numbers are kept, duplicate members are refused.
#include <string>
#include <string_view>
#include <vector>

namespace tongqu::checker {

struct Json {
  enum class Kind : unsigned char { kScalar, kText, kList, kObject };
  Kind kind = Kind::kScalar;
  std::string name;           // as a member
  std::string text;           // kText
  std::vector<Json> items;    // kList
  std::vector<Json> members;  // kObject, as written

  [[nodiscard]] const Json* find(std::string_view wanted) const;
  [[nodiscard]] std::string_view text_of(std::string_view wanted) const;  // of a member; "" without one
};

// Throws Refusal. `name` is the file's.
[[nodiscard]] Json read_json(std::string_view bytes, const std::string& name);

}  // namespace tongqu::checker
