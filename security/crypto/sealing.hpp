#pragma once
// Authenticated encryption of one value under one 32-byte key.
//
//   blob = version (1 byte, 1) ‖ suite (1 byte, 1 = gm, 2 = intl) ‖ nonce ‖ ciphertext ‖ tag
//   AAD  = version ‖ suite ‖ length of context (4 bytes, big-endian) ‖ context ‖ subject
//   gm   : nonce 16, tag 32. Encryption key = first 16 bytes of HMAC-SM3(key, "seal-encrypt" ‖ AAD), MAC key =
//          HMAC-SM3(key, "seal-mac" ‖ AAD); SM4-CTR, then HMAC-SM3 over AAD ‖ nonce ‖ ciphertext
//   intl : nonce 12, tag 16. AES-256-GCM under HMAC-SHA-256(key, "seal-encrypt" ‖ AAD)
//
// Each (key, context, subject) has keys of its own, so random nonces meet only within one of them.
#include <memory>
#include <string_view>

#include "gateway/core/crypto.hpp"

namespace tongqu {

inline constexpr std::size_t kSealKeyBytes = 32;
inline constexpr std::size_t kMaxSealBytes = std::size_t{1} << 30U;

// Immutable and thread-safe.
class Sealing {
 public:
  virtual ~Sealing() = default;
  // Seals under the suite given to make_sealing. Fails with gateway.limit-bytes above kMaxSealBytes, and with
  // crypto.unavailable when there is no randomness.
  [[nodiscard]] virtual Result<Bytes> seal(std::string_view key, std::string_view context, std::string_view subject,
                                           std::string_view plain) const = 0;
  // Opens blobs of either suite, so that what was sealed before a switch stays readable. Fails with crypto.sealed on
  // any change of blob, key, context or subject; no plain text is released before the tag was checked.
  [[nodiscard]] virtual Result<Bytes> open(std::string_view key, std::string_view context, std::string_view subject,
                                           std::string_view sealed) const = 0;
};

// Fails with crypto.unavailable when the library lacks a cipher.
[[nodiscard]] Result<std::unique_ptr<Sealing>> make_sealing(SuiteId suite);

}  // namespace tongqu
