#include <algorithm>
#include <ostream>

#include "gateway/core/jcs.hpp"
#include "gateway/settings/reference.hpp"
#include "gateway/settings/scalars.hpp"

namespace tongqu {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// Writes indented JSON; the nesting is the caller's.
class SchemaWriter {
 public:
  SchemaWriter(std::ostream& out, SpecList specs) : out_(out), specs_(specs) {}

  void run() {
    open("{");
    member("$schema", quoted("http://json-schema.org/draft-07/schema#"));
    key("definitions");
    open("{");
    for (const PluginSpec* spec : specs_) {
      if (spec->place == SpecPlace::kVariant) continue;
      key(spec->kind);
      open("{");
      member("description", quoted(std::string(spec->zh) + " " + std::string(spec->en)));
      object(spec->fields, nullptr);
      close("}");
    }
    close("}");
    close("}");
    out_ << '\n';
  }

 private:
  void line() { out_ << '\n' << std::string(depth_ * 2, ' '); }
  void separate() {
    if (!first_) out_ << ',';
    first_ = false;
    line();
  }
  void open(std::string_view bracket) {
    out_ << bracket;
    ++depth_;
    first_ = true;
  }
  void close(std::string_view bracket) {
    --depth_;
    line();
    out_ << bracket;
    first_ = false;
  }
  void key(std::string_view name) {
    separate();
    out_ << quoted(name) << ": ";
  }
  void member(std::string_view name, const std::string& json) {
    key(name);
    out_ << json;
  }
  void words(std::string_view name, const std::vector<std::string_view>& list) {
    std::string json = "[";
    for (const std::string_view word : list) json += (json.size() > 1 ? ", " : "") + quoted(word);
    member(name, json + "]");
  }

  void object(FieldList fields, const FieldSpec* owner) {
    member("type", quoted("object"));
    std::vector<std::string_view> required;
    for (const FieldSpec& field : fields) {
      if (field.required) required.push_back(field.name);
    }
    if (!required.empty()) words("required", required);
    const bool has_variants = owner != nullptr && !owner->variant_kind.empty();
    key("properties");
    open("{");
    properties(fields, owner);
    if (has_variants) variant_properties(*owner);
    close("}");
    member("additionalProperties", "false");
    if (has_variants) variant_conditions(*owner);
  }

  void properties(FieldList fields, const FieldSpec* owner) {
    for (const FieldSpec& field : fields) {
      key(field.name);
      open("{");
      schema(field, owner != nullptr && owner->selector == field.name ? owner : nullptr);
      close("}");
    }
  }

  // Variants may share names ("key_id"); the first that brings a name describes it.
  void variant_properties(const FieldSpec& owner) {
    std::vector<std::string_view> seen;
    for (const PluginSpec* variant : specs_) {
      if (variant->place != SpecPlace::kVariant || variant->kind != owner.variant_kind) continue;
      for (const FieldSpec& field : variant->fields) {
        if (std::find(seen.begin(), seen.end(), field.name) != seen.end()) continue;
        seen.push_back(field.name);
        key(field.name);
        open("{");
        schema(field, nullptr);
        close("}");
      }
    }
  }

  // if selector = variant then its required fields.
  void variant_conditions(const FieldSpec& owner) {
    key("allOf");
    open("[");
    for (const PluginSpec* variant : specs_) {
      if (variant->place != SpecPlace::kVariant || variant->kind != owner.variant_kind) continue;
      std::vector<std::string_view> required;
      for (const FieldSpec& field : variant->fields) {
        if (field.required) required.push_back(field.name);
      }
      separate();
      open("{");
      member("if", "{\"properties\": {" + quoted(owner.selector) + ": {\"const\": " + quoted(variant->variant) + "}}}");
      key("then");
      open("{");
      words("required", required);
      close("}");
      close("}");
    }
    close("]");
  }

  void schema(const FieldSpec& field, const FieldSpec* selects) {
    std::string help = std::string(field.zh) + " " + std::string(field.en);
    if (!field.default_text.empty()) help += " 默认 default: " + std::string(field.default_text);
    member("description", quoted(help));
    switch (field.type) {
      case SettingType::kInteger: return integer(field);
      case SettingType::kBoolean: return member("type", quoted("boolean"));
      case SettingType::kDuration: return text_with("^[0-9]+(ms|s|m|h|d)$");
      case SettingType::kSize: return text_with("^[0-9]+(B|KiB|MiB|GiB)$");
      case SettingType::kEnum: return words("enum", words_of(field, selects, specs_));
      case SettingType::kSecret:
      case SettingType::kReference: return text_with("^\\$\\{(file:[^{}$]+|env:[A-Za-z_][A-Za-z0-9_]*)\\}$");
      case SettingType::kUrl: return text_with("^https?://");
      case SettingType::kNetwork: return text_with("^[0-9A-Fa-f.:]+/[0-9]+$");
      case SettingType::kTime: return text_with("^[0-9]{2}:[0-9]{2}$");
      case SettingType::kDate: return text_with("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
      case SettingType::kWindow: return text_with("^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$");
      case SettingType::kText:
      case SettingType::kPath: return text(field);
      case SettingType::kList:
      case SettingType::kMap: return entries(field);
      case SettingType::kObject: return object(field.fields, &field);
    }
  }

  void integer(const FieldSpec& field) {
    member("type", quoted("integer"));
    member("minimum", std::to_string(range_of(field).min));
    member("maximum", std::to_string(range_of(field).max));
  }
  void text_with(std::string_view pattern) {
    member("type", quoted("string"));
    member("pattern", quoted(pattern));
  }
  void text(const FieldSpec& field) {
    // Plain numbers are texts here as well: the reader takes them as written.
    member("type", "[\"string\", \"number\", \"boolean\"]");
    member("minLength", std::to_string(range_of(field).min));
    member("maxLength", std::to_string(range_of(field).max));
    if (!field.pattern.empty()) member("pattern", quoted("^(" + std::string(field.pattern) + ")$"));
  }
  void entries(const FieldSpec& field) {
    const bool is_list = field.type == SettingType::kList;
    member("type", quoted(is_list ? "array" : "object"));
    member(is_list ? "minItems" : "minProperties", std::to_string(range_of(field).min));
    member(is_list ? "maxItems" : "maxProperties", std::to_string(range_of(field).max));
    key(is_list ? "items" : "additionalProperties");
    open("{");
    schema(*field.item, nullptr);
    close("}");
  }

  std::ostream& out_;
  SpecList specs_;
  std::size_t depth_ = 0;
  bool first_ = true;
};

}  // namespace

void write_editor_schema(std::ostream& out, SpecList specs) { SchemaWriter(out, specs).run(); }

}  // namespace tongqu
