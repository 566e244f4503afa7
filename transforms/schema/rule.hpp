#pragma once
// A compiled schema: what the checker walks. Built once by RuleCompiler, immutable afterwards; texts are views into
// the source that JsonSchema owns.
#include <re2/re2.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "transforms/schema/decimal_text.hpp"
#include "transforms/schema/formats.hpp"

namespace tongqu::schema {

struct Rule;

// Bit of a kind in Rule::types; integers have their own.
constexpr unsigned bit_of(Kind kind) { return 1U << static_cast<unsigned>(kind); }
inline constexpr unsigned kIntegerBit = 1U << 6U;
inline constexpr unsigned kAllTypes = 0x3FU;

inline constexpr std::size_t kMaxRequired = 256;
inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

struct Property {
  std::string_view name;
  const Rule* rule = nullptr;  // nullptr: only `required` names it
  int required_bit = -1;       // 0…kMaxRequired − 1, or −1
};

// Properties in schema order, found by hash.
class PropertyTable {
 public:
  // The entry of that name, added when it is new.
  Property& add(std::string_view name);
  // After the last add.
  void seal();
  // nullptr if there is none. `hint` is the index that is looked at first; it is set behind the one found, so that
  // members in schema order are found without hashing.
  [[nodiscard]] const Property* find(std::string_view name, std::size_t& hint) const;
  [[nodiscard]] const std::vector<Property>& all() const { return all_; }

 private:
  std::vector<Property> all_;
  std::vector<std::uint32_t> slots_;  // index + 1; size is a power of two
};

struct Bound {
  DecimalText value;
  std::string_view text;
};

struct Rule {
  std::string_view title;      // own, else that of the first $ref or allOf that has one
  std::optional<Grade> grade;  // likewise
  bool null_absent = false;    // a member whose value is null counts as absent
  bool empty_absent = false;   // a member whose value is "" counts as absent
  bool never = false;          // the schema false

  unsigned types = kAllTypes;  // bits of bit_of, kIntegerBit
  std::string type_names;

  bool has_values = false;              // enum
  std::vector<std::string_view> texts;  // of enum, sorted
  std::vector<const Node*> values;      // of enum, those that are no text
  std::string value_names;
  const Node* constant = nullptr;  // const
  std::string constant_name;

  std::uint64_t min_length = 0, max_length = kNoLimit;  // code points
  std::unique_ptr<RE2> pattern;
  std::string_view pattern_name;
  FormatCheck format{{}, nullptr};

  std::optional<Bound> minimum, maximum, above, below, multiple_of;

  const Rule* items = nullptr;
  std::uint64_t min_items = 0, max_items = kNoLimit;
  bool unique_items = false;

  PropertyTable properties;
  std::vector<const Property*> required;  // by required_bit; filled when the table is sealed
  const Rule* additional = nullptr;       // of undeclared members; nullptr: anything
  std::uint64_t min_properties = 0, max_properties = kNoLimit;

  std::vector<const Rule*> all_of;  // $ref too
  std::vector<const Rule*> any_of, one_of;
  const Rule* excluded = nullptr;  // not
  const Rule* condition = nullptr;
  const Rule* then_rule = nullptr;
  const Rule* else_rule = nullptr;
  bool has_applicators = false;
};

}  // namespace tongqu::schema
