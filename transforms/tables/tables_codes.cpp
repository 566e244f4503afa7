#include "transforms/tables/tables_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kTableFile{"table.file", ErrorKind::kInvalid, "The table {} has faults.", "代码表 {} 有错误。"};
const ErrorCode kTableUnreadable{"table.unreadable", ErrorKind::kNotFound, "The table {} cannot be read.",
                                 "无法读取代码表 {}。"};
const ErrorCode kTableEncoding{"table.encoding", ErrorKind::kInvalid,
                               "Not UTF-8, or a control character. In Excel: save as \"CSV UTF-8\".",
                               "不是 UTF-8 编码或含控制字符。在 Excel 中请另存为“CSV UTF-8”。"};
const ErrorCode kTableQuote{"table.quote", ErrorKind::kInvalid, "A quotation mark is unclosed or stands inside a cell.",
                            "引号未闭合，或出现在单元格中间。"};
const ErrorCode kTableLimit{"table.limit", ErrorKind::kTooLarge, "More than {}.", "超过上限：{}。"};
const ErrorCode kTableHead{"table.head", ErrorKind::kInvalid, "Unknown, repeated or misplaced head line #{}.",
                           "表头行 #{} 未知、重复或位置不对。"};
const ErrorCode kTableHeadMissing{"table.head-missing", ErrorKind::kInvalid, "The head line #{} is missing.",
                                  "缺少表头行 #{}。"};
const ErrorCode kTableHeadValue{"table.head-value", ErrorKind::kInvalid, "Expected: {}.", "应为：{}。"};
const ErrorCode kTableHeading{"table.heading", ErrorKind::kInvalid, "Unknown or repeated column{}.",
                              "列名未知或重复{}。"};
const ErrorCode kTableHeadingMissing{"table.heading-missing", ErrorKind::kInvalid, "The column {} is missing.",
                                     "缺少列 {}。"};
const ErrorCode kTableCells{"table.cells", ErrorKind::kInvalid, "The row does not have {} cells.",
                            "该行不是 {} 个单元格。"};
const ErrorCode kTableCellEmpty{"table.cell-empty", ErrorKind::kInvalid,
                                "The cell {} is empty; an empty cell is no code.", "单元格 {} 为空；空不是代码。"};
const ErrorCode kTableCellValue{"table.cell-value", ErrorKind::kInvalid, "Expected: {}.", "应为：{}。"};
const ErrorCode kTableDuplicate{
    "table.duplicate", ErrorKind::kInvalid,
    "The key stands in line {} too; mark exactly one of its rows \"default\" in the column lossy.",
    "该键在第 {} 行已出现；请在 lossy 列把其中恰好一行标为 default。"};
const ErrorCode kTableName{"table.name", ErrorKind::kInvalid, "By its place the table is called {}.",
                           "按所在位置，表名应为 {}。"};
const ErrorCode kTableTwice{"table.twice", ErrorKind::kInvalid, "The table {} exists in two files.",
                            "表 {} 在两个文件中重复。"};

const ErrorCode kUnitUnknown{"unit.unknown", ErrorKind::kInvalid, "There is no such unit: {}.", "没有该机构：{}。"};
const ErrorCode kUnitParent{"unit.parent", ErrorKind::kInvalid,
                            "The unit {} needs a parent of a higher level; the national level has none.",
                            "机构 {} 的上级必须是更高层级的机构；国家级没有上级。"};
const ErrorCode kUnitLoop{"unit.loop", ErrorKind::kInvalid, "The unit is above itself: {}.", "上级关系成环：{}。"};
const ErrorCode kUnitActsFor{"unit.acts-for", ErrorKind::kInvalid,
                             "The unit {} cannot act in that name: a field office, or the office of a zone, acts in "
                             "the name of a unit above it.",
                             "机构 {} 不能以该名义执法：所或功能区机构只能以其上级机构的名义，其他机构此处留空。"};
const ErrorCode kUnitOverlap{"unit.overlap", ErrorKind::kInvalid, "The unit has a row for the same time in {}.",
                             "该机构在 {} 已有同一时期的记录。"};
const ErrorCode kUnitLevel{"unit.level", ErrorKind::kInvalid, "The unit has another level in {}.",
                           "该机构在 {} 的层级与此不同。"};
const ErrorCode kUnitDivision{"unit.division", ErrorKind::kInvalid, "There is no such division: {}.",
                              "没有该行政区划代码：{}。"};
const ErrorCode kUnitDivisionLevel{"unit.division-level", ErrorKind::kInvalid,
                                   "The division {} is not one of this level (province dd0000, city dddd00).",
                                   "行政区划代码 {} 与机构层级不符（省级 dd0000，市级 dddd00）。"};
const ErrorCode kUnitDivisionRetired{"unit.division-retired", ErrorKind::kInvalid, "The division {} is retired.",
                                     "行政区划代码 {} 已撤销。"};
const ErrorCode kUnitCode{"unit.code", ErrorKind::kInvalid, "The code means another unit already: {}.",
                          "该代码已用于另一机构：{}。"};
const ErrorCode kUnitPartner{"unit.partner", ErrorKind::kInvalid,
                             "A column of codes for a partner that is not there: {}.",
                             "代码列所指的接入方不存在：{}。"};

std::span<const ErrorCode* const> tables_codes() {
  static constexpr std::array<const ErrorCode*, 27> kAll{
      &kTableFile,   &kTableUnreadable,  &kTableEncoding,  &kTableQuote,        &kTableLimit,
      &kTableHead,   &kTableHeadMissing, &kTableHeadValue, &kTableHeading,      &kTableHeadingMissing,
      &kTableCells,  &kTableCellEmpty,   &kTableCellValue, &kTableDuplicate,    &kTableName,
      &kTableTwice,  &kUnitUnknown,      &kUnitParent,     &kUnitLoop,          &kUnitActsFor,
      &kUnitOverlap, &kUnitLevel,        &kUnitDivision,   &kUnitDivisionLevel, &kUnitDivisionRetired,
      &kUnitCode,    &kUnitPartner};
  return kAll;
}

}  // namespace tongqu::codes
