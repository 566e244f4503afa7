#pragma once
// AES with PKCS #7 padding (the "PKCS5Padding" of Java) as other systems use it around short secrets. ECB and CBC give
// no integrity: for partners' formats only, never for what the gateway keeps.
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/core/text.hpp"

namespace tongqu {

enum class AesMode : std::uint8_t {
  kEcb,
  kCbc,  // the first 16 bytes of the sealed text are the initialisation vector
};

// 16, 24 or 32 bytes (AES-128, -192, -256).
[[nodiscard]] bool is_aes_key(std::string_view key);
// Plain text of at most kMaxAesBytes; empty when key, length or padding do not fit. Thread-safe.
inline constexpr std::size_t kMaxAesBytes = 64 * 1024;
[[nodiscard]] std::optional<Bytes> aes_decrypt(AesMode mode, std::string_view key, std::string_view sealed);

}  // namespace tongqu
