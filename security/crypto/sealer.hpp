#pragma once
// The Sealer of gateway/core/crypto.hpp: data keys under month keys under the master key.
//
//   wrapped data key  = version (1 byte, 1) ‖ month ("2026-11") ‖ sealing(month key; "data-key"; exchange; data key)
//   wrapped month key = sealing(master key; "month-key"; month; month key)
//   sealed value      = sealing(data key; context; exchange; value)           (security/crypto/sealing.hpp)
//
// Destroying a wrapped data key makes the exchange's values unreadable for good; month keys and the master key open
// nothing without it.
#include <memory>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "security/crypto/month_keys.hpp"

namespace tongqu {

// 32 bytes out of a secret text: 32 or 64 bytes as hex or base64, white space at the ends ignored. 64 bytes are
// brought to 32 by HMAC-SM3. Fails with crypto.key. The caller wipes the result (security/crypto/random.hpp).
[[nodiscard]] Result<Bytes> parse_master_key(std::string_view secret);

// Seals with `suite`, opens both suites. `master_key` is 32 bytes, kept for the life of the sealer and wiped at its
// end. Month keys are opened on first use and kept in memory (at most kMaxMonthKeys of them). `clock` outlives the
// sealer. The first make_key of a month creates its key; unwrap never creates one.
// Fails with crypto.key, crypto.unavailable.
//
// The sealer's own failures: crypto.sealed, crypto.wrapped-key, crypto.month-key (kCorrupt), crypto.month-store
// (kUnavailable), crypto.unavailable (kInternal).
inline constexpr std::size_t kMaxMonthKeys = 256;
[[nodiscard]] Result<std::unique_ptr<Sealer>> make_sealer(SuiteId suite, std::string_view master_key,
                                                          std::unique_ptr<MonthKeys> month_keys, const Clock& clock);

}  // namespace tongqu
