#include "transforms/tables/unit_table.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "gateway/core/text.hpp"
#include "transforms/identifiers/short_text.hpp"
#include "transforms/tables/tables_codes.hpp"
#include "transforms/tables/unit_rows.hpp"

namespace tongqu {

// Puts the rows of all files together and holds them against each other.
class UnitBuilder {
 public:
  explicit UnitBuilder(const DivisionTable* divisions) : divisions_(divisions) {}

  void add(const UnitFile& file) {
    UnitRows read = read_unit_rows(file, faults_);
    if (!read.version.empty()) version_ += (version_.empty() ? "" : "+") + read.version;
    partners_.insert(read.partners.begin(), read.partners.end());
    for (UnitRow& row : read.rows) rows_.push_back(std::move(row));
  }

  Result<std::unique_ptr<UnitTable>> finish(std::string_view folder) {
    // In the order of the files, so that the later row is the one at fault.
    for (const UnitRow& row : rows_) {
      check_times(row);
      check_parent(row);
      check_acts_for(row);
      check_divisions(row);
      check_codes(row);
      by_id_[row.unit.id].push_back(&row);
    }
    check_references();
    if (!faults_.empty()) {
      std::stable_sort(faults_.begin(), faults_.end(), [](const Fault& a, const Fault& b) {
        return std::tie(a.path, a.position.line, a.position.column) <
               std::tie(b.path, b.position.line, b.position.column);
      });
      return table_error(std::string(folder), std::move(faults_));
    }
    std::unique_ptr<UnitTable> table(new UnitTable);
    for (UnitRow& row : rows_) table->units_.push_back(std::move(row.unit));
    std::sort(table->units_.begin(), table->units_.end(),
              [](const Unit& a, const Unit& b) { return std::tie(a.id, a.valid_from) < std::tie(b.id, b.valid_from); });
    table->partners_.assign(partners_.begin(), partners_.end());
    table->version_ = std::move(version_);
    table->warnings_ = std::move(warnings_);
    return table;
  }

 private:
  void fault(const ErrorCode& code, const UnitRow& row, Position position, std::string param) {
    faults_.push_back(table_fault(code, *row.file, position, std::move(param)));
  }
  static std::string place_of(const UnitRow& row) { return *row.file + ":" + std::to_string(row.places[kUnitId].line); }

  void check_times(const UnitRow& row) {
    const auto found = by_id_.find(row.unit.id);
    if (found == by_id_.end()) return;
    for (const UnitRow* other : found->second) {
      const Unit& a = row.unit;
      const Unit& b = other->unit;
      const bool apart =
          (!a.valid_to.empty() && a.valid_to < b.valid_from) || (!b.valid_to.empty() && b.valid_to < a.valid_from);
      if (!apart) fault(codes::kUnitOverlap, row, row.places[kUnitId], place_of(*other));
      if (a.level != b.level) fault(codes::kUnitLevel, row, row.places[kUnitLevel], place_of(*other));
    }
  }

  void check_parent(const UnitRow& row) {
    const bool national = row.unit.level == UnitLevel::kNational;
    if (national == row.unit.parent.empty()) return;
    fault(codes::kUnitParent, row, row.places[kUnitParent], row.unit.id);
  }

  void check_acts_for(const UnitRow& row) {
    const bool office = row.unit.level == UnitLevel::kFieldOffice;
    if (office && row.unit.acts_in_name_of.empty())
      fault(codes::kTableCellEmpty, row, row.places[kUnitActsFor], "acts_in_name_of");
    // The office of a functional zone may be an agency of the city's or county's.
    if (!office && !row.unit.zone && !row.unit.acts_in_name_of.empty())
      fault(codes::kUnitActsFor, row, row.places[kUnitActsFor], row.unit.id);
  }

  void check_divisions(const UnitRow& row) {
    const Unit& unit = row.unit;
    const bool needed = unit.level > UnitLevel::kNational && unit.level < UnitLevel::kFieldOffice && !unit.zone;
    if (needed && unit.divisions.empty()) fault(codes::kTableCellEmpty, row, row.places[kUnitDivisions], "divisions");
    for (const std::string& code : unit.divisions) check_division(row, code);
  }

  void check_division(const UnitRow& row, const std::string& code) {
    const Position place = row.places[kUnitDivisions];
    if (code.size() != 6 || !all_digits(code)) return fault(codes::kTableCellValue, row, place, "dddddd");
    const bool province = code.ends_with("0000");
    const bool city = !province && code.ends_with("00");
    const UnitLevel level = row.unit.level;
    const bool fits = level == UnitLevel::kProvince ? province
                      : level == UnitLevel::kCity   ? city
                      : level == UnitLevel::kCounty ? !province && !city
                                                    : true;
    if (!fits && !row.unit.zone) fault(codes::kUnitDivisionLevel, row, place, code);
    if (divisions_ == nullptr) return;
    const auto standing = divisions_->standing(code);
    if (standing == DivisionSet::Standing::kUnknown) {
      fault(codes::kUnitDivision, row, place, code + suggestion_of_division(code));
    } else if (standing == DivisionSet::Standing::kRetired && row.unit.valid_to.empty()) {
      Fault warning = table_fault(codes::kUnitDivisionRetired, *row.file, place, code);
      warning.grade = Grade::kWarning;
      warnings_.push_back(std::move(warning));
    }
  }

  [[nodiscard]] std::string suggestion_of_division(std::string_view code) const {
    // A neighbour that looks alike: of the same city, where there is one.
    std::vector<std::string_view> words;
    for (const std::size_t prefix : {4U, 2U}) {
      for (const Division& one : divisions_->rows()) {
        if (one.valid_to.empty() && one.code.compare(0, prefix, code.substr(0, prefix)) == 0)
          words.emplace_back(one.code);
      }
      if (!words.empty()) break;
    }
    return suggestion(code, words);
  }

  void check_codes(const UnitRow& row) {
    for (const auto& [partner, code] : row.unit.codes) {
      const auto [found, fresh] = by_code_.emplace(std::pair(partner, code), &row);
      if (!fresh && found->second->unit.id != row.unit.id)
        fault(codes::kUnitCode, row, row.code_places.at(partner),
              found->second->unit.id + ", " + place_of(*found->second));
    }
  }

  // Needs all rows: who is named has to be there, and above.
  void check_references() {
    for (const UnitRow& row : rows_) {
      check_reference(row, kUnitParent, row.unit.parent);
      check_reference(row, kUnitActsFor, row.unit.acts_in_name_of);
      if (row.unit.acts_in_name_of.empty() || !by_id_.contains(row.unit.acts_in_name_of)) continue;
      if (!is_above(row.unit.acts_in_name_of, row.unit))
        fault(codes::kUnitActsFor, row, row.places[kUnitActsFor], row.unit.id);
    }
  }

  void check_reference(const UnitRow& row, UnitColumn column, const std::string& id) {
    if (id.empty()) return;
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
      std::vector<std::string_view> ids;
      ids.reserve(by_id_.size());
      for (const auto& [known, rows] : by_id_) ids.emplace_back(known);
      return fault(codes::kUnitUnknown, row, row.places[column], id + suggestion(id, ids));
    }
    if (column != kUnitParent) return;
    if (const std::string loop = loop_of(row.unit); !loop.empty()) {
      fault(codes::kUnitLoop, row, row.places[column], loop);
    } else if (row.unit.level != UnitLevel::kNational && found->second.front()->unit.level >= row.unit.level) {
      fault(codes::kUnitParent, row, row.places[column], row.unit.id);
    }
  }

  // "a → b → a" when one comes back to the unit by its parents, else empty.
  [[nodiscard]] std::string loop_of(const Unit& unit) const {
    std::string chain = unit.id;
    std::set<std::string_view> seen;
    std::string_view at = unit.parent;
    while (!at.empty() && seen.insert(at).second) {
      chain.append(" → ").append(at);
      if (at == unit.id) return chain;
      const auto found = by_id_.find(at);
      at = found == by_id_.end() ? std::string_view{} : std::string_view(found->second.front()->unit.parent);
    }
    return {};
  }

  [[nodiscard]] bool is_above(std::string_view id, const Unit& unit) const {
    std::set<std::string_view> seen;
    std::string_view at = unit.parent;
    while (!at.empty() && seen.insert(at).second) {
      if (at == id) return true;
      const auto found = by_id_.find(at);
      at = found == by_id_.end() ? std::string_view{} : std::string_view(found->second.front()->unit.parent);
    }
    return false;
  }

  static std::string suggestion(std::string_view word, const std::vector<std::string_view>& words) {
    const std::string near = nearest_word(word, words.data(), words.size());
    return near.empty() ? std::string{} : " (" + near + "?)";
  }

  const DivisionTable* divisions_;
  std::vector<UnitRow> rows_;  // complete before anything points into it
  std::map<std::string, std::vector<const UnitRow*>, std::less<>> by_id_;
  std::map<std::pair<std::string, std::string>, const UnitRow*> by_code_;
  std::set<std::string> partners_;
  std::string version_;
  std::vector<Fault> faults_;
  std::vector<Fault> warnings_;
};

Result<std::unique_ptr<UnitTable>> UnitTable::parse(std::span<const UnitFile> files, const DivisionTable* divisions) {
  UnitBuilder builder(divisions);
  for (const UnitFile& file : files) builder.add(file);
  return builder.finish(files.size() == 1 ? std::string_view(files[0].path) : std::string_view("units"));
}

namespace {

bool in_force(const Unit& unit, std::string_view date) {
  return unit.valid_from <= date && (unit.valid_to.empty() || date <= unit.valid_to);
}

}  // namespace

const Unit* UnitTable::find(std::string_view id, std::string_view date) const {
  const auto found = std::find_if(units_.begin(), units_.end(),
                                  [&](const Unit& unit) { return unit.id == id && in_force(unit, date); });
  return found == units_.end() ? nullptr : &*found;
}

const Unit* UnitTable::find_code(std::string_view partner, std::string_view code, std::string_view date) const {
  const Unit* best = nullptr;
  for (const Unit& unit : units_) {
    const auto own = unit.codes.find(partner);
    if (own == unit.codes.end() || own->second != code) continue;
    if (in_force(unit, date)) return &unit;
    best = &unit;
  }
  return best;
}

std::vector<std::unique_ptr<FileTable>> UnitTable::lookups(std::string_view today) const {
  std::vector<std::unique_ptr<FileTable>> tables;
  for (const std::string& partner : partners_) {
    std::map<std::string, const Unit*> by_code;
    std::map<std::string, const Unit*> by_id;
    for (const Unit& unit : units_) {
      const auto code = unit.codes.find(partner);
      if (code == unit.codes.end()) continue;
      for (auto* index : {&by_code, &by_id}) {
        const Unit*& best = (*index)[index == &by_code ? code->second : unit.id];
        if (best == nullptr || !in_force(*best, today)) best = &unit;
      }
    }
    TableHead head{"units/" + partner, "机构：" + partner, version_, "0001-01-01", "units", false, false};
    std::vector<TableRow> rows;
    rows.reserve(by_code.size());
    for (const auto& [code, unit] : by_code) rows.push_back({code, unit->name, unit->id, unit->name, {}, false});
    tables.push_back(FileTable::make(head, std::move(rows)));
    head.name = "units-out/" + partner;
    head.outbound = true;
    rows.clear();
    rows.reserve(by_id.size());
    for (const auto& [id, unit] : by_id) {
      rows.push_back({id, unit->name, unit->codes.find(partner)->second, unit->name, {}, false});
    }
    tables.push_back(FileTable::make(std::move(head), std::move(rows)));
  }
  return tables;
}

}  // namespace tongqu
