#include "security/crypto/keys.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <optional>

#include "security/crypto/crypto_codes.hpp"

namespace tongqu {
namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
  void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

enum class Algorithm : std::uint8_t { kSm2, kEd25519, kP256 };

struct AlgorithmFacts {
  std::string_view name;
  const char* key_type;
  const char* group;   // nullptr: the type says it
  const char* digest;  // nullptr: part of the algorithm
  std::size_t raw_bytes;
};
constexpr std::array<AlgorithmFacts, 3> kFacts{{{kSm2Sm3, "SM2", "SM2", "SM3", 65},
                                                {kEd25519, "ED25519", nullptr, nullptr, 32},
                                                {kEcdsaP256Sha256, "EC", "P-256", "SHA256", 65}}};
constexpr std::string_view kUserId = "1234567812345678";
constexpr std::size_t kCoordinateBytes = 32;

const AlgorithmFacts& facts_of(Algorithm algorithm) { return kFacts[static_cast<std::size_t>(algorithm)]; }

Result<Algorithm> algorithm_from(std::string_view name) {
  for (std::size_t i = 0; i < kFacts.size(); ++i) {
    if (kFacts[i].name == name) return static_cast<Algorithm>(i);
  }
  return make_error(codes::kCryptoUnavailable, "this signature algorithm");
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(Bytes& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// The library queues its errors per thread; nothing of them leaves this file, so they must not pile up.
Error key_error(Algorithm algorithm) {
  ERR_clear_error();
  return make_error(codes::kCryptoKey, std::string(facts_of(algorithm).name) + " PEM");
}

bool is_of(const EVP_PKEY* key, Algorithm algorithm) {
  const AlgorithmFacts& facts = facts_of(algorithm);
  if (EVP_PKEY_is_a(key, facts.key_type) != 1) return false;
  if (algorithm != Algorithm::kP256) return true;
  std::array<char, 32> group{};
  return EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == "prime256v1";
}

int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

enum class Part : std::uint8_t { kPrivate, kPublic };

Result<Owned<EVP_PKEY>> read_pem(Algorithm algorithm, std::string_view pem, Part part) {
  if (pem.size() > kMaxPemBytes) return key_error(algorithm);
  const auto open = [pem] { return Owned<BIO>{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))}; };
  Owned<EVP_PKEY> key{PEM_read_bio_PrivateKey(open().get(), nullptr, no_passphrase, nullptr)};
  if (!key && part == Part::kPublic) key.reset(PEM_read_bio_PUBKEY(open().get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key || !is_of(key.get(), algorithm)) return key_error(algorithm);
  return key;
}

Owned<EVP_PKEY> from_point(const AlgorithmFacts& facts, std::string_view raw) {
  const Owned<OSSL_PARAM_BLD> builder{OSSL_PARAM_BLD_new()};
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, facts.group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.data(), raw.size()) != 1)
    return nullptr;
  const Owned<OSSL_PARAM> params{OSSL_PARAM_BLD_to_param(builder.get())};
  const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_name(nullptr, facts.key_type, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return Owned<EVP_PKEY>{key};
}

Result<Owned<EVP_PKEY>> read_raw(Algorithm algorithm, std::string_view raw) {
  const AlgorithmFacts& facts = facts_of(algorithm);
  if (raw.size() != facts.raw_bytes) return key_error(algorithm);
  Owned<EVP_PKEY> key =
      facts.group == nullptr
          ? Owned<EVP_PKEY>{EVP_PKEY_new_raw_public_key_ex(nullptr, facts.key_type, nullptr, bytes_of(raw), raw.size())}
          : from_point(facts, raw);
  if (!key) return key_error(algorithm);
  return key;
}

// ECDSA r ‖ s ↔ DER.
std::optional<Bytes> raw_from_der(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  const Owned<ECDSA_SIG> parsed{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
  if (!parsed) return std::nullopt;
  Bytes raw(2 * kCoordinateBytes, '\0');
  if (BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), bytes_of(raw), kCoordinateBytes) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), bytes_of(raw) + kCoordinateBytes, kCoordinateBytes) < 0)
    return std::nullopt;
  return raw;
}

std::optional<Bytes> der_from_raw(std::string_view raw) {
  if (raw.size() != 2 * kCoordinateBytes) return std::nullopt;
  const Owned<ECDSA_SIG> made{ECDSA_SIG_new()};
  BIGNUM* r = BN_bin2bn(bytes_of(raw), kCoordinateBytes, nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(raw) + kCoordinateBytes, kCoordinateBytes, nullptr);
  if (!made || r == nullptr || s == nullptr || ECDSA_SIG_set0(made.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(made.get(), &der);
  if (size <= 0) return std::nullopt;
  Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

enum class Use : std::uint8_t { kSign, kVerify };

// The user id enters Z, the hash that SM2 puts before the message; it is set before the first byte.
Owned<EVP_MD_CTX> start(Use use, Algorithm algorithm, EVP_PKEY* key) {
  Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
  if (!context) return nullptr;
  EVP_PKEY_CTX* key_context = nullptr;
  auto* const init = use == Use::kSign ? &EVP_DigestSignInit_ex : &EVP_DigestVerifyInit_ex;
  if (init(context.get(), &key_context, facts_of(algorithm).digest, nullptr, nullptr, key, nullptr) != 1)
    return nullptr;
  if (algorithm == Algorithm::kSm2 &&
      EVP_PKEY_CTX_set1_id(key_context, kUserId.data(), static_cast<int>(kUserId.size())) <= 0)
    return nullptr;
  return context;
}

class EvpSigner final : public Signer {
 public:
  EvpSigner(Algorithm algorithm, Owned<EVP_PKEY> key) : algorithm_(algorithm), key_(std::move(key)) {}

  [[nodiscard]] Result<Bytes> sign(std::string_view message) const override {
    const auto context = start(Use::kSign, algorithm_, key_.get());
    Bytes signature(kMaxSignatureBytes, '\0');
    std::size_t size = signature.size();
    if (!context || EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(message), message.size()) != 1) {
      ERR_clear_error();
      return make_error(codes::kCryptoSign);
    }
    signature.resize(size);
    if (algorithm_ != Algorithm::kP256) return signature;
    auto raw = raw_from_der(signature);
    if (!raw) return make_error(codes::kCryptoSign);
    return std::move(*raw);
  }

  [[nodiscard]] std::string_view algorithm() const override { return facts_of(algorithm_).name; }

 private:
  static constexpr std::size_t kMaxSignatureBytes = 80;  // DER of two 256-bit integers needs 72
  Algorithm algorithm_;
  Owned<EVP_PKEY> key_;
};

class EvpVerifier final : public Verifier {
 public:
  EvpVerifier(Algorithm algorithm, Owned<EVP_PKEY> key) : algorithm_(algorithm), key_(std::move(key)) {}

  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const override {
    std::optional<Bytes> der;
    if (algorithm_ == Algorithm::kP256) {
      der = der_from_raw(signature);
      if (!der) return false;
      signature = *der;
    }
    const auto context = start(Use::kVerify, algorithm_, key_.get());
    const bool good = context && EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                                  bytes_of(message), message.size()) == 1;
    ERR_clear_error();
    return good;
  }

  [[nodiscard]] std::string_view algorithm() const override { return facts_of(algorithm_).name; }

 private:
  Algorithm algorithm_;
  Owned<EVP_PKEY> key_;
};

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Result<KeyPair> generate_key(std::string_view algorithm_name) {
  const auto algorithm = algorithm_from(algorithm_name);
  if (algorithm.has_error()) return algorithm.error();
  const AlgorithmFacts& facts = facts_of(*algorithm);
  const Owned<EVP_PKEY> key{*algorithm == Algorithm::kP256
                                ? EVP_PKEY_Q_keygen(nullptr, nullptr, facts.key_type, facts.group)
                                : EVP_PKEY_Q_keygen(nullptr, nullptr, facts.key_type)};
  const Owned<BIO> secret{BIO_new(BIO_s_secmem())};
  const Owned<BIO> open{BIO_new(BIO_s_mem())};
  if (!key || !secret || !open ||
      PEM_write_bio_PKCS8PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_PUBKEY(open.get(), key.get()) != 1) {
    ERR_clear_error();
    return make_error(codes::kCryptoUnavailable, "key generation");
  }
  return KeyPair{text_of(secret.get()), text_of(open.get())};
}

Result<std::unique_ptr<Signer>> make_signer(std::string_view algorithm_name, std::string_view private_pem) {
  const auto algorithm = algorithm_from(algorithm_name);
  if (algorithm.has_error()) return algorithm.error();
  auto key = read_pem(*algorithm, private_pem, Part::kPrivate);
  if (key.has_error()) return key.error();
  return std::unique_ptr<Signer>{std::make_unique<EvpSigner>(*algorithm, std::move(*key))};
}

Result<std::unique_ptr<Verifier>> make_verifier(std::string_view algorithm_name, std::string_view pem) {
  const auto algorithm = algorithm_from(algorithm_name);
  if (algorithm.has_error()) return algorithm.error();
  auto key = read_pem(*algorithm, pem, Part::kPublic);
  if (key.has_error()) return key.error();
  return std::unique_ptr<Verifier>{std::make_unique<EvpVerifier>(*algorithm, std::move(*key))};
}

Result<std::unique_ptr<Verifier>> make_verifier_from_raw(std::string_view algorithm_name, std::string_view raw) {
  const auto algorithm = algorithm_from(algorithm_name);
  if (algorithm.has_error()) return algorithm.error();
  auto key = read_raw(*algorithm, raw);
  if (key.has_error()) return key.error();
  return std::unique_ptr<Verifier>{std::make_unique<EvpVerifier>(*algorithm, std::move(*key))};
}

Result<Bytes> public_key_raw(std::string_view algorithm_name, std::string_view pem) {
  const auto algorithm = algorithm_from(algorithm_name);
  if (algorithm.has_error()) return algorithm.error();
  const auto key = read_pem(*algorithm, pem, Part::kPublic);
  if (key.has_error()) return key.error();
  if (*algorithm != Algorithm::kEd25519 &&
      EVP_PKEY_set_utf8_string_param(key->get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") != 1)
    return key_error(*algorithm);
  Bytes raw(facts_of(*algorithm).raw_bytes, '\0');
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key->get(), OSSL_PKEY_PARAM_PUB_KEY, bytes_of(raw), raw.size(), &size) != 1 ||
      size != raw.size())
    return key_error(*algorithm);
  return raw;
}

}  // namespace tongqu
