#pragma once
// A .map file as the second checker reads it: only which field can get where, nothing that could run it.
#include <string>
#include <string_view>
#include <vector>

namespace tongqu::checker {

enum class How : unsigned char { kPasses, kTable, kReduces, kChoice };
[[nodiscard]] std::string_view name_of(How how);

// One source field in one rule.
struct Use {
  std::string path;                // "$.a[0].b", "$.items[].no"
  std::vector<std::string> calls;  // functions around it, inner first
  std::vector<std::string> tables;
  How how = How::kPasses;
};
struct MapRule {
  std::string output;  // empty: `when`
  unsigned line = 0;
  bool keeps = false;  // on fault keep
  std::vector<Use> uses;
  std::vector<std::string> guards;  // fields that choose this rule or an each around it
};
struct MapText {
  std::string name, from, to;
  std::vector<MapRule> rules;
};

// Throws Refusal for what it does not understand.
[[nodiscard]] MapText read_map(std::string_view text, const std::string& file);

}  // namespace tongqu::checker
