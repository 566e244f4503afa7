#pragma once
// The two suites of hash and MAC: gm = SM3 (GB/T 32905), HMAC-SM3 (GM/T 0042); intl = SHA-256 (FIPS 180-4),
// HMAC-SHA-256 (RFC 2104).
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/core/crypto.hpp"

namespace tongqu {

// Fails with crypto.unavailable when the library has no such hash. The suite is immutable and thread-safe; a process
// needs one of each. Its hash() and hmac() end the process when the library runs out of memory.
[[nodiscard]] Result<std::unique_ptr<Suite>> make_suite(SuiteId id);

// "gm" or "intl", and back.
[[nodiscard]] std::string_view name_of(SuiteId id);
[[nodiscard]] std::optional<SuiteId> suite_from_name(std::string_view name);

}  // namespace tongqu
