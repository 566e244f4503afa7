#include "transforms/schema/field_builder.hpp"

#include <algorithm>
#include <array>

#include "transforms/schema/labels.hpp"

namespace tongqu::schema {
namespace {

using Parts = std::vector<const Node*>;

// What children take over from above.
struct Inherited {
  std::optional<Label> label;
  bool empty_absent = false;
};

std::string_view text_of(const Node* value) {
  return value != nullptr && value->kind == Kind::kText ? value->text : std::string_view{};
}

class FieldBuilder {
 public:
  explicit FieldBuilder(const Definitions& definitions) : definitions_(definitions) {}

  // `parts` are schemas of one value.
  void build(const Parts& parts, const Inherited& inherited, FieldNode& out) const {
    const Parts all = flatten(parts);
    if (const Node* title = first(all, "title"); title != nullptr) out.title_zh = title->text;
    Inherited below = inherited;
    if (const Node* privacy = first(all, "x-privacy"); privacy != nullptr) {
      Label label;
      if (read_label(*privacy, label).empty()) below.label = label;
    }
    if (const Node* empty = first(all, "x-empty"); empty != nullptr) below.empty_absent = empty->text == "absent";
    out.label = below.label;
    out.empty_absent = below.empty_absent;
    out.type = type_of(all);
    if (out.type == FieldType::kObject || out.type == FieldType::kAny) add_members(all, below, out);
    if (out.type == FieldType::kList) {
      out.element.resize(1);
      build(values_of(all, "items"), below, out.element.front());
    }
  }

 private:
  // Every schema that applies to the value, in the order of precedence.
  [[nodiscard]] Parts flatten(const Parts& parts) const {
    Parts all;
    for (const Node* part : parts) add_flat(*part, all);
    return all;
  }
  void add_flat(const Node& part, Parts& all) const {
    if (part.kind != Kind::kObject) return;
    all.push_back(&part);
    if (const Node* reference = part.find("$ref"); reference != nullptr) {
      if (const Node* target = definitions_.find(reference->text); target != nullptr) add_flat(*target, all);
    }
    if (const Node* all_of = part.find("allOf"); all_of != nullptr) {
      for (const Node& one : children(*all_of)) add_flat(one, all);
    }
  }

  static const Node* first(const Parts& parts, std::string_view keyword) {
    for (const Node* part : parts) {
      if (const Node* value = part->find(keyword); value != nullptr) return value;
    }
    return nullptr;
  }
  static Parts values_of(const Parts& parts, std::string_view keyword) {
    Parts values;
    for (const Node* part : parts) {
      if (const Node* value = part->find(keyword); value != nullptr) values.push_back(value);
    }
    return values;
  }

  // The one type beside null, else empty.
  static std::string_view json_type(const Parts& parts) {
    const Node* type = first(parts, "type");
    if (type == nullptr || type->kind == Kind::kText) return text_of(type);
    std::string_view found;
    for (const Node& name : children(*type)) {
      if (name.text == "null") continue;
      if (!found.empty()) return {};
      found = name.text;
    }
    return found;
  }

  static FieldType type_of(const Parts& parts) {
    struct Entry {
      std::string_view name;
      FieldType type;
    };
    static constexpr std::array<Entry, 4> kOwn{{{"integer", FieldType::kInteger},
                                                {"decimal", FieldType::kDecimal},
                                                {"instant", FieldType::kInstant},
                                                {"text", FieldType::kText}}};
    static constexpr std::array<Entry, 5> kJson{{{"integer", FieldType::kInteger},
                                                 {"number", FieldType::kDecimal},
                                                 {"boolean", FieldType::kBoolean},
                                                 {"array", FieldType::kList},
                                                 {"object", FieldType::kObject}}};
    const std::string_view own = text_of(first(parts, "x-type"));
    for (const Entry& entry : kOwn) {
      if (entry.name == own) return entry.type;
    }
    const std::string_view json = json_type(parts);
    if (json == "string") {
      return text_of(first(parts, "format")) == "date-time" ? FieldType::kInstant : FieldType::kText;
    }
    for (const Entry& entry : kJson) {
      if (entry.name == json) return entry.type;
    }
    return FieldType::kAny;
  }

  static bool is_required(const Parts& lists, std::string_view member) {
    for (const Node* list : lists) {
      for (const Node& name : children(*list)) {
        if (name.text == member) return true;
      }
    }
    return false;
  }

  void add_members(const Parts& all, const Inherited& below, FieldNode& out) const {
    std::vector<std::pair<std::string_view, Parts>> members;
    for (const Node* properties : values_of(all, "properties")) {
      for (const Node& property : children(*properties)) {
        const auto known = std::find_if(members.begin(), members.end(),
                                        [&](const auto& member) { return member.first == property.name; });
        if (known != members.end()) {
          known->second.push_back(&property);
        } else {
          members.emplace_back(property.name, Parts{&property});
        }
      }
    }
    const Parts required = values_of(all, "required");
    out.members.resize(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      FieldNode& field = out.members[i];
      field.name = members[i].first;
      field.required = is_required(required, field.name);
      build(members[i].second, below, field);
    }
  }

  const Definitions& definitions_;
};

}  // namespace

FieldNode build_fields(const Node& document, const Definitions& definitions) {
  FieldNode root;
  FieldBuilder(definitions).build({&document}, {}, root);
  return root;
}

}  // namespace tongqu::schema
