#include "security/crypto/sealing.hpp"

#include "security/crypto/ciphers.hpp"
#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kHeadBytes = 2;
constexpr std::size_t kMacBytes = 32;

Error sealed_error() { return make_error(codes::kCryptoSealed); }

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
  return Bytes(as_text(suite.hmac(key, {purpose, aad})).substr(0, size));
}

class BothSealings final : public Sealing {
 public:
  BothSealings(SuiteId suite, std::unique_ptr<Suite> gm, std::unique_ptr<Suite> intl, Ciphers ciphers)
      : suite_(suite), gm_(std::move(gm)), intl_(std::move(intl)), ciphers_(std::move(ciphers)) {}

  [[nodiscard]] Result<Bytes> seal(std::string_view key, std::string_view context, std::string_view subject,
                                   std::string_view plain) const override {
    if (key.size() != kSealKeyBytes) return make_error(codes::kCryptoKey, "32 bytes");
    if (plain.size() > kMaxSealBytes) return make_error(codes::kLimitBytes, std::to_string(kMaxSealBytes));
    const auto nonce = random_bytes(suite_ == SuiteId::kGm ? kSm4CounterBytes : kGcmNonceBytes);
    if (nonce.has_error()) return nonce.error();
    const Bytes aad = make_aad(suite_, context, subject);
    Bytes blob;
    blob.reserve(kHeadBytes + nonce->size() + plain.size() + kMacBytes);
    blob.push_back(kVersion);
    blob.push_back(suite_byte(suite_));
    blob += *nonce;
    const bool done =
        suite_ == SuiteId::kGm ? seal_gm(key, aad, *nonce, plain, blob) : seal_intl(key, aad, *nonce, plain, blob);
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
    if (!ciphers_.sm4_ctr(cipher_key, nonce, plain, blob)) return false;
    const Digest32 tag = gm_->hmac(mac_key, {aad, nonce, std::string_view(blob).substr(start)});
    blob += as_text(tag);
    return true;
  }

  [[nodiscard]] Result<Bytes> open_gm(std::string_view key, const Bytes& aad, std::string_view body) const {
    if (body.size() < kSm4CounterBytes + kMacBytes) return sealed_error();
    const std::string_view nonce = body.substr(0, kSm4CounterBytes);
    const std::string_view sealed = body.substr(kSm4CounterBytes, body.size() - kSm4CounterBytes - kMacBytes);
    Bytes mac_key = derive(*gm_, key, "seal-mac", aad, kMacBytes);
    const ScopedCleanse wipe_mac_key(mac_key);
    const Digest32 tag = gm_->hmac(mac_key, {aad, nonce, sealed});
    if (!equal_constant_time(as_text(tag), body.substr(body.size() - kMacBytes))) return sealed_error();
    Bytes cipher_key = derive(*gm_, key, "seal-encrypt", aad, kSm4KeyBytes);
    const ScopedCleanse wipe_cipher_key(cipher_key);
    Bytes plain;
    if (!ciphers_.sm4_ctr(cipher_key, nonce, sealed, plain)) return sealed_error();
    return plain;
  }

  bool seal_intl(std::string_view key, std::string_view aad, std::string_view nonce, std::string_view plain,
                 Bytes& blob) const {
    Bytes cipher_key = derive(*intl_, key, "seal-encrypt", aad, kSealKeyBytes);
    const ScopedCleanse wipe(cipher_key);
    return ciphers_.gcm_seal(cipher_key, nonce, aad, plain, blob);
  }

  [[nodiscard]] Result<Bytes> open_intl(std::string_view key, const Bytes& aad, std::string_view body) const {
    if (body.size() < kGcmNonceBytes + kGcmTagBytes) return sealed_error();
    Bytes cipher_key = derive(*intl_, key, "seal-encrypt", aad, kGcmKeyBytes);
    const ScopedCleanse wipe(cipher_key);
    Bytes plain;
    if (!ciphers_.gcm_open(cipher_key, body.substr(0, kGcmNonceBytes), aad, body.substr(kGcmNonceBytes), plain))
      return sealed_error();
    return plain;
  }

  SuiteId suite_;
  std::unique_ptr<Suite> gm_;
  std::unique_ptr<Suite> intl_;
  Ciphers ciphers_;
};

}  // namespace

Result<std::unique_ptr<Sealing>> make_sealing(SuiteId suite) {
  auto gm = make_suite(SuiteId::kGm);
  if (gm.has_error()) return gm.error();
  auto intl = make_suite(SuiteId::kIntl);
  if (intl.has_error()) return intl.error();
  auto ciphers = Ciphers::create();
  if (ciphers.has_error()) return ciphers.error();
  return std::unique_ptr<Sealing>{
      std::make_unique<BothSealings>(suite, std::move(*gm), std::move(*intl), std::move(*ciphers))};
}

}  // namespace tongqu
