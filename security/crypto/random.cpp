#include "security/crypto/random.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "security/crypto/crypto_codes.hpp"

namespace tongqu {

namespace {

bool generate(void* out, std::size_t count) {
  return RAND_bytes(static_cast<unsigned char*>(out), static_cast<int>(count)) == 1;
}

// A call of the generator costs the same for twelve bytes as for some hundred: each thread fetches them in advance.
// What was given out is wiped here, so that no byte is given out twice.
class Supply {
 public:
  static constexpr std::size_t kBytes = 1024;

  Supply() = default;
  Supply(const Supply&) = delete;
  Supply& operator=(const Supply&) = delete;
  ~Supply() { OPENSSL_cleanse(bytes_.data(), kBytes); }

  bool take(char* out, std::size_t count) {
    if (left_ < count) {
      left_ = 0;
      if (!generate(bytes_.data(), kBytes)) return false;
      left_ = kBytes;
    }
    left_ -= count;
    std::copy_n(bytes_.data() + left_, count, out);
    OPENSSL_cleanse(bytes_.data() + left_, count);
    return true;
  }

 private:
  std::array<char, kBytes> bytes_{};
  std::size_t left_ = 0;
};

}  // namespace

Result<Bytes> random_bytes(std::size_t count) {
  thread_local Supply supply;
  Bytes out(count, '\0');
  const bool done = count <= Supply::kBytes / 4 ? supply.take(out.data(), count) : generate(out.data(), count);
  if (!done) return make_error(codes::kCryptoUnavailable, "random bytes");
  return out;
}

void cleanse(Bytes& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace tongqu
