#pragma once
// Tokens of a mapping → syntax tree.
#include "transforms/mapping/lexer.hpp"
#include "transforms/mapping/syntax.hpp"

namespace tongqu::mapping {

constexpr std::size_t kMaxExpressionDepth = 32;
constexpr std::size_t kMaxEachDepth = 4;
constexpr std::size_t kMaxRules = 4000;  // assignments and whens, inner ones too
constexpr std::size_t kMaxLoadFaults = 100;

// Appends faults, at most kMaxLoadFaults, one for each statement that is wrong; the tree holds the others.
[[nodiscard]] SyntaxTree parse(const Lexed& lexed, std::vector<Fault>& faults);

}  // namespace tongqu::mapping
