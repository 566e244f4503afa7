#pragma once
// Errors of security/crypto. None carries key material or plain text.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kCryptoUnavailable;  // the library lacks an algorithm, or its random source failed
extern const ErrorCode kCryptoKey;          // a key text cannot be used; param = what was expected
extern const ErrorCode kCryptoSign;         // the library refused to sign
extern const ErrorCode kCryptoSealed;       // a sealed value does not open
extern const ErrorCode kCryptoWrapped;      // a wrapped data key does not open
extern const ErrorCode kCryptoMonthKey;     // a month key is missing or altered; param = the month
extern const ErrorCode kCryptoMonthStore;   // month keys cannot be read or written; param = the operation

[[nodiscard]] std::span<const ErrorCode* const> crypto_codes();

}  // namespace tongqu::codes
