#include "gateway/settings/partner_template.hpp"

#include <ostream>

namespace tongqu {
namespace {

class Writer {
 public:
  Writer(std::ostream& out, const PartnerTemplate& what, SpecList specs) : out_(out), what_(what), specs_(specs) {}

  void fields(FieldList list, const FieldSpec* owner, int depth) {
    for (const FieldSpec& field : list) {
      if (owner == nullptr && !wanted(field)) continue;
      const bool chooses = owner != nullptr && owner->selector == field.name;
      help(field, depth);
      if (chooses) {
        line(depth, true, field, variant(*owner));
      } else if (field.type == SettingType::kObject && (field.required || owner == nullptr)) {
        object(field, depth);
      } else if (owner != nullptr && field.name == "services") {
        services(field, depth);
      } else {
        line(depth, field.required || has_value(field), field, value_of(field));
      }
    }
    if (owner == nullptr || owner->variant_kind.empty()) return;
    const PluginSpec* chosen = find_variant(specs_, owner->variant_kind, variant(*owner));
    if (chosen != nullptr) fields(chosen->fields, &kNoVariants, depth);
  }

 private:
  static constexpr FieldSpec kNoVariants{};

  // Of a partner's own members inbound, outbound and pull only what was asked for.
  [[nodiscard]] bool wanted(const FieldSpec& field) const {
    if (field.name == "inbound") return !what_.inbound.empty();
    if (field.name == "outbound") return !what_.outbound.empty();
    return field.type != SettingType::kObject;
  }
  [[nodiscard]] std::string variant(const FieldSpec& owner) const {
    if (owner.name == "inbound") return what_.inbound;
    if (owner.name == "outbound") return what_.outbound;
    for (const PluginSpec* spec : specs_) {
      if (spec->place == SpecPlace::kVariant && spec->kind == owner.variant_kind) return std::string(spec->variant);
    }
    return {};
  }
  [[nodiscard]] bool has_value(const FieldSpec& field) const {
    return field.name == "title_zh" || field.name == "title_en";
  }

  [[nodiscard]] std::string value_of(const FieldSpec& field) const {
    if (field.name == "title_zh") return "\"" + what_.title_zh + "\"";
    if (field.name == "title_en") return "\"" + what_.title_en + "\"";
    if (field.name == "basis") return "\"assumed: \"";
    if (!field.default_text.empty()) return std::string(field.default_text);
    switch (field.type) {
      case SettingType::kSecret:
      case SettingType::kReference: return "${file:" + what_.id + "." + std::string(field.name) + "}";
      case SettingType::kEnum: return field.words.empty() ? "" : std::string(field.words[0]);
      case SettingType::kList: return "[]";
      case SettingType::kMap:
      case SettingType::kObject: return "{}";
      case SettingType::kBoolean: return "false";
      default: return "\"\"";
    }
  }

  void indent(int depth) { out_ << std::string(static_cast<std::size_t>(depth) * 2, ' '); }
  void help(const FieldSpec& field, int depth) {
    indent(depth);
    out_ << "# " << field.zh << ' ' << field.en << '\n';
  }
  void line(int depth, bool active, const FieldSpec& field, const std::string& value) {
    indent(depth);
    out_ << (active ? "" : "# ") << field.name << ": " << value << '\n';
  }
  void object(const FieldSpec& field, int depth) {
    indent(depth);
    out_ << field.name << ":\n";
    fields(field.fields, &field, depth + 1);
  }
  void services(const FieldSpec& field, int depth) {
    indent(depth);
    out_ << field.name << ":\n";
    for (const std::string& service : what_.services) {
      const std::string last = service.substr(service.rfind('.') + 1);
      indent(depth + 1);
      out_ << "- service: " << service << '\n';
      for (const std::string& text :
           {"schema: " + what_.id + "." + last + "@1", "mapping: " + what_.id + "/" + last + "-in",
            std::string("dedup:"), std::string("  number: number")}) {
        indent(depth + 2);
        out_ << text << '\n';
      }
    }
  }

  std::ostream& out_;
  const PartnerTemplate& what_;
  SpecList specs_;
};

}  // namespace

void write_partner_template(std::ostream& out, const PartnerTemplate& what, SpecList specs) {
  for (const PluginSpec* spec : specs) {
    if (spec->kind == "partner") Writer(out, what, specs).fields(spec->fields, nullptr, 0);
  }
}

}  // namespace tongqu
