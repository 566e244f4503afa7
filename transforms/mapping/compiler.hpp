#pragma once
// Syntax tree → program: names, types, stack depth, flows of fields.
#include "transforms/mapping/mapping.hpp"
#include "transforms/mapping/program.hpp"

namespace tongqu::mapping {

struct Compiled {
  Program program;
  std::vector<FieldFlow> flows;
  std::vector<std::string> tables;  // "name@version", each once, in order of appearance
  std::vector<Fault> faults;        // errors and warnings
};

[[nodiscard]] Compiled compile(const SyntaxTree& tree, const FieldNode& source, const FieldNode& target,
                               const TableSet& tables);

// "found → nearest" when one of the words is near, else "found".
[[nodiscard]] std::string suggest(std::string_view found, const std::vector<std::string>& words);

}  // namespace tongqu::mapping
