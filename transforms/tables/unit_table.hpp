#pragma once
// Units (组织机构) of market regulation: who is above whom, for which divisions, in whose name a field office acts, and
// what each partner calls them. CSV files config/units/<name>.csv (docs: config/units/README.md); all of them together
// are one directory.
//
//   #units,demo                    name of the file
//   #title,示例机构
//   #version,2026-01
//   #source,assumed
//   id,name,level,parent,divisions,zone,acts_in_name_of,valid_from,valid_to,note,code:city-a,…
//
// A unit that changed has one row for each time; their ranges do not overlap, and id and level stay.
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "transforms/tables/division_table.hpp"
#include "transforms/tables/file_table.hpp"

namespace tongqu {

enum class UnitLevel : std::uint8_t { kNational = 1, kProvince, kCity, kCounty, kFieldOffice };

struct Unit {
  std::string id;    // [A-Za-z0-9][A-Za-z0-9-]{0,39}
  std::string name;  // as it stands on its seal
  UnitLevel level = UnitLevel::kNational;
  std::string parent;                  // id; empty: national
  std::vector<std::string> divisions;  // six digits each; empty: those of the unit in whose name it acts, or a zone
  bool zone = false;                   // of a functional zone (开发区), which has no division of its own
  std::string acts_in_name_of;         // id; field offices: the county's
  std::string valid_from;              // YYYY-MM-DD; empty: since ever
  std::string valid_to;                // last day; empty: in force
  std::string note;
  std::map<std::string, std::string, std::less<>> codes;  // by partner
};

struct UnitFile {
  std::string name;  // of the file, without ".csv"
  std::string path;  // stands in the faults
  std::string_view text;
};

// Immutable, thread-safe.
class UnitTable {
 public:
  // Fails with kTableFile and all faults of all files, each with file, line and column. `divisions` judges the division
  // codes; null: only their form is checked.
  [[nodiscard]] static Result<std::unique_ptr<UnitTable>> parse(std::span<const UnitFile> files,
                                                                const DivisionTable* divisions);

  // The row in force on `date` (YYYY-MM-DD); nullptr: there is none.
  [[nodiscard]] const Unit* find(std::string_view id, std::string_view date) const;
  // The unit that `partner` calls `code`, its row in force on `date`, else its youngest; nullptr: nobody.
  [[nodiscard]] const Unit* find_code(std::string_view partner, std::string_view code, std::string_view date) const;
  [[nodiscard]] const std::vector<Unit>& units() const { return units_; }               // by id, then valid_from
  [[nodiscard]] const std::vector<std::string>& partners() const { return partners_; }  // that have a column
  [[nodiscard]] const std::string& version() const { return version_; }                 // of the files, joined by "+"
  // What is no error: a division code that is retired. Grade warning.
  [[nodiscard]] const std::vector<Fault>& warnings() const { return warnings_; }

  // Look-ups for mappings, for each partner two: "units/<partner>" from its code to the id, "units-out/<partner>" from
  // the id to its code, as of `today`.
  [[nodiscard]] std::vector<std::unique_ptr<FileTable>> lookups(std::string_view today) const;

 private:
  friend class UnitBuilder;
  UnitTable() = default;
  std::vector<Unit> units_;
  std::vector<std::string> partners_;
  std::string version_;
  std::vector<Fault> warnings_;
};

}  // namespace tongqu
