#pragma once
// Values while a mapping runs. Texts point into the source document, the mapping's constants or the arena of the
// document that is being written; nothing here owns memory.
#include <cstdint>
#include <string_view>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/field_tree.hpp"

namespace tongqu::mapping {

constexpr std::size_t kMaxListElements = 10'000;
constexpr std::size_t kMaxTextBytes = 1U << 20U;
constexpr std::size_t kMaxScratchBytes = 16U << 20U;
constexpr std::size_t kMaxOutputNodes = 100'000;
constexpr std::size_t kMaxSteps = 1'000'000;  // instructions for one message

enum class State : std::uint8_t { kAbsent, kValue, kFault };

constexpr std::uint32_t kNoOrigin = 0xFFFFFFFF;

struct Value {
  State state = State::kAbsent;
  FieldType type = FieldType::kText;
  std::uint32_t origin = kNoOrigin;  // the first path that went in: where a fault is, what is kept
  std::uint32_t count = 0;           // list: number of elements from `list` on
  std::int64_t integer = 0;          // integer, boolean, instant (ms)
  std::string_view text;             // text, decimal; fault: parameter
  const Node* list = nullptr;        // first element
  const ErrorCode* fault = nullptr;

  static Value of_text(std::string_view text) { return scalar(FieldType::kText, 0, text); }
  static Value of_integer(std::int64_t value) { return scalar(FieldType::kInteger, value, {}); }
  static Value of_boolean(bool value) { return scalar(FieldType::kBoolean, value ? 1 : 0, {}); }
  static Value of_decimal(std::string_view digits) { return scalar(FieldType::kDecimal, 0, digits); }
  static Value of_instant(std::int64_t ms) { return scalar(FieldType::kInstant, ms, {}); }
  static Value absent() { return {}; }
  // `param` lives as long as the mapping.
  static Value of_fault(const ErrorCode& code, std::string_view param = {}) {
    Value value;
    value.state = State::kFault;
    value.fault = &code;
    value.text = param;
    return value;
  }

 private:
  static Value scalar(FieldType type, std::int64_t integer, std::string_view text) {
    Value value;
    value.state = State::kValue;
    value.type = type;
    value.integer = integer;
    value.text = text;
    return value;
  }
};

// Room for texts that functions make, in the arena of the output, with its two limits.
class Scratch {
 public:
  explicit Scratch(Document& out) : out_(out) {}
  // nullptr above kMaxTextBytes, or when kMaxScratchBytes of this message are used up.
  [[nodiscard]] char* allocate(std::size_t bytes);
  [[nodiscard]] Document& document() { return out_; }

 private:
  Document& out_;
  std::size_t left_ = kMaxScratchBytes;
};

// The limits as parameters of faults.
[[nodiscard]] Value text_too_long();
[[nodiscard]] Value list_too_long();

// Reads a scalar of the document as the type of its schema: a value, absent, or fault map.source-type.
[[nodiscard]] Value read_scalar(const Node& node, FieldType type, bool empty_absent, Scratch& scratch);

// "2026-03-15T10:00:00.123+08:00" in the scratch room.
[[nodiscard]] Value instant_text(std::int64_t ms, Scratch& scratch);

// Whole numbers: optional sign, digits. Fault map.number or map.number-range.
[[nodiscard]] Value parse_integer(std::string_view text);
// Exact decimals stay text: sign, digits, point. An exponent is written out; above 38 digits map.number-range.
[[nodiscard]] Value parse_decimal(std::string_view text, Scratch& scratch);
// Negative, 0, positive. Both as parse_decimal gives them.
[[nodiscard]] int compare_decimals(std::string_view a, std::string_view b);

}  // namespace tongqu::mapping
