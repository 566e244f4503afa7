#pragma once
// One file's tree against its field list: gives the typed value and all faults at once.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/settings/field_list.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/settings_fault.hpp"
#include "gateway/settings/yaml_reader.hpp"

namespace tongqu {

class Validator {
 public:
  // `specs` for the variants. Faults go into `sink` under the name `file`.
  Validator(SpecList specs, std::string file, FaultSink& sink);

  // The value is complete and typed even when there are faults (faulty members count as absent), so that further
  // checks may walk it; it becomes a configuration only when no file had an error.
  [[nodiscard]] Setting check(const SettingsNode& root, const PluginSpec& spec);

  // Lines that hold, or may hold, something confidential: literal secrets, values of unknown keys, hidden
  // texts, and whatever could not be held against a field list.
  [[nodiscard]] bool is_sensitive(std::uint32_t line) const;

 private:
  struct Place {
    Position position;
    std::string path;
  };

  [[nodiscard]] Setting value(const SettingsNode* node, const FieldSpec& spec, const FieldSpec* selects,
                              const std::string& path);
  void object(const SettingsNode& node, const FieldSpec& spec, FieldList fields, const std::string& path, Setting& out);
  void unknown_keys(const SettingsNode& node, const FieldSpec& spec, FieldList fields, const PluginSpec* variant,
                    const std::string& path);
  void exactly_one(const SettingsNode& node, const FieldSpec& spec, const std::string& path);
  void wrong_shape(const SettingsNode& node, const FieldSpec& spec, const std::string& path);
  [[nodiscard]] bool entries(const SettingsNode& node, const FieldSpec& spec, const std::string& path, Setting& out);
  void unique_entries(const FieldSpec& spec, const std::string& path, const Setting& list);
  [[nodiscard]] bool secret(const SettingsNode& node, const FieldSpec& spec, const std::string& path, Setting& out);
  [[nodiscard]] bool scalar(const SettingsNode& node, const FieldSpec& spec, const FieldSpec* selects,
                            const std::string& path, Setting& out);
  [[nodiscard]] Setting start(const FieldSpec& spec) const;
  void fill_default(const FieldSpec& spec, const FieldSpec* selects, Setting& out);
  [[nodiscard]] const PluginSpec* variant_of(const SettingsNode& node, const FieldSpec& spec) const;
  void mark_sensitive(const SettingsNode& node);
  void fault(const ErrorCode& code, Place place, const FieldSpec& spec, Words expected, std::string nearest = {});

  SpecList specs_;
  std::string file_;
  std::shared_ptr<const std::string> shared_file_;  // shared by all values of the file
  FaultSink& sink_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sensitive_;  // first and last line
};

// The nearest of `words` to `word`; empty when none is near, or `word` is too long to be a slip of one of them.
[[nodiscard]] std::string nearest_of(std::string_view word, const std::vector<std::string_view>& words);

}  // namespace tongqu
