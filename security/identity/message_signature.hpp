#pragma once
// HTTP Message Signatures (RFC 9421) in the profile of docs/formats.md section 9: label "tongqu", components "@method"
// "@path" "@query" "content-digest" and, when the header is present, "idempotency-key", in this order; parameters
// created, expires, nonce, keyid, alg, each once, and no other.
#include <memory>
#include <optional>
#include <string>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/identity.hpp"
#include "security/identity/credentials.hpp"

namespace tongqu {

inline constexpr std::string_view kSignatureLabel = "tongqu";
inline constexpr std::string_view kHmacSha256 = "hmac-sha256";
inline constexpr std::int64_t kMaxSignatureLifeS = 300;

struct MessageSignatureOptions {
  PartnerId partner;
  std::string key_id;     // parameter keyid: 1 to 128 visible ASCII characters
  std::string algorithm;  // "ed25519", "ecdsa-p256-sha256", "sm2-sm3" or "hmac-sha256"
  std::string key;        // PEM: public to check, private to sign; for hmac-sha256 the shared secret's bytes
  std::int64_t max_clock_skew_ms = 60'000;   // 0 to 5 min; added at both ends of created … expires
  SuiteId digest = SuiteId::kIntl;           // signer: hash of Content-Digest
  std::int64_t life_s = kMaxSignatureLifeS;  // signer: expires − created, 1 to kMaxSignatureLifeS
};

// Identity::method is "rfc9421:<algorithm>"; Identity::signature holds Signature-Input's member and the signature.
// Authenticating fails with identity.refused, identity.clock (good signature, wrong time) or identity.content-digest
// (good signature, other body). Other labels in the two headers are passed over.
// Fails with identity.setup or crypto.key. `clock` outlives the result.
[[nodiscard]] Result<std::unique_ptr<Authenticator>> make_message_signature_authenticator(
    MessageSignatureOptions options, const Clock& clock);
// Signing sets Content-Digest, Signature-Input and Signature (each replaced). Fails with crypto.sign, or
// identity.refused when a part of the request has control characters.
[[nodiscard]] Result<std::unique_ptr<RequestSigner>> make_message_signature_signer(MessageSignatureOptions options,
                                                                                   const Clock& clock,
                                                                                   NonceSource nonces = random_nonce);

// The keyid under this profile's label, before anything is verified; empty when there is none.
[[nodiscard]] std::optional<std::string> claimed_key_id(const HttpRequest& request);

// The value of one component (RFC 9421 section 2): "@method", "@path", "@query" or a header's name in lower case,
// several lines of it joined by ", ". Empty when the header is absent.
[[nodiscard]] std::optional<std::string> component_value(const HttpRequest& request, std::string_view name);

// Signature base (RFC 9421 section 2.5) over `components`; `parameters` is the serialized inner list with its
// parameters. Empty when a component is absent.
[[nodiscard]] std::optional<std::string> signature_base(const HttpRequest& request,
                                                        const std::vector<std::string>& components,
                                                        std::string_view parameters);

}  // namespace tongqu
