#include "gateway/settings/settings_loader.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "gateway/core/text.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "gateway/settings/validator.hpp"
#include "gateway/settings/yaml_reader.hpp"

namespace tongqu {
namespace {

constexpr std::array<std::string_view, 4> kDataFolders{"mappings", "schemas", "tables", "units"};

bool is_id(std::string_view id, bool dotted) {
  if (id.empty() || id.size() > (dotted ? 80U : 40U) || id.front() == '.' || id.back() == '.') return false;
  if (id.find("..") != std::string_view::npos) return false;
  return std::all_of(id.begin(), id.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (dotted && c == '.');
  });
}

Words named(std::string_view name) { return {std::string(name), std::string(name)}; }

void collect_names(FieldList fields, std::set<std::string_view>& names) {
  for (const FieldSpec& field : fields) {
    names.insert(field.name);
    collect_names(field.fields, names);
    if (field.item != nullptr) collect_names(field.item->fields, names);
  }
}

// "   - key: …" when the name of a field, or the unknown key that `shown_path` ends with, opens the line; else nothing.
// What follows may be confidential.
std::string key_part(std::string_view line, const std::set<std::string_view>& names, std::string_view shown_path) {
  const auto start = line.find_first_not_of(" -");
  if (start == std::string_view::npos) return {};
  const auto colon = line.find(':', start);
  if (colon == std::string_view::npos || colon == start || colon - start > kMaxSourceCodePoints) return {};
  const std::string_view key = line.substr(start, colon - start);
  if (!names.contains(key) && !shown_path.ends_with(key)) return {};
  const bool more = line.find_first_not_of(' ', colon + 1) != std::string_view::npos;
  return std::string(line.substr(0, colon + 1)) + (more ? " …" : "");
}

std::string shortened(std::string_view line) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < kMaxSourceCodePoints && at < line.size(); ++i) {
    if (!next_code_point(line, at)) break;
  }
  return std::string(line.substr(0, at));
}

class Loader {
 public:
  Loader(const ConfigImage& image, SpecList specs, FaultSink& sink) : image_(image), specs_(specs), sink_(sink) {
    for (const PluginSpec* spec : specs) collect_names(spec->fields, names_);
  }

  std::vector<Settings::Kind> run() {
    for (const PluginSpec* spec : specs_) {
      if (spec->place == SpecPlace::kVariant) continue;
      kinds_.push_back({spec->kind, spec->place == SpecPlace::kFile, {}});
      if (spec->place == SpecPlace::kFile && image_.find(spec->where) == nullptr)
        fault(codes::kSettingsFileMissing, std::string(spec->where), named(spec->where));
    }
    for (const ConfigFile& file : image_.files()) {
      if (file.path.ends_with(".yaml") || file.path.ends_with(".yml")) place(file);
    }
    check_references();
    for (Settings::Kind& kind : kinds_) {
      std::sort(kind.objects.begin(), kind.objects.end(),
                [](const NamedSetting& a, const NamedSetting& b) { return a.id < b.id; });
    }
    return std::move(kinds_);
  }

 private:
  void fault(const ErrorCode& code, const std::string& file, Words param, Words expected = {},
             std::string nearest = {}) {
    sink_.add({.code = &code,
               .file = file,
               .param = std::move(param),
               .expected = std::move(expected),
               .nearest = std::move(nearest)});
  }

  void place(const ConfigFile& file) {
    const auto slash = file.path.find('/');
    const std::string_view folder = slash == std::string::npos ? "" : std::string_view(file.path).substr(0, slash);
    const std::string_view name =
        slash == std::string::npos ? file.path : std::string_view(file.path).substr(slash + 1);
    if (std::find(kDataFolders.begin(), kDataFolders.end(), folder) != kDataFolders.end()) return;
    std::vector<std::string_view> places(kDataFolders.begin(), kDataFolders.end());
    if (folder.empty()) places.clear();
    for (const PluginSpec* spec : specs_) {
      if (spec->place == SpecPlace::kVariant || (spec->place == SpecPlace::kFolder) == folder.empty()) continue;
      if (spec->where != (folder.empty() ? name : folder)) {
        places.push_back(spec->where);
      } else if (spec->place == SpecPlace::kFile) {
        return read(file, *spec, "");
      } else if (name.find('/') == std::string_view::npos) {
        return read_named(file, *spec, name);
      }
    }
    fault(codes::kSettingsUnexpectedFile, file.path, {}, {}, nearest_of(folder.empty() ? name : folder, places));
  }

  void read_named(const ConfigFile& file, const PluginSpec& spec, std::string_view name) {
    const std::string_view id = name.ends_with(".yaml") ? name.substr(0, name.size() - 5) : std::string_view{};
    if (is_id(id, spec.dotted_id)) return read(file, spec, id);
    const Words expected =
        spec.dotted_id
            ? Words{"a-z, 0-9, \"-\" and \".\", at most 80, then .yaml", "a-z、0-9、“-”、“.”，最多 80 个，后接 .yaml"}
            : Words{"a-z, 0-9 and \"-\", at most 40, then .yaml", "a-z、0-9、“-”，最多 40 个，后接 .yaml"};
    fault(codes::kSettingsBadFileName, file.path, named(spec.kind), expected);
  }

  void read(const ConfigFile& file, const PluginSpec& spec, std::string_view id) {
    ids_[spec.kind].emplace(id);
    Validator validator(specs_, file.path, sink_);
    const auto tree = read_yaml(file.path, file.bytes, {}, sink_);
    std::set<std::uint32_t> reader_lines;  // lines with faults of the YAML itself: what they hold is unknown
    sink_.for_each_of(file.path, [&](const SettingsFault& f) { reader_lines.insert(f.position.line); });
    if (tree) {
      const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& k) { return k.name == spec.kind; });
      kind->objects.push_back({std::string(id), validator.check(*tree, spec)});
    }
    sink_.for_each_of(file.path, [&](SettingsFault& f) {
      if (f.position.line == 0) return;
      const std::string_view line = line_of(file.bytes, f.position.line);
      const bool hide = !tree || reader_lines.contains(f.position.line) || validator.is_sensitive(f.position.line);
      const bool unknown_key = f.code == &codes::kSettingsUnknownKey;
      f.source = hide ? key_part(line, names_, unknown_key ? f.path : "") : shortened(line);
    });
    if (tree) note_hidden_lines(file, validator, std::move(reader_lines));
  }

  // Faults found later, by check_references, fall under the same rule.
  void note_hidden_lines(const ConfigFile& file, const Validator& validator, std::set<std::uint32_t> reader_lines) {
    sources_.emplace(file.path, [&file, validator, lines = std::move(reader_lines), this](std::uint32_t number) {
      const std::string_view line = line_of(file.bytes, number);
      const bool hide = lines.contains(number) || validator.is_sensitive(number);
      return hide ? key_part(line, names_, "") : shortened(line);
    });
  }

  void reference_fault(const ErrorCode& code, const std::string& path, const Setting& setting, Words param,
                       Words expected, std::string nearest) {
    const auto source = sources_.find(setting.file());
    sink_.add({.code = &code,
               .file = setting.file(),
               .position = setting.position(),
               .path = path,
               .param = std::move(param),
               .expected = std::move(expected),
               .nearest = std::move(nearest),
               .grade = Grade::kError,
               .source = source == sources_.end() ? "" : source->second(setting.position().line)});
  }

  void check_references() {
    for (const Settings::Kind& kind : kinds_) {
      for (const NamedSetting& object : kind.objects) check_below("", object.value);
    }
  }

  void check_below(const std::string& path, const Setting& setting) {
    if (setting.present()) check_one(path, setting);
    std::size_t i = 0;
    for (const Setting& member : setting.members()) {
      const bool in_list = setting.spec().type == SettingType::kList;
      check_below(in_list        ? path + "[" + std::to_string(i++) + "]"
                  : path.empty() ? member.key()
                                 : path + "." + member.key(),
                  member);
    }
  }

  void check_one(const std::string& path, const Setting& setting) {
    const FieldSpec& spec = setting.spec();
    if (!spec.refers_to.empty()) check_name(path, setting);
    if (!spec.file_form.empty()) check_file(path, setting);
    if (spec.type == SettingType::kSecret || spec.type == SettingType::kReference) check_secret_place(path, setting);
  }

  void check_name(const std::string& path, const Setting& setting) {
    const auto& known = ids_[setting.spec().refers_to];
    if (known.contains(setting.text())) return;
    const std::vector<std::string_view> words(known.begin(), known.end());
    reference_fault(codes::kSettingsUnknownReference, path, setting, named(setting.spec().refers_to), {},
                    nearest_of(setting.text(), words));
  }

  void check_file(const std::string& path, const Setting& setting) {
    const std::string wanted = format_message(setting.spec().file_form, setting.text());
    if (image_.find(wanted) != nullptr) return;
    const auto [front, back] = std::pair(setting.spec().file_form.substr(0, setting.spec().file_form.find("{}")),
                                         setting.spec().file_form.substr(setting.spec().file_form.find("{}") + 2));
    std::vector<std::string_view> words;
    for (const ConfigFile& file : image_.files()) {
      const std::string_view name = file.path;
      if (name.size() > front.size() + back.size() && name.starts_with(front) && name.ends_with(back))
        words.push_back(name.substr(front.size(), name.size() - front.size() - back.size()));
    }
    reference_fault(codes::kSettingsFileMissing, path, setting, named(wanted), {}, nearest_of(setting.text(), words));
  }

  void check_secret_place(const std::string& path, const Setting& setting) {
    const SecretRef ref = setting.secret();
    if (ref.scheme != SecretRef::Scheme::kFile || !ref.name.starts_with('/')) return;
    const std::filesystem::path root = std::filesystem::absolute(image_.directory()).lexically_normal();
    const std::string inside = (root / ref.name).lexically_normal().lexically_relative(root).generic_string();
    if (inside.starts_with("secrets/") || inside.starts_with("..")) return;
    reference_fault(codes::kSecretPlace, path, setting, {},
                    {"a relative name: ${file:name}", "相对文件名：${file:文件名}"}, {});
  }

  const ConfigImage& image_;
  SpecList specs_;
  FaultSink& sink_;
  std::set<std::string_view> names_;  // of all fields
  std::vector<Settings::Kind> kinds_;
  std::map<std::string_view, std::set<std::string, std::less<>>> ids_;  // by kind, faulty files included
  std::map<std::string, std::function<std::string(std::uint32_t)>> sources_;
};

LoadReport load(ConfigImage image, SpecList specs, const HexHash& hash, FaultSink& sink) {
  LoadReport report;
  if (!sink.has_errors()) report.id = image.digest(hash);
  std::vector<Settings::Kind> kinds = Loader(image, specs, sink).run();
  if (!sink.has_errors()) report.settings.emplace(std::move(image), report.id, std::move(kinds));
  report.faults = sink.take();
  return report;
}

}  // namespace

LoadReport load_settings(ConfigImage image, SpecList specs, const HexHash& hash) {
  FaultSink sink;
  return load(std::move(image), specs, hash, sink);
}

LoadReport load_settings(const std::filesystem::path& directory, SpecList specs, const HexHash& hash,
                         const ConfigLimits& limits) {
  FaultSink sink;
  ConfigImage image = ConfigImage::read(directory, limits, sink);
  return load(std::move(image), specs, hash, sink);
}

}  // namespace tongqu
