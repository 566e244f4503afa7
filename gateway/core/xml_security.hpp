#pragma once
// WS-Security and XML signatures as other rooms see them.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

// "2026-03-15T02:00:00Z": the form of wsu:Created and wsu:Expires that every implementation reads.
[[nodiscard]] inline std::string wsu_time(Instant at) {
  std::string text = to_beijing_text({at.ms - 8 * 3'600'000});
  text.resize(19);
  return text + "Z";
}

// What a signature proves beyond "this Body is the partner's".
struct XmlSignature {
  std::string value;  // SignatureValue, base64 without blanks: evidence. Another value may fit the same message.
  // SHA-256 over what the key signed, base64. One message, one digest, whatever is done to the value or around it.
  std::string digest;
  std::int64_t created_ms = 0;     // signed: wsu:Created of the timestamp
  bool covers_addressing = false;  // every WS-Addressing block of the header (true when there is none)
};

// Checks envelopes that one partner signed. Thread-safe.
class XmlVerifier {
 public:
  virtual ~XmlVerifier() = default;
  // `envelope`: SOAP, characters in UTF-8; what its declaration says about bytes does not count. Succeeds when the
  // header's only wsse:Security has one ds:Signature that verifies with a pinned certificate and covers the Body that
  // stands directly in the envelope and the wsu:Timestamp, whose Created is within the allowed skew of `now` and whose
  // Expires, if there is one, is not over. Parts of a multipart message are covered by nothing. Fails with xmldsig.*.
  [[nodiscard]] virtual Result<XmlSignature> verify(std::string_view envelope, Instant now) const = 0;
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
