#pragma once
// A shared key that travels as it is: in a header of its own (x-api-key), or as a bearer token (RFC 6750). It proves
// nothing about the content and can be used by whoever reads it, so it belongs inside TLS with a client certificate, or
// to a network that only the partner can send from.
#include <memory>
#include <string>

#include "gateway/core/identity.hpp"

namespace tongqu {

inline constexpr std::size_t kMinStaticKeyBytes = 16;

enum class StaticKeyPlace : std::uint8_t {
  kHeader,  // X-Api-Key: <key>
  kBearer,  // Authorization: Bearer <key>
};

struct StaticKeyOptions {
  PartnerId partner;
  StaticKeyPlace place = StaticKeyPlace::kHeader;
  std::string header = "X-Api-Key";  // signing with kHeader: the header's name
  std::string key;                   // kMinStaticKeyBytes to 512 visible ASCII characters
};

// The key that a request carries at `place`; empty when there is none, several, or one of another form.
[[nodiscard]] std::string_view claimed_static_key(const HttpRequest& request, StaticKeyPlace place);

// Identity::method is "api-key" or "bearer"; there is no nonce. The key is compared in constant time. Authenticating
// fails with identity.refused or identity.content-digest; create with identity.setup.
[[nodiscard]] Result<std::unique_ptr<Authenticator>> make_static_key_authenticator(StaticKeyOptions options);
// Signing replaces the header.
[[nodiscard]] Result<std::unique_ptr<RequestSigner>> make_static_key_signer(StaticKeyOptions options);

}  // namespace tongqu
