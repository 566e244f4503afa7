#pragma once
// JSON Schema, a listed subset of 2020-12 with our extensions (docs/schema.md). A keyword outside the subset is an
// error when the schema is loaded, never ignored.
#include <memory>
#include <span>
#include <string>

#include "gateway/core/schema.hpp"
#include "transforms/schema/formats.hpp"

namespace tongqu {

class JsonSchema final : public Schema {
 public:
  // Compiles `schema_document`, which is copied. `formats` are known beside built_in_formats(). `shared` is a document
  // whose $defs all schemas may refer to; null when there is none. On failure schema.load with every fault of the
  // schema: path and position in the document that holds it.
  [[nodiscard]] static Result<std::unique_ptr<Schema>> compile(std::string name, const Node& schema_document,
                                                               std::span<const FormatCheck> formats = {},
                                                               const Node* shared = nullptr);
  ~JsonSchema() override;

  // Faults are in the order of their places in the source. A fault inside anyOf, oneOf, not and if is not told;
  // the keyword is. False as soon as one fault of grade error was found, even if `max_faults` left no room for it.
  bool validate(const Node& root, std::vector<Fault>& faults, std::size_t max_faults = 100) const override;
  [[nodiscard]] const FieldNode& fields() const override;
  [[nodiscard]] const std::string& name() const override;

 private:
  struct Parts;
  explicit JsonSchema(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongqu
