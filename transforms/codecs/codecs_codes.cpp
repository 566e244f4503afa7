#include "transforms/codecs/codecs_codes.hpp"

#include <array>

namespace tongqu::codes {
namespace {
constexpr ErrorKind kInvalid = ErrorKind::kInvalid;
}

const ErrorCode kCharsetUnknown{"charset.unknown", kInvalid, "The label of the character set is not known.",
                                "字符集名称未知。"};
const ErrorCode kCharsetMalformed{"charset.malformed", kInvalid, "The bytes are not of the character set: {}.",
                                  "内容不符合所用字符集：{}。"};
const ErrorCode kCharsetUnencodable{"charset.unencodable", kInvalid, "A character does not exist in {}.",
                                    "存在 {} 无法表示的字符。"};

const ErrorCode kFormatLoad{"codecs.format", kInvalid, "The x-format of the schema cannot be used.",
                            "数据规范中的 x-format 无法使用。"};
const ErrorCode kFormatMember{"codecs.format-member", kInvalid, "The member {} is not known here.",
                              "此处没有名为 {} 的成员。"};
const ErrorCode kFormatMissing{"codecs.format-missing", kInvalid, "The member {} is missing.", "缺少成员 {}。"};
const ErrorCode kFormatType{"codecs.format-type", kInvalid, "The type must be one of {}.", "类型应为以下之一：{}。"};
const ErrorCode kFormatValue{"codecs.format-value", kInvalid, "A member has a wrong value; it takes {}.",
                             "成员的值不正确，应为 {}。"};
const ErrorCode kFormatPrefix{"codecs.format-prefix", kInvalid, "The prefix {} has no namespace.",
                              "前缀 {} 没有对应的命名空间。"};
const ErrorCode kFormatReview{
    "codecs.format-review", kInvalid,
    "The stylesheet may move values to other fields: labels_reviewed_by (who) and "
    "labels_reviewed_on (YYYY-MM-DD) must say who compared the labels.",
    "样式表可能改变字段位置：须以 labels_reviewed_by（何人）和 labels_reviewed_on（YYYY-MM-DD）写明标签已经何人核对。"};
const ErrorCode kFormatStructure{"codecs.format-structure", kInvalid, "The format cannot carry {}.",
                                 "该格式无法承载 {}。"};

namespace {
constexpr auto kAll = std::to_array<const ErrorCode*>({&kJsonEmpty,
                                                       &kJsonSyntax,
                                                       &kJsonUnclosed,
                                                       &kJsonEscape,
                                                       &kJsonNumber,
                                                       &kJsonNumberRange,
                                                       &kJsonControl,
                                                       &kJsonTrailing,
                                                       &kJsonByteOrder,
                                                       &kJsonUtf8,
                                                       &kJsonSurrogate,
                                                       &kJsonDuplicateKey,
                                                       &kJsonDepth,
                                                       &kJsonNodes,
                                                       &kJsonBytes,
                                                       &kJsonTextBytes,
                                                       &kJsonEncodeNumber,
                                                       &kCharsetUnknown,
                                                       &kCharsetMalformed,
                                                       &kCharsetUnencodable,
                                                       &kFormatLoad,
                                                       &kFormatMember,
                                                       &kFormatMissing,
                                                       &kFormatType,
                                                       &kFormatValue,
                                                       &kFormatPrefix,
                                                       &kFormatReview,
                                                       &kFormatStructure,
                                                       &kXmlSyntax,
                                                       &kXmlEmpty,
                                                       &kXmlTag,
                                                       &kXmlUnclosed,
                                                       &kXmlTrailing,
                                                       &kXmlCharacter,
                                                       &kXmlEntity,
                                                       &kXmlDuplicateAttribute,
                                                       &kXmlNamespace,
                                                       &kXmlEncoding,
                                                       &kXmlDoctype,
                                                       &kXmlRoot,
                                                       &kXmlRepeated,
                                                       &kXmlNil,
                                                       &kXmlDepth,
                                                       &kXmlNodes,
                                                       &kXmlBytes,
                                                       &kXmlTextBytes,
                                                       &kXmlAttributes,
                                                       &kXmlNamespaces,
                                                       &kXmlEncodeCharacter,
                                                       &kXmlEncodeName,
                                                       &kXmlEncodeShape,
                                                       &kCsvQuote,
                                                       &kCsvUnclosed,
                                                       &kCsvCharacter,
                                                       &kCsvRagged,
                                                       &kCsvHeading,
                                                       &kCsvRows,
                                                       &kCsvBytes,
                                                       &kCsvRowBytes,
                                                       &kCsvCellBytes,
                                                       &kCsvColumns,
                                                       &kCsvEncodeShape,
                                                       &kFormEscape,
                                                       &kFormRepeated,
                                                       &kFormBytes,
                                                       &kFormNodes,
                                                       &kFormTextBytes,
                                                       &kFormEncodeShape,
                                                       &kXsdLoad,
                                                       &kXsdRoot,
                                                       &kXsdContent,
                                                       &kXsdValue,
                                                       &kXsdAttribute,
                                                       &kXsdRule,
                                                       &kXsltLoad,
                                                       &kXsltForbidden,
                                                       &kXsltFailed,
                                                       &kXsltRefused,
                                                       &kXsltLimit,
                                                       &kEnvelopeRoot,
                                                       &kEnvelopeVersion,
                                                       &kEnvelopeBody,
                                                       &kEnvelopeReference,
                                                       &kEnvelopeAttachment,
                                                       &kEnvelopeBytes});
}  // namespace

std::span<const ErrorCode* const> codecs_codes() { return kAll; }

}  // namespace tongqu::codes
