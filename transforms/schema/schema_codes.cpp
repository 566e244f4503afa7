#include "transforms/schema/schema_codes.hpp"

#include <array>

namespace tongqu::codes {
namespace {
constexpr ErrorKind kInvalid = ErrorKind::kInvalid;
}

const ErrorCode kSchemaRequired{"schema.required", kInvalid, "A required field is missing.", "缺少必填项。"};
const ErrorCode kSchemaType{"schema.type", kInvalid, "The type must be {}.", "数据类型应为 {}。"};
const ErrorCode kSchemaEnum{"schema.enum", kInvalid, "The value must be one of {}.", "取值应为以下之一：{}。"};
const ErrorCode kSchemaConst{"schema.const", kInvalid, "The value must be {}.", "取值只能是 {}。"};
const ErrorCode kSchemaMinLength{"schema.min-length", kInvalid, "At least {} characters are needed.",
                                 "长度不得少于 {} 个字符。"};
const ErrorCode kSchemaMaxLength{"schema.max-length", kInvalid, "At most {} characters are allowed.",
                                 "长度不得超过 {} 个字符。"};
const ErrorCode kSchemaPattern{"schema.pattern", kInvalid, "The text does not have the form {}.", "格式应为 {}。"};
const ErrorCode kSchemaFormat{"schema.format", kInvalid, "The text is no valid {}.", "内容不是有效的 {}。"};
const ErrorCode kSchemaMinimum{"schema.minimum", kInvalid, "The number must not be below {}.", "数值不得小于 {}。"};
const ErrorCode kSchemaMaximum{"schema.maximum", kInvalid, "The number must not be above {}.", "数值不得大于 {}。"};
const ErrorCode kSchemaExclusiveMinimum{"schema.exclusive-minimum", kInvalid, "The number must be above {}.",
                                        "数值应大于 {}。"};
const ErrorCode kSchemaExclusiveMaximum{"schema.exclusive-maximum", kInvalid, "The number must be below {}.",
                                        "数值应小于 {}。"};
const ErrorCode kSchemaMultipleOf{"schema.multiple-of", kInvalid, "The number must be a multiple of {}.",
                                  "数值应为 {} 的整数倍。"};
const ErrorCode kSchemaMinItems{"schema.min-items", kInvalid, "At least {} elements are needed.",
                                "至少应有 {} 个元素。"};
const ErrorCode kSchemaMaxItems{"schema.max-items", kInvalid, "At most {} elements are allowed.",
                                "最多允许 {} 个元素。"};
const ErrorCode kSchemaUniqueItems{"schema.unique-items", kInvalid, "An element stands twice in the list.",
                                   "列表中存在重复元素。"};
const ErrorCode kSchemaMinProperties{"schema.min-properties", kInvalid, "At least {} members are needed.",
                                     "至少应有 {} 个成员。"};
const ErrorCode kSchemaMaxProperties{"schema.max-properties", kInvalid, "At most {} members are allowed.",
                                     "最多允许 {} 个成员。"};
const ErrorCode kSchemaUnknownField{"schema.unknown-field", kInvalid, "The contract has no such field.",
                                    "接口规范中没有该字段。"};
const ErrorCode kSchemaForbidden{"schema.forbidden", kInvalid, "Nothing may stand here.", "此处不允许有内容。"};
const ErrorCode kSchemaAnyOf{"schema.any-of", kInvalid, "None of the permitted forms fits.",
                             "不符合任何一种允许的形式。"};
const ErrorCode kSchemaOneOf{"schema.one-of", kInvalid, "Not exactly one of the permitted forms fits.",
                             "应当恰好符合一种允许的形式。"};
const ErrorCode kSchemaNot{"schema.not", kInvalid, "A form that is excluded fits.", "符合了被排除的形式。"};

const ErrorCode kSchemaLoad{"schema.load", kInvalid, "The schema {} cannot be used.", "数据规范 {} 无法使用。"};
const ErrorCode kSchemaUnknownKeyword{"schema.unknown-keyword", kInvalid, "The keyword {} is not supported.",
                                      "不支持关键字 {}。"};
const ErrorCode kSchemaKeywordValue{"schema.keyword-value", kInvalid, "A keyword has a wrong value; it takes {}.",
                                    "关键字的值不正确，应为 {}。"};
const ErrorCode kSchemaUnknownFormat{"schema.unknown-format", kInvalid, "The format {} is not known.",
                                     "没有名为 {} 的格式。"};
const ErrorCode kSchemaBadPattern{"schema.bad-pattern", kInvalid, "RE2 does not take the pattern: {}.",
                                  "正则表达式无法使用（RE2）：{}。"};
const ErrorCode kSchemaReference{"schema.reference", kInvalid,
                                 "The reference {} leads nowhere; only #/$defs/… is read.",
                                 "引用 {} 不存在，仅支持 #/$defs/…。"};
const ErrorCode kSchemaRecursiveReference{"schema.recursive-reference", kInvalid,
                                          "The reference {} leads back to itself.", "引用 {} 构成循环。"};
const ErrorCode kSchemaLabel{"schema.label", kInvalid, "The privacy label is not one of those known: {}.",
                             "隐私标签不在已知范围内：{}。"};
const ErrorCode kSchemaTooLarge{"schema.too-large", kInvalid, "The schema is above the limit of {}.",
                                "数据规范超出上限：{}。"};

std::span<const ErrorCode* const> schema_codes() {
  static constexpr std::array<const ErrorCode*, 32> kAll{&kSchemaRequired,
                                                         &kSchemaType,
                                                         &kSchemaEnum,
                                                         &kSchemaConst,
                                                         &kSchemaMinLength,
                                                         &kSchemaMaxLength,
                                                         &kSchemaPattern,
                                                         &kSchemaFormat,
                                                         &kSchemaMinimum,
                                                         &kSchemaMaximum,
                                                         &kSchemaExclusiveMinimum,
                                                         &kSchemaExclusiveMaximum,
                                                         &kSchemaMultipleOf,
                                                         &kSchemaMinItems,
                                                         &kSchemaMaxItems,
                                                         &kSchemaUniqueItems,
                                                         &kSchemaMinProperties,
                                                         &kSchemaMaxProperties,
                                                         &kSchemaUnknownField,
                                                         &kSchemaForbidden,
                                                         &kSchemaAnyOf,
                                                         &kSchemaOneOf,
                                                         &kSchemaNot,
                                                         &kSchemaLoad,
                                                         &kSchemaUnknownKeyword,
                                                         &kSchemaKeywordValue,
                                                         &kSchemaUnknownFormat,
                                                         &kSchemaBadPattern,
                                                         &kSchemaReference,
                                                         &kSchemaRecursiveReference,
                                                         &kSchemaLabel,
                                                         &kSchemaTooLarge};
  return kAll;
}

}  // namespace tongqu::codes
