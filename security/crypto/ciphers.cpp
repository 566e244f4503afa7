#include "security/crypto/ciphers.hpp"

#include <gcrypt.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>

#include "security/crypto/crypto_codes.hpp"

namespace tongqu {
namespace {

struct Free {
  void operator()(EVP_CIPHER* p) const { EVP_CIPHER_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(Bytes& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// A context that wipes its key schedule when the operation ends.
class CipherRun {
 public:
  CipherRun() : context_(thread_context()) {}
  CipherRun(const CipherRun&) = delete;
  CipherRun& operator=(const CipherRun&) = delete;
  ~CipherRun() {
    EVP_CIPHER_CTX_reset(context_);
    if (ERR_peek_error() != 0) ERR_clear_error();
  }
  [[nodiscard]] EVP_CIPHER_CTX* get() const { return context_; }

  // EVP takes no empty update for data.
  [[nodiscard]] bool update(std::string_view in, unsigned char* out) const {
    int size = 0;
    return in.empty() || (EVP_CipherUpdate(context_, out, &size, bytes_of(in), static_cast<int>(in.size())) == 1 &&
                          static_cast<std::size_t>(size) == in.size());
  }
  [[nodiscard]] bool finish() const {
    unsigned char rest[EVP_MAX_BLOCK_LENGTH];
    int size = 0;
    return EVP_CipherFinal_ex(context_, rest, &size) == 1 && size == 0;
  }

 private:
  static EVP_CIPHER_CTX* thread_context() {
    thread_local const Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
    return context.get();
  }
  EVP_CIPHER_CTX* context_;
};

// SM4 comes from libgcrypt, which computes it with the processor's AES instructions, six times as fast as OpenSSL 3.0.
bool start_gcrypt() {
  static const bool started = [] {
    if (gcry_check_version(GCRYPT_VERSION) == nullptr) return false;
    // No locked memory: keys live in ordinary strings elsewhere, too, and are wiped like them.
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return gcry_cipher_test_algo(GCRY_CIPHER_SM4) == 0;
  }();
  return started;
}

struct CloseCipher {
  void operator()(gcry_cipher_hd_t handle) const { gcry_cipher_close(handle); }
};

// The thread's handle for SM4-CTR; null when there is no memory for it.
gcry_cipher_hd_t thread_sm4() {
  thread_local const auto handle = [] {
    gcry_cipher_hd_t opened = nullptr;
    static_cast<void>(gcry_cipher_open(&opened, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_CTR, 0));
    return std::unique_ptr<gcry_cipher_handle, CloseCipher>(opened);
  }();
  return handle.get();
}

}  // namespace

struct Ciphers::Fetched {
  Owned<EVP_CIPHER> aes;
};

Ciphers::Ciphers(std::unique_ptr<Fetched> fetched) : fetched_(std::move(fetched)) {}
Ciphers::Ciphers(Ciphers&&) noexcept = default;
Ciphers& Ciphers::operator=(Ciphers&&) noexcept = default;
Ciphers::~Ciphers() = default;

Result<Ciphers> Ciphers::create() {
  auto fetched = std::make_unique<Fetched>();
  fetched->aes.reset(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  ERR_clear_error();
  if (!start_gcrypt()) return make_error(codes::kCryptoUnavailable, "SM4-CTR");
  if (!fetched->aes) return make_error(codes::kCryptoUnavailable, "AES-256-GCM");
  return Ciphers(std::move(fetched));
}

bool Ciphers::sm4_ctr(std::string_view key, std::string_view counter, std::string_view in, Bytes& out) const {
  if (key.size() != kSm4KeyBytes || counter.size() != kSm4CounterBytes) return false;
  const gcry_cipher_hd_t handle = thread_sm4();
  if (handle == nullptr) return false;
  const std::size_t start = out.size();
  out.resize(start + in.size());
  const bool done =
      gcry_cipher_setkey(handle, key.data(), key.size()) == 0 &&
      gcry_cipher_setctr(handle, counter.data(), counter.size()) == 0 &&
      (in.empty() || gcry_cipher_encrypt(handle, out.data() + start, in.size(), in.data(), in.size()) == 0);
  // Overwrites the key schedule; what is left of the key stream is dropped with the counter.
  static constexpr std::array<char, kSm4KeyBytes> kNoKey{};
  static_cast<void>(gcry_cipher_setkey(handle, kNoKey.data(), kNoKey.size()));
  static_cast<void>(gcry_cipher_reset(handle));
  if (!done) out.resize(start);
  return done;
}

bool Ciphers::gcm_seal(std::string_view key, std::string_view nonce, std::string_view aad, std::string_view plain,
                       Bytes& out) const {
  if (key.size() != kGcmKeyBytes || nonce.size() != kGcmNonceBytes) return false;
  const CipherRun run;
  const std::size_t start = out.size();
  out.resize(start + plain.size() + kGcmTagBytes);
  const bool done =
      EVP_CipherInit_ex2(run.get(), fetched_->aes.get(), bytes_of(key), bytes_of(nonce), 1, nullptr) == 1 &&
      run.update(aad, nullptr) && run.update(plain, bytes_of(out) + start) && run.finish() &&
      EVP_CIPHER_CTX_ctrl(run.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagBytes, out.data() + start + plain.size()) == 1;
  if (!done) out.resize(start);
  return done;
}

bool Ciphers::gcm_open(std::string_view key, std::string_view nonce, std::string_view aad, std::string_view sealed,
                       Bytes& out) const {
  if (key.size() != kGcmKeyBytes || nonce.size() != kGcmNonceBytes || sealed.size() < kGcmTagBytes) return false;
  const std::string_view data = sealed.substr(0, sealed.size() - kGcmTagBytes);
  Bytes tag(sealed.substr(data.size()));
  const CipherRun run;
  const std::size_t start = out.size();
  out.resize(start + data.size());
  const bool good =
      EVP_CipherInit_ex2(run.get(), fetched_->aes.get(), bytes_of(key), bytes_of(nonce), 0, nullptr) == 1 &&
      run.update(aad, nullptr) && run.update(data, bytes_of(out) + start) &&
      EVP_CIPHER_CTX_ctrl(run.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagBytes, tag.data()) == 1 && run.finish();
  if (!good) {
    // What was decrypted before the tag was known to be wrong must not be seen.
    OPENSSL_cleanse(out.data() + start, data.size());
    out.resize(start);
  }
  return good;
}

}  // namespace tongqu
