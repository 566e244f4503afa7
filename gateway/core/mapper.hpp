#pragma once
// Document → document by a compiled mapping (docs/mapping.md).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

// What the mapping decided about the whole message.
enum class MapVerdict : std::uint8_t {
  kMapped,
  kHeld,     // `when … hold "reason"`: store it, put it before a person
  kRefused,  // `when … refuse "reason"` or `on fault refuse`
};

struct MapOutcome {
  MapVerdict verdict = MapVerdict::kMapped;
  std::string reason;        // constant text of the mapping, for kHeld and kRefused
  std::vector<Fault> flags;  // faults that were kept (`on fault keep, flag`) or that refused; path = source path
};

// One line of an explanation: how an output field came about, or why it is absent.
struct MapTrace {
  std::string output;                  // output path
  std::vector<std::string> sources;    // source paths that were read
  std::vector<std::string> functions;  // functions applied, inner first
  std::vector<std::string> tables;     // "city-a/problem@2024-01" when a look-up was involved
  std::uint32_t line = 0;              // line of the rule in the .map file
  bool present = false;
  std::string why;  // for an absent or kept field: "source absent", fault code, …
};

class Mapper {
 public:
  virtual ~Mapper() = default;
  // Maps `in` into `out` (cleared first). Never fails as a call: what goes wrong is in the outcome. Values that
  // cannot be mapped and are kept stand in `out`: as text in the field itself where its type is text, else in the
  // top-level list "kept" as {field, source, value}; nothing labels "kept", so no view ever holds it.
  // `trace` may be null. Thread-safe; no allocation outside `out` in the steady state when `trace` is null and
  // nothing is flagged.
  virtual void map(const Node& in, Document& out, MapOutcome& outcome, std::vector<MapTrace>* trace) const = 0;
  [[nodiscard]] virtual const std::string& name() const = 0;    // "city-a/workorder-in"
  [[nodiscard]] virtual const std::string& digest() const = 0;  // digest of its text and its tables, hex
};

// A versioned code table (代码表): a code means something only with its table and version.
class CodeTable {
 public:
  virtual ~CodeTable() = default;
  struct Hit {
    std::string_view code;  // target code; lives as long as the table
    std::string_view name;  // target name
    bool lossy = false;     // chosen by an explicit default among several
  };
  // Exact match of `from` (a code, or a name when the table is keyed by name). nullptr: unknown or ambiguous, the
  // caller keeps the source value and flags it. Thread-safe.
  [[nodiscard]] virtual const Hit* find(std::string_view from) const = 0;
  [[nodiscard]] virtual const std::string& name() const = 0;     // "city-a/problem"
  [[nodiscard]] virtual const std::string& version() const = 0;  // "2024-01"
};

// Finds tables by name while mappings are compiled.
class TableSet {
 public:
  virtual ~TableSet() = default;
  [[nodiscard]] virtual const CodeTable* find_table(std::string_view name) const = 0;
};

}  // namespace tongqu
