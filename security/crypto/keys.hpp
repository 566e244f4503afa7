#pragma once
// Signature keys from PEM text, and their making.
//
//   algorithm           key                 signature
//   sm2-sm3             SM2 (sm2p256v1)     DER SEQUENCE{r, s}, SM3, user id 1234567812345678 (GM/T 0009)
//   ed25519             Ed25519             64 bytes (RFC 8032)
//   ecdsa-p256-sha256   NIST P-256          64 bytes r ‖ s (the form of RFC 9421 section 3.3.4)
//
// Every function fails with crypto.key when the text is no such key, and with crypto.unavailable when the library has
// no such algorithm. Key texts never appear in an error.
#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/crypto.hpp"

namespace tongqu {

inline constexpr std::string_view kSm2Sm3 = "sm2-sm3";
inline constexpr std::string_view kEd25519 = "ed25519";
inline constexpr std::string_view kEcdsaP256Sha256 = "ecdsa-p256-sha256";

// The largest PEM text that is read.
inline constexpr std::size_t kMaxPemBytes = 64 * 1024;

struct KeyPair {
  std::string private_pem;  // PKCS #8, not encrypted: the caller keeps the file at mode 0600, and wipes the text
  std::string public_pem;   // SubjectPublicKeyInfo
};
[[nodiscard]] Result<KeyPair> generate_key(std::string_view algorithm);

[[nodiscard]] Result<std::unique_ptr<Signer>> make_signer(std::string_view algorithm, std::string_view private_pem);
// `pem` holds a public key, or a private one (its public part is used).
[[nodiscard]] Result<std::unique_ptr<Verifier>> make_verifier(std::string_view algorithm, std::string_view pem);
// `raw`: 32 bytes for ed25519, else the 65 bytes of the uncompressed point.
[[nodiscard]] Result<std::unique_ptr<Verifier>> make_verifier_from_raw(std::string_view algorithm,
                                                                       std::string_view raw);
// The public key in the raw form above, out of a public or a private PEM text.
[[nodiscard]] Result<Bytes> public_key_raw(std::string_view algorithm, std::string_view pem);

}  // namespace tongqu
