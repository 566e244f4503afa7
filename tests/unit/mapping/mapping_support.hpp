#pragma once
// Schemas, tables and short forms for the tests of mappings.
#include <gtest/gtest.h>

#include <map>

#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/mapping/mapping.hpp"

namespace tongqu::test {

// A field tree out of "name: type" lines, indented by two for members; "!" behind the type = required, "?" = an
// empty text is absent, "list text" = list of texts, "list" = list of objects whose members are indented.
[[nodiscard]] FieldNode fields_of(std::string_view text);

class FixedTable final : public CodeTable {
 public:
  FixedTable(std::string name, std::string version, std::map<std::string, Hit, std::less<>> hits)
      : name_(std::move(name)), version_(std::move(version)), hits_(std::move(hits)) {}
  [[nodiscard]] const Hit* find(std::string_view from) const override {
    const auto found = hits_.find(from);
    return found == hits_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] const std::string& version() const override { return version_; }

 private:
  std::string name_, version_;
  std::map<std::string, Hit, std::less<>> hits_;
};

class FixedTables final : public TableSet {
 public:
  FixedTables();
  [[nodiscard]] const CodeTable* find_table(std::string_view name) const override;

 private:
  std::vector<std::unique_ptr<FixedTable>> tables_;
};

class FixedSchemas final : public SchemaLookup {
 public:
  FixedSchemas();
  void add(std::string name, FieldNode fields) { trees_.insert_or_assign(std::move(name), std::move(fields)); }
  [[nodiscard]] const FieldNode* find_fields(std::string_view schema) const override;
  [[nodiscard]] std::vector<std::string> names() const override;

 private:
  std::map<std::string, FieldNode, std::less<>> trees_;
};

[[nodiscard]] const FixedTables& tables();
[[nodiscard]] const FixedSchemas& schemas();

// Compiles; a failure is shown with all its faults.
[[nodiscard]] std::unique_ptr<Mapping> compiled(const std::string& text);
// Rules in front of which the header for the schemas "in@1" and "out@1" is put (three lines).
[[nodiscard]] std::string with_header(const std::string& rules);
// "4:10 mapping.unknown-source-field x → y" per fault, or empty.
[[nodiscard]] std::vector<std::string> load_faults(const std::string& text);

struct Mapped {
  Document document;
  MapOutcome outcome;
  std::vector<MapTrace> trace;
  std::string json;                // the document
  std::vector<std::string> flags;  // "map.date $.at error"
};
[[nodiscard]] Mapped run(const Mapping& mapping, const std::string& json);
[[nodiscard]] Mapped run(const std::string& rules, const std::string& json);
[[nodiscard]] const MapTrace* trace_of(const Mapped& mapped, std::string_view output);

}  // namespace tongqu::test
