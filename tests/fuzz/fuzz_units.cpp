// Whatever is read as units is a tree that ends at its top, and its look-ups lead back and forth.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "transforms/tables/unit_table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tongqu;  // NOLINT
  const UnitFile file{"demo", "units/demo.csv", {reinterpret_cast<const char*>(data), size}};
  const auto read = UnitTable::parse({&file, 1}, nullptr);
  if (read.has_error()) return 0;
  const UnitTable& table = **read;
  for (const Unit& unit : table.units()) {
    const Unit* at = &unit;
    for (int steps = 0; !at->parent.empty(); ++steps) {
      if (steps > 5) std::abort();
      const auto found = std::find_if(table.units().begin(), table.units().end(),
                                      [&](const Unit& other) { return other.id == at->parent; });
      if (found == table.units().end()) std::abort();
      at = &*found;
    }
    for (const auto& [partner, code] : unit.codes) {
      const Unit* back = table.find_code(partner, code, "2026-01-01");
      if (back == nullptr || back->id != unit.id) std::abort();
    }
  }
  for (const auto& lookup : table.lookups("2026-01-01")) {
    for (const TableRow& row : lookup->rows()) {
      if (lookup->find(row.from_code) == nullptr) std::abort();
    }
  }
  return 0;
}
