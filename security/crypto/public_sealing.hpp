#pragma once
// Encryption of short values to one public key (docs/formats.md, "Sealed values"). The context is authenticated: a
// sealed value opens only with the context that it was sealed for.
//
//   gm   : SM2 encryption (GB/T 32918.4, C1 C3 C2 in the ASN.1 of GB/T 35276) of SM3(label ‖ context) ‖ value
//   intl : ephemeral X25519 (RFC 7748), HKDF-SHA-256 (RFC 5869), AES-256-GCM; epk (32) ‖ ciphertext ‖ tag (16);
//          key (32) ‖ nonce (12) = HKDF(salt = none, ikm = shared secret, info = label ‖ epk ‖ recipient key ‖
//          context); AAD = context
//
// with the label "tongqu sealed value v1" and a zero byte. Key texts and values never appear in an error.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "security/crypto/keys.hpp"

namespace tongqu {

inline constexpr std::string_view kX25519 = "x25519";
inline constexpr std::size_t kMaxPublicSealBytes = 64 * 1024;  // of one value

// Immutable and thread-safe.
class PublicSealer {
 public:
  virtual ~PublicSealer() = default;
  // Fails with gateway.limit-bytes above kMaxPublicSealBytes, and with crypto.unavailable when the library fails.
  [[nodiscard]] virtual Result<Bytes> seal(std::string_view context, std::string_view plain) const = 0;
  [[nodiscard]] virtual SuiteId suite() const = 0;
  // The first 8 bytes of the suite's hash of the key (SubjectPublicKeyInfo, DER), hex.
  [[nodiscard]] virtual const std::string& key_id() const = 0;
  // End of the certificate that the key came in; empty for a bare key.
  [[nodiscard]] virtual std::optional<Instant> expires() const = 0;
};

// Immutable and thread-safe.
class PublicOpener {
 public:
  virtual ~PublicOpener() = default;
  // Fails with crypto.sealed on any change of value, key or context.
  [[nodiscard]] virtual Result<Bytes> open(std::string_view context, std::string_view sealed) const = 0;
  [[nodiscard]] virtual SuiteId suite() const = 0;
  [[nodiscard]] virtual const std::string& key_id() const = 0;
};

// `pem`: a public key or a certificate of the suite's kind, SM2 or X25519. A private key is refused: it has no business
// where values are sealed. Fails with crypto.key. Whether a certificate is trusted is the caller's matter.
[[nodiscard]] Result<std::unique_ptr<PublicSealer>> make_public_sealer(SuiteId suite, std::string_view pem);
// `private_pem`: SM2 or X25519, which says the suite. Fails with crypto.key.
[[nodiscard]] Result<std::unique_ptr<PublicOpener>> make_public_opener(std::string_view private_pem);
// SM2 for gm, X25519 for intl. Fails with crypto.unavailable.
[[nodiscard]] Result<KeyPair> generate_sealing_key(SuiteId suite);

}  // namespace tongqu
