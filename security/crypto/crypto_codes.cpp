#include "security/crypto/crypto_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kCryptoUnavailable{"crypto.unavailable", ErrorKind::kInternal,
                                   "The cryptographic library does not provide {}.", "密码库不提供{}。"};
const ErrorCode kCryptoKey{"crypto.key", ErrorKind::kInvalid, "The key cannot be used: expected {}.",
                           "密钥不可用：应为{}。"};
const ErrorCode kCryptoSign{"crypto.sign", ErrorKind::kInternal, "Signing failed.", "签名失败。"};
const ErrorCode kCryptoSealed{"crypto.sealed", ErrorKind::kCorrupt,
                              "A sealed value does not open: it was altered, or it belongs elsewhere.",
                              "密封数据无法打开：已被改动，或不属于此处。"};
const ErrorCode kCryptoWrapped{"crypto.wrapped-key", ErrorKind::kCorrupt,
                               "A wrapped data key does not open: it was altered, or it belongs to another exchange.",
                               "封装的数据密钥无法打开：已被改动，或属于另一次交换。"};
const ErrorCode kCryptoMonthKey{"crypto.month-key", ErrorKind::kCorrupt,
                                "The key of the month {} is missing, was altered, or needs another master key.",
                                "月密钥 {} 缺失、已被改动，或与主密钥不符。"};
const ErrorCode kCryptoMonthStore{"crypto.month-store", ErrorKind::kUnavailable,
                                  "The store of month keys failed to {}.", "月密钥存储操作失败：{}。"};

std::span<const ErrorCode* const> crypto_codes() {
  static constexpr std::array<const ErrorCode*, 7> kAll{&kCryptoUnavailable, &kCryptoKey,     &kCryptoSign,
                                                        &kCryptoSealed,      &kCryptoWrapped, &kCryptoMonthKey,
                                                        &kCryptoMonthStore};
  return kAll;
}

}  // namespace tongqu::codes
