#pragma once
// City A's request signature (docs/formats.md section 8): X-Api-Key, X-Timestamp, X-Nonce, X-Signature.
#include <memory>
#include <string>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/identity.hpp"
#include "security/identity/credentials.hpp"

namespace tongqu {

inline constexpr std::size_t kMinHmacKeyBytes = 8;

struct HmacOptions {
  PartnerId partner;
  std::string key_id;                                    // value of X-Api-Key: 1 to 128 visible ASCII characters
  Bytes key;                                             // at least kMinHmacKeyBytes
  SuiteId hash = SuiteId::kIntl;                         // kIntl: SHA-256, kGm: SM3
  std::int64_t max_clock_skew_ms = kDefaultClockSkewMs;  // 1 s to 1 h
};

// Identity::method is "hmac-sha256" or "hmac-sm3"; the nonce stays taken until its timestamp can no longer pass.
// Authenticating fails with identity.refused (any of the four headers or Idempotency-Key repeated, one missing or
// malformed, wrong key or signature), identity.clock (the signature is right, the time is not), or
// identity.content-digest (the signature is right, a Content-Digest header is not).
// create fails with identity.setup. `clock` outlives the result.
[[nodiscard]] Result<std::unique_ptr<Authenticator>> make_hmac_authenticator(HmacOptions options, const Clock& clock);
// Signing replaces the four headers.
[[nodiscard]] Result<std::unique_ptr<RequestSigner>> make_hmac_signer(HmacOptions options, const Clock& clock,
                                                                      NonceSource nonces = random_nonce);

}  // namespace tongqu
