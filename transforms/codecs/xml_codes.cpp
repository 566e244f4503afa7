#include "transforms/codecs/codecs_codes.hpp"

namespace tongqu::codes {
namespace {
constexpr ErrorKind kInvalid = ErrorKind::kInvalid;
constexpr ErrorKind kTooLarge = ErrorKind::kTooLarge;
}  // namespace

const ErrorCode kXmlSyntax{"xml.syntax", kInvalid, "This is not well-formed XML (libxml2 error {}).",
                           "XML 语法错误（libxml2 错误号 {}）。"};
const ErrorCode kXmlEmpty{"xml.empty", kInvalid, "There is no XML element.", "内容为空，没有 XML 元素。"};
const ErrorCode kXmlTag{"xml.tag", kInvalid, "An end tag does not fit the element that is open.",
                        "XML 语法错误：结束标签与开始标签不匹配。"};
const ErrorCode kXmlUnclosed{"xml.unclosed", kInvalid, "The XML ends before everything is closed.",
                             "XML 语法错误：内容提前结束。"};
const ErrorCode kXmlTrailing{"xml.trailing", kInvalid, "Something follows the root element.",
                             "根元素之后还有多余内容。"};
const ErrorCode kXmlCharacter{"xml.character", kInvalid, "A character that XML 1.0 does not allow.",
                              "存在 XML 1.0 不允许的字符。"};
const ErrorCode kXmlEntity{"xml.entity", kInvalid,
                           "An entity is not declared; only &lt; &gt; &amp; &apos; &quot; and character references are "
                           "read.",
                           "实体未定义，仅支持五个预定义实体和字符引用。"};
const ErrorCode kXmlDuplicateAttribute{"xml.duplicate-attribute", kInvalid, "An attribute stands twice at one element.",
                                       "同一元素的属性重复。"};
const ErrorCode kXmlNamespace{"xml.namespace", kInvalid,
                              "A namespace prefix is not declared, or its declaration is wrong.",
                              "命名空间前缀未声明或声明不正确。"};
const ErrorCode kXmlEncoding{"xml.encoding", kInvalid, "The encoding declaration contradicts the bytes.",
                             "XML 声明中的编码与实际内容不符。"};
const ErrorCode kXmlDoctype{"xml.doctype", kInvalid, "A DOCTYPE may not stand here, or may not declare anything.",
                            "不允许使用 DOCTYPE，或 DOCTYPE 中不得含有声明。"};
const ErrorCode kXmlRoot{"xml.root", kInvalid, "The root element must be {}.", "根元素应为 {}。"};
const ErrorCode kXmlRepeated{"xml.repeated", kInvalid, "An element that may stand only once is repeated.",
                             "只能出现一次的元素重复出现。"};
const ErrorCode kXmlNil{"xml.nil", kInvalid, "xsi:nil must be true or false, and with true the element is empty.",
                        "xsi:nil 只能为 true 或 false；为 true 时元素应为空。"};
const ErrorCode kXmlDepth{"xml.depth", kTooLarge, "Elements are nested more than {} deep.", "元素嵌套超过 {} 层。"};
const ErrorCode kXmlNodes{"xml.nodes", kTooLarge, "The document has more than {} values.", "数据项超过 {} 个。"};
const ErrorCode kXmlBytes{"xml.bytes", kTooLarge, "The document has more than {} bytes.", "内容超过 {} 字节。"};
const ErrorCode kXmlTextBytes{"xml.text-bytes", kTooLarge, "A text or name has more than {} bytes.",
                              "单个文本或名称超过 {} 字节。"};
const ErrorCode kXmlAttributes{"xml.attributes", kTooLarge, "An element has more than {} attributes.",
                               "单个元素的属性超过 {} 个。"};
const ErrorCode kXmlNamespaces{"xml.namespaces", kTooLarge, "More than {} namespace declarations are in force.",
                               "同时有效的命名空间声明超过 {} 个。"};
const ErrorCode kXmlEncodeCharacter{"xml.encode-character", kInvalid,
                                    "A text holds a character that XML 1.0 cannot write.",
                                    "文本中含有 XML 1.0 无法表示的字符。"};
const ErrorCode kXmlEncodeName{"xml.encode-name", ErrorKind::kInternal,
                               "The document has a member that cannot be the name of an element or attribute.",
                               "数据成员名无法作为 XML 元素名或属性名。"};
const ErrorCode kXmlEncodeShape{"xml.encode-shape", ErrorKind::kInternal, "XML cannot write {}.",
                                "数据结构无法用 XML 表示：{}。"};

}  // namespace tongqu::codes
