#include "gateway/app/config_open.hpp"

#include "connectors/all_connectors.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu::app {

HexHash config_hash() {
  auto suite = make_suite(SuiteId::kGm);
  if (suite.has_error()) std::abort();                      // SM3 is part of every OpenSSL that this program links
  std::shared_ptr<const Suite> shared = std::move(*suite);  // second owner: copies of the function
  return [shared](std::string_view bytes) { return to_hex(as_text(shared->hash({bytes}))); };
}

std::filesystem::path secrets_folder(const std::filesystem::path& directory, const std::string& given) {
  return given.empty() ? directory / "secrets" : std::filesystem::path(given);
}

OpenedConfig open_config(const std::filesystem::path& directory, const Codec& json) {
  const SystemClock clock;
  const ConfigSource source(directory, all_specs(), config_hash(), clock);
  ConfigSource::Loaded loaded = source.load();
  OpenedConfig opened;
  opened.faults = std::move(loaded.faults);
  if (!loaded.snapshot) return opened;
  opened.settings = loaded.snapshot->settings;
  CompileReport report = compile_config(*loaded.snapshot, json, beijing_date(clock.now()));
  for (SettingsFault& fault : report.faults) opened.faults.push_back(std::move(fault));
  opened.config = std::move(report.config);
  return opened;
}

}  // namespace tongqu::app
