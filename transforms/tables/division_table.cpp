#include "transforms/tables/division_table.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "transforms/tables/table_layout.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {

namespace {

constexpr std::array<HeadWord, 4> kHead{{{"table", true}, {"version", true}, {"source", true}, {"note", false}}};
enum Column : std::size_t { kCode, kName, kFrom, kTo, kSuccessor, kSource, kColumns };
constexpr std::array<std::string_view, kColumns> kColumnNames{"code",     "name",      "valid_from",
                                                              "valid_to", "successor", "source"};

bool is_code(std::string_view text) { return text.size() == 6 && all_digits(text); }

void check_row(const CsvRow& row, const std::string& file, std::vector<Fault>& faults) {
  const auto expect = [&](Column column, bool holds, const char* expected) {
    if (!holds) faults.push_back(table_fault(codes::kTableCellValue, file, row[column].position, expected));
  };
  expect(kCode, is_code(row[kCode].text), "dddddd");
  for (const Column column : {kFrom, kTo}) {
    expect(column, row[column].text.empty() || is_table_date(row[column].text), "YYYY-MM-DD");
  }
  expect(kTo, row[kTo].text.empty() || row[kFrom].text <= row[kTo].text, "valid_from <= valid_to");
  expect(kSuccessor, row[kSuccessor].text.empty() || is_code(row[kSuccessor].text), "dddddd");
  if (row[kName].text.empty()) {
    faults.push_back(table_fault(codes::kTableCellEmpty, file, row[kName].position, "name"));
  }
}

// A row of a table that stands for "the districts of this city" and is no unit of its own.
bool is_filler(std::string_view name) {
  return name == "市辖区" || name == "县" || name.find("直辖县级") != std::string_view::npos;
}

}  // namespace

Result<std::unique_ptr<DivisionTable>> DivisionTable::parse(std::string_view text, const std::string& file) {
  auto csv = read_csv(text, file);
  if (csv.has_error()) return csv.error();
  std::vector<Fault> faults;
  TableParts parts = take_apart(std::move(csv).value(), {kHead, kColumnNames}, file, faults);
  std::unique_ptr<DivisionTable> table(new DivisionTable);
  table->version_ = parts.head_text("version");
  table->rows_.reserve(parts.rows.size());
  for (CsvRow& row : parts.rows) {
    check_row(row, file, faults);
    table->rows_.push_back({std::move(row[kCode].text), std::move(row[kName].text), std::move(row[kFrom].text),
                            std::move(row[kTo].text), std::move(row[kSuccessor].text)});
  }
  if (!faults.empty()) return table_error(file, std::move(faults));
  std::sort(table->rows_.begin(), table->rows_.end(), [](const Division& a, const Division& b) {
    return std::tie(a.code, a.valid_from, a.name) < std::tie(b.code, b.valid_from, b.name);
  });
  return table;
}

Result<std::unique_ptr<DivisionTable>> DivisionTable::load(const std::filesystem::path& file) {
  auto text = read_table_file(file);
  if (text.has_error()) return text.error();
  return parse(text.value(), file.string());
}

std::pair<const Division*, const Division*> DivisionTable::rows_of(std::string_view code) const {
  const auto [first, last] = std::equal_range(rows_.begin(), rows_.end(), code, [](const auto& a, const auto& b) {
    if constexpr (std::is_same_v<std::decay_t<decltype(a)>, Division>) {
      return std::string_view(a.code) < b;
    } else {
      return a < std::string_view(b.code);
    }
  });
  const Division* base = rows_.data();
  return {base + (first - rows_.begin()), base + (last - rows_.begin())};
}

const Division* DivisionTable::find(std::string_view code) const {
  const auto [first, last] = rows_of(code);
  const Division* best = nullptr;
  for (const Division* row = first; row != last; ++row) {
    if (best == nullptr || row->valid_to.empty() || (!best->valid_to.empty() && row->valid_to >= best->valid_to))
      best = row;
  }
  return best;
}

const Division* DivisionTable::find(std::string_view code, std::string_view date) const {
  const auto [first, last] = rows_of(code);
  const Division* best = nullptr;
  for (const Division* row = first; row != last; ++row) {
    if (row->valid_from <= date && (row->valid_to.empty() || date <= row->valid_to)) best = row;
  }
  return best;
}

std::string DivisionTable::full_name(std::string_view code) const {
  const Division* own = find(code);
  if (own == nullptr) return {};
  std::string out;
  for (const std::size_t prefix : {2U, 4U}) {
    const std::string above = std::string(code.substr(0, prefix)) + std::string(6 - prefix, '0');
    if (above == code) break;
    const Division* parent = own->valid_to.empty() ? find(above) : find(above, own->valid_to);
    if (parent == nullptr) parent = find(above);
    if (parent != nullptr && !is_filler(parent->name)) out += parent->name;
  }
  if (out.empty() || !is_filler(own->name)) out += own->name;
  return out;
}

DivisionSet::Standing DivisionTable::standing(std::string_view code) const {
  const Division* row = find(code);
  if (row == nullptr) return Standing::kUnknown;
  return row->valid_to.empty() ? Standing::kCurrent : Standing::kRetired;
}

}  // namespace tongqu
