#include "transforms/sheets/sheets_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kSheetUnreadable{"sheet.unreadable", ErrorKind::kInvalid,
                                 "This is not an .xlsx workbook that can be read.", "不是可读取的 .xlsx 工作簿。"};
const ErrorCode kSheetLimit{"sheet.limit", ErrorKind::kTooLarge, "The workbook is larger than allowed: {}.",
                            "工作簿超出限制：{}。"};
const ErrorCode kSheetMissing{"sheet.missing", ErrorKind::kInvalid, "The workbook has no {}.", "工作簿缺少 {}。"};
const ErrorCode kSheetDigits{
    "sheet.digits", ErrorKind::kInvalid,
    "The cell {} holds a number of more than 15 digits, of which a spreadsheet keeps only the first 15. Format the "
    "column as text and enter it again.",
    "单元格 {} 中的数字超过 15 位，电子表格只保留前 15 位。请将该列设为文本格式后重新填写。"};
const ErrorCode kSheetCell{"sheet.cell", ErrorKind::kInvalid, "The cell {} holds an error value of the spreadsheet.",
                           "单元格 {} 是电子表格的错误值。"};
const ErrorCode kSheetWrite{"sheet.write", ErrorKind::kUnavailable, "The workbook could not be written: {}.",
                            "无法写入工作簿：{}。"};
const ErrorCode kSheetHead{"sheet.head", ErrorKind::kInvalid, "The sheet lacks the heading {}.",
                           "工作表缺少列标题“{}”。"};
const ErrorCode kSheetRow{"sheet.row", ErrorKind::kInvalid, "{}", "{}"};

std::span<const ErrorCode* const> sheets_codes() {
  static constexpr std::array<const ErrorCode*, 8> kAll{&kSheetUnreadable, &kSheetLimit, &kSheetMissing, &kSheetDigits,
                                                        &kSheetCell,       &kSheetWrite, &kSheetHead,    &kSheetRow};
  return kAll;
}

}  // namespace tongqu::codes
