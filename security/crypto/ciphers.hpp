#pragma once
// The two ciphers under the sealing: SM4-CTR (GB/T 32907) and AES-256-GCM (NIST SP 800-38D).
#include <memory>
#include <string_view>

#include "gateway/core/error.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

inline constexpr std::size_t kSm4KeyBytes = 16;
inline constexpr std::size_t kSm4CounterBytes = 16;
inline constexpr std::size_t kGcmKeyBytes = 32;
inline constexpr std::size_t kGcmNonceBytes = 12;
inline constexpr std::size_t kGcmTagBytes = 16;

// Immutable and thread-safe; each thread keeps one context, whose key schedule is wiped after every call. Inputs are
// below 2^31 bytes; keys and nonces have the sizes above (anything else answers false).
class Ciphers {
 public:
  // Fails with crypto.unavailable when the library lacks one of them.
  [[nodiscard]] static Result<Ciphers> create();
  Ciphers(Ciphers&&) noexcept;
  Ciphers& operator=(Ciphers&&) noexcept;
  ~Ciphers();

  // Appends the encryption, or the decryption, of `in` to `out`.
  [[nodiscard]] bool sm4_ctr(std::string_view key, std::string_view counter, std::string_view in, Bytes& out) const;
  // Appends ciphertext ‖ tag to `out`.
  [[nodiscard]] bool gcm_seal(std::string_view key, std::string_view nonce, std::string_view aad,
                              std::string_view plain, Bytes& out) const;
  // Appends the plain text of ciphertext ‖ tag to `out`; false, and nothing appended, when the tag does not fit.
  [[nodiscard]] bool gcm_open(std::string_view key, std::string_view nonce, std::string_view aad,
                              std::string_view sealed, Bytes& out) const;

 private:
  struct Fetched;
  explicit Ciphers(std::unique_ptr<Fetched> fetched);
  std::unique_ptr<Fetched> fetched_;
};

}  // namespace tongqu
