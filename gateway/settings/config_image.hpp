#pragma once
// A configuration directory as it was at one moment: every file read once, so that what was checked, what was digested,
// what was kept and what runs are the same bytes.
//
// The digest covers every regular file below the directory except
//   * hidden files and folders (".git", ".gateway.yaml.swp") and names ending in "~",
//   * cases/    – they test the mappings and do not steer the gateway,
//   * secrets/  – a digest of a secret must not be published, and copies of the configuration must not spread it.
// It is hash("tongqu-config 1\n" + for each file by path: hex(hash(content)) + " " + size + " " + path + "\n").
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/ids.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu {

// Lower-case hex of the suite's hash of the bytes.
using HexHash = std::function<std::string(std::string_view)>;

struct ConfigLimits {
  std::size_t max_files = 2000;
  std::size_t max_yaml_bytes = 1U << 20U;    // one YAML file
  std::size_t max_total_bytes = 32U << 20U;  // all files
  int max_folder_depth = 8;
};

struct ConfigFile {
  std::string path;  // relative, with "/" on every system: "partners/city-a.yaml"
  std::string bytes;
};

// Immutable once read; any number of threads may look.
class ConfigImage {
 public:
  ConfigImage() = default;
  // `files` in any order, paths distinct. For tests and fuzzing; products read a directory.
  ConfigImage(std::filesystem::path directory, std::vector<ConfigFile> files);

  // Reads all files that count (see above). Symbolic links to files are followed, to folders not. Faults: unreadable,
  // too many files, too large; the image then holds what was read.
  [[nodiscard]] static ConfigImage read(const std::filesystem::path& directory, const ConfigLimits& limits,
                                        FaultSink& sink);

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] const std::vector<ConfigFile>& files() const { return files_; }  // by path
  [[nodiscard]] const ConfigFile* find(std::string_view path) const;             // null = there is none
  [[nodiscard]] ConfigId digest(const HexHash& hash) const;

 private:
  std::filesystem::path directory_;
  std::vector<ConfigFile> files_;
};

}  // namespace tongqu
