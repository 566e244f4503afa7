#include "gateway/settings/validator.hpp"

#include <algorithm>
#include <set>

#include "gateway/core/text.hpp"
#include "gateway/settings/scalars.hpp"
#include "gateway/settings/settings_codes.hpp"

namespace tongqu {
namespace {

constexpr FieldSpec kTop{.name = "", .type = SettingType::kObject, .en = "The file.", .zh = "文件。"};
constexpr std::size_t kMaxWordBytes = 64;

const SettingsNode* member_of(const SettingsNode& node, std::string_view key) {
  const auto found =
      std::find_if(node.members.begin(), node.members.end(), [&](const SettingsMember& m) { return m.key == key; });
  return found == node.members.end() ? nullptr : &found->value;
}

bool knows(FieldList fields, std::string_view key) {
  return std::any_of(fields.begin(), fields.end(), [&](const FieldSpec& field) { return field.name == key; });
}

// Unknown keys appear in paths; anything that does not look like a key might be a value.
std::string below(const std::string& path, std::string_view key) {
  const bool is_word = key.size() <= kMaxWordBytes && std::all_of(key.begin(), key.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '_' || c == '-' || c == '.';
                       });
  if (!is_word) return path;
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

Words named(std::string_view name) { return {std::string(name), std::string(name)}; }

std::string nearest_boolean(std::string_view text) {
  static const std::set<std::string_view> kYes{"yes", "Yes", "YES", "on", "On", "True", "TRUE", "1", "是"};
  static const std::set<std::string_view> kNo{"no", "No", "NO", "off", "Off", "False", "FALSE", "0", "否"};
  return kYes.contains(text) ? "true" : kNo.contains(text) ? "false" : "";
}

const ErrorCode& code_of(ScalarVerdict verdict) {
  switch (verdict) {
    case ScalarVerdict::kBadForm: return codes::kSettingsBadForm;
    case ScalarVerdict::kOutOfRange: return codes::kSettingsOutOfRange;
    case ScalarVerdict::kUnknownWord: return codes::kSettingsUnknownWord;
    case ScalarVerdict::kGood:
    case ScalarVerdict::kWrongType: break;
  }
  return codes::kSettingsWrongType;
}

}  // namespace

std::string nearest_of(std::string_view word, const std::vector<std::string_view>& words) {
  if (word.size() > kMaxWordBytes) return {};
  return nearest_word(word, words.data(), words.size());
}

Validator::Validator(SpecList specs, std::string file, FaultSink& sink)
    : specs_(specs), file_(std::move(file)), shared_file_(std::make_shared<const std::string>(file_)), sink_(sink) {}

Setting Validator::check(const SettingsNode& root, const PluginSpec& spec) {
  Setting out = start(kTop);
  out.present_ = true;
  out.position_ = root.position;
  object(root, kTop, spec.fields, "", out);
  return out;
}

bool Validator::is_sensitive(std::uint32_t line) const {
  return std::any_of(sensitive_.begin(), sensitive_.end(),
                     [&](const auto& range) { return range.first <= line && line <= range.second; });
}

void Validator::mark_sensitive(const SettingsNode& node) {
  sensitive_.emplace_back(node.position.line, node.last_line);
}

void Validator::fault(const ErrorCode& code, Place place, const FieldSpec& spec, Words expected, std::string nearest) {
  sink_.add({.code = &code,
             .file = file_,
             .position = place.position,
             .path = std::move(place.path),
             .param = named(spec.name),
             .expected = std::move(expected),
             .nearest = std::move(nearest)});
}

Setting Validator::start(const FieldSpec& spec) const {
  Setting out;
  out.spec_ = &spec;
  out.key_ = spec.name;
  out.file_ = shared_file_;
  return out;
}

void Validator::fill_default(const FieldSpec& spec, const FieldSpec* selects, Setting& out) {
  if (spec.type == SettingType::kObject) {
    for (const FieldSpec& field : spec.fields)
      out.members_.push_back(value(nullptr, field, spec.selector == field.name ? &spec : nullptr, ""));
    return;
  }
  if (spec.default_text.empty()) return;
  out.text_ = spec.default_text;
  out.number_ = read_scalar(spec, words_of(spec, selects, specs_), spec.default_text, false).number;
}

Setting Validator::value(const SettingsNode* node, const FieldSpec& spec, const FieldSpec* selects,
                         const std::string& path) {
  Setting out = start(spec);
  bool good = false;
  if (node != nullptr) {
    out.position_ = node->position;
    if (spec.hidden) mark_sensitive(*node);
    switch (spec.type) {
      case SettingType::kList:
      case SettingType::kMap: good = entries(*node, spec, path, out); break;
      case SettingType::kReference:
      case SettingType::kSecret: good = secret(*node, spec, path, out); break;
      case SettingType::kObject:
        good = node->kind == SettingsNode::Kind::kMap;
        if (good) {
          object(*node, spec, spec.fields, path, out);
        } else {
          wrong_shape(*node, spec, path);
        }
        break;
      default: good = scalar(*node, spec, selects, path, out);
    }
  }
  out.present_ = good;
  if (!good) fill_default(spec, selects, out);
  return out;
}

const PluginSpec* Validator::variant_of(const SettingsNode& node, const FieldSpec& spec) const {
  if (spec.variant_kind.empty()) return nullptr;
  const SettingsNode* selected = member_of(node, spec.selector);
  return selected == nullptr ? nullptr : find_variant(specs_, spec.variant_kind, selected->text);
}

void Validator::object(const SettingsNode& node, const FieldSpec& spec, FieldList fields, const std::string& path,
                       Setting& out) {
  const PluginSpec* variant = variant_of(node, spec);
  const auto take = [&](FieldList list) {
    for (const FieldSpec& field : list) {
      const SettingsNode* member = member_of(node, field.name);
      const FieldSpec* selects = spec.selector == field.name ? &spec : nullptr;
      const std::string at = path.empty() ? std::string(field.name) : path + "." + std::string(field.name);
      if (member == nullptr && field.required)
        fault(codes::kSettingsMissingKey, {node.position, at}, field,
              expectation(field, words_of(field, selects, specs_)));
      out.members_.push_back(value(member, field, selects, at));
    }
  };
  take(fields);
  if (variant != nullptr) take(variant->fields);
  unknown_keys(node, spec, fields, variant, path);
  exactly_one(node, spec, path);
}

void Validator::unknown_keys(const SettingsNode& node, const FieldSpec& spec, FieldList fields,
                             const PluginSpec* variant, const std::string& path) {
  std::vector<FieldList> lists{fields};
  for (const PluginSpec* each : specs_) {
    // While the variant is unknown, a field of any of them may be meant.
    const bool counts = each->place == SpecPlace::kVariant && !spec.variant_kind.empty() &&
                        each->kind == spec.variant_kind && (variant == nullptr || variant == each);
    if (counts) lists.push_back(each->fields);
  }
  for (const SettingsMember& member : node.members) {
    // Fields of a variant that was not found stay unchecked.
    if (!spec.variant_kind.empty() && variant == nullptr && !knows(fields, member.key)) mark_sensitive(member.value);
    if (std::any_of(lists.begin(), lists.end(), [&](FieldList list) { return knows(list, member.key); })) continue;
    std::vector<std::string_view> words;
    for (const FieldList& list : lists) {
      for (const FieldSpec& field : list) words.push_back(field.name);
    }
    mark_sensitive(member.value);
    sensitive_.emplace_back(member.key_position.line, member.key_position.line);
    const Words owner = path.empty() ? Words{"This file", "本文件"} : Words{"\"" + path + "\"", "“" + path + "”"};
    sink_.add({.code = &codes::kSettingsUnknownKey,
               .file = file_,
               .position = member.key_position,
               .path = below(path, member.key),
               .param = owner,
               .nearest = nearest_of(member.key, words)});
  }
}

void Validator::exactly_one(const SettingsNode& node, const FieldSpec& spec, const std::string& path) {
  if (spec.exactly_one.empty()) return;
  std::string names;
  int set = 0;
  for (const std::string_view name : spec.exactly_one) {
    set += member_of(node, name) != nullptr ? 1 : 0;
    names.append(names.empty() ? "" : " | ").append(name);
  }
  if (set == 1) return;
  sink_.add({.code = &codes::kSettingsExactlyOne,
             .file = file_,
             .position = node.position,
             .path = path,
             .param = {names, names}});
}

void Validator::wrong_shape(const SettingsNode& node, const FieldSpec& spec, const std::string& path) {
  // Nothing below was held against a field list, so anything may stand there.
  mark_sensitive(node);
  fault(codes::kSettingsWrongType, {node.position, path}, spec, expectation(spec, {}));
}

bool Validator::entries(const SettingsNode& node, const FieldSpec& spec, const std::string& path, Setting& out) {
  const bool is_list = spec.type == SettingType::kList;
  if (node.kind != (is_list ? SettingsNode::Kind::kList : SettingsNode::Kind::kMap)) {
    wrong_shape(node, spec, path);
    return false;
  }
  const std::size_t count = is_list ? node.items.size() : node.members.size();
  const Range range = range_of(spec);
  if (static_cast<std::int64_t>(count) < range.min || static_cast<std::int64_t>(count) > range.max) {
    mark_sensitive(node);
    fault(codes::kSettingsOutOfRange, {node.position, path}, spec, expectation(spec, {}));
    return false;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i)
    out.members_.push_back(value(&node.items[i], *spec.item, nullptr, path + "[" + std::to_string(i) + "]"));
  for (const SettingsMember& member : node.members) {
    out.members_.push_back(value(&member.value, *spec.item, nullptr, below(path, member.key)));
    out.members_.back().key_ = member.key;
  }
  unique_entries(spec, path, out);
  return true;
}

void Validator::unique_entries(const FieldSpec& spec, const std::string& path, const Setting& list) {
  if (spec.unique.empty()) return;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < list.members_.size(); ++i) {
    const Setting& entry = list.members_[i];
    if (!entry.present_ || !entry.has(spec.unique)) continue;
    const Setting& name = entry.member(spec.unique);
    if (seen.insert(name.text_).second) continue;
    fault(codes::kSettingsDuplicateName,
          {name.position_, path + "[" + std::to_string(i) + "]." + std::string(spec.unique)}, *name.spec_, {});
  }
}

bool Validator::secret(const SettingsNode& node, const FieldSpec& spec, const std::string& path, Setting& out) {
  const Words expected = expectation(spec, {});
  if (node.kind != SettingsNode::Kind::kScalar) {
    wrong_shape(node, spec, path);
    return false;
  }
  const auto ref = parse_secret_ref(node.text);
  if (!ref) {
    // Whatever stands here may be the secret itself, a broken reference included.
    mark_sensitive(node);
    const bool looks_like_reference = node.text.starts_with("${");
    const bool literal = spec.type == SettingType::kSecret && !looks_like_reference;
    fault(literal ? codes::kSecretLiteral : codes::kSecretBadReference, {node.position, path}, spec, expected);
    return false;
  }
  if (ref->scheme == SecretRef::Scheme::kPkcs11) {
    mark_sensitive(node);  // a PKCS#11 URI may carry its PIN
    fault(codes::kSecretPkcs11, {node.position, path}, spec, expected);
    return false;
  }
  out.text_ = node.text;
  return true;
}

bool Validator::scalar(const SettingsNode& node, const FieldSpec& spec, const FieldSpec* selects,
                       const std::string& path, Setting& out) {
  const auto words = words_of(spec, selects, specs_);
  const Place place{node.position, path};
  if (node.kind != SettingsNode::Kind::kScalar) {
    mark_sensitive(node);
    fault(codes::kSettingsWrongType, place, spec, expectation(spec, words));
    return false;
  }
  if (node.text.starts_with("${file:") || node.text.starts_with("${env:")) {
    fault(codes::kSettingsStrayReference, place, spec, expectation(spec, words));
    return false;
  }
  const Scalar scalar = read_scalar(spec, words, node.text, node.quoted);
  if (scalar.verdict != ScalarVerdict::kGood) {
    if (spec.type == SettingType::kUrl) mark_sensitive(node);  // an address may carry a password
    std::string nearest =
        spec.type == SettingType::kBoolean ? nearest_boolean(node.text) : nearest_of(node.text, words);
    fault(code_of(scalar.verdict), place, spec, expectation(spec, words), std::move(nearest));
    return false;
  }
  out.text_ = node.text;
  out.number_ = scalar.number;
  return true;
}

}  // namespace tongqu
