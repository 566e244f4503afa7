#include "security/xmldsig/xmldsig_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kXmlSignatureRefused{
    "xmldsig.refused", ErrorKind::kUnauthenticated,
    "The XML signature is missing, wrong, of another key, or does not cover body and timestamp.",
    "XML 签名缺失、不正确、密钥不符，或未覆盖 Body 与 Timestamp。"};
const ErrorCode kXmlSignatureClock{"xmldsig.clock", ErrorKind::kUnauthenticated,
                                   "The signed timestamp is outside the permitted window; check the clock.",
                                   "签名时间戳超出允许范围，请检查系统时钟。"};
const ErrorCode kXmlSignatureSetup{"xmldsig.setup", ErrorKind::kInvalid, "The {} for XML signatures cannot be used.",
                                   "用于 XML 签名的 {} 无法使用。"};
const ErrorCode kXmlSignatureFailed{"xmldsig.failed", ErrorKind::kInternal, "The envelope could not be signed.",
                                    "信封签名失败。"};

std::span<const ErrorCode* const> xmldsig_codes() {
  static constexpr auto kAll = std::to_array<const ErrorCode*>(
      {&kXmlSignatureRefused, &kXmlSignatureClock, &kXmlSignatureSetup, &kXmlSignatureFailed});
  return kAll;
}

}  // namespace tongqu::codes
