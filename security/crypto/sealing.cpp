#include "security/crypto/sealing.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

struct Free {
  void operator()(EVP_CIPHER* p) const { EVP_CIPHER_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr char kVersion = 1;
constexpr std::size_t kHeadBytes = 2;
constexpr std::size_t kGcmNonceBytes = 12;
constexpr std::size_t kGcmTagBytes = 16;
constexpr std::size_t kCtrNonceBytes = 16;
constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kSm4KeyBytes = 16;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(Bytes& text) { return reinterpret_cast<unsigned char*>(text.data()); }
Error sealed_error() { return make_error(codes::kCryptoSealed); }

// A context that wipes its key schedule when the operation ends.
class CipherRun {
 public:
  CipherRun() : context_(thread_context()) {}
  CipherRun(const CipherRun&) = delete;
  CipherRun& operator=(const CipherRun&) = delete;
  ~CipherRun() {
    if (context_ != nullptr) EVP_CIPHER_CTX_reset(context_);
    ERR_clear_error();
  }
  [[nodiscard]] EVP_CIPHER_CTX* get() const { return context_; }

 private:
  static EVP_CIPHER_CTX* thread_context() {
    thread_local const Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
    return context.get();
  }
  EVP_CIPHER_CTX* context_;
};

char suite_byte(SuiteId id) { return id == SuiteId::kGm ? 1 : 2; }

Bytes make_aad(SuiteId suite, std::string_view context, std::string_view subject) {
  Bytes aad;
  aad.reserve(kHeadBytes + 4 + context.size() + subject.size());
  aad.push_back(kVersion);
  aad.push_back(suite_byte(suite));
  for (const unsigned shift : {24U, 16U, 8U, 0U}) aad.push_back(static_cast<char>(context.size() >> shift & 255U));
  aad.append(context).append(subject);
  return aad;
}

Bytes derive(const Suite& suite, std::string_view key, std::string_view purpose, std::string_view aad,
             std::size_t size) {
  Digest32 full = suite.hmac(key, {purpose, aad});
  Bytes out(as_text(full).substr(0, size));
  OPENSSL_cleanse(full.data(), full.size());
  return out;
}

// CTR is its own inverse.
bool run_ctr(const EVP_CIPHER* cipher, std::string_view key, std::string_view nonce, std::string_view in,
             unsigned char* out) {
  const CipherRun run;
  int size = 0;
  return run.get() != nullptr &&
         EVP_EncryptInit_ex2(run.get(), cipher, bytes_of(key), bytes_of(nonce), nullptr) == 1 &&
         (in.empty() || (EVP_EncryptUpdate(run.get(), out, &size, bytes_of(in), static_cast<int>(in.size())) == 1 &&
                         static_cast<std::size_t>(size) == in.size()));
}

class BothSealings final : public Sealing {
 public:
  BothSealings(SuiteId suite, std::unique_ptr<Suite> gm, std::unique_ptr<Suite> intl, Owned<EVP_CIPHER> sm4,
               Owned<EVP_CIPHER> aes)
      : suite_(suite), gm_(std::move(gm)), intl_(std::move(intl)), sm4_(std::move(sm4)), aes_(std::move(aes)) {}

  [[nodiscard]] Result<Bytes> seal(std::string_view key, std::string_view context, std::string_view subject,
                                   std::string_view plain) const override {
    if (key.size() != kSealKeyBytes) return make_error(codes::kCryptoKey, "32 bytes");
    if (plain.size() > kMaxSealBytes) return make_error(codes::kLimitBytes, std::to_string(kMaxSealBytes));
    const auto nonce = random_bytes(suite_ == SuiteId::kGm ? kCtrNonceBytes : kGcmNonceBytes);
    if (nonce.has_error()) return nonce.error();
    const Bytes aad = make_aad(suite_, context, subject);
    Bytes blob;
    blob.reserve(kHeadBytes + nonce->size() + plain.size() + kMacBytes);
    blob.push_back(kVersion);
    blob.push_back(suite_byte(suite_));
    blob += *nonce;
    const bool done = suite_ == SuiteId::kGm ? seal_gm(key, aad, *nonce, plain, blob)
                                             : seal_intl(key, aad, *nonce, plain, blob);
    if (!done) return make_error(codes::kCryptoUnavailable, "encryption");
    return blob;
  }

  [[nodiscard]] Result<Bytes> open(std::string_view key, std::string_view context, std::string_view subject,
                                   std::string_view sealed) const override {
    if (key.size() != kSealKeyBytes || sealed.size() < kHeadBytes || sealed.size() > kMaxSealBytes + 256 ||
        sealed[0] != kVersion)
      return sealed_error();
    const std::string_view body = sealed.substr(kHeadBytes);
    if (sealed[1] == suite_byte(SuiteId::kGm)) return open_gm(key, make_aad(SuiteId::kGm, context, subject), body);
    if (sealed[1] == suite_byte(SuiteId::kIntl))
      return open_intl(key, make_aad(SuiteId::kIntl, context, subject), body);
    return sealed_error();
  }

 private:
  bool seal_gm(std::string_view key, std::string_view aad, std::string_view nonce, std::string_view plain,
               Bytes& blob) const {
    Bytes cipher_key = derive(*gm_, key, "seal-encrypt", aad, kSm4KeyBytes);
    Bytes mac_key = derive(*gm_, key, "seal-mac", aad, kMacBytes);
    const ScopedCleanse wipe_cipher_key(cipher_key);
    const ScopedCleanse wipe_mac_key(mac_key);
    const std::size_t start = blob.size();
    blob.resize(start + plain.size());
    if (!run_ctr(sm4_.get(), cipher_key, nonce, plain, bytes_of(blob) + start)) return false;
    const Digest32 tag = gm_->hmac(mac_key, {aad, nonce, std::string_view(blob).substr(start)});
    blob += as_text(tag);
    return true;
  }

  [[nodiscard]] Result<Bytes> open_gm(std::string_view key, const Bytes& aad, std::string_view body) const {
    if (body.size() < kCtrNonceBytes + kMacBytes) return sealed_error();
    const std::string_view nonce = body.substr(0, kCtrNonceBytes);
    const std::string_view sealed = body.substr(kCtrNonceBytes, body.size() - kCtrNonceBytes - kMacBytes);
    Bytes mac_key = derive(*gm_, key, "seal-mac", aad, kMacBytes);
    const ScopedCleanse wipe_mac_key(mac_key);
    const Digest32 tag = gm_->hmac(mac_key, {aad, nonce, sealed});
    if (!equal_constant_time(as_text(tag), body.substr(body.size() - kMacBytes))) return sealed_error();
    Bytes cipher_key = derive(*gm_, key, "seal-encrypt", aad, kSm4KeyBytes);
    const ScopedCleanse wipe_cipher_key(cipher_key);
    Bytes plain(sealed.size(), '\0');
    if (!run_ctr(sm4_.get(), cipher_key, nonce, sealed, bytes_of(plain))) return sealed_error();
    return plain;
  }

  bool seal_intl(std::string_view key, std::string_view aad, std::string_view nonce, std::string_view plain,
                 Bytes& blob) const {
    Bytes cipher_key = derive(*intl_, key, "seal-encrypt", aad, kSealKeyBytes);
    const ScopedCleanse wipe(cipher_key);
    const std::size_t start = blob.size();
    blob.resize(start + plain.size() + kGcmTagBytes);
    unsigned char* out = bytes_of(blob) + start;
    const CipherRun run;
    int size = 0;
    return run.get() != nullptr &&
           EVP_EncryptInit_ex2(run.get(), aes_.get(), bytes_of(cipher_key), bytes_of(nonce), nullptr) == 1 &&
           EVP_EncryptUpdate(run.get(), nullptr, &size, bytes_of(aad), static_cast<int>(aad.size())) == 1 &&
           (plain.empty() ||
            EVP_EncryptUpdate(run.get(), out, &size, bytes_of(plain), static_cast<int>(plain.size())) == 1) &&
           EVP_EncryptFinal_ex(run.get(), out + plain.size(), &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(run.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagBytes, out + plain.size()) == 1;
  }

  [[nodiscard]] Result<Bytes> open_intl(std::string_view key, const Bytes& aad, std::string_view body) const {
    if (body.size() < kGcmNonceBytes + kGcmTagBytes) return sealed_error();
    const std::string_view nonce = body.substr(0, kGcmNonceBytes);
    const std::string_view sealed = body.substr(kGcmNonceBytes, body.size() - kGcmNonceBytes - kGcmTagBytes);
    Bytes tag(body.substr(body.size() - kGcmTagBytes));
    Bytes cipher_key = derive(*intl_, key, "seal-encrypt", aad, kSealKeyBytes);
    const ScopedCleanse wipe(cipher_key);
    Bytes plain(sealed.size(), '\0');
    const CipherRun run;
    int size = 0;
    const bool good =
        run.get() != nullptr &&
        EVP_DecryptInit_ex2(run.get(), aes_.get(), bytes_of(cipher_key), bytes_of(nonce), nullptr) == 1 &&
        EVP_DecryptUpdate(run.get(), nullptr, &size, bytes_of(aad), static_cast<int>(aad.size())) == 1 &&
        (sealed.empty() || EVP_DecryptUpdate(run.get(), bytes_of(plain), &size, bytes_of(sealed),
                                             static_cast<int>(sealed.size())) == 1) &&
        EVP_CIPHER_CTX_ctrl(run.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagBytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(run.get(), bytes_of(plain) + plain.size(), &size) == 1;
    if (good) return plain;
    cleanse(plain);
    return sealed_error();
  }

  SuiteId suite_;
  std::unique_ptr<Suite> gm_;
  std::unique_ptr<Suite> intl_;
  Owned<EVP_CIPHER> sm4_;
  Owned<EVP_CIPHER> aes_;
};

}  // namespace

Result<std::unique_ptr<Sealing>> make_sealing(SuiteId suite) {
  auto gm = make_suite(SuiteId::kGm);
  if (gm.has_error()) return gm.error();
  auto intl = make_suite(SuiteId::kIntl);
  if (intl.has_error()) return intl.error();
  Owned<EVP_CIPHER> sm4{EVP_CIPHER_fetch(nullptr, "SM4-CTR", nullptr)};
  Owned<EVP_CIPHER> aes{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
  if (!sm4 || !aes) return make_error(codes::kCryptoUnavailable, sm4 ? "AES-256-GCM" : "SM4-CTR");
  return std::unique_ptr<Sealing>{std::make_unique<BothSealings>(suite, std::move(*gm), std::move(*intl),
                                                                 std::move(sm4), std::move(aes))};
}

}  // namespace tongqu
