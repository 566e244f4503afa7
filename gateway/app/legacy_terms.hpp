#pragma once
// A legacy listener's terms: for whom, from where, how badly protected, until when, and who answers for it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu::app {

struct LegacyTerms {
  std::string listener;     // its name
  std::string protocol;     // "plain", "tls1.0", …
  std::string address;      // local, without port
  std::string partner;      // the one that may come
  std::string network;      // from where
  std::string until;        // last day in Beijing, YYYY-MM-DD
  std::string approved_by;  // a person
  std::int64_t port = 0;    // as configured
  Instant closes_at;        // the first moment behind that day
  friend bool operator==(const LegacyTerms&, const LegacyTerms&) = default;
};

// The legacy listeners of `gateway`, in their order.
[[nodiscard]] std::vector<LegacyTerms> legacy_terms_of(const Setting& gateway);

// Days that are left: 0 on the last day, negative behind it.
[[nodiscard]] std::int64_t days_left(const LegacyTerms& terms, Instant now);

// "old-case: plain, partner case from 10.1.2.0/24, until 2026-12-31 (35 days left)"
[[nodiscard]] Words legacy_in_words(const LegacyTerms& terms, Instant now);

// Appends to `faults` for each legacy listener a loud warning that it is there (config.legacy-open) or that its time is
// over (config.legacy-over), and an error config.legacy for each thing that does not fit: a date more than two years
// ahead, a network wider than /8 (IPv6: /32), TLS missing or beside plain, a partner that cannot come over HTTP or
// whose credentials need a client certificate that the listener cannot take.
void check_legacy(const Settings& settings, Instant now, std::vector<SettingsFault>& faults);

}  // namespace tongqu::app
