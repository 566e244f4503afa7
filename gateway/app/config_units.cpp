#include "gateway/app/config_units.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu::app {
namespace {

constexpr std::string_view kFolder = "units/";
constexpr std::string_view kEnding = ".csv";

bool is_unit_file(std::string_view path) {
  return path.starts_with(kFolder) && path.ends_with(kEnding) && path.find('/', kFolder.size()) == path.npos;
}

UnitFile as_unit_file(const ConfigFile& file) {
  return {file.path.substr(kFolder.size(), file.path.size() - kFolder.size() - kEnding.size()), file.path, file.bytes};
}

}  // namespace

Result<std::unique_ptr<UnitTable>> read_units(const ConfigImage& image, const ConfigFile* instead) {
  std::vector<UnitFile> files;
  for (const ConfigFile& file : image.files()) {
    if (is_unit_file(file.path) && (instead == nullptr || file.path != instead->path))
      files.push_back(as_unit_file(file));
  }
  if (instead != nullptr) files.push_back(as_unit_file(*instead));
  const ConfigFile* table = image.find("tables/divisions.csv");
  if (files.empty() || table == nullptr) return UnitTable::parse(files, nullptr);
  auto divisions = DivisionTable::parse(table->bytes, table->path);
  if (divisions.has_error()) return divisions.error();
  return UnitTable::parse(files, divisions->get());
}

std::vector<Fault> strange_columns(const UnitTable& units, const Settings& settings) {
  std::vector<std::string_view> known;
  known.reserve(settings.all("partner").size());
  for (const NamedSetting& partner : settings.all("partner")) known.emplace_back(partner.id);
  std::vector<Fault> warnings;
  for (const std::string& partner : units.partners()) {
    if (std::find(known.begin(), known.end(), partner) != known.end()) continue;
    const std::string near = nearest_word(partner, known.data(), known.size());
    warnings.push_back(
        {&codes::kUnitPartner, "units", {}, partner + (near.empty() ? "" : " (" + near + "?)"), {}, Grade::kWarning});
  }
  return warnings;
}

}  // namespace tongqu::app
