#pragma once
// Where the running configuration comes from: the directory, or – when the newest does not pass at start – the last one
// that passed, out of the copies under state_dir/config/.
//
//   state_dir/config/<digest>/…   the files of an accepted configuration, as they were digested (no secrets, no cases)
//   state_dir/config/last-good    digest of the configuration that was accepted last
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/settings/settings_loader.hpp"

namespace tongqu {

// One configuration as it was loaded. A value; copies share their content.
struct Snapshot {
  Settings settings;
  ConfigId id;
  Instant loaded_at;
};

// Loads the directory, at start and for each reload. Thread-safe.
class ConfigSource {
 public:
  // `specs` and `clock` outlive this.
  ConfigSource(std::filesystem::path directory, SpecList specs, HexHash hash, const Clock& clock);

  struct Loaded {
    std::optional<Snapshot> snapshot;   // set when there is no error
    std::vector<SettingsFault> faults;  // warnings included
    ConfigId id;                        // of what was found, also when it did not pass; empty = unreadable
  };
  [[nodiscard]] Loaded load() const;
  // The same for an image out of the kept copies.
  [[nodiscard]] Loaded load(ConfigImage image) const;

 private:
  std::filesystem::path directory_;
  SpecList specs_;
  HexHash hash_;
  const Clock& clock_;
};

// Copies of accepted configurations. One process writes; a copy is complete or absent, and its bytes are on disk before
// its name is. Folders get mode 0700, files 0600.
class KeptConfigs {
 public:
  KeptConfigs(std::filesystem::path state_dir, HexHash hash);

  // Keeps `image` under `id`, its digest; nothing happens when it is kept already. settings.copy-not-kept.
  [[nodiscard]] Status keep_copy(const ConfigImage& image, const ConfigId& id) const;
  // `id`, which is kept, passed: it runs when a later one does not. settings.copy-missing, settings.copy-not-kept.
  [[nodiscard]] Status mark_good(const ConfigId& id) const;
  // Empty when none was marked yet.
  [[nodiscard]] std::optional<ConfigId> last_good() const;
  // Reads a copy and checks its digest. `live_directory` becomes the image's directory, so that relative names mean
  // the same as before. settings.copy-missing, settings.copy-altered.
  [[nodiscard]] Result<ConfigImage> open_copy(const ConfigId& id, const std::filesystem::path& live_directory) const;
  // Removes copies that are neither in `referenced` nor the last good one, and what an interrupted keep_copy left.
  // Gives how many were removed; what cannot be removed stays and is not counted.
  std::size_t prune(const std::set<ConfigId>& referenced) const;
  [[nodiscard]] std::vector<ConfigId> kept() const;  // sorted

 private:
  [[nodiscard]] std::filesystem::path folder_of(const ConfigId& id) const { return root_ / id.str(); }
  std::filesystem::path root_;
  HexHash hash_;
};

}  // namespace tongqu
