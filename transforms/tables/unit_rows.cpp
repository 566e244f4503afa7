#include "transforms/tables/unit_rows.hpp"

#include <algorithm>

#include "transforms/tables/tables_codes.hpp"

namespace tongqu {
namespace {

constexpr std::array<HeadWord, 4> kHead{{{"units", true}, {"title", true}, {"version", true}, {"source", true}}};
constexpr std::size_t kMaxName = 40;

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && is_word(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '-'; });
}

bool is_partner(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

std::vector<std::string> words_of_cell(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto space = text.find(' ');
    if (space > 0) out.emplace_back(text.substr(0, space));
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
  }
  return out;
}

class Reader {
 public:
  Reader(const UnitFile& file, std::vector<Fault>& faults) : file_(file), faults_(faults) {}

  UnitRows read() {
    auto csv = read_csv(file_.text, file_.path);
    if (csv.has_error()) {
      const Error error = csv.error();
      faults_.insert(faults_.end(), error.faults.begin(), error.faults.end());
      return std::move(out_);
    }
    std::vector<std::string_view> columns(kUnitColumnNames.begin(), kUnitColumnNames.end());
    for (const std::string& heading : partner_columns(csv.value())) columns.push_back(heading);
    TableParts parts = take_apart(std::move(csv).value(), {kHead, columns}, file_.path, faults_);
    out_.version = parts.head_text("version");
    expect_head(parts, "version", is_version(out_.version), "[0-9A-Za-z.-]{1,20}");
    expect_head(parts, "units", parts.head_text("units") == file_.name, file_.name);
    for (CsvRow& row : parts.rows) take(row);
    return std::move(out_);
  }

 private:
  void fault(const ErrorCode& code, Position position, std::string param) {
    faults_.push_back(table_fault(code, file_.path, position, std::move(param)));
  }

  void expect_head(const TableParts& parts, std::string_view word, bool holds, std::string_view expected) {
    const auto found = parts.head.find(word);
    if (holds || found == parts.head.end() || found->second.text.empty()) return;  // absence is told already
    fault(codes::kTableHeadValue, found->second.position, std::string(expected));
  }

  // "code:<partner>" of the row of headings, each once; others are the layout's matter.
  const std::vector<std::string>& partner_columns(const std::vector<CsvRow>& rows) {
    const auto head =
        std::find_if(rows.begin(), rows.end(), [](const CsvRow& r) { return !r[0].text.starts_with('#'); });
    if (head == rows.end()) return headings_;
    for (const CsvCell& cell : *head) {
      if (!cell.text.starts_with(kUnitCodePrefix)) continue;
      const std::string partner = cell.text.substr(kUnitCodePrefix.size());
      if (!is_partner(partner)) fault(codes::kTableHeadValue, cell.position, "code:<partner>");
      if (std::find(headings_.begin(), headings_.end(), cell.text) != headings_.end()) continue;  // told as repeated
      if (is_partner(partner)) out_.partners.push_back(partner);
      headings_.push_back(cell.text);
    }
    return headings_;
  }

  void take(CsvRow& row) {
    UnitRow& out = out_.rows.emplace_back();
    out.file = &file_.path;
    for (std::size_t i = 0; i < kUnitColumns; ++i) out.places[i] = row[i].position;
    Unit& unit = out.unit;
    unit.id = row[kUnitId].text;
    unit.name = row[kUnitName].text;
    unit.parent = row[kUnitParent].text;
    unit.divisions = words_of_cell(row[kUnitDivisions].text);
    unit.zone = row[kUnitZone].text == "yes";
    unit.acts_in_name_of = row[kUnitActsFor].text;
    unit.valid_from = row[kUnitFrom].text;
    unit.valid_to = row[kUnitTo].text;
    unit.note = row[kUnitNote].text;
    for (std::size_t i = 0; i < headings_.size(); ++i) {
      const CsvCell& cell = row[kUnitColumns + i];
      const std::string partner = headings_[i].substr(kUnitCodePrefix.size());
      if (cell.text.empty()) continue;
      unit.codes[partner] = cell.text;
      out.code_places[partner] = cell.position;
    }
    // Without a level nothing can be said about its place among the others.
    if (!check(row, unit)) out_.rows.pop_back();
  }

  bool check(const CsvRow& row, Unit& unit) {
    const auto expect = [&](UnitColumn column, bool holds, const char* expected) {
      if (!holds) fault(codes::kTableCellValue, row[column].position, expected);
    };
    expect(kUnitId, is_id(unit.id), "[A-Za-z0-9][A-Za-z0-9-]{0,39}");
    if (unit.name.empty()) fault(codes::kTableCellEmpty, row[kUnitName].position, "name");
    const std::string& level = row[kUnitLevel].text;
    const bool known = level.size() == 1 && level[0] >= '1' && level[0] <= '5';
    expect(kUnitLevel, known, "1 国家, 2 省, 3 市, 4 县, 5 所");
    unit.level = known ? static_cast<UnitLevel>(level[0] - '0') : UnitLevel::kNational;
    expect(kUnitZone, unit.zone || row[kUnitZone].text.empty(), "yes");
    expect(kUnitFrom, unit.valid_from.empty() || is_table_date(unit.valid_from), "YYYY-MM-DD");
    expect(kUnitTo, unit.valid_to.empty() || is_table_date(unit.valid_to), "YYYY-MM-DD");
    expect(kUnitTo, unit.valid_to.empty() || unit.valid_from <= unit.valid_to, "valid_from <= valid_to");
    return known;
  }

  const UnitFile& file_;
  std::vector<Fault>& faults_;
  UnitRows out_;
  std::vector<std::string> headings_;  // "code:city-a", in the order of the layout
};

}  // namespace

UnitRows read_unit_rows(const UnitFile& file, std::vector<Fault>& faults) { return Reader(file, faults).read(); }

}  // namespace tongqu
