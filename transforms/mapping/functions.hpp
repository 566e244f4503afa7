#pragma once
// The functions of the language: one table that the compiler, the static proof of disclosure and the reference page
// read.
#include <span>
#include <string>
#include <string_view>

#include "gateway/core/mapper.hpp"
#include "transforms/mapping/amount.hpp"
#include "transforms/mapping/date_pattern.hpp"
#include "transforms/mapping/value.hpp"

namespace tongqu::mapping {

// How a privacy label goes through a function (design section 6.2).
enum class LabelFlow : std::uint8_t {
  kPasses,   // the result is as secret as the arguments
  kReduces,  // the result tells little of them: a length, a presence, the outcome of a comparison
  kTable,    // the result is an entry of a code table, chosen by the argument
};
[[nodiscard]] std::string_view name_of(LabelFlow flow);  // "passes", "reduces", "table"

enum class ParamKind : std::uint8_t {
  // Evaluated; which types they take.
  kText,
  kInteger,
  kInstant,
  kTextOrInteger,
  kTextOrDecimal,
  kNumberOrText,
  kScalar,
  kScalarList,
  kTextList,
  kTextOrList,
  // Constants of the mapping.
  kConstText,
  kConstCount,
  kTable,
  kUnit,
  kPattern,
};

struct Param {
  ParamKind kind;
  bool optional = false;
};

// The constants of one call.
struct CallConstants {
  const CodeTable* table = nullptr;
  const DatePattern* pattern = nullptr;
  MoneyUnit unit = MoneyUnit::kYuan;
  std::string first, second;  // constant texts, in order
  std::uint32_t from = 0;
  std::uint32_t count = 0xFFFFFFFF;
  FieldType element = FieldType::kText;  // of a list argument
  bool empty_absent = false;             // of its elements
};

// `arguments` are values only: absent and faults were passed on before.
using FunctionBody = Value (*)(const CallConstants&, std::span<const Value> arguments, Scratch&);

struct FunctionInfo {
  std::string_view name;
  std::string_view signature;  // for people: "fen(text | integer | decimal, unit: yuan | wan | fen) → integer"
  std::span<const Param> params;
  bool variadic = false;                // the last parameter may come again
  FieldType result = FieldType::kText;  // kList: of texts; kAny: the element type of its list
  LabelFlow flow = LabelFlow::kPasses;
  FunctionBody body = nullptr;
};

// All functions, sorted by name. `exists`, comparisons and boolean operators are forms of the language, not functions;
// their flow is kReduces.
[[nodiscard]] std::span<const FunctionInfo> functions();
[[nodiscard]] const FunctionInfo* find_function(std::string_view name);

// Bodies, by the file that has them.
namespace text_functions {
Value concat(const CallConstants&, std::span<const Value>, Scratch&);
Value trim(const CallConstants&, std::span<const Value>, Scratch&);
Value replace(const CallConstants&, std::span<const Value>, Scratch&);
Value substring(const CallConstants&, std::span<const Value>, Scratch&);
Value upper(const CallConstants&, std::span<const Value>, Scratch&);
Value lower(const CallConstants&, std::span<const Value>, Scratch&);
Value half_width(const CallConstants&, std::span<const Value>, Scratch&);
Value basename(const CallConstants&, std::span<const Value>, Scratch&);
Value html_to_text(const CallConstants&, std::span<const Value>, Scratch&);
Value length(const CallConstants&, std::span<const Value>, Scratch&);
Value split(const CallConstants&, std::span<const Value>, Scratch&);
Value join(const CallConstants&, std::span<const Value>, Scratch&);
Value first(const CallConstants&, std::span<const Value>, Scratch&);
}  // namespace text_functions

}  // namespace tongqu::mapping
