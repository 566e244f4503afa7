#include "transforms/codecs/codecs_codes.hpp"

namespace tongqu::codes {
namespace {
constexpr ErrorKind kInvalid = ErrorKind::kInvalid;
}

const ErrorCode kXsdLoad{"xsd.load", kInvalid, "The XML Schema cannot be used (libxml2 error {}).",
                         "XML Schema 无法使用（libxml2 错误号 {}）。"};
const ErrorCode kXsdRoot{"xsd.root", kInvalid, "The schema does not declare the root element (libxml2 error {}).",
                         "XML Schema 中没有声明该根元素（libxml2 错误号 {}）。"};
const ErrorCode kXsdContent{"xsd.content", kInvalid,
                            "The element may not stand here, or something is missing in it: {}.",
                            "元素不应出现在此处，或缺少子元素，应为：{}。"};
const ErrorCode kXsdValue{"xsd.value", kInvalid, "The value does not fit its type (libxml2 error {}).",
                          "取值不符合其类型（libxml2 错误号 {}）。"};
const ErrorCode kXsdAttribute{"xsd.attribute", kInvalid,
                              "An attribute is missing or may not stand here (libxml2 error {}).",
                              "缺少属性或属性不应出现（libxml2 错误号 {}）。"};
const ErrorCode kXsdRule{"xsd.rule", kInvalid, "A rule of the XML Schema is broken (libxml2 error {}).",
                         "不符合 XML Schema 的规则（libxml2 错误号 {}）。"};

}  // namespace tongqu::codes
