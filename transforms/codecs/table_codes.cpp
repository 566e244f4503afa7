#include "transforms/codecs/codecs_codes.hpp"

namespace tongqu::codes {
namespace {
constexpr ErrorKind kInvalid = ErrorKind::kInvalid;
constexpr ErrorKind kTooLarge = ErrorKind::kTooLarge;
}  // namespace

const ErrorCode kCsvQuote{"csv.quote", kInvalid, "A quotation mark may stand only around a whole cell.",
                          "双引号只能包住整个单元格。"};
const ErrorCode kCsvUnclosed{"csv.unclosed", kInvalid, "A cell has no closing quotation mark.",
                             "单元格缺少结束的双引号。"};
const ErrorCode kCsvCharacter{"csv.character", kInvalid, "A cell holds U+0000.", "单元格中含有空字符（U+0000）。"};
const ErrorCode kCsvRagged{"csv.ragged", kInvalid, "The row must have {} cells.", "该行应有 {} 列。"};
const ErrorCode kCsvHeading{"csv.heading", kInvalid, "A heading stands twice, or a value has no heading.",
                            "表头重复，或单元格没有对应的表头。"};
const ErrorCode kCsvRows{"csv.rows", kInvalid, "There must be exactly one row.", "应当恰好有一行数据。"};
const ErrorCode kCsvBytes{"csv.bytes", kTooLarge, "The document has more than {} bytes.", "内容超过 {} 字节。"};
const ErrorCode kCsvRowBytes{"csv.row-bytes", kTooLarge, "A row has more than {} bytes.", "一行超过 {} 字节。"};
const ErrorCode kCsvCellBytes{"csv.cell-bytes", kTooLarge, "A cell has more than {} bytes.", "单元格超过 {} 字节。"};
const ErrorCode kCsvColumns{"csv.columns", kTooLarge, "A row has more than {} cells.", "一行超过 {} 列。"};
const ErrorCode kCsvEncodeShape{"csv.encode-shape", ErrorKind::kInternal, "CSV cannot write {}.",
                                "数据结构无法用 CSV 表示：{}。"};

const ErrorCode kFormEscape{"form.escape", kInvalid, "An escape behind % is not two hexadecimal digits.",
                            "百分号后应为两位十六进制数字。"};
const ErrorCode kFormRepeated{"form.repeated", kInvalid, "A field that may stand only once is repeated.",
                              "只能出现一次的字段重复出现。"};
const ErrorCode kFormBytes{"form.bytes", kTooLarge, "The form has more than {} bytes.", "内容超过 {} 字节。"};
const ErrorCode kFormNodes{"form.nodes", kTooLarge, "The form has more than {} fields.", "字段超过 {} 个。"};
const ErrorCode kFormTextBytes{"form.text-bytes", kTooLarge, "A name or text has more than {} bytes.",
                               "单个名称或文本超过 {} 字节。"};
const ErrorCode kFormEncodeShape{"form.encode-shape", ErrorKind::kInternal, "A form cannot carry {}.",
                                 "数据结构无法用表单表示：{}。"};

}  // namespace tongqu::codes
