#pragma once
// A compiled contract of a document: what is valid, what the fields are called, how they are labelled.
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/field_tree.hpp"

namespace tongqu {

class Schema {
 public:
  virtual ~Schema() = default;
  // Appends every violation, in document order, at most `max_faults`; each with path, Chinese field name and grade
  // (`x-grade: warning|hint` at the field, else error). True when no fault of grade error was added. Thread-safe.
  virtual bool validate(const Node& root, std::vector<Fault>& faults, std::size_t max_faults = 100) const = 0;
  // The tree of fields with their labels.
  [[nodiscard]] virtual const FieldNode& fields() const = 0;
  // "workorder.transfer@1"
  [[nodiscard]] virtual const std::string& name() const = 0;
};

}  // namespace tongqu
