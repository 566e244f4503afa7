#pragma once
// What the other rooms ask of cryptography, without OpenSSL.
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

// gm: SM2, SM3, SM4-CTR + HMAC-SM3. intl: Ed25519, SHA-256, AES-256-GCM. One switch (design section 7).
enum class SuiteId : std::uint8_t { kGm, kIntl };

using Digest32 = std::array<std::uint8_t, 32>;
[[nodiscard]] inline std::string_view as_text(const Digest32& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// A hash over more bytes than memory should hold. One thread at a time.
class RunningHash {
 public:
  virtual ~RunningHash() = default;
  virtual void update(std::string_view part) = 0;
  // The hash of everything so far; once, the object is of no use afterwards.
  [[nodiscard]] virtual Digest32 finish() = 0;
};

// Hash and MAC of a suite. Thread-safe (each thread keeps its own contexts).
class Suite {
 public:
  virtual ~Suite() = default;
  [[nodiscard]] virtual SuiteId id() const = 0;
  [[nodiscard]] virtual std::string_view hash_name() const = 0;  // "sm3" or "sha-256"
  // Hash of the concatenation of `parts`.
  [[nodiscard]] virtual Digest32 hash(std::initializer_list<std::string_view> parts) const = 0;
  [[nodiscard]] virtual Digest32 hmac(std::string_view key, std::initializer_list<std::string_view> parts) const = 0;
  // hash() in pieces; may outlive the suite. Ends the process when the library runs out of memory.
  [[nodiscard]] virtual std::unique_ptr<RunningHash> start_hash() const = 0;
  // out[i] = hash({prefix, texts[i]}) and out[i] = hmac(key, {prefix, texts[i]}): many short texts at once cost a
  // fraction of as many calls. `out` has as many places as there are texts.
  virtual void hash_each(std::string_view prefix, std::span<const std::string_view> texts,
                         std::span<Digest32> out) const {
    for (std::size_t i = 0; i < texts.size(); ++i) out[i] = hash({prefix, texts[i]});
  }
  virtual void hmac_each(std::string_view key, std::string_view prefix, std::span<const std::string_view> texts,
                         std::span<Digest32> out) const {
    for (std::size_t i = 0; i < texts.size(); ++i) out[i] = hmac(key, {prefix, texts[i]});
  }
};

// Signs with one private key. Thread-safe.
class Signer {
 public:
  virtual ~Signer() = default;
  [[nodiscard]] virtual Result<Bytes> sign(std::string_view message) const = 0;
  [[nodiscard]] virtual std::string_view algorithm() const = 0;  // "sm2-sm3", "ed25519", "ecdsa-p256-sha256"
};

// Checks signatures of one public key. Thread-safe.
class Verifier {
 public:
  virtual ~Verifier() = default;
  [[nodiscard]] virtual bool verify(std::string_view message, std::string_view signature) const = 0;
  [[nodiscard]] virtual std::string_view algorithm() const = 0;
};

// Keeps payloads unreadable on disk. One data key per exchange, wrapped by the key of the month, which is wrapped by
// the master key; wrapped data keys are rows of the key database, so that destroying one erases the payloads for good.
struct SealKey {
  ExchangeId exchange;
  Bytes wrapped;  // the data key under the month key, with the month key's id; goes to Store with the exchange
  Bytes plain;    // the data key itself, in memory only; never stored, never logged
};

class Sealer {
 public:
  virtual ~Sealer() = default;
  // A fresh random data key. Thread-safe, like everything here.
  [[nodiscard]] virtual Result<SealKey> make_key(const ExchangeId& exchange) const = 0;
  // The data key out of its wrapped form. Fails with kCorrupt when it was altered or belongs to another exchange.
  [[nodiscard]] virtual Result<SealKey> unwrap(const ExchangeId& exchange, std::string_view wrapped) const = 0;
  // `context` ("original", "record", "out/p12315") is authenticated, not stored: a blob opens only where it belongs.
  [[nodiscard]] virtual Result<Bytes> seal(const SealKey& key, std::string_view context,
                                           std::string_view plain) const = 0;
  // Fails with kCorrupt on any change of blob, key or context.
  [[nodiscard]] virtual Result<Bytes> open(const SealKey& key, std::string_view context,
                                           std::string_view sealed) const = 0;
};

}  // namespace tongqu
