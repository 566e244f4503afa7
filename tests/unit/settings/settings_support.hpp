#pragma once
// Configurations as text, for the tests of this folder.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "gateway/settings/settings_loader.hpp"

namespace tongqu::test {

// FNV-1a, 64 bits, as 16 hex digits: enough to tell files apart; the product passes the suite's hash.
[[nodiscard]] std::string test_hash(std::string_view bytes);

// The smallest configuration that passes all_specs(), as files.
[[nodiscard]] std::vector<ConfigFile> small_config();
// small_config() with one more file, or one replaced.
[[nodiscard]] std::vector<ConfigFile> small_config_with(std::string path, std::string bytes);
[[nodiscard]] LoadReport load_files(std::vector<ConfigFile> files);
// One line a fault: "file:line:column code path nearest".
[[nodiscard]] std::vector<std::string> brief(const std::vector<SettingsFault>& faults);

// Writes `files` below a fresh temporary folder and gives it.
[[nodiscard]] std::filesystem::path on_disk(const std::vector<ConfigFile>& files);

}  // namespace tongqu::test
