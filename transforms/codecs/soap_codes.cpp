#include "transforms/codecs/codecs_codes.hpp"

namespace tongqu::codes {

const ErrorCode kEnvelopeRoot{"envelope.root", ErrorKind::kInvalid, "The root element is no SOAP Envelope.",
                              "根元素不是 SOAP Envelope。"};
const ErrorCode kEnvelopeVersion{"envelope.version", ErrorKind::kInvalid,
                                 "The Envelope is neither of SOAP 1.1 nor of SOAP 1.2.",
                                 "Envelope 的命名空间既非 SOAP 1.1 也非 SOAP 1.2。"};
const ErrorCode kEnvelopeBody{"envelope.body", ErrorKind::kInvalid, "The Envelope needs one Body with one element.",
                              "Envelope 中应有且仅有一个 Body，其中应有一个元素。"};
const ErrorCode kEnvelopeReference{"envelope.reference", ErrorKind::kInvalid,
                                   "An href names no element of the body, or leads back to itself.",
                                   "href 引用的元素不存在或形成循环引用。"};
const ErrorCode kEnvelopeAttachment{"envelope.attachment", ErrorKind::kInvalid,
                                    "A reference to an attachment names no part of the message.",
                                    "引用的附件在报文中不存在。"};
const ErrorCode kEnvelopeBytes{"envelope.attachment-size", ErrorKind::kTooLarge,
                               "The attachments together have more than {} bytes.", "附件合计超过 {} 字节。"};

}  // namespace tongqu::codes
