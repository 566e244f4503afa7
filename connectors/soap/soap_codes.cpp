#include "connectors/soap/soap_codes.hpp"

#include <array>

namespace tongqu::codes {
const ErrorCode kSoapSetup{"soap.setup", ErrorKind::kInvalid, "The SOAP settings do not fit together: {}.",
                           "SOAP 配置不一致：{}。"};
const ErrorCode kSoapMethod{"soap.method", ErrorKind::kInvalid, "This path takes POST, and GET with ?wsdl.",
                            "该路径只接受 POST 以及 GET ?wsdl。"};
const ErrorCode kSoapContentType{"soap.content-type", ErrorKind::kInvalid,
                                 "The content type must be text/xml, application/soap+xml or multipart/related.",
                                 "内容类型应为 text/xml、application/soap+xml 或 multipart/related。"};
const ErrorCode kSoapMultipart{"soap.multipart", ErrorKind::kInvalid,
                               "The multipart/related message cannot be taken apart: {}.",
                               "multipart/related 报文无法拆分：{}。"};
const ErrorCode kSoapAttachmentLoose{"soap.attachment-loose", ErrorKind::kInvalid,
                                     "An attachment came that the message does not refer to.",
                                     "报文中有未被引用的附件。"};
const ErrorCode kSoapAttachmentUnsigned{"soap.attachment-unsigned", ErrorKind::kInvalid,
                                        "The signature does not cover the attachments; send them in the message.",
                                        "签名未覆盖附件，请将附件内容放入报文。"};
const ErrorCode kSoapOperation{"soap.operation", ErrorKind::kInvalid, "There is no such operation; see ?wsdl.",
                               "没有该操作，参见 ?wsdl。"};
const ErrorCode kSoapParameter{"soap.parameter", ErrorKind::kInvalid,
                               "The operation needs one parameter {} with the document.",
                               "该操作需要一个参数 {}，其值为业务报文。"};
const ErrorCode kSoapString{"soap.string", ErrorKind::kInvalid, "The string holds no XML document.",
                            "字符串中没有 XML 文档。"};
const ErrorCode kSoapMustUnderstand{"soap.must-understand", ErrorKind::kInvalid,
                                    "A header that must be understood is not known here.",
                                    "存在要求必须理解但本系统不支持的 Header。"};
const ErrorCode kSoapReplyTo{"soap.reply-to", ErrorKind::kInvalid, "Answers are given on the connection only.",
                             "只在本次连接上应答，不支持 ReplyTo 地址。"};
const ErrorCode kSoapCredentials{"soap.credentials", ErrorKind::kUnauthenticated,
                                 "The credentials are missing or wrong.", "身份凭据缺失或不正确。"};
const ErrorCode kSoapClock{"soap.clock", ErrorKind::kUnauthenticated,
                           "The time of the credentials is outside the permitted window; check the clock.",
                           "凭据时间超出允许范围，请检查系统时钟。"};
const ErrorCode kSoapNetwork{"soap.network", ErrorKind::kUnauthenticated,
                             "The address is not among the permitted networks.", "来源地址不在允许的网段内。"};
const ErrorCode kSoapFaultSender{"soap.fault-sender", ErrorKind::kInvalid,
                                 "The partner turned the message back with a SOAP fault.",
                                 "对方以 SOAP Fault 拒收该报文。"};
const ErrorCode kSoapFaultReceiver{"soap.fault-receiver", ErrorKind::kUnavailable,
                                   "The partner answered with a SOAP fault of its own.",
                                   "对方系统返回自身故障的 SOAP Fault。"};
const ErrorCode kSoapReturned{"soap.returned", ErrorKind::kInvalid, "The partner's return value says that it refused.",
                              "对方返回值表示拒收。"};
const ErrorCode kSoapReturnedLater{"soap.returned-later", ErrorKind::kUnavailable,
                                   "The partner's return value says: later.", "对方返回值表示稍后重试。"};
const ErrorCode kSoapAnswer{"soap.answer", ErrorKind::kUnavailable, "The partner's answer is not of the agreed form.",
                            "对方应答的格式与约定不符。"};
const ErrorCode kSoapStatus{"soap.status", ErrorKind::kUnavailable,
                            "The partner answered with HTTP status {} and no envelope.",
                            "对方返回 HTTP 状态码 {}，且没有 SOAP 应答。"};
const ErrorCode kSoapNoOperation{"soap.no-operation", ErrorKind::kInvalid,
                                 "No operation is configured for the service {}.", "服务 {} 没有配置对应的操作。"};

std::span<const ErrorCode* const> soap_codes() {
  static constexpr auto kAll =
      std::to_array<const ErrorCode*>({&kSoapSetup,          &kSoapMethod,          &kSoapContentType,
                                       &kSoapMultipart,      &kSoapAttachmentLoose, &kSoapAttachmentUnsigned,
                                       &kSoapOperation,      &kSoapParameter,       &kSoapString,
                                       &kSoapMustUnderstand, &kSoapReplyTo,         &kSoapCredentials,
                                       &kSoapClock,          &kSoapNetwork,         &kSoapFaultSender,
                                       &kSoapFaultReceiver,  &kSoapReturned,        &kSoapReturnedLater,
                                       &kSoapAnswer,         &kSoapStatus,          &kSoapNoOperation});
  return kAll;
}

}  // namespace tongqu::codes
