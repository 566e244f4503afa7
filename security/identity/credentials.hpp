#pragma once
// What the schemes have in common: headers that may stand only once, nonces, times.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"

namespace tongqu {

inline constexpr std::int64_t kDefaultClockSkewMs = 5 * 60 * 1000;

// Makes a fresh nonce; tests give their own.
using NonceSource = std::function<Result<std::string>()>;
// 32 hex digits of 16 random bytes. Fails with crypto.unavailable.
[[nodiscard]] Result<std::string> random_nonce();
// 16 to 64 of A–Z a–z 0–9 - _ .
[[nodiscard]] bool is_nonce(std::string_view text);

// The value of a header that stands exactly once; empty when it is absent or repeated.
[[nodiscard]] std::optional<std::string_view> only_header(const Headers& headers, std::string_view name);
// Replaces every header of that name by one.
void set_header(Headers& headers, std::string_view name, std::string value);

// Text that may stand in a line of a string to sign: no control characters.
[[nodiscard]] bool is_one_line(std::string_view text);

[[nodiscard]] Error refused();
[[nodiscard]] Error clock_error(Instant now);

}  // namespace tongqu
