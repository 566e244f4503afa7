#include "security/crypto/suites.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>

#include "security/crypto/crypto_codes.hpp"

namespace tongqu {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

constexpr std::size_t kBlockBytes = 64;  // of SM3 and of SHA-256

// Allocating a context costs as much as hashing a block: each thread keeps one.
EVP_MD_CTX* thread_context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
  return context.get();
}

void require(bool done) {
  if (!done) std::abort();
}

class EvpRunningHash final : public RunningHash {
 public:
  explicit EvpRunningHash(const EVP_MD* md) : context_(EVP_MD_CTX_new()) {
    require(context_ != nullptr && EVP_DigestInit_ex(context_.get(), md, nullptr) == 1);
  }
  void update(std::string_view part) override {
    if (!part.empty()) require(EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1);
  }
  [[nodiscard]] Digest32 finish() override {
    Digest32 out{};
    require(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) == 1);
    return out;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

class EvpSuite final : public Suite {
 public:
  EvpSuite(SuiteId id, std::unique_ptr<EVP_MD, FreeDigest> md) : id_(id), md_(std::move(md)) {}

  [[nodiscard]] SuiteId id() const override { return id_; }
  [[nodiscard]] std::string_view hash_name() const override { return id_ == SuiteId::kGm ? "sm3" : "sha-256"; }

  [[nodiscard]] Digest32 hash(std::initializer_list<std::string_view> parts) const override { return run({}, parts); }

  // RFC 2104 over the plain hash: EVP_MAC of OpenSSL 3.0 copies and allocates three contexts per call.
  [[nodiscard]] Digest32 hmac(std::string_view key, std::initializer_list<std::string_view> parts) const override {
    std::array<char, kBlockBytes> pad{};
    if (key.size() > kBlockBytes) {
      const Digest32 shortened = hash({key});
      std::copy(shortened.begin(), shortened.end(), pad.begin());
    } else {
      std::copy(key.begin(), key.end(), pad.begin());
    }
    for (char& c : pad) c = static_cast<char>(c ^ 0x36);
    const Digest32 inner = run({pad.data(), pad.size()}, parts);
    for (char& c : pad) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
    const Digest32 outer = run({pad.data(), pad.size()}, {as_text(inner)});
    OPENSSL_cleanse(pad.data(), pad.size());
    return outer;
  }

  [[nodiscard]] std::unique_ptr<RunningHash> start_hash() const override {
    return std::make_unique<EvpRunningHash>(md_.get());
  }

 private:
  [[nodiscard]] Digest32 run(std::string_view head, std::initializer_list<std::string_view> parts) const {
    EVP_MD_CTX* context = thread_context();
    require(context != nullptr && EVP_DigestInit_ex(context, md_.get(), nullptr) == 1);
    if (!head.empty()) require(EVP_DigestUpdate(context, head.data(), head.size()) == 1);
    for (const std::string_view part : parts) {
      if (!part.empty()) require(EVP_DigestUpdate(context, part.data(), part.size()) == 1);
    }
    Digest32 out{};
    require(EVP_DigestFinal_ex(context, out.data(), nullptr) == 1);
    return out;
  }

  SuiteId id_;
  std::unique_ptr<EVP_MD, FreeDigest> md_;
};

}  // namespace

Result<std::unique_ptr<Suite>> make_suite(SuiteId id) {
  const char* name = id == SuiteId::kGm ? "SM3" : "SHA256";
  std::unique_ptr<EVP_MD, FreeDigest> md{EVP_MD_fetch(nullptr, name, nullptr)};
  if (!md) return make_error(codes::kCryptoUnavailable, name);
  return std::unique_ptr<Suite>{std::make_unique<EvpSuite>(id, std::move(md))};
}

std::string_view name_of(SuiteId id) { return id == SuiteId::kGm ? "gm" : "intl"; }

std::optional<SuiteId> suite_from_name(std::string_view name) {
  if (name == "gm") return SuiteId::kGm;
  if (name == "intl") return SuiteId::kIntl;
  return std::nullopt;
}

}  // namespace tongqu
