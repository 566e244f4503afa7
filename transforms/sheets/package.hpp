#pragma once
// The parts of an .xlsx file, unpacked within limits.
#include <map>
#include <string>
#include <string_view>

#include "transforms/sheets/workbook.hpp"

namespace tongqu::sheets {

// Name of the part ("xl/workbook.xml") → bytes. Only parts below xl/ are kept.
using Package = std::map<std::string, std::string>;

[[nodiscard]] Result<Package> unpack(std::string_view bytes, const WorkbookLimits& limits);

}  // namespace tongqu::sheets
