#pragma once
// The tree that the parser makes of a mapping, before names and types are known.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::mapping {

struct PathStep {
  std::string name;  // empty: index
  std::uint32_t index = 0;
};

enum class ExprKind : std::uint8_t {
  kText,
  kInteger,
  kDecimal,
  kBoolean,
  kPath,
  kCall,
  kCompare,
  kIn,
  kNot,
  kAnd,
  kOr,
  kOtherwise,
  kIf
};
enum class CompareOp : std::uint8_t { kEqual, kUnequal, kLess, kLessEqual, kGreater, kGreaterEqual };

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// An argument of a call: an expression, or a bare word (table, unit), maybe named (`unit: yuan`).
struct Argument {
  std::string name;
  std::string word;  // set for a bare word
  ExprPtr value;     // null for a bare word
  Position position;
};

struct Expr {
  ExprKind kind = ExprKind::kText;
  Position position;
  std::string text;  // literal text, decimal, or function name
  std::int64_t integer = 0;
  bool flag = false;  // boolean literal; kPath: begins with $$; kIn: `not in`
  CompareOp op = CompareOp::kEqual;
  std::vector<PathStep> steps;
  std::vector<Argument> arguments;
  std::vector<ExprPtr> operands;  // kIn: the value, then the literals; kIf: condition, then, else (null without one)
};

enum class OnFault : std::uint8_t { kAbsent, kKeep, kRefuse };

// `target = value` or `target = each list { … }`.
struct Assignment {
  std::vector<std::string> target;
  Position position;
  ExprPtr value;  // the list when `each`
  bool each = false;
  std::vector<Assignment> block;
  OnFault on_fault = OnFault::kAbsent;
  std::string refusal;
  std::size_t begin = 0, equals = 0, end = 0;  // tokens: first, '=', behind the last
  std::size_t open = 0, close = 0;             // tokens '{' and '}' of each
};

struct When {
  Position position;
  ExprPtr condition;
  bool refuse = false;
  std::string reason;
  std::size_t begin = 0, verdict = 0, end = 0;
};

struct Header {
  std::string word, name;
  Position position;
};

struct SyntaxTree {
  Header mapping, from, to;
  std::vector<When> whens;
  std::vector<Assignment> rules;
};

}  // namespace tongqu::mapping
