#pragma once
// What is known of the fields of a record: names, types, titles, privacy labels. A compiled schema yields one tree;
// mappings check their types against it, views read their labels from it.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongqu {

// Types of canonical values (docs/mapping.md). kAny stands where a schema says nothing; no mapping may write to it.
enum class FieldType : std::uint8_t { kText, kInteger, kDecimal, kBoolean, kInstant, kList, kObject, kAny };

// Privacy label, `x-privacy` of the schema. An absent label means: secret (dropped for everybody).
struct Label {
  std::string kind;     // none|name|phone|id|address|bank|email|plate|free-text|order|place|time|code|link|…
  std::string subject;  // complainant|informant|agent|respondent|officer; empty when kind is "none"
  friend bool operator==(const Label&, const Label&) = default;
};

// One field and what is below it. Immutable after the schema was compiled; any thread may read.
struct FieldNode {
  std::string name;      // member name; empty for the root and for list elements
  std::string title_zh;  // Chinese title, `title` of the schema
  FieldType type = FieldType::kAny;
  std::optional<Label> label;  // own label, else the nearest labelled ancestor's; empty = secret
  bool required = false;
  bool empty_absent = false;       // `x-empty: absent`: an empty string counts as absent
  std::vector<FieldNode> members;  // objects, in schema order
  std::vector<FieldNode> element;  // lists: exactly one

  [[nodiscard]] const FieldNode* find(std::string_view member) const;
};

// Field at a dotted path; list elements are written "[]" or "[3]" ("attachments[].url"). nullptr if there is none.
[[nodiscard]] const FieldNode* field_at(const FieldNode& root, std::string_view path);

[[nodiscard]] std::string_view name_of(FieldType type);

}  // namespace tongqu
