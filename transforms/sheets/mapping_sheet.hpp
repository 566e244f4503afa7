#pragma once
// A mapping as a spreadsheet (源字段 / 中文名 / 目标字段 / 规则 / 代码表 / 必填 / 备注): a statement a row. The columns
// 源字段, 中文名, 代码表 and 必填 are written for people; of a row with an empty 规则 they are the rule: 目标字段 =
// 源字段, looked up in 代码表 when one is named.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/core/field_tree.hpp"
#include "transforms/mapping/mapping.hpp"
#include "transforms/sheets/workbook.hpp"

namespace tongqu {

inline constexpr std::string_view kMappingSheetName = "映射";

// `text` is the mapping's own text, `target` the fields of its target schema (titles, required).
[[nodiscard]] Result<Sheet> mapping_to_sheet(std::string_view text, const Mapping& mapping, const FieldNode& target);

struct MappingText {
  std::string text;                 // not yet in the one layout: lines are those of the rows
  std::vector<std::size_t> row_of;  // row_of[line - 1]: the row that the line came from, 0 = none
};
// Fails with sheet.missing (no sheet 映射), sheet.head (which heading), sheet.row (which row lacks what), or
// mapping.invalid with the row in each fault's path ("映射!D7").
[[nodiscard]] Result<MappingText> sheet_to_mapping(const std::vector<Sheet>& sheets);

// Faults of compiling the text, told by row.
[[nodiscard]] Error in_rows(const Error& error, const MappingText& text);

}  // namespace tongqu
