#include "gateway/net/net_codes.hpp"

#include <algorithm>
#include <array>

namespace tongqu::codes {

const ErrorCode kNetBareLineFeed{"net.bare-line-feed", ErrorKind::kInvalid,
                                 "A line feed without carriage return in the head.",
                                 "报文头中出现没有回车符的换行符。"};
const ErrorCode kNetBareCarriageReturn{"net.bare-carriage-return", ErrorKind::kInvalid,
                                       "A carriage return without line feed in the head.",
                                       "报文头中出现没有换行符的回车符。"};
const ErrorCode kNetControlByte{"net.control-byte", ErrorKind::kInvalid, "A control byte in the head.",
                                "报文头中出现控制字符。"};
const ErrorCode kNetFoldedLine{"net.folded-line", ErrorKind::kInvalid, "A folded or indented header line.",
                               "报文头字段不得折行或以空白开头。"};
const ErrorCode kNetSpaceBeforeColon{"net.space-before-colon", ErrorKind::kInvalid,
                                     "White space between header name and colon.",
                                     "报文头字段名与冒号之间不得有空白。"};
const ErrorCode kNetHeaderName{"net.header-name", ErrorKind::kInvalid, "A header name that is not a token.",
                               "报文头字段名不符合规范。"};
const ErrorCode kNetHeaderValue{"net.header-value", ErrorKind::kInvalid, "A header value with a forbidden byte.",
                                "报文头字段值含有不允许的字节。"};
const ErrorCode kNetHeaderAmbiguous{"net.header-ambiguous", ErrorKind::kInvalid,
                                    "A header name that other programs may read as a length or a transfer coding.",
                                    "报文头字段名可能被其他程序误认为长度或传输编码字段。"};
const ErrorCode kNetRequestLine{"net.request-line", ErrorKind::kInvalid,
                                "A request line that is not method, target, version.",
                                "请求行不是“方法 目标 版本”的形式。"};
const ErrorCode kNetMethod{"net.method", ErrorKind::kInvalid, "A method that is not a token.", "请求方法不符合规范。"};
const ErrorCode kNetTarget{"net.target", ErrorKind::kInvalid,
                           "A request target that is not an absolute path with optional query in visible ASCII.",
                           "请求目标必须是绝对路径加可选查询串，且只含可见 ASCII 字符。"};
const ErrorCode kNetVersion{"net.version", ErrorKind::kInvalid, "Only HTTP/1.1 and HTTP/1.0 are spoken here.",
                            "只支持 HTTP/1.1 和 HTTP/1.0。"};
const ErrorCode kNetHost{"net.host", ErrorKind::kInvalid, "Exactly one valid Host header is required.",
                         "必须有且只有一个有效的 Host 字段。"};
const ErrorCode kNetContentLength{"net.content-length", ErrorKind::kInvalid,
                                  "A Content-Length that is not a decimal number.", "Content-Length 不是十进制数。"};
const ErrorCode kNetContentLengthRepeated{"net.content-length-repeated", ErrorKind::kInvalid,
                                          "More than one Content-Length.", "Content-Length 出现多次。"};
const ErrorCode kNetLengthConflict{"net.length-conflict", ErrorKind::kInvalid,
                                   "Content-Length together with Transfer-Encoding.",
                                   "Content-Length 与 Transfer-Encoding 不得同时出现。"};
const ErrorCode kNetTransferEncoding{"net.transfer-encoding", ErrorKind::kInvalid,
                                     "Transfer-Encoding must be exactly one \"chunked\", in HTTP/1.1 only.",
                                     "Transfer-Encoding 只能是一个 chunked，且仅限 HTTP/1.1。"};
const ErrorCode kNetBodyUnexpected{"net.body-unexpected", ErrorKind::kInvalid, "This method takes no body.",
                                   "该请求方法不得带报文体。"};
const ErrorCode kNetHeadTooLarge{"net.head-too-large", ErrorKind::kTooLarge, "The head is longer than {} bytes.",
                                 "报文头超过 {} 字节的上限。"};
const ErrorCode kNetTooManyHeaders{"net.too-many-headers", ErrorKind::kTooLarge, "More than {} header lines.",
                                   "报文头字段超过 {} 个的上限。"};
const ErrorCode kNetBodyTooLarge{"net.body-too-large", ErrorKind::kTooLarge, "The body is longer than {} bytes.",
                                 "报文体超过 {} 字节的上限。"};
const ErrorCode kNetChunk{"net.chunk", ErrorKind::kInvalid, "A chunk that is not well-formed.", "分块编码不符合规范。"};
const ErrorCode kNetTrailer{"net.trailer", ErrorKind::kInvalid,
                            "Trailers that are not well-formed, forbidden or too long.",
                            "尾部字段不符合规范、不被允许或过长。"};
const ErrorCode kNetExpectation{"net.expectation", ErrorKind::kInvalid,
                                "The only expectation met here is 100-continue.", "Expect 只支持 100-continue。"};
const ErrorCode kNetHeadTimeout{"net.head-timeout", ErrorKind::kInvalid, "The head did not arrive within {} ms.",
                                "报文头未在 {} 毫秒内到齐。"};
const ErrorCode kNetBodyTimeout{"net.body-timeout", ErrorKind::kInvalid, "The body did not arrive within {} ms.",
                                "报文体未在 {} 毫秒内到齐。"};
const ErrorCode kNetAnswerTimeout{"net.answer-timeout", ErrorKind::kDeadline,
                                  "No answer within {} ms; the effect is unknown.",
                                  "在 {} 毫秒内没有得到应答，处理结果未知。"};
const ErrorCode kNetConnections{"net.connections", ErrorKind::kUnavailable, "Too many connections. Try again later.",
                                "连接数已满，请稍后重试。"};
const ErrorCode kNetConnectionsPerAddress{"net.connections-per-address", ErrorKind::kRateLimited,
                                          "Too many connections from one address.", "同一地址的连接数过多。"};
const ErrorCode kNetStranger{"net.stranger", ErrorKind::kForbidden,
                             "The address is outside the network of this listener, or the listener's time is over.",
                             "来源地址不在该监听端口限定的网段内，或该端口已到期。"};
const ErrorCode kNetBusy{"net.busy", ErrorKind::kUnavailable,
                         "Too many requests are under way at once; nothing was stored. Try again later.",
                         "同时处理的请求过多，本次请求未保存，请稍后重试。"};
const ErrorCode kNetAnswerInvalid{"net.answer-invalid", ErrorKind::kInternal,
                                  "A defect of the gateway: an answer without a form.", "网关内部缺陷：应答无法成文。"};
const ErrorCode kNetListen{"net.listen", ErrorKind::kUnavailable, "Cannot listen on {}.", "无法在 {} 上监听。"};
const ErrorCode kNetOptions{"net.options", ErrorKind::kInvalid, "Out of range: {}.", "取值超出范围：{}。"};
const ErrorCode kNetRequestInvalid{"net.request-invalid", ErrorKind::kInternal, "A request that cannot be written.",
                                   "请求无法成文。"};
const ErrorCode kNetQueueFull{"net.queue-full", ErrorKind::kUnavailable, "Too many requests wait for a connection.",
                              "等待连接的请求过多。"};
const ErrorCode kNetTooManyOrigins{"net.too-many-origins", ErrorKind::kUnavailable, "Too many different peers.",
                                   "对端数量超过上限。"};
const ErrorCode kNetClientStopped{"net.client-stopped", ErrorKind::kUnavailable, "The client was stopped.",
                                  "客户端已停止。"};
const ErrorCode kNetResolve{"net.resolve", ErrorKind::kUnavailable, "The peer's name cannot be resolved.",
                            "无法解析对端名称。"};
const ErrorCode kNetConnect{"net.connect", ErrorKind::kUnavailable, "The peer does not accept the connection.",
                            "对端未接受连接。"};
const ErrorCode kNetAddressForbidden{"net.address-forbidden", ErrorKind::kForbidden,
                                     "The peer's name leads to addresses that may not be connected to.",
                                     "对端名称解析到不允许连接的地址。"};
const ErrorCode kNetConnectTimeout{"net.connect-timeout", ErrorKind::kUnavailable, "No connection to the peer in time.",
                                   "未能及时与对端建立连接。"};
const ErrorCode kNetTlsRefused{"net.tls-refused", ErrorKind::kUnavailable, "The peer does not accept our certificate.",
                               "对端未接受我方证书。"};
const ErrorCode kNetProxyRefused{"net.proxy-refused", ErrorKind::kUnavailable,
                                 "The proxy does not let the connection through.", "代理服务器未建立到对端的连接。"};
const ErrorCode kNetProxyAuthorization{"net.proxy-authorization", ErrorKind::kUnavailable,
                                       "The proxy wants other credentials.", "代理服务器不接受所给凭据。"};
const ErrorCode kNetRequestTimeout{"net.request-timeout", ErrorKind::kDeadline, "The peer did not answer in time.",
                                   "对端未及时应答。"};
const ErrorCode kNetConnectionCut{"net.connection-cut", ErrorKind::kDeadline,
                                  "The peer cut the connection before its answer.", "对端在应答之前断开了连接。"};
const ErrorCode kNetStatusLine{"net.status-line", ErrorKind::kInvalid, "A status line that is not well-formed.",
                               "状态行不符合规范。"};
const ErrorCode kNetAnswerTooLarge{"net.answer-too-large", ErrorKind::kTooLarge,
                                   "The peer's answer is longer than the limit.", "对端应答超过长度上限。"};

std::span<const ErrorCode* const> net_codes() {
  static constexpr auto kAll = std::to_array<const ErrorCode*>({&kNetBareLineFeed,
                                                                &kNetBareCarriageReturn,
                                                                &kNetControlByte,
                                                                &kNetFoldedLine,
                                                                &kNetSpaceBeforeColon,
                                                                &kNetHeaderName,
                                                                &kNetHeaderValue,
                                                                &kNetHeaderAmbiguous,
                                                                &kNetRequestLine,
                                                                &kNetMethod,
                                                                &kNetTarget,
                                                                &kNetVersion,
                                                                &kNetHost,
                                                                &kNetContentLength,
                                                                &kNetContentLengthRepeated,
                                                                &kNetLengthConflict,
                                                                &kNetTransferEncoding,
                                                                &kNetBodyUnexpected,
                                                                &kNetHeadTooLarge,
                                                                &kNetTooManyHeaders,
                                                                &kNetBodyTooLarge,
                                                                &kNetChunk,
                                                                &kNetTrailer,
                                                                &kNetExpectation,
                                                                &kNetHeadTimeout,
                                                                &kNetBodyTimeout,
                                                                &kNetAnswerTimeout,
                                                                &kNetConnections,
                                                                &kNetConnectionsPerAddress,
                                                                &kNetStranger,
                                                                &kNetBusy,
                                                                &kNetAnswerInvalid,
                                                                &kNetListen,
                                                                &kNetOptions,
                                                                &kNetRequestInvalid,
                                                                &kNetQueueFull,
                                                                &kNetTooManyOrigins,
                                                                &kNetClientStopped,
                                                                &kNetResolve,
                                                                &kNetConnect,
                                                                &kNetAddressForbidden,
                                                                &kNetConnectTimeout,
                                                                &kNetTlsRefused,
                                                                &kNetProxyRefused,
                                                                &kNetProxyAuthorization,
                                                                &kNetRequestTimeout,
                                                                &kNetConnectionCut,
                                                                &kNetStatusLine,
                                                                &kNetAnswerTooLarge});
  return kAll;
}

int net_status(const ErrorCode& code) {
  struct Special {
    const ErrorCode* code;
    int status;
  };
  static constexpr auto kSpecial = std::to_array<Special>({{&kNetVersion, 505},
                                                           {&kNetHeadTooLarge, 431},
                                                           {&kNetTooManyHeaders, 431},
                                                           {&kNetExpectation, 417},
                                                           {&kNetHeadTimeout, 408},
                                                           {&kNetBodyTimeout, 408}});
  const auto* found = std::ranges::find(kSpecial, &code, &Special::code);
  return found != kSpecial.end() ? found->status : http_status(code.kind);
}

}  // namespace tongqu::codes
