#include "connectors/fetch/fetch_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kFetchTooLate{"fetch.too-late", ErrorKind::kDeadline,
                              "The attachment could not be fetched before the deadline.", "附件未能在期限内抓取。"};
const ErrorCode kFetchUrl{"fetch.url", ErrorKind::kInvalid,
                          "An address to fetch from has scheme, host and path, and no query or dot segments.",
                          "抓取地址须含协议、主机和路径，不得含查询串或点段。"};
const ErrorCode kFetchNowhere{"fetch.nowhere", ErrorKind::kInvalid, "Fetching needs urls, sftp, or both.",
                              "抓取须填写 urls 或 sftp，或两者兼有。"};
const ErrorCode kFetchForbidden{"fetch.forbidden", ErrorKind::kForbidden,
                                "The address is not one that may be fetched from for this partner.",
                                "该地址不在该接入方允许抓取的范围内。"};
const ErrorCode kFetchMissing{"fetch.missing", ErrorKind::kNotFound, "There is nothing at the address.",
                              "该地址没有内容。"};
const ErrorCode kFetchRedirect{"fetch.redirect", ErrorKind::kForbidden,
                               "The address redirects to another one; that is not followed.",
                               "该地址重定向到其他地址，不予跟随。"};
const ErrorCode kFetchDenied{"fetch.denied", ErrorKind::kUnavailable, "The source does not let the gateway in.",
                             "来源系统拒绝网关访问。"};
const ErrorCode kFetchLater{"fetch.later", ErrorKind::kUnavailable, "The source says: later (status {}).",
                            "来源系统要求稍后再试（状态码 {}）。"};
const ErrorCode kFetchStatus{"fetch.status", ErrorKind::kInvalid, "The source answered with status {}.",
                             "来源系统返回状态码 {}。"};
const ErrorCode kFetchNoSize{"fetch.no-size", ErrorKind::kInvalid, "The source does not tell the size of the content.",
                             "来源系统未告知内容大小。"};
const ErrorCode kFetchEmpty{"fetch.empty", ErrorKind::kInvalid, "The content is empty.", "内容为空。"};
const ErrorCode kFetchTooLarge{"fetch.too-large", ErrorKind::kTooLarge,
                               "The content is larger than this partner's attachments may be.",
                               "内容超过该接入方单个附件的上限。"};
const ErrorCode kFetchEncoding{"fetch.encoding", ErrorKind::kInvalid,
                               "The source sends the content in another coding than its own.",
                               "来源系统以其他编码发送内容。"};
const ErrorCode kFetchAnswer{"fetch.answer", ErrorKind::kUnavailable,
                             "The answer of the source does not fit what was asked.", "来源系统的应答与请求不符。"};
const ErrorCode kFetchShort{"fetch.short", ErrorKind::kUnavailable, "The content ended before its size.",
                            "内容未达到其声明大小即结束。"};

std::span<const ErrorCode* const> fetch_codes() {
  static constexpr auto kAll =
      std::to_array<const ErrorCode*>({&kFetchTooLate, &kFetchUrl, &kFetchNowhere, &kFetchForbidden, &kFetchMissing,
                                       &kFetchRedirect, &kFetchDenied, &kFetchLater, &kFetchStatus, &kFetchNoSize,
                                       &kFetchEmpty, &kFetchTooLarge, &kFetchEncoding, &kFetchAnswer, &kFetchShort});
  return kAll;
}

}  // namespace tongqu::codes
