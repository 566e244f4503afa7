#pragma once
// units/*.csv of a configuration.
#include "gateway/settings/settings.hpp"
#include "transforms/tables/unit_table.hpp"

namespace tongqu::app {

// All units of the image, their divisions judged by tables/divisions.csv where it is there. `instead`: this file in the
// place of the one of the same path. Fails with the codes of UnitTable::parse and DivisionTable::parse.
[[nodiscard]] Result<std::unique_ptr<UnitTable>> read_units(const ConfigImage& image,
                                                            const ConfigFile* instead = nullptr);

// Warnings for the columns of partners that are not configured.
[[nodiscard]] std::vector<Fault> strange_columns(const UnitTable& units, const Settings& settings);

}  // namespace tongqu::app
