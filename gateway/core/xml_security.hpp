#pragma once
// WS-Security and XML signatures as other rooms see them.
#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

// Checks envelopes that one partner signed. Thread-safe.
class XmlVerifier {
 public:
  virtual ~XmlVerifier() = default;
  // `envelope`: SOAP, UTF-8. Succeeds when its wsse:Security has one ds:Signature that verifies with a pinned
  // certificate, covers the Body that stands directly in the envelope and, if there is one, the wsu:Timestamp, and the
  // timestamp is within the allowed skew of `now` (a message without timestamp is refused). Gives the signature's
  // value, base64, as evidence. Fails with xmldsig.*.
  [[nodiscard]] virtual Result<std::string> verify(std::string_view envelope, Instant now) const = 0;
};

// Signs envelopes as the gateway. Thread-safe.
class XmlSigner {
 public:
  virtual ~XmlSigner() = default;
  // `envelope`: SOAP, UTF-8, without a wsse:Security. Adds one with certificate, timestamp and a signature over
  // timestamp and body, and returns the whole. Fails with xmldsig.*.
  [[nodiscard]] virtual Result<std::string> sign(std::string_view envelope, Instant now) const = 0;
};

// Thread-safe.
class XmlSecurity {
 public:
  virtual ~XmlSecurity() = default;
  // Base64(SHA-1(nonce + created + password)), UsernameToken profile 1.0. `nonce` raw.
  [[nodiscard]] virtual std::string password_digest(std::string_view nonce, std::string_view created,
                                                    std::string_view password) const = 0;
  // 16 random bytes. Fails with crypto.unavailable.
  [[nodiscard]] virtual Result<Bytes> nonce() const = 0;
  // One or more certificates, PEM: exactly these sign, whoever issued them. Fails with xmldsig.setup.
  [[nodiscard]] virtual Result<std::unique_ptr<XmlVerifier>> make_verifier(std::string_view certificates_pem,
                                                                           std::int64_t max_clock_skew_ms) const = 0;
  // Certificate and its private key, PEM. Fails with xmldsig.setup.
  [[nodiscard]] virtual Result<std::unique_ptr<XmlSigner>> make_signer(std::string_view certificate_pem,
                                                                       std::string_view key_pem) const = 0;
};

}  // namespace tongqu
