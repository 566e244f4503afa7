#include "gateway/settings/reference.hpp"

#include <ostream>

#include "gateway/settings/scalars.hpp"

namespace tongqu {
namespace {

std::string name_of(const PluginSpec& spec) {
  std::string name(spec.kind);
  if (!spec.variant.empty()) name.append(":").append(spec.variant);
  return name;
}

// Text for a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& words, std::string_view separator) {
  std::string out;
  for (const std::string_view word : words) out.append(out.empty() ? "" : separator).append(word);
  return out;
}

bool has_range(const FieldSpec& spec) {
  return spec.type != SettingType::kBoolean && spec.type != SettingType::kEnum && spec.type != SettingType::kSecret &&
         spec.type != SettingType::kReference && spec.type != SettingType::kObject;
}

std::string range_text(const FieldSpec& spec) {
  const Range range = range_of(spec);
  std::string out = format_number(spec.type, range.min) + "…" + format_number(spec.type, range.max);
  if (!spec.unit.empty()) out.append(" ").append(spec.unit);
  return out;
}

// Calls `visit(path, field, words)` for every field below `fields`, parents first.
template <class Visit>
void for_each_field(FieldList fields, SpecList specs, const std::string& prefix, const FieldSpec* owner,
                    const Visit& visit) {
  for (const FieldSpec& field : fields) {
    const FieldSpec* selects = owner != nullptr && owner->selector == field.name ? owner : nullptr;
    const std::string path = prefix + std::string(field.name);
    visit(path, field, words_of(field, selects, specs));
    const FieldSpec* inner = field.item == nullptr ? &field : field.item;
    const std::string below = path + (field.type == SettingType::kList  ? "[]."
                                      : field.type == SettingType::kMap ? ".*."
                                                                        : ".");
    if (field.item != nullptr && inner->fields.empty())
      visit(below.substr(0, below.size() - 1), *inner, words_of(*inner, nullptr, specs));
    for_each_field(inner->fields, specs, below, inner, visit);
  }
}

std::string place_of(const PluginSpec& spec) {
  switch (spec.place) {
    case SpecPlace::kFile: return std::string(spec.where);
    case SpecPlace::kFolder: return std::string(spec.where) + "/<id>.yaml";
    case SpecPlace::kVariant: break;
  }
  return {};
}

std::string form_of(const FieldSpec& field, const std::vector<std::string_view>& words) {
  if (!words.empty()) return cell(joined(words, " | "));
  if (!has_range(field)) return "";
  return range_text(field);
}

void write_rows(std::ostream& out, const PluginSpec& spec, SpecList specs) {
  out << "| 字段 field | 类型 type | 范围 range | 默认 default | 必填 required | 说明 | help |\n"
         "|---|---|---|---|---|---|---|\n";
  for_each_field(spec.fields, specs, "", nullptr,
                 [&](const std::string& path, const FieldSpec& field, const std::vector<std::string_view>& words) {
                   out << "| `" << path << "` | " << name_of(field.type) << " | " << form_of(field, words) << " | "
                       << cell(field.default_text) << " | " << (field.required ? "是 yes" : "") << " | "
                       << cell(field.zh) << " | " << cell(field.en) << " |\n";
                 });
}

}  // namespace

void write_reference(std::ostream& out, SpecList specs) {
  out << "# 配置参考 · Settings reference\n\n"
         "由字段清单生成，请勿手工修改。Generated from the field lists; do not edit.\n\n"
         "时长须带单位 `ms` `s` `m` `h` `d`，大小须带单位 `B` `KiB` `MiB` `GiB`。\n"
         "Durations carry a unit (`ms`, `s`, `m`, `h`, `d`), sizes too (`B`, `KiB`, `MiB`, `GiB`).\n"
         "`secret`、`reference` 只能写引用：`${file:文件名}` 或 `${env:变量名}`，相对文件名以密钥文件夹为起点。\n"
         "`secret` and `reference` are references only: `${file:name}`, relative to the folder of secrets, or "
         "`${env:NAME}`.\n";
  for (const PluginSpec* spec : specs) {
    out << "\n## `" << name_of(*spec) << "` " << spec->zh << ' ' << spec->en << "\n\n";
    const std::string place = place_of(*spec);
    if (!place.empty()) out << "文件 file: `" << place << "`\n\n";
    if (spec->fields.empty()) {
      out << "没有字段。No fields.\n";
    } else {
      write_rows(out, *spec, specs);
    }
  }
}

void write_manifest(std::ostream& out, SpecList specs) {
  for (const PluginSpec* spec : specs) {
    const std::string name = name_of(*spec);
    const std::string place = place_of(*spec);
    out << name << " · " << (place.empty() ? "variant" : place) << '\n';
    for_each_field(spec->fields, specs, "", nullptr,
                   [&](const std::string& path, const FieldSpec& field, const std::vector<std::string_view>& words) {
                     out << name << ' ' << path << ' ' << name_of(field.type);
                     if (has_range(field)) out << ' ' << range_text(field);
                     if (!words.empty()) out << ' ' << joined(words, "|");
                     if (field.required) out << " required";
                     if (!field.default_text.empty()) out << " default=" << field.default_text;
                     if (!field.pattern.empty()) out << " pattern=" << field.pattern;
                     if (!field.refers_to.empty()) out << " refers-to=" << field.refers_to;
                     if (!field.file_form.empty()) out << " file=" << field.file_form;
                     if (!field.unique.empty()) out << " unique=" << field.unique;
                     if (field.hidden) out << " hidden";
                     out << '\n';
                   });
  }
}

}  // namespace tongqu
