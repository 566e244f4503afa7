#pragma once
// Error codes of TLS: what a context cannot be made of, and why a handshake failed.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

// Making or reloading a factory; the parameter names the option.
extern const ErrorCode kTlsCertificateUnreadable;
extern const ErrorCode kTlsKeyUnreadable;
extern const ErrorCode kTlsKeyMismatch;
extern const ErrorCode kTlsTrustUnreadable;
extern const ErrorCode kTlsCrlUnreadable;
extern const ErrorCode kTlsPinInvalid;
extern const ErrorCode kTlsTrustMissing;
extern const ErrorCode kTlsContext;
// A handshake.
extern const ErrorCode kTlsHandshake;
extern const ErrorCode kTlsCut;
extern const ErrorCode kTlsPeerRefused;
extern const ErrorCode kTlsCertificateMissing;
extern const ErrorCode kTlsCertificateUntrusted;
extern const ErrorCode kTlsCertificateExpired;
extern const ErrorCode kTlsCertificateRevoked;
extern const ErrorCode kTlsNameMismatch;
extern const ErrorCode kTlsPinMismatch;
extern const ErrorCode kTlsWrongDirection;

[[nodiscard]] std::span<const ErrorCode* const> tls_codes();

}  // namespace tongqu::codes
