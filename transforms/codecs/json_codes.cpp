#include "transforms/codecs/codecs_codes.hpp"

namespace tongqu::codes {

const ErrorCode kJsonEmpty{"json.empty", ErrorKind::kInvalid, "There is no JSON value: the text is empty.",
                           "内容为空，没有 JSON 数据。"};
const ErrorCode kJsonSyntax{"json.syntax", ErrorKind::kInvalid, "This is not JSON: one of {} must stand here.",
                            "JSON 语法错误：此处应为 {}。"};
const ErrorCode kJsonUnclosed{"json.unclosed", ErrorKind::kInvalid, "A text has no closing quotation mark.",
                              "JSON 语法错误：字符串缺少结束的双引号。"};
const ErrorCode kJsonEscape{"json.escape", ErrorKind::kInvalid, "An escape behind \\ is unknown or incomplete.",
                            "JSON 语法错误：反斜杠后的转义无效或不完整。"};
const ErrorCode kJsonNumber{"json.number", ErrorKind::kInvalid, "A number is incomplete or malformed.",
                            "JSON 语法错误：数值不完整或格式不正确。"};
const ErrorCode kJsonNumberRange{"json.number-range", ErrorKind::kInvalid,
                                 "The magnitude of a number is above 1.7e308.", "数值的绝对值超过 1.7e308。"};
const ErrorCode kJsonControl{"json.control", ErrorKind::kInvalid, "A control character is not escaped.",
                             "存在未转义的控制字符。"};
const ErrorCode kJsonTrailing{"json.trailing", ErrorKind::kInvalid, "Bytes follow the JSON value.",
                              "JSON 数据之后还有多余内容。"};
const ErrorCode kJsonByteOrder{"json.byte-order-mark", ErrorKind::kInvalid,
                               "The text begins with a byte order mark; send UTF-8 without one.",
                               "内容以字节顺序标记（BOM）开头，请使用不带 BOM 的 UTF-8。"};
const ErrorCode kJsonUtf8{"json.utf8", ErrorKind::kInvalid, "The bytes are not UTF-8.", "内容不是合法的 UTF-8 编码。"};
const ErrorCode kJsonSurrogate{"json.surrogate", ErrorKind::kInvalid,
                               "A \\u escape is half of a surrogate pair and stands alone.",
                               "\\u 转义中出现不成对的代理码元。"};
const ErrorCode kJsonDuplicateKey{"json.duplicate-key", ErrorKind::kInvalid,
                                  "A member name stands twice in one object.", "同一对象中成员名重复。"};
const ErrorCode kJsonDepth{"json.depth", ErrorKind::kTooLarge, "Objects and lists are nested more than {} deep.",
                           "对象或数组的嵌套超过 {} 层。"};
const ErrorCode kJsonNodes{"json.nodes", ErrorKind::kTooLarge, "The document has more than {} values.",
                           "数据项超过 {} 个。"};
const ErrorCode kJsonBytes{"json.bytes", ErrorKind::kTooLarge, "The document has more than {} bytes.",
                           "内容超过 {} 字节。"};
const ErrorCode kJsonTextBytes{"json.text-bytes", ErrorKind::kTooLarge, "A text or number has more than {} bytes.",
                               "单个字符串或数值超过 {} 字节。"};
const ErrorCode kJsonEncodeNumber{"json.encode-number", ErrorKind::kInternal,
                                  "The document holds a number that has no JSON form.",
                                  "数据中含有无法用 JSON 表示的数值。"};

}  // namespace tongqu::codes
