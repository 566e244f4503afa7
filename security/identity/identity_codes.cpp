#include "security/identity/identity_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kIdentityRefused{"identity.refused", ErrorKind::kUnauthenticated,
                                 "The sender cannot be authenticated: unknown partner or wrong credentials.",
                                 "无法认证发送方：合作方未知或凭据不正确。"};
const ErrorCode kIdentityClock{"identity.clock", ErrorKind::kUnauthenticated,
                               "The request's time differs too much from the gateway's clock, which shows {}.",
                               "请求时间与网关时钟相差过大，网关时间为 {}。"};
const ErrorCode kIdentityContentDigest{"identity.content-digest", ErrorKind::kUnauthenticated,
                                       "Content-Digest does not fit the body.", "Content-Digest 与请求正文不一致。"};
const ErrorCode kIdentitySetup{"identity.setup", ErrorKind::kInvalid, "These credentials cannot work: {}.",
                               "凭据配置无效：{}。"};
const ErrorCode kIdentityDuplicate{"identity.duplicate", ErrorKind::kInvalid, "Two credentials claim the same {}.",
                                   "两份凭据使用了相同的{}。"};
const ErrorCode kSessionKeyForbidden{
    "identity.session-key-forbidden", ErrorKind::kForbidden,
    "The partner's key service grants no key (code {}): ask the partner for the right.",
    "对方密钥服务未授予密钥（代码 {}），请向对方申请授权。"};
const ErrorCode kSessionKeyUnavailable{"identity.session-key-unavailable", ErrorKind::kUnavailable,
                                       "The partner's key service gives no key now.", "对方密钥服务暂不提供密钥。"};
const ErrorCode kSessionKeyUnreadable{"identity.session-key-unreadable", ErrorKind::kUnavailable,
                                      "The key service's answer cannot be used: {}.", "密钥服务的应答不可用：{}。"};
const ErrorCode kSessionKeyClock{"identity.session-key-clock", ErrorKind::kUnavailable,
                                 "The partner's key service does not agree with the gateway about the time: {}.",
                                 "对方密钥服务与网关时钟不一致：{}。"};

std::span<const ErrorCode* const> identity_codes() {
  static constexpr std::array<const ErrorCode*, 9> kAll{
      &kIdentityRefused,     &kIdentityClock,         &kIdentityContentDigest, &kIdentitySetup,  &kIdentityDuplicate,
      &kSessionKeyForbidden, &kSessionKeyUnavailable, &kSessionKeyUnreadable,  &kSessionKeyClock};
  return kAll;
}

}  // namespace tongqu::codes
