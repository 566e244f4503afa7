#include "transforms/codecs/codecs_codes.hpp"

namespace tongqu::codes {
namespace {
constexpr ErrorKind kInvalid = ErrorKind::kInvalid;
}

const ErrorCode kXsltLoad{"xslt.load", kInvalid, "The stylesheet cannot be used (error {} of the library).",
                          "样式表无法使用（库错误号 {}）。"};
const ErrorCode kXsltForbidden{"xslt.forbidden", kInvalid, "A stylesheet may not use {}.", "样式表中不得使用 {}。"};
const ErrorCode kXsltFailed{"xslt.failed", kInvalid, "The stylesheet made no document of the message.",
                            "样式表未能由该报文生成文档。"};
const ErrorCode kXsltRefused{
    "xslt.refused", kInvalid,
    "The stylesheet stopped: it turned the message back, or its templates call each other without end.",
    "样式表已停止：它退回了该报文，或其模板无限递归。"};
const ErrorCode kXsltLimit{"xslt.limit", ErrorKind::kTooLarge, "The message takes the stylesheet above its limit: {}.",
                           "样式表处理该报文超出上限：{}。"};

}  // namespace tongqu::codes
