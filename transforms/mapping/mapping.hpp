#pragma once
// The mapping language (docs/mapping.md): text → Mapper.
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/crypto.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/field_tree.hpp"
#include "gateway/core/mapper.hpp"
#include "transforms/mapping/functions.hpp"

namespace tongqu {

namespace mapping {
struct Program;
}

// Where mappings find the fields of their schemas.
class SchemaLookup {
 public:
  virtual ~SchemaLookup() = default;
  // The field tree of "city-a.workorder@1", nullptr if there is none. Needed while a mapping is compiled only.
  [[nodiscard]] virtual const FieldNode* find_fields(std::string_view schema) const = 0;
  // All names, for suggestions.
  [[nodiscard]] virtual std::vector<std::string> names() const { return {}; }
};

// One way on which a source field can reach an output field, as far as the text of the mapping tells.
struct SourceFlow {
  std::string path;                    // "$.files", inside each "$.items[].no"
  std::vector<std::string> functions;  // inner first
  std::vector<std::string> tables;     // "city-a/problem@2024-01"
  mapping::LabelFlow flow = mapping::LabelFlow::kPasses;
  bool choice = false;  // control dependence: condition, presence, length of a list; the value itself does not go
};
struct FieldFlow {
  std::string output;  // "attachments[].url"; empty for `when`: the verdict on the whole message
  std::uint32_t line = 0;
  bool keeps = false;  // `on fault keep`: the raw value of any source may reach the field and "kept"
  std::vector<SourceFlow> sources;
};

class Mapping final : public Mapper {
 public:
  ~Mapping() override;
  void map(const Node& in, Document& out, MapOutcome& outcome, std::vector<MapTrace>* trace) const override;
  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] const std::string& digest() const override { return digest_; }

  [[nodiscard]] const std::string& source_schema() const { return source_schema_; }
  [[nodiscard]] const std::string& target_schema() const { return target_schema_; }
  // Warnings of loading: required target fields without a rule.
  [[nodiscard]] std::span<const Fault> findings() const { return findings_; }
  // For the static proof of disclosure; one entry for each assignment and each `when`.
  [[nodiscard]] std::span<const FieldFlow> flows() const { return flows_; }
  [[nodiscard]] std::span<const std::string> tables() const { return tables_; }

 private:
  friend Result<std::unique_ptr<Mapping>> compile_mapping(std::string_view, std::string, const SchemaLookup&,
                                                          const TableSet&, const Suite*);
  Mapping();
  std::unique_ptr<mapping::Program> program_;
  std::string name_, digest_, source_schema_, target_schema_;
  std::vector<Fault> findings_;
  std::vector<FieldFlow> flows_;
  std::vector<std::string> tables_;
};

// Compiles the text of a .map file. `file_name` appears in the error. All that is wrong comes at once, each fault with
// its position (error mapping.invalid). The tables must outlive the mapping; the schemas need not. `suite` computes
// the digest over the text and the names and versions of its tables; without one the digest is FNV-1a, which tells
// changes apart and proves nothing.
[[nodiscard]] Result<std::unique_ptr<Mapping>> compile_mapping(std::string_view text, std::string file_name,
                                                               const SchemaLookup& schemas, const TableSet& tables,
                                                               const Suite* suite = nullptr);

}  // namespace tongqu
