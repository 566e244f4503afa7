#include "security/crypto/public_sealing.hpp"

#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>

#include "security/crypto/ciphers.hpp"
#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_KDF* p) const { EVP_KDF_free(p); }
  void operator()(EVP_KDF_CTX* p) const { EVP_KDF_CTX_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(unsigned char* p) const { OPENSSL_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr std::string_view kLabel{"tongqu sealed value v1\0", 23};
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kPointBytes = 32;  // of X25519
constexpr std::size_t kKeyIdBytes = 8;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(Bytes& text) { return reinterpret_cast<unsigned char*>(text.data()); }

const char* type_of(SuiteId suite) { return suite == SuiteId::kGm ? "SM2" : "X25519"; }

Error key_error(std::string_view expected) {
  ERR_clear_error();
  return make_error(codes::kCryptoKey, std::string(expected));
}
Error no_library() {
  ERR_clear_error();
  return make_error(codes::kCryptoUnavailable, "encryption to a public key");
}
Error not_opened() {
  ERR_clear_error();
  return make_error(codes::kCryptoSealed);
}

int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

Owned<BIO> reader(std::string_view pem) {
  return Owned<BIO>{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

Result<std::string> key_id_of(const Suite& suite, const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  const Owned<unsigned char> owned{der};
  if (size <= 0) return no_library();
  const Digest32 digest = suite.hash({{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}});
  return to_hex(as_text(digest).substr(0, kKeyIdBytes));
}

std::optional<Instant> end_of(const X509* certificate) {
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return std::nullopt;
  return Instant{static_cast<std::int64_t>(timegm(&end)) * 1000};
}

// What both directions share.
struct Parts {
  SuiteId id = SuiteId::kGm;
  std::unique_ptr<Suite> suite;
  Owned<EVP_PKEY> key;
  std::string key_id;
  std::optional<Instant> expires;
};

Result<Parts> parts_of(SuiteId id, Owned<EVP_PKEY> key) {
  auto suite = make_suite(id);
  if (suite.has_error()) return suite.error();
  auto key_id = key_id_of(**suite, key.get());
  if (key_id.has_error()) return key_id.error();
  return Parts{id, std::move(*suite), std::move(key), std::move(*key_id), std::nullopt};
}

// ---- gm -----------------------------------------------------------------------------------------------------------

// EVP asks twice: for the size, then for the bytes.
using Crypt = int (*)(EVP_PKEY_CTX*, unsigned char*, std::size_t*, const unsigned char*, std::size_t);
bool crypt(EVP_PKEY* key, int (*init)(EVP_PKEY_CTX*), Crypt crypt, std::string_view in, Bytes& out) {
  const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
  std::size_t size = 0;
  if (!context || init(context.get()) != 1 || crypt(context.get(), nullptr, &size, bytes_of(in), in.size()) != 1)
    return false;
  out.assign(size, '\0');
  if (crypt(context.get(), bytes_of(out), &size, bytes_of(in), in.size()) != 1) return false;
  out.resize(size);
  return true;
}

class Sm2Sealer final : public PublicSealer {
 public:
  explicit Sm2Sealer(Parts parts) : parts_(std::move(parts)) {}
  [[nodiscard]] Result<Bytes> seal(std::string_view context, std::string_view plain) const override {
    if (plain.size() > kMaxPublicSealBytes) return make_error(codes::kLimitBytes, std::to_string(kMaxPublicSealBytes));
    Bytes message(as_text(parts_.suite->hash({kLabel, context})));
    const ScopedCleanse wipe(message);
    message.append(plain);
    Bytes out;
    if (!crypt(parts_.key.get(), EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, message, out)) return no_library();
    return out;
  }
  [[nodiscard]] SuiteId suite() const override { return parts_.id; }
  [[nodiscard]] const std::string& key_id() const override { return parts_.key_id; }
  [[nodiscard]] std::optional<Instant> expires() const override { return parts_.expires; }

 private:
  Parts parts_;
};

// The library overlooks bytes behind the sequence.
bool is_one_sequence(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  long size = 0;
  int tag = 0;
  int kind = 0;
  const int form = ASN1_get_object(&at, &size, &tag, &kind, static_cast<long>(der.size()));
  return form == V_ASN1_CONSTRUCTED && tag == V_ASN1_SEQUENCE &&
         at - bytes_of(der) + size == static_cast<std::ptrdiff_t>(der.size());
}

class Sm2Opener final : public PublicOpener {
 public:
  explicit Sm2Opener(Parts parts) : parts_(std::move(parts)) {}
  [[nodiscard]] Result<Bytes> open(std::string_view context, std::string_view sealed) const override {
    Bytes message;
    const ScopedCleanse wipe(message);
    if (sealed.size() > kMaxSealedBytes || !is_one_sequence(sealed) ||
        !crypt(parts_.key.get(), EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, sealed, message))
      return not_opened();
    const Digest32 bound = parts_.suite->hash({kLabel, context});
    if (message.size() < kHashBytes ||
        !equal_constant_time(std::string_view(message).substr(0, kHashBytes), as_text(bound)))
      return not_opened();
    return message.substr(kHashBytes);
  }
  [[nodiscard]] SuiteId suite() const override { return parts_.id; }
  [[nodiscard]] const std::string& key_id() const override { return parts_.key_id; }

 private:
  static constexpr std::size_t kMaxSealedBytes = kMaxPublicSealBytes + 256;
  Parts parts_;
};

// ---- intl ---------------------------------------------------------------------------------------------------------

std::optional<Bytes> raw_public(const EVP_PKEY* key) {
  Bytes raw(kPointBytes, '\0');
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, bytes_of(raw), &size) != 1 || size != kPointBytes) return std::nullopt;
  return raw;
}

// Empty for a peer of low order: the library refuses the shared secret of zeros.
std::optional<Bytes> shared_secret(EVP_PKEY* own, EVP_PKEY* peer) {
  const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr)};
  Bytes secret(kPointBytes, '\0');
  std::size_t size = secret.size();
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer) != 1 ||
      EVP_PKEY_derive(context.get(), bytes_of(secret), &size) != 1 || size != kPointBytes)
    return std::nullopt;
  return secret;
}

// Key and nonce. The ephemeral key is new for each value, so the nonce may come out of the same derivation.
std::optional<Bytes> derive(Bytes& secret, std::string_view ephemeral, std::string_view recipient,
                            std::string_view context) {
  Bytes info(kLabel);
  info.append(ephemeral).append(recipient).append(context);
  const Owned<EVP_KDF> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
  const Owned<EVP_KDF_CTX> run{EVP_KDF_CTX_new(kdf.get())};
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 4> params{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
  Bytes out(kGcmKeyBytes + kGcmNonceBytes, '\0');
  if (!run || EVP_KDF_derive(run.get(), bytes_of(out), out.size(), params.data()) != 1) return std::nullopt;
  return out;
}

class X25519Sealer final : public PublicSealer {
 public:
  X25519Sealer(Parts parts, Bytes raw, Ciphers ciphers)
      : parts_(std::move(parts)), raw_(std::move(raw)), ciphers_(std::move(ciphers)) {}
  [[nodiscard]] Result<Bytes> seal(std::string_view context, std::string_view plain) const override {
    if (plain.size() > kMaxPublicSealBytes) return make_error(codes::kLimitBytes, std::to_string(kMaxPublicSealBytes));
    const Owned<EVP_PKEY> ephemeral{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")};
    if (!ephemeral) return no_library();
    auto out = raw_public(ephemeral.get());
    auto secret = shared_secret(ephemeral.get(), parts_.key.get());
    if (!out || !secret) return no_library();
    const ScopedCleanse wipe_secret(*secret);
    auto derived = derive(*secret, *out, raw_, context);
    if (!derived) return no_library();
    const ScopedCleanse wipe_derived(*derived);
    const std::string_view keys(*derived);
    if (!ciphers_.gcm_seal(keys.substr(0, kGcmKeyBytes), keys.substr(kGcmKeyBytes), context, plain, *out))
      return no_library();
    return std::move(*out);
  }
  [[nodiscard]] SuiteId suite() const override { return parts_.id; }
  [[nodiscard]] const std::string& key_id() const override { return parts_.key_id; }
  [[nodiscard]] std::optional<Instant> expires() const override { return parts_.expires; }

 private:
  Parts parts_;
  Bytes raw_;
  Ciphers ciphers_;
};

class X25519Opener final : public PublicOpener {
 public:
  X25519Opener(Parts parts, Bytes raw, Ciphers ciphers)
      : parts_(std::move(parts)), raw_(std::move(raw)), ciphers_(std::move(ciphers)) {}
  [[nodiscard]] Result<Bytes> open(std::string_view context, std::string_view sealed) const override {
    if (sealed.size() < kPointBytes + kGcmTagBytes) return not_opened();
    const std::string_view point = sealed.substr(0, kPointBytes);
    const Owned<EVP_PKEY> ephemeral{
        EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, bytes_of(point), point.size())};
    if (!ephemeral) return not_opened();
    auto secret = shared_secret(parts_.key.get(), ephemeral.get());
    if (!secret) return not_opened();
    const ScopedCleanse wipe_secret(*secret);
    auto derived = derive(*secret, point, raw_, context);
    if (!derived) return not_opened();
    const ScopedCleanse wipe_derived(*derived);
    const std::string_view keys(*derived);
    Bytes out;
    if (!ciphers_.gcm_open(keys.substr(0, kGcmKeyBytes), keys.substr(kGcmKeyBytes), context, sealed.substr(kPointBytes),
                           out))
      return not_opened();
    return out;
  }
  [[nodiscard]] SuiteId suite() const override { return parts_.id; }
  [[nodiscard]] const std::string& key_id() const override { return parts_.key_id; }

 private:
  Parts parts_;
  Bytes raw_;
  Ciphers ciphers_;
};

template <class Interface, class Sm2, class X25519>
Result<std::unique_ptr<Interface>> make(Parts parts) {
  if (parts.id == SuiteId::kGm) return std::unique_ptr<Interface>{std::make_unique<Sm2>(std::move(parts))};
  auto raw = raw_public(parts.key.get());
  if (!raw) return no_library();
  auto ciphers = Ciphers::create();
  if (ciphers.has_error()) return ciphers.error();
  return std::unique_ptr<Interface>{std::make_unique<X25519>(std::move(parts), std::move(*raw), std::move(*ciphers))};
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Result<std::unique_ptr<PublicSealer>> make_public_sealer(SuiteId suite, std::string_view pem) {
  const std::string expected = std::string("public key or certificate ") + type_of(suite) + " PEM";
  if (pem.size() > kMaxPemBytes) return key_error(expected);
  Owned<EVP_PKEY> key{PEM_read_bio_PUBKEY(reader(pem).get(), nullptr, no_passphrase, nullptr)};
  std::optional<Instant> expires;
  if (!key) {
    const Owned<X509> certificate{PEM_read_bio_X509(reader(pem).get(), nullptr, no_passphrase, nullptr)};
    if (!certificate) return key_error(expected);
    key.reset(X509_get_pubkey(certificate.get()));
    expires = end_of(certificate.get());
    if (!expires) return key_error(expected);
  }
  ERR_clear_error();
  if (!key || EVP_PKEY_is_a(key.get(), type_of(suite)) != 1) return key_error(expected);
  auto parts = parts_of(suite, std::move(key));
  if (parts.has_error()) return parts.error();
  parts->expires = expires;
  return make<PublicSealer, Sm2Sealer, X25519Sealer>(std::move(*parts));
}

Result<std::unique_ptr<PublicOpener>> make_public_opener(std::string_view private_pem) {
  constexpr std::string_view kExpected = "private key SM2 or X25519 PEM";
  if (private_pem.size() > kMaxPemBytes) return key_error(kExpected);
  Owned<EVP_PKEY> key{PEM_read_bio_PrivateKey(reader(private_pem).get(), nullptr, no_passphrase, nullptr)};
  ERR_clear_error();
  if (!key) return key_error(kExpected);
  for (const SuiteId suite : {SuiteId::kGm, SuiteId::kIntl}) {
    if (EVP_PKEY_is_a(key.get(), type_of(suite)) != 1) continue;
    auto parts = parts_of(suite, std::move(key));
    if (parts.has_error()) return parts.error();
    return make<PublicOpener, Sm2Opener, X25519Opener>(std::move(*parts));
  }
  return key_error(kExpected);
}

Result<KeyPair> generate_sealing_key(SuiteId suite) {
  if (suite == SuiteId::kGm) return generate_key(kSm2Sm3);
  const Owned<EVP_PKEY> key{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")};
  const Owned<BIO> secret{BIO_new(BIO_s_secmem())};
  const Owned<BIO> open{BIO_new(BIO_s_mem())};
  if (!key || !secret || !open ||
      PEM_write_bio_PKCS8PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_PUBKEY(open.get(), key.get()) != 1)
    return no_library();
  return KeyPair{text_of(secret.get()), text_of(open.get())};
}

}  // namespace tongqu
