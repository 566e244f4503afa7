#include "security/crypto/memory_sealer.hpp"

#include <gcrypt.h>

#include <array>
#include <atomic>

#include "security/crypto/ciphers.hpp"
#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kNumberBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct CloseCipher {
  void operator()(gcry_cipher_hd_t handle) const { gcry_cipher_close(handle); }
};

// The thread's cipher under the key it used last: a process has one such key, so the schedule is made once. Closing
// wipes it.
struct ThreadCipher {
  std::unique_ptr<gcry_cipher_handle, CloseCipher> handle;
  Bytes key;
  int algorithm = 0;

  ThreadCipher() = default;
  ThreadCipher(const ThreadCipher&) = delete;
  ThreadCipher& operator=(const ThreadCipher&) = delete;
  ~ThreadCipher() { cleanse(key); }

  [[nodiscard]] gcry_cipher_hd_t under(int wanted, std::string_view wanted_key) {
    if (handle && algorithm == wanted && equal_constant_time(key, wanted_key)) return handle.get();
    gcry_cipher_hd_t opened = nullptr;
    handle.reset();
    cleanse(key);
    if (gcry_cipher_open(&opened, wanted, GCRY_CIPHER_MODE_GCM, 0) != 0) return nullptr;
    handle.reset(opened);
    if (gcry_cipher_setkey(opened, wanted_key.data(), wanted_key.size()) != 0) {
      handle.reset();
      return nullptr;
    }
    key = wanted_key;
    algorithm = wanted;
    return opened;
  }
};

class MemorySealer final : public Sealer {
 public:
  MemorySealer(int algorithm, Bytes key) : algorithm_(algorithm), key_(std::move(key)) {}
  MemorySealer(const MemorySealer&) = delete;
  MemorySealer& operator=(const MemorySealer&) = delete;
  ~MemorySealer() override { cleanse(key_); }

  [[nodiscard]] Result<SealKey> make_key(const ExchangeId& exchange) const override {
    return SealKey{exchange, {}, key_};
  }
  [[nodiscard]] Result<SealKey> unwrap(const ExchangeId&, std::string_view) const override {
    return make_error(codes::kCryptoWrapped);
  }

  [[nodiscard]] Result<Bytes> seal(const SealKey& key, std::string_view context,
                                   std::string_view plain) const override {
    if (!equal_constant_time(key.plain, key_)) return make_error(codes::kCryptoKey, "the key of this sealer");
    const std::uint64_t number = next_.fetch_add(1);
    if (number >= kMaxMemoryBlobs) return make_error(codes::kCryptoUnavailable, "encryption");
    Bytes blob(kNumberBytes + plain.size() + kTagBytes, '\0');
    for (std::size_t i = 0; i < sizeof(number); ++i)
      blob[kNumberBytes - 1 - i] = static_cast<char>(number >> (8 * i) & 255U);
    gcry_cipher_hd_t cipher = begin(context, key.exchange.str(), std::string_view(blob).substr(0, kNumberBytes));
    const bool done =
        cipher != nullptr &&
        gcry_cipher_encrypt(cipher, blob.data() + kNumberBytes, plain.size(), plain.data(), plain.size()) == 0 &&
        gcry_cipher_gettag(cipher, blob.data() + kNumberBytes + plain.size(), kTagBytes) == 0;
    if (!done) return make_error(codes::kCryptoUnavailable, "encryption");
    return blob;
  }

  [[nodiscard]] Result<Bytes> open(const SealKey& key, std::string_view context,
                                   std::string_view sealed) const override {
    if (!equal_constant_time(key.plain, key_)) return make_error(codes::kCryptoKey, "the key of this sealer");
    if (sealed.size() < kNumberBytes + kTagBytes) return make_error(codes::kCryptoSealed);
    const std::string_view body = sealed.substr(kNumberBytes, sealed.size() - kNumberBytes - kTagBytes);
    const std::string_view tag = sealed.substr(sealed.size() - kTagBytes);
    Bytes plain(body.size(), '\0');
    gcry_cipher_hd_t cipher = begin(context, key.exchange.str(), sealed.substr(0, kNumberBytes));
    const bool good = cipher != nullptr &&
                      gcry_cipher_decrypt(cipher, plain.data(), plain.size(), body.data(), body.size()) == 0 &&
                      gcry_cipher_checktag(cipher, tag.data(), tag.size()) == 0;
    if (good) return plain;
    cleanse(plain);  // what was decrypted before the tag was known to be wrong must not be seen
    return make_error(codes::kCryptoSealed);
  }

 private:
  // The thread's cipher, ready for one blob; null when the library fails.
  [[nodiscard]] gcry_cipher_hd_t begin(std::string_view context, std::string_view exchange,
                                       std::string_view number) const {
    thread_local ThreadCipher kept;
    gcry_cipher_hd_t cipher = kept.under(algorithm_, key_);
    if (cipher == nullptr) return nullptr;
    std::array<char, 4> size{};
    for (std::size_t i = 0; i < size.size(); ++i)
      size[size.size() - 1 - i] = static_cast<char>(context.size() >> (8 * i) & 255U);
    Bytes more(size.data(), size.size());
    more.append(context).append(exchange);
    const bool ready = gcry_cipher_reset(cipher) == 0 && gcry_cipher_setiv(cipher, number.data(), number.size()) == 0 &&
                       gcry_cipher_authenticate(cipher, more.data(), more.size()) == 0;
    return ready ? cipher : nullptr;
  }

  const int algorithm_;
  Bytes key_;
  mutable std::atomic<std::uint64_t> next_{0};
};

}  // namespace

Result<std::unique_ptr<Sealer>> make_memory_sealer(SuiteId suite) {
  // Starts the library and tries its SM4.
  if (auto ciphers = Ciphers::create(); ciphers.has_error()) return ciphers.error();
  const int algorithm = suite == SuiteId::kGm ? GCRY_CIPHER_SM4 : GCRY_CIPHER_AES256;
  auto key = random_bytes(suite == SuiteId::kGm ? kSm4KeyBytes : kGcmKeyBytes);
  if (key.has_error()) return key.error();
  auto sealer = std::make_unique<MemorySealer>(algorithm, std::move(*key));
  // Tried once, so that a library without the mode is told at the start.
  auto own = sealer->make_key({});
  auto blob = sealer->seal(*own, "self-test", "text");
  cleanse(own->plain);
  if (blob.has_error()) return blob.error();
  return std::unique_ptr<Sealer>(std::move(sealer));
}

}  // namespace tongqu
