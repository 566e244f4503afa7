#pragma once
// Opening a configuration directory for the commands.
#include <filesystem>
#include <optional>

#include "gateway/app/config_compile.hpp"

namespace tongqu::app {

struct OpenedConfig {
  std::optional<Settings> settings;              // the YAML passed
  std::shared_ptr<const CompiledConfig> config;  // everything passed
  std::vector<SettingsFault> faults;
};

// Loads and compiles under the suite that the configuration names. Secrets are not opened.
[[nodiscard]] OpenedConfig open_config(const std::filesystem::path& directory, const Codec& json);
// `given`, else <directory>/secrets.
[[nodiscard]] std::filesystem::path secrets_folder(const std::filesystem::path& directory, const std::string& given);
// Digest for configuration ids: the hash of the gm suite, whatever suite runs, so that an id means one thing.
[[nodiscard]] HexHash config_hash();

}  // namespace tongqu::app
