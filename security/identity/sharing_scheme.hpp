#pragma once
// The headers of the government data sharing platform (seen in several public programs):
//
//   gjgxjhpt_rid    id of the requester
//   gjgxjhpt_sid    id of the service
//   gjgxjhpt_rtime  epoch milliseconds
//   gjgxjhpt_sign   Base64(HMAC-SHA256(key, sid + rid + rtime))
//
// The signature covers neither the body nor the path: what protects the content is TLS.
#include <memory>
#include <string>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/identity.hpp"
#include "security/identity/credentials.hpp"

namespace tongqu {

inline constexpr std::string_view kSharingRid = "gjgxjhpt_rid";
inline constexpr std::string_view kSharingSid = "gjgxjhpt_sid";
inline constexpr std::string_view kSharingTime = "gjgxjhpt_rtime";
inline constexpr std::string_view kSharingSign = "gjgxjhpt_sign";
inline constexpr std::size_t kMinSharingKeyBytes = 8;

[[nodiscard]] std::string sharing_signature(const Suite& sha256, std::string_view key, std::string_view sid,
                                            std::string_view rid, std::string_view rtime);

struct SharingOptions {
  PartnerId partner;
  std::string rid;                                       // 1 to 128 visible ASCII characters, as sid
  std::string sid;                                       // the service under which the gateway is called
  Bytes key;                                             // app key, at least kMinSharingKeyBytes
  std::int64_t max_clock_skew_ms = kDefaultClockSkewMs;  // 1 s to 1 h
};

// Identity::method is "sharing-platform". One set of headers is good for one message: the signature is the nonce, taken
// until its time can no longer pass; a sender that sends twice within one millisecond has to count the time on.
// Authenticating fails with identity.refused (a header repeated, missing or malformed, another sid, wrong signature),
// identity.clock (signature right, time not) or identity.content-digest. create fails with identity.setup. `clock`
// outlives the result.
[[nodiscard]] Result<std::unique_ptr<Authenticator>> make_sharing_authenticator(SharingOptions options,
                                                                                const Clock& clock);

}  // namespace tongqu
