#pragma once
// A directory image → Settings, or every fault of every file at once.
#include <optional>
#include <vector>

#include "gateway/settings/config_image.hpp"
#include "gateway/settings/field_list.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu {

struct LoadReport {
  std::optional<Settings> settings;   // set when there is no error; warnings may remain
  std::vector<SettingsFault> faults;  // by file, line, column
  ConfigId id;                        // digest of the files, whether they pass or not; empty when some were unreadable
};

// Reads the YAML files of `image` that `specs` places (single files, folders), checks them, their references to each
// other, to files of the image and to secrets (secrets are not opened: check_secrets). YAML files anywhere else are
// faults, except in the folders that other rooms read: mappings, schemas, tables, units. Thread-safe.
[[nodiscard]] LoadReport load_settings(ConfigImage image, SpecList specs, const HexHash& hash);

// The same from a directory on disk.
[[nodiscard]] LoadReport load_settings(const std::filesystem::path& directory, SpecList specs, const HexHash& hash,
                                       const ConfigLimits& limits = {});

}  // namespace tongqu
