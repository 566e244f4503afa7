#include "security/crypto/random.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "security/crypto/crypto_codes.hpp"

namespace tongqu {

Result<Bytes> random_bytes(std::size_t count) {
  Bytes out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
    return make_error(codes::kCryptoUnavailable, "random bytes");
  return out;
}

void cleanse(Bytes& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace tongqu
