#pragma once
// Who sends: checked before anything is decompressed or parsed.
#include <string>
#include <vector>

#include "gateway/core/crypto.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu {

// What the body of a request has to turn out to be, where it was not there to be looked at (HttpRequest::body_follows).
struct BodyDigest {
  SuiteId hash = SuiteId::kGm;
  Digest32 digest{};
};

struct Identity {
  PartnerId partner;
  std::string method;                 // "hmac-sha256", "mtls", "rfc9421:ed25519", …; for the audit entry
  std::string nonce;                  // empty when the scheme has none; used once per partner and signed time
  std::int64_t nonce_expires_ms = 0;  // follows from what is signed, so that a repeated request has the same
  std::string signature;              // the partner's signature as received, kept as evidence; may be empty
  // Of a body that follows: every digest that the credentials vouch for. The taker of the body compares them all.
  std::vector<BodyDigest> body_digests;
};

// "hmac-sha256" becomes "hmac-sha256@legacy": the audit entry tells that the line did not protect the message.
inline void mark_legacy(const Peer& peer, Identity& identity) {
  if (!peer.only_partner.empty()) identity.method += "@legacy";
}

// Verifies one partner's credentials on one request. Does not consume the nonce: the store does, in the transaction
// that stores the exchange, after the de-duplication look-up (an honest retry carries a used nonce).
// Fails with kUnauthenticated; a clock that differs too much has its own code. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  [[nodiscard]] virtual Result<Identity> authenticate(const HttpRequest& request) const = 0;
};

// Adds the credentials that a partner wants to see to a request that is about to leave. Thread-safe.
class RequestSigner {
 public:
  virtual ~RequestSigner() = default;
  [[nodiscard]] virtual Status sign(HttpRequest& request) const = 0;
};

}  // namespace tongqu
