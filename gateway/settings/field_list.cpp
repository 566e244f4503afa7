#include "gateway/settings/field_list.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <set>

#include "gateway/settings/scalars.hpp"

namespace tongqu {
namespace {

Range default_range(SettingType type) {
  switch (type) {
    case SettingType::kText: return {0, 1024};
    case SettingType::kPath:
    case SettingType::kUrl: return {1, 2048};
    case SettingType::kNetwork:
    case SettingType::kTime:
    case SettingType::kDate:
    case SettingType::kWindow: return {1, 64};
    case SettingType::kDuration: return {0, 366LL * 86'400'000};
    case SettingType::kSize: return {0, 1LL << 40U};
    case SettingType::kList:
    case SettingType::kMap: return {0, 1000};
    default: return {kNoMin, kNoMax};
  }
}

std::string joined(std::span<const std::string_view> words, std::string_view last_separator) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last_separator : std::string_view(", ");
    out += words[i];
  }
  return out;
}

Words text_expectation(const FieldSpec& spec) {
  if (!spec.refers_to.empty())
    return {"the name of a " + std::string(spec.refers_to), "一个已配置的 " + std::string(spec.refers_to) + " 的名称"};
  if (!spec.pattern_en.empty()) return {std::string(spec.pattern_en), std::string(spec.pattern_zh)};
  const Range range = range_of(spec);
  const std::string from = std::to_string(range.min);
  const std::string to = std::to_string(range.max);
  return {"text of " + from + " to " + to + " characters", from + " 至 " + to + " 个字符的文本"};
}

Words numeric_expectation(const FieldSpec& spec) {
  const Range range = range_of(spec);
  const std::string from = format_number(spec.type, range.min);
  const std::string to = format_number(spec.type, range.max);
  const std::string unit = spec.unit.empty() ? "" : " " + std::string(spec.unit);
  if (spec.type == SettingType::kDuration)
    return {"a duration from " + from + " to " + to + ", with its unit (ms, s, m, h, d)",
            from + " 至 " + to + " 之间的时长，须带单位（ms、s、m、h、d）"};
  if (spec.type == SettingType::kSize)
    return {"a size from " + from + " to " + to + ", with its unit (B, KiB, MiB, GiB)",
            from + " 至 " + to + " 之间的大小，须带单位（B、KiB、MiB、GiB）"};
  return {"a whole number from " + from + " to " + to + unit, from + " 至 " + to + unit + " 之间的整数"};
}

// Collects the defects of one list and of everything below it.
class DefectFinder {
 public:
  explicit DefectFinder(SpecList specs) : specs_(specs) {}
  std::vector<std::string> take() { return std::move(defects_); }

  void list(FieldList fields, const std::string& path, const FieldSpec* owner) {
    std::set<std::string_view> names;
    for (const FieldSpec& field : fields) {
      const std::string at = path + "." + std::string(field.name);
      if (!names.insert(field.name).second) add(at, "is declared twice");
      one(field, at, owner != nullptr && owner->selector == field.name ? owner : nullptr);
    }
  }

 private:
  void add(const std::string& path, std::string_view what) { defects_.push_back(path + " " + std::string(what)); }

  void one(const FieldSpec& field, const std::string& at, const FieldSpec* selects) {
    if (field.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string_view::npos)
      add(at, "is not snake_case");
    if (field.en.empty() || field.zh.empty()) add(at, "has no help in both languages");
    const auto words = words_of(field, selects, specs_);
    if (field.type == SettingType::kEnum && words.empty()) add(at, "is an enum without words");
    const Range range = range_of(field);
    if (field.type == SettingType::kInteger && (range.min == kNoMin || range.max == kNoMax)) add(at, "has no range");
    if (range.min > range.max) add(at, "has an empty range");
    if (field.required && !field.default_text.empty()) add(at, "is required and has a default");
    if (!field.pattern.empty()) pattern(field, at);
    if (!field.default_text.empty() &&
        read_scalar(field, words, field.default_text, false).verdict != ScalarVerdict::kGood)
      add(at, "refuses its own default");
    composite(field, at);
  }

  void pattern(const FieldSpec& field, const std::string& at) {
    if (!RE2(re2::StringPiece(field.pattern.data(), field.pattern.size()), RE2::Quiet).ok())
      add(at, "has a pattern that is no regular expression");
    if (field.pattern_en.empty() || field.pattern_zh.empty()) add(at, "does not put its pattern into words");
  }

  void composite(const FieldSpec& field, const std::string& at) {
    const bool holds_items = field.type == SettingType::kList || field.type == SettingType::kMap;
    if (holds_items != (field.item != nullptr)) add(at, "needs an item if, and only if, it is a list or a map");
    if (field.item != nullptr) one(*field.item, at + "[]", nullptr);
    if (field.type != SettingType::kObject) return;
    if (field.fields.empty()) add(at, "is an object without fields");
    list(field.fields, at, &field);
    if (!field.variant_kind.empty() &&
        std::none_of(field.fields.begin(), field.fields.end(), [&](const FieldSpec& member) {
          return member.name == field.selector && member.type == SettingType::kEnum && member.required;
        }))
      add(at, "has variants but no required enum that selects one");
  }

  SpecList specs_;
  std::vector<std::string> defects_;
};

}  // namespace

std::string_view name_of(SettingType type) {
  static constexpr std::array<std::string_view, 17> kNames{
      "text", "integer", "boolean", "duration", "size",   "enum", "secret", "reference", "path",
      "url",  "network", "time",    "date",     "window", "list", "map",    "object"};
  return kNames[static_cast<std::size_t>(type)];
}

Range range_of(const FieldSpec& spec) {
  const Range by_type = default_range(spec.type);
  return {spec.min == kNoMin ? by_type.min : spec.min, spec.max == kNoMax ? by_type.max : spec.max};
}

const PluginSpec* find_variant(SpecList specs, std::string_view kind, std::string_view variant) {
  const auto found = std::find_if(specs.begin(), specs.end(), [&](const PluginSpec* spec) {
    return spec->place == SpecPlace::kVariant && spec->kind == kind && spec->variant == variant;
  });
  return found == specs.end() ? nullptr : *found;
}

std::vector<std::string_view> words_of(const FieldSpec& spec, const FieldSpec* selects, SpecList specs) {
  std::vector<std::string_view> words(spec.words.begin(), spec.words.end());
  if (selects == nullptr || selects->variant_kind.empty()) return words;
  for (const PluginSpec* variant : specs) {
    if (variant->place == SpecPlace::kVariant && variant->kind == selects->variant_kind)
      words.push_back(variant->variant);
  }
  return words;
}

Words expectation(const FieldSpec& spec, std::span<const std::string_view> words) {
  const Range range = range_of(spec);
  const std::string most = std::to_string(range.max);
  switch (spec.type) {
    case SettingType::kText: return text_expectation(spec);
    case SettingType::kInteger:
    case SettingType::kDuration:
    case SettingType::kSize: return numeric_expectation(spec);
    case SettingType::kBoolean: return {"true or false", "true 或 false"};
    case SettingType::kEnum: return {"one of " + joined(words, " or "), "下列之一：" + joined(words, ", ")};
    case SettingType::kSecret:
    case SettingType::kReference:
      return {"a reference: ${file:name} or ${env:NAME}", "引用：${file:文件名} 或 ${env:变量名}"};
    case SettingType::kPath: return {"a file or folder name", "文件名或文件夹名"};
    case SettingType::kUrl:
      return {"an http:// or https:// address without user and password", "http:// 或 https:// 地址，不含用户名和口令"};
    case SettingType::kNetwork: return {"an address block such as 10.0.0.0/8", "网段，例如 10.0.0.0/8"};
    case SettingType::kTime: return {"a time such as 22:00", "时刻，例如 22:00"};
    case SettingType::kDate: return {"a date such as 2026-12-31", "日期，例如 2026-12-31"};
    case SettingType::kWindow: return {"a window such as 22:00-06:00", "时段，例如 22:00-06:00"};
    case SettingType::kList:
      return {"a list of " + std::to_string(range.min) + " to " + most + " entries",
              std::to_string(range.min) + " 至 " + most + " 项的列表"};
    case SettingType::kMap: return {"names with values, at most " + most, "名称与值的对照，最多 " + most + " 项"};
    case SettingType::kObject: return {"an object with its fields", "带字段的对象"};
  }
  return {};
}

std::vector<std::string> defects_of(SpecList specs) {
  DefectFinder finder(specs);
  for (const PluginSpec* spec : specs) {
    std::string name(spec->kind);
    if (!spec->variant.empty()) name += ":" + std::string(spec->variant);
    finder.list(spec->fields, name, nullptr);
  }
  return finder.take();
}

}  // namespace tongqu
