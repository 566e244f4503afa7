#pragma once
// One file of units: cells → rows with their places. What rows say about one another is unit_table.cpp's matter.
#include <string>
#include <vector>

#include "transforms/tables/table_layout.hpp"
#include "transforms/tables/unit_table.hpp"

namespace tongqu {

enum UnitColumn : std::size_t {
  kUnitId,
  kUnitName,
  kUnitLevel,
  kUnitParent,
  kUnitDivisions,
  kUnitZone,
  kUnitActsFor,
  kUnitFrom,
  kUnitTo,
  kUnitNote,
  kUnitColumns
};
inline constexpr std::array<std::string_view, kUnitColumns> kUnitColumnNames{
    "id", "name", "level", "parent", "divisions", "zone", "acts_in_name_of", "valid_from", "valid_to", "note"};
inline constexpr std::string_view kUnitCodePrefix = "code:";

struct UnitRow {
  Unit unit;
  const std::string* file = nullptr;                         // UnitFile::path
  std::array<Position, kUnitColumns> places{};               // of the cells
  std::map<std::string, Position, std::less<>> code_places;  // by partner
};

struct UnitRows {
  std::string version;
  std::vector<std::string> partners;
  std::vector<UnitRow> rows;
};

// Appends all faults of the file to `faults`; rows that do not fit are left out. `file` outlives the result.
[[nodiscard]] UnitRows read_unit_rows(const UnitFile& file, std::vector<Fault>& faults);

}  // namespace tongqu
