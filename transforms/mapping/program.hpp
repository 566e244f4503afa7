#pragma once
// A compiled mapping: constants, paths, calls, one vector of instructions, and the rules that own ranges of it.
// Immutable after compilation.
#include <memory>
#include <string>
#include <vector>

#include "transforms/mapping/functions.hpp"
#include "transforms/mapping/syntax.hpp"

namespace tongqu::mapping {

constexpr std::size_t kMaxStackValues = 128;

enum class Op : std::uint8_t {
  kText,     // push texts[a]
  kInteger,  // push integers[a]
  kDecimal,  // push texts[a]
  kBoolean,  // push a
  kPath,     // push what stands at paths[a]
  kExists,   // push whether paths[a] is there
  kCall,     // pop b values, push calls[a] of them
  kCompare,  // pop two, push the comparison; a = CompareOp
  kIn,       // pop one, push whether it is in sets[a]; b: negated
  kNot,
  kAnd,
  kOr,
  kOtherwise,  // absent on top: pop it and go on; else jump to a
  kBranch,     // pop the condition; true: go on; false: jump to a; absent or fault: push it and jump to b
  kJump,       // to a
  kAbsent,     // push absent
};

struct Instruction {
  Op op = Op::kText;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

struct PathCode {
  bool from_root = true;  // else from the element of the innermost each
  std::vector<PathStep> steps;
  FieldType type = FieldType::kAny;
  FieldType element = FieldType::kAny;  // of a list
  bool empty_absent = false;            // of the field, or of the elements of a list
  std::string text;                     // steps as text: ".a[0].b"
  std::string title_zh;                 // of the field
};

struct CallCode {
  const FunctionInfo* info = nullptr;
  CallConstants constants;
  std::unique_ptr<DatePattern> pattern;
  std::string table_version;  // "city-a/problem@2024-01"
};

struct InSet {
  std::vector<std::string> texts;      // texts or decimals
  std::vector<std::int64_t> integers;  // integers or booleans
};

struct Rule;
struct Block {
  std::vector<Rule> rules;
  std::vector<std::string> unassigned;  // fields of the target below the block that no rule assigns, relative
};

struct Rule {
  std::vector<std::string> target;
  std::string target_text;  // "provider.name"
  FieldType type = FieldType::kText;
  FieldType element = FieldType::kText;  // of the values of a list from a path or split
  bool element_empty_absent = false;
  std::uint32_t begin = 0, end = 0;  // code
  OnFault on_fault = OnFault::kAbsent;
  std::string refusal;
  std::uint32_t line = 0;
  bool each = false;
  Block block;
};

struct WhenCode {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t line = 0;
  bool refuse = false;
  std::string reason;
};

struct Program {
  std::vector<std::string> texts;
  std::vector<std::int64_t> integers;
  std::vector<PathCode> paths;
  std::vector<CallCode> calls;
  std::vector<InSet> sets;
  std::vector<Instruction> code;
  std::vector<WhenCode> whens;
  Block root;
};

}  // namespace tongqu::mapping
