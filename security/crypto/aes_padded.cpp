#include "security/crypto/aes_padded.hpp"

#include <openssl/evp.h>

#include <memory>

#include "security/crypto/random.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kBlockBytes = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const EVP_CIPHER* cipher_of(AesMode mode, std::size_t key_bytes) {
  const bool ecb = mode == AesMode::kEcb;
  switch (key_bytes) {
    case 16: return ecb ? EVP_aes_128_ecb() : EVP_aes_128_cbc();
    case 24: return ecb ? EVP_aes_192_ecb() : EVP_aes_192_cbc();
    case 32: return ecb ? EVP_aes_256_ecb() : EVP_aes_256_cbc();
    default: return nullptr;
  }
}

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

}  // namespace

bool is_aes_key(std::string_view key) { return key.size() == 16 || key.size() == 24 || key.size() == 32; }

std::optional<Bytes> aes_decrypt(AesMode mode, std::string_view key, std::string_view sealed) {
  const EVP_CIPHER* cipher = cipher_of(mode, key.size());
  if (cipher == nullptr || sealed.size() > kMaxAesBytes) return std::nullopt;
  std::string_view iv;
  if (mode == AesMode::kCbc) {
    if (sealed.size() < kBlockBytes) return std::nullopt;
    iv = sealed.substr(0, kBlockBytes);
    sealed.remove_prefix(kBlockBytes);
  }
  if (sealed.empty() || sealed.size() % kBlockBytes != 0) return std::nullopt;
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context{EVP_CIPHER_CTX_new()};
  Bytes plain(sealed.size() + kBlockBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  int first = 0;
  int last = 0;
  const bool done = context &&
                    EVP_DecryptInit_ex(context.get(), cipher, nullptr, raw(key), iv.empty() ? nullptr : raw(iv)) == 1 &&
                    EVP_DecryptUpdate(context.get(), out, &first, raw(sealed), static_cast<int>(sealed.size())) == 1 &&
                    EVP_DecryptFinal_ex(context.get(), out + first, &last) == 1;
  if (!done) {
    cleanse(plain);
    return std::nullopt;
  }
  plain.resize(static_cast<std::size_t>(first) + static_cast<std::size_t>(last));
  return plain;
}

}  // namespace tongqu
