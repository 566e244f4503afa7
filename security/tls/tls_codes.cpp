#include "security/tls/tls_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kTlsCertificateUnreadable{"tls.certificate-unreadable", ErrorKind::kInvalid,
                                          "Not a certificate chain in PEM: {}.", "不是 PEM 格式的证书链：{}。"};
const ErrorCode kTlsKeyUnreadable{"tls.key-unreadable", ErrorKind::kInvalid,
                                  "Not an unencrypted private key in PEM: {}.", "不是未加密的 PEM 格式私钥：{}。"};
const ErrorCode kTlsKeyMismatch{"tls.key-mismatch", ErrorKind::kInvalid,
                                "The private key does not belong to the certificate: {}.", "私钥与证书不匹配：{}。"};
const ErrorCode kTlsTrustUnreadable{"tls.trust-unreadable", ErrorKind::kInvalid,
                                    "Not a list of CA certificates in PEM: {}.", "不是 PEM 格式的 CA 证书列表：{}。"};
const ErrorCode kTlsCrlUnreadable{"tls.crl-unreadable", ErrorKind::kInvalid,
                                  "Not a list of certificate revocation lists in PEM: {}.",
                                  "不是 PEM 格式的证书吊销列表：{}。"};
const ErrorCode kTlsPinInvalid{"tls.pin-invalid", ErrorKind::kInvalid,
                               "Not a SHA-256 digest in 64 hexadecimal digits: {}.",
                               "不是 64 位十六进制的 SHA-256 摘要：{}。"};
const ErrorCode kTlsTrustMissing{"tls.trust-missing", ErrorKind::kInvalid,
                                 "Neither CA certificates nor pins to judge the peer's certificate by: {}.",
                                 "没有可用于核验对端证书的 CA 证书或指纹：{}。"};
const ErrorCode kTlsContext{"tls.context", ErrorKind::kInternal, "The TLS library refuses the option {}.",
                            "TLS 库不接受选项 {}。"};
const ErrorCode kTlsHandshake{"tls.handshake", ErrorKind::kUnavailable, "The TLS handshake failed.", "TLS 握手失败。"};
const ErrorCode kTlsCut{"tls.cut", ErrorKind::kUnavailable, "The peer cut the connection during the TLS handshake.",
                        "对端在 TLS 握手期间断开了连接。"};
const ErrorCode kTlsPeerRefused{"tls.peer-refused", ErrorKind::kUnavailable,
                                "The peer ended the TLS handshake with an alert.", "对端以告警终止了 TLS 握手。"};
const ErrorCode kTlsCertificateMissing{"tls.certificate-missing", ErrorKind::kUnauthenticated,
                                       "The peer shows no certificate.", "对端没有出示证书。"};
const ErrorCode kTlsCertificateUntrusted{"tls.certificate-untrusted", ErrorKind::kUnauthenticated,
                                         "The peer's certificate does not lead to a trusted CA.",
                                         "对端证书不能追溯到受信任的 CA。"};
const ErrorCode kTlsCertificateExpired{
    "tls.certificate-expired", ErrorKind::kUnauthenticated,
    "The peer's certificate or its revocation list is outside its period of validity.",
    "对端证书或其吊销列表不在有效期内。"};
const ErrorCode kTlsCertificateRevoked{"tls.certificate-revoked", ErrorKind::kUnauthenticated,
                                       "The peer's certificate was revoked.", "对端证书已被吊销。"};
const ErrorCode kTlsNameMismatch{"tls.name-mismatch", ErrorKind::kUnauthenticated,
                                 "The peer's certificate is for another name.", "对端证书与其名称不符。"};
const ErrorCode kTlsPinMismatch{"tls.pin-mismatch", ErrorKind::kUnauthenticated,
                                "The peer's certificate is none of the pinned ones.", "对端证书不在登记的指纹之列。"};
const ErrorCode kTlsWrongDirection{"tls.wrong-direction", ErrorKind::kInternal,
                                   "A defect of the gateway: a TLS factory was used in the wrong direction.",
                                   "网关内部缺陷：TLS 工厂的使用方向有误。"};

std::span<const ErrorCode* const> tls_codes() {
  static constexpr auto kAll = std::to_array<const ErrorCode*>(
      {&kTlsCertificateUnreadable, &kTlsKeyUnreadable, &kTlsKeyMismatch, &kTlsTrustUnreadable, &kTlsCrlUnreadable,
       &kTlsPinInvalid, &kTlsTrustMissing, &kTlsContext, &kTlsHandshake, &kTlsCut, &kTlsPeerRefused,
       &kTlsCertificateMissing, &kTlsCertificateUntrusted, &kTlsCertificateExpired, &kTlsCertificateRevoked,
       &kTlsNameMismatch, &kTlsPinMismatch, &kTlsWrongDirection});
  return kAll;
}

}  // namespace tongqu::codes
