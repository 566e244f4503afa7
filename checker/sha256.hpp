#pragma once
// SHA-256 (FIPS 180-4) of bytes, as lower-case hex.
#include <string>
#include <string_view>

namespace tongqu::checker {

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace tongqu::checker
