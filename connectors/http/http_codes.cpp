#include "connectors/http/http_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kNoSuchPath{"http.path", ErrorKind::kNotFound, "There is nothing at this path.", "该路径不存在。"};
const ErrorCode kCatalogue{"http.catalogue", ErrorKind::kForbidden,
                           "This partner may not read that; see reads in its settings.",
                           "该接入方无权读取此数据（见其配置中的 reads）。"};
const ErrorCode kMethod{"http.method", ErrorKind::kInvalid, "This path takes {} only.", "该路径只接受 {} 方法。"};
const ErrorCode kQuery{"http.query", ErrorKind::kInvalid, "The query parameter {} is not a number in range.",
                       "查询参数 {} 不是允许范围内的数值。"};
const ErrorCode kAnswerStatus{"http.answer-status", ErrorKind::kUnavailable,
                              "The partner answered with HTTP status {}.", "对方返回 HTTP 状态码 {}。"};
const ErrorCode kAnswerRefused{"http.answer-refused", ErrorKind::kInvalid,
                               "The partner turned the message back (HTTP status {}).",
                               "对方拒收该报文（HTTP 状态码 {}）。"};
const ErrorCode kAnswerUnreadable{"http.answer-unreadable", ErrorKind::kUnavailable,
                                  "The partner's answer is not of the agreed form.", "对方应答的格式与约定不符。"};
const ErrorCode kAddress{"http.address", ErrorKind::kInvalid, "The URL names no host that could be called: {}.",
                         "URL 未给出可调用的主机：{}。"};
const ErrorCode kTimeoutHeader{"http.timeout", ErrorKind::kInvalid,
                               "Tongqu-Timeout-Ms is a whole number of milliseconds from 1 to {}.",
                               "Tongqu-Timeout-Ms 须为 1 至 {} 之间的毫秒数。"};
const ErrorCode kAnswerLater{"http.answer-later", ErrorKind::kUnavailable, "The partner's code means: try again later.",
                             "对方应答代码表示稍后重试。"};
const ErrorCode kAnswerNotFound{"http.answer-not-found", ErrorKind::kNotFound,
                                "The partner does not know the address or what the message is about.",
                                "对方不存在该地址或该事项。"};
const ErrorCode kAnswerForbidden{"http.answer-forbidden", ErrorKind::kForbidden,
                                 "The partner has not granted this service (a code of forbidden_codes).",
                                 "对方未授权使用该服务（forbidden_codes 中的代码）。"};
const ErrorCode kAnswerKeyInvalid{"http.answer-key-invalid", ErrorKind::kUnavailable,
                                  "The partner does not take the key that signed, not even a new one.",
                                  "对方不接受签名密钥，更换新密钥后仍不接受。"};
const ErrorCode kAnswerClock{"http.answer-clock", ErrorKind::kUnavailable,
                             "The partner's clock and the gateway's differ too much: {}.",
                             "对方时钟与网关时钟相差过大：{}。"};
const ErrorCode kAnswerRedirect{"http.answer-redirect", ErrorKind::kUnavailable,
                                "The partner redirects to an address that is not followed.",
                                "对方要求重定向，网关未予跟随。"};
const ErrorCode kMultipart{"http.multipart", ErrorKind::kInvalid, "The multipart body cannot be read: {}.",
                           "multipart 请求体无法解析：{}。"};
const ErrorCode kMultipartDocument{
    "http.multipart-document", ErrorKind::kInvalid,
    "One part has to be the document: named \"document\", or the only one without a file name.",
    "须有且仅有一个部分为报文：名称为 document，或唯一不带文件名的部分。"};
const ErrorCode kFilesDocument{"http.files-document", ErrorKind::kInvalid,
                               "Files are taken beside a document that is a JSON object.",
                               "随附文件时，报文须为 JSON 对象。"};
const ErrorCode kAttachmentsNotTaken{"http.attachments-not-taken", ErrorKind::kInvalid,
                                     "This service takes no attachments: {}.", "该服务不接收附件：{}。"};
const ErrorCode kPollItem{"http.poll-item", ErrorKind::kInvalid, "An entry of the partner's list has no usable {}.",
                          "对方列表中的条目缺少可用的 {}。"};
const ErrorCode kPollAnswer{"http.poll-answer", ErrorKind::kUnavailable,
                            "The list that the partner answered is not of the agreed form: {}.",
                            "对方返回的列表与约定不符：{}。"};
const ErrorCode kPollCursor{"http.poll-cursor", ErrorKind::kUnavailable,
                            "The position in the partner's list cannot be {}.", "对方列表的读取位置无法{}。"};

const ErrorCode kRange{"http.range", ErrorKind::kInvalid, "The attachment has {} bytes; the range lies outside.",
                       "附件共 {} 字节，请求的范围超出其长度。"};
const ErrorCode kUploadHeader{"http.upload-header", ErrorKind::kInvalid,
                              "The header {} is missing or has another form.", "缺少请求头 {} 或其格式不正确。"};
const ErrorCode kUploadDigest{"http.upload-digest", ErrorKind::kInvalid,
                              "The body does not have the digest of its Content-Digest; nothing of it was kept.",
                              "请求体与 Content-Digest 不符，本次内容未保存。"};
const ErrorCode kAttachmentMembers{"attachment.members", ErrorKind::kInvalid,
                                   "The declaration lacks {}, or it has another form, or the member is not known.",
                                   "附件声明缺少 {}、其格式不正确或含有未知成员。"};
const ErrorCode kAttachmentNotScanned{"attachment.not-scanned", ErrorKind::kUnavailable,
                                      "The attachment waits for the scanner's verdict.", "附件正在等待安全扫描结论。"};
const ErrorCode kAttachmentNotFetched{"attachment.not-fetched", ErrorKind::kUnavailable,
                                      "The gateway has not fetched the attachment yet.", "网关尚未抓取到该附件。"};
const ErrorCode kAttachmentsNotPermitted{"attachment.not-permitted", ErrorKind::kForbidden,
                                         "This partner may not send attachments.", "该接入方无权上传附件。"};
const ErrorCode kAttachmentTypeNotPermitted{"attachment.type-not-permitted", ErrorKind::kInvalid,
                                            "Attachments may be {}.", "附件类型只能是 {}。"};

std::span<const ErrorCode* const> http_codes() {
  static constexpr std::array<const ErrorCode*, 30> kAll{&kTimeoutHeader,
                                                         &kNoSuchPath,
                                                         &kMethod,
                                                         &kCatalogue,
                                                         &kQuery,
                                                         &kAnswerStatus,
                                                         &kAnswerRefused,
                                                         &kAnswerUnreadable,
                                                         &kAddress,
                                                         &kAnswerLater,
                                                         &kAnswerNotFound,
                                                         &kAnswerForbidden,
                                                         &kAnswerKeyInvalid,
                                                         &kAnswerClock,
                                                         &kAnswerRedirect,
                                                         &kMultipart,
                                                         &kMultipartDocument,
                                                         &kFilesDocument,
                                                         &kAttachmentsNotTaken,
                                                         &kPollItem,
                                                         &kPollAnswer,
                                                         &kPollCursor,
                                                         &kRange,
                                                         &kAttachmentMembers,
                                                         &kAttachmentNotScanned,
                                                         &kAttachmentNotFetched,
                                                         &kUploadHeader,
                                                         &kUploadDigest,
                                                         &kAttachmentsNotPermitted,
                                                         &kAttachmentTypeNotPermitted};
  return kAll;
}

}  // namespace tongqu::codes
