#include "tests/unit/settings/settings_support.hpp"

#include <algorithm>
#include <fstream>

#include "connectors/all_connectors.hpp"
#include "gateway/core/text.hpp"
#include "tests/support/data.hpp"

namespace tongqu::test {

std::string test_hash(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  std::string raw;
  for (int shift = 56; shift >= 0; shift -= 8) raw.push_back(static_cast<char>(hash >> static_cast<unsigned>(shift)));
  return to_hex(raw);
}

std::vector<ConfigFile> small_config() {
  return {{"gateway.yaml",
           "state_dir: ../state\n"
           "listeners:\n"
           "  - {name: partners, kind: partner, port: 0}\n"
           "audit: {origin: test/log, key: \"${file:audit.key}\"}\n"
           "seal: {master_key: \"${env:TONGQU_MASTER}\"}\n"
           "admin: {token: \"${file:admin.token}\"}\n"}};
}

std::vector<ConfigFile> small_config_with(std::string path, std::string bytes) {
  std::vector<ConfigFile> files = small_config();
  std::erase_if(files, [&](const ConfigFile& file) { return file.path == path; });
  files.push_back({std::move(path), std::move(bytes)});
  return files;
}

LoadReport load_files(std::vector<ConfigFile> files) {
  return load_settings(ConfigImage("/config", std::move(files)), all_specs(), test_hash);
}

std::vector<std::string> brief(const std::vector<SettingsFault>& faults) {
  std::vector<std::string> lines;
  for (const SettingsFault& fault : faults) {
    std::string line = fault.file + ":" + std::to_string(fault.position.line) + ":" +
                       std::to_string(fault.position.column) + " " + std::string(fault.code->id);
    if (!fault.path.empty()) line += " " + fault.path;
    if (!fault.nearest.empty()) line += " → " + fault.nearest;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::filesystem::path on_disk(const std::vector<ConfigFile>& files) {
  const std::filesystem::path folder = temporary_folder("config");
  for (const ConfigFile& file : files) {
    std::filesystem::create_directories((folder / file.path).parent_path());
    std::ofstream(folder / file.path, std::ios::binary) << file.bytes;
  }
  return folder;
}

}  // namespace tongqu::test
