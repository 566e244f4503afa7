#pragma once
// Errors of security/identity. A caller without the right secret learns nothing but identity.refused.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kIdentityRefused;        // unknown partner, wrong credentials, malformed credentials
extern const ErrorCode kIdentityClock;          // good credentials, but too old or too new; param = gateway's time
extern const ErrorCode kIdentityContentDigest;  // good credentials, but the body is not the one of Content-Digest
extern const ErrorCode kIdentitySetup;          // options that cannot work; param = which
extern const ErrorCode kIdentityDuplicate;      // two credentials claim the same key id or certificate; param = kind
// Keys of a partner's key service (session_signer.hpp).
extern const ErrorCode kSessionKeyForbidden;    // the partner grants no key; param = the configured code
extern const ErrorCode kSessionKeyUnavailable;  // it says: later, or something that is not agreed
extern const ErrorCode kSessionKeyUnreadable;   // the answer, or the sealed key in it, is not of the agreed form
extern const ErrorCode
    kSessionKeyClock;  // refused while the clocks differ, or ended before it came; param = both clocks

[[nodiscard]] std::span<const ErrorCode* const> identity_codes();

}  // namespace tongqu::codes
