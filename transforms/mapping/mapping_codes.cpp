#include "transforms/mapping/mapping_codes.hpp"

#include <array>

namespace tongqu::codes {
namespace {
constexpr auto kBad = ErrorKind::kInvalid;
}

const ErrorCode kMappingInvalid{"mapping.invalid", kBad, "mapping {} cannot be loaded", "映射 {} 无法加载"};
const ErrorCode kMappingExpected{"mapping.expected", kBad, "expected {}", "此处应为 {}"};
const ErrorCode kMappingExpectedExpression{
    "mapping.expected-expression", kBad,
    "expected an expression: a path ($.a), a literal, a function, if, each or a parenthesis",
    "此处应为表达式：路径（$.a）、常量、函数、if、each 或括号"};
const ErrorCode kMappingExpectedText{"mapping.expected-text", kBad, "expected a constant text in quotation marks",
                                     "此处应为带双引号的文本常量"};
const ErrorCode kMappingExpectedName{"mapping.expected-name", kBad, "expected a name", "此处应为名称"};
const ErrorCode kMappingExpectedNumber{"mapping.expected-number", kBad, "expected a whole number from 0 on",
                                       "此处应为非负整数"};
const ErrorCode kMappingCharacter{"mapping.character", kBad, "this character does not belong to the mapping language",
                                  "映射语言中没有该字符"};
const ErrorCode kMappingTextOpen{"mapping.text-open", kBad, "expected a closing quotation mark on this line",
                                 "本行缺少右引号"};
const ErrorCode kMappingEscape{"mapping.escape", kBad, "expected one of the escapes \\\" \\\\ \\n \\r \\t",
                               "此处应为转义 \\\" \\\\ \\n \\r \\t 之一"};
const ErrorCode kMappingNumber{"mapping.number", kBad, "the number is outside the range of {}", "数字超出 {} 的范围"};
const ErrorCode kMappingWhenLate{"mapping.when-late", kBad, "when stands before the first assignment",
                                 "when 应写在第一条赋值之前"};
const ErrorCode kMappingEachInside{"mapping.each-inside", kBad,
                                   "each is the whole right side of an assignment, not a part of it",
                                   "each 只能作为赋值右侧的全部内容"};
const ErrorCode kMappingTooLarge{"mapping.too-large", kBad, "the mapping is above the limit {}", "映射超过上限 {}"};
const ErrorCode kMappingUnknownSchema{"mapping.unknown-schema", kBad,
                                      "expected a known schema (after the arrow: the nearest): {}",
                                      "应为已登记的数据结构（箭头后为最接近的名称）：{}"};
const ErrorCode kMappingUnknownSource{"mapping.unknown-source-field", kBad,
                                      "expected a field of the source schema (after the arrow: the nearest): {}",
                                      "应为来源数据结构中的字段（箭头后为最接近的名称）：{}"};
const ErrorCode kMappingUnknownTarget{"mapping.unknown-target-field", kBad,
                                      "expected a field of the target schema (after the arrow: the nearest): {}",
                                      "应为目标数据结构中的字段（箭头后为最接近的名称）：{}"};
const ErrorCode kMappingUnknownFunction{"mapping.unknown-function", kBad,
                                        "expected a function (after the arrow: the nearest): {}",
                                        "应为函数名（箭头后为最接近的名称）：{}"};
const ErrorCode kMappingUnknownTable{"mapping.unknown-table", kBad, "expected a code table that is loaded: {}",
                                     "应为已加载的代码表：{}"};
const ErrorCode kMappingUnknownWord{"mapping.unknown-word", kBad,
                                    "expected another word (after the arrow: what is possible): {}",
                                    "此处应为其他词（箭头后为应填内容）：{}"};
const ErrorCode kMappingType{"mapping.type", kBad, "the types differ, expected ← found: {}",
                             "类型不符，应为 ← 实为：{}"};
const ErrorCode kMappingCompare{"mapping.compare", kBad,
                                "values of different types are not compared; convert one of them: {}",
                                "不同类型不能比较，请先显式转换：{}"};
const ErrorCode kMappingOrder{"mapping.order", kBad,
                              "only integers, decimals and instants have an order, expected == or != for {}",
                              "只有整数、小数和时刻有大小，{} 只能用 == 或 !="};
const ErrorCode kMappingArguments{"mapping.arguments", kBad, "the arguments do not fit, expected {}",
                                  "参数不符，应为 {}"};
const ErrorCode kMappingConstant{"mapping.constant", kBad, "this argument is a constant, expected {}",
                                 "该参数应为常量，应为 {}"};
const ErrorCode kMappingPattern{"mapping.pattern", kBad,
                                "expected a date pattern of yyyy MM dd HH mm ss SSS XXX, or epoch_ms; letters of the "
                                "text stand in single quotes: {}",
                                "日期格式应由 yyyy MM dd HH mm ss SSS XXX 组成或为 epoch_ms，字母原文须加单引号：{}"};
const ErrorCode kMappingNeedsIndex{"mapping.needs-index", kBad,
                                   "a list is reached by [n], first or each, not walked through: {}",
                                   "列表须用 [n]、first 或 each 读取，不能直接穿过：{}"};
const ErrorCode kMappingUntyped{"mapping.untyped", kBad, "the schema gives this field no type: {}",
                                "数据结构未规定该字段的类型：{}"};
const ErrorCode kMappingWholeObject{"mapping.whole-object", kBad, "an object is mapped member by member: {}",
                                    "对象须逐个成员映射：{}"};
const ErrorCode kMappingAssignedTwice{"mapping.assigned-twice", kBad, "the field has a rule already: {}",
                                      "该字段已有赋值：{}"};
const ErrorCode kMappingReserved{"mapping.reserved", kBad, "the name is reserved for kept values: {}",
                                 "该名称保留给原值列表：{}"};
const ErrorCode kMappingRequired{"mapping.required", kBad, "no rule assigns the required field {}",
                                 "必填字段 {} 没有赋值规则"};

const ErrorCode kMapSourceType{"map.source-type", kBad, "the source field is not of the type that its schema gives: {}",
                               "源字段类型与数据结构不符，应为 {}"};
const ErrorCode kMapNumber{"map.number", kBad, "the value is no number of the form that is expected: {}",
                           "该值不是规定形式的数字：{}"};
const ErrorCode kMapNumberRange{"map.number-range", kBad, "the number is out of range: {}", "数字超出范围：{}"};
const ErrorCode kMapDate{"map.date", kBad, "the value is no existing time of the form {}",
                         "该值不是 {} 形式的有效时间"};
const ErrorCode kMapAmount{"map.amount", kBad, "the value is no amount of money", "该值不是金额"};
const ErrorCode kMapAmountUnit{"map.amount-unit", kBad, "the unit in the amount is not the one that is expected: {}",
                               "金额中的单位与规定单位不一致，应为 {}"};
const ErrorCode kMapAmountFraction{"map.amount-fraction", kBad, "the amount has a part smaller than one fen",
                                   "金额含有不足一分的部分"};
const ErrorCode kMapAmountRange{"map.amount-range", kBad, "the amount is negative or above 10^15 fen",
                                "金额为负或超过 10^15 分"};
const ErrorCode kMapPhone{"map.phone", kBad, "the value is no telephone number of the mainland",
                          "该值不是境内电话号码"};
const ErrorCode kMapUscc{"map.uscc", kBad, "the value is no valid unified social credit code: {}",
                         "该值不是有效的统一社会信用代码：{}"};
const ErrorCode kMapUnknownCode{"map.unknown-code", kBad, "the code is unknown or ambiguous in table {}",
                                "代码在代码表 {} 中不存在或不唯一"};
const ErrorCode kMapLimitList{"map.limit-list", kBad, "the list is above {} elements", "列表超过 {} 个元素"};
const ErrorCode kMapLimitText{"map.limit-text", kBad, "the text is above {} bytes", "文本超过 {} 字节"};
const ErrorCode kMapLimitSteps{"map.limit-steps", kBad, "the mapping ran more than {} instructions",
                               "映射执行超过 {} 条指令"};
const ErrorCode kMapLimitNodes{"map.limit-nodes", kBad, "the result has more than {} values", "结果超过 {} 个值"};

std::span<const ErrorCode* const> mapping_codes() {
  static constexpr std::array kAll{&kMappingInvalid,
                                   &kMappingExpected,
                                   &kMappingExpectedExpression,
                                   &kMappingExpectedText,
                                   &kMappingExpectedName,
                                   &kMappingExpectedNumber,
                                   &kMappingCharacter,
                                   &kMappingTextOpen,
                                   &kMappingEscape,
                                   &kMappingNumber,
                                   &kMappingWhenLate,
                                   &kMappingEachInside,
                                   &kMappingTooLarge,
                                   &kMappingUnknownSchema,
                                   &kMappingUnknownSource,
                                   &kMappingUnknownTarget,
                                   &kMappingUnknownFunction,
                                   &kMappingUnknownTable,
                                   &kMappingUnknownWord,
                                   &kMappingType,
                                   &kMappingCompare,
                                   &kMappingOrder,
                                   &kMappingArguments,
                                   &kMappingConstant,
                                   &kMappingPattern,
                                   &kMappingNeedsIndex,
                                   &kMappingUntyped,
                                   &kMappingWholeObject,
                                   &kMappingAssignedTwice,
                                   &kMappingReserved,
                                   &kMappingRequired,
                                   &kMapSourceType,
                                   &kMapNumber,
                                   &kMapNumberRange,
                                   &kMapDate,
                                   &kMapAmount,
                                   &kMapAmountUnit,
                                   &kMapAmountFraction,
                                   &kMapAmountRange,
                                   &kMapPhone,
                                   &kMapUscc,
                                   &kMapUnknownCode,
                                   &kMapLimitList,
                                   &kMapLimitText,
                                   &kMapLimitSteps,
                                   &kMapLimitNodes};
  return kAll;
}

}  // namespace tongqu::codes
