#pragma once
// The two-step key of the sharing platform: the app key signs the call of the key service, which
// answers {code: "0", data: {secret, secretEndTime}}; the secret signs the business calls until it ends.
//
// Assumed, because no partner publishes it, and therefore options: the secret is AES-ECB with PKCS #5 padding under the
// app key's bytes, in Base64; secretEndTime is epoch milliseconds.
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/session_signer.hpp"
#include "gateway/core/text.hpp"
#include "security/crypto/aes_padded.hpp"

namespace tongqu {

struct SharingSessionOptions {
  std::string rid;
  std::string sid;      // of the business service
  std::string key_sid;  // of the key service
  Bytes app_key;        // 16, 24 or 32 bytes: it is an AES key too
  AesMode secret_cipher = AesMode::kEcb;
  // A key is fetched anew when so much of its time is left, but not before half of its time is over.
  std::int64_t renew_before_ms = 60'000;
  // After a failed fetch nobody asks again for so long, as long as the old key holds.
  std::int64_t pause_after_failure_ms = 5'000;
  std::vector<std::string> forbidden_codes;  // codes of the key service that mean: no right
};

// Codes of failing answers are in identity_codes.hpp. Two requests never carry the same time, so no two signatures are
// equal. create fails with identity.setup. `json` and `clock` outlive the result.
[[nodiscard]] Result<std::unique_ptr<SessionSigner>> make_sharing_session(SharingSessionOptions options,
                                                                          const Codec& json, const Clock& clock);

}  // namespace tongqu
