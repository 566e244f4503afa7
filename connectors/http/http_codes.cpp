#include "connectors/http/http_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kNoSuchPath{"http.path", ErrorKind::kNotFound, "There is nothing at this path.", "该路径不存在。"};
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
std::span<const ErrorCode* const> http_codes() {
  static constexpr std::array<const ErrorCode*, 8> kAll{
      &kNoSuchPath, &kMethod, &kQuery, &kAnswerStatus, &kAnswerRefused, &kAnswerUnreadable, &kAddress, &kTimeoutHeader};
  return kAll;
}

}  // namespace tongqu::codes
