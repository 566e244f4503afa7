// OpenSSL 3 would rather have EVP everywhere; its reason, interchangeable providers, is none here.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "security/crypto/suites.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>
#include <vector>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/sm3_lanes.hpp"

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

// The key as RFC 2104 mixes it into the inner and the outer hash; wiped at the end.
class HmacPads {
 public:
  using Pad = std::array<unsigned char, kBlockBytes>;

  HmacPads(const Suite& suite, std::string_view key) {
    if (key.size() > kBlockBytes) {
      const Digest32 shortened = suite.hash({key});
      std::copy(shortened.begin(), shortened.end(), inner_.begin());
    } else {
      std::copy(key.begin(), key.end(), inner_.begin());
    }
    for (std::size_t i = 0; i < kBlockBytes; ++i) {
      outer_[i] = inner_[i] ^ 0x5c;
      inner_[i] ^= 0x36;
    }
  }
  HmacPads(const HmacPads&) = delete;
  HmacPads& operator=(const HmacPads&) = delete;
  ~HmacPads() {
    OPENSSL_cleanse(inner_.data(), kBlockBytes);
    OPENSSL_cleanse(outer_.data(), kBlockBytes);
  }
  [[nodiscard]] const Pad& inner() const { return inner_; }
  [[nodiscard]] const Pad& outer() const { return outer_; }

 private:
  Pad inner_{};
  Pad outer_{};
};

std::string_view text_of(const HmacPads::Pad& pad) { return {reinterpret_cast<const char*>(pad.data()), pad.size()}; }

class Sm3Suite final : public Suite {
 public:
  explicit Sm3Suite(std::unique_ptr<EVP_MD, FreeDigest> md) : md_(std::move(md)) {}

  [[nodiscard]] SuiteId id() const override { return SuiteId::kGm; }
  [[nodiscard]] std::string_view hash_name() const override { return "sm3"; }

  [[nodiscard]] Digest32 hash(std::initializer_list<std::string_view> parts) const override { return run({}, parts); }

  // RFC 2104 over the plain hash: EVP_MAC of OpenSSL 3.0 copies and allocates three contexts per call.
  [[nodiscard]] Digest32 hmac(std::string_view key, std::initializer_list<std::string_view> parts) const override {
    const HmacPads pads(*this, key);
    const Digest32 inner = run(text_of(pads.inner()), parts);
    return run(text_of(pads.outer()), {as_text(inner)});
  }

  void hash_each(std::string_view prefix, std::span<const std::string_view> texts,
                 std::span<Digest32> out) const override {
    sm3_each({}, prefix, texts, out);
  }

  void hmac_each(std::string_view key, std::string_view prefix, std::span<const std::string_view> texts,
                 std::span<Digest32> out) const override {
    const HmacPads pads(*this, key);
    Sm3Start inner = sm3_after({}, pads.inner());
    Sm3Start outer = sm3_after({}, pads.outer());
    std::vector<Digest32> inner_hashes(texts.size());
    sm3_each(inner, prefix, texts, inner_hashes);
    std::vector<std::string_view> inner_texts;
    inner_texts.reserve(texts.size());
    for (const Digest32& digest : inner_hashes) inner_texts.push_back(as_text(digest));
    sm3_each(outer, {}, inner_texts, out);
    OPENSSL_cleanse(&inner, sizeof(inner));
    OPENSSL_cleanse(&outer, sizeof(outer));
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

  std::unique_ptr<EVP_MD, FreeDigest> md_;
};

// SHA256_* instead of EVP: the state is a plain value, so that the state behind a key's pad is copied instead of
// computed, and a call costs a third of EVP's for the short texts that the line hashes.
class Sha256Suite final : public Suite {
 public:
  [[nodiscard]] SuiteId id() const override { return SuiteId::kIntl; }
  [[nodiscard]] std::string_view hash_name() const override { return "sha-256"; }

  [[nodiscard]] Digest32 hash(std::initializer_list<std::string_view> parts) const override {
    return run(initial(), parts);
  }

  [[nodiscard]] Digest32 hmac(std::string_view key, std::initializer_list<std::string_view> parts) const override {
    const HmacPads pads(*this, key);
    const Digest32 inner = run(initial(), {text_of(pads.inner())}, parts);
    return run(initial(), {text_of(pads.outer()), as_text(inner)});
  }

  void hash_each(std::string_view prefix, std::span<const std::string_view> texts,
                 std::span<Digest32> out) const override {
    for (std::size_t i = 0; i < texts.size(); ++i) out[i] = run(initial(), {prefix, texts[i]});
  }

  void hmac_each(std::string_view key, std::string_view prefix, std::span<const std::string_view> texts,
                 std::span<Digest32> out) const override {
    const HmacPads pads(*this, key);
    SHA256_CTX inner = initial();
    SHA256_CTX outer = initial();
    update(inner, text_of(pads.inner()));
    update(outer, text_of(pads.outer()));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Digest32 hash = run(inner, {prefix, texts[i]});
      out[i] = run(outer, {as_text(hash)});
    }
    OPENSSL_cleanse(&inner, sizeof(inner));
    OPENSSL_cleanse(&outer, sizeof(outer));
  }

  [[nodiscard]] std::unique_ptr<RunningHash> start_hash() const override {
    return std::make_unique<EvpRunningHash>(EVP_sha256());
  }

 private:
  static SHA256_CTX initial() {
    SHA256_CTX state;
    require(SHA256_Init(&state) == 1);
    return state;
  }
  static void update(SHA256_CTX& state, std::string_view part) {
    if (!part.empty()) require(SHA256_Update(&state, part.data(), part.size()) == 1);
  }
  // Hash of what led to `state`, then `parts`, then `more`.
  [[nodiscard]] static Digest32 run(SHA256_CTX state, std::initializer_list<std::string_view> parts,
                                    std::initializer_list<std::string_view> more = {}) {
    for (const std::string_view part : parts) update(state, part);
    for (const std::string_view part : more) update(state, part);
    Digest32 out{};
    require(SHA256_Final(out.data(), &state) == 1);
    return out;
  }
};

}  // namespace

Result<std::unique_ptr<Suite>> make_suite(SuiteId id) {
  if (id == SuiteId::kIntl) return std::unique_ptr<Suite>{std::make_unique<Sha256Suite>()};
  std::unique_ptr<EVP_MD, FreeDigest> md{EVP_MD_fetch(nullptr, "SM3", nullptr)};
  if (!md) return make_error(codes::kCryptoUnavailable, "SM3");
  return std::unique_ptr<Suite>{std::make_unique<Sm3Suite>(std::move(md))};
}

std::string_view name_of(SuiteId id) { return id == SuiteId::kGm ? "gm" : "intl"; }

std::optional<SuiteId> suite_from_name(std::string_view name) {
  if (name == "gm") return SuiteId::kGm;
  if (name == "intl") return SuiteId::kIntl;
  return std::nullopt;
}

}  // namespace tongqu
