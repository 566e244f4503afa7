#pragma once
// WS-Security on xmlsec1 and OpenSSL. Contract: gateway/core/xml_security.hpp.
//
// Accepted: RSA with SHA-256, -384, -512 and ECDSA with SHA-256, -384; digests of SHA-256, -384, -512; canonical forms
// (inclusive and exclusive, without comments), the enveloped-signature transform, and no other; references within the
// document only, at most 16, each to an element of its own. KeyInfo is not looked at: the key is the pinned one. An id
// that stands twice makes the message refused, and what is covered is decided by the elements that stand in the place
// of Body and Timestamp, so that moving signed parts elsewhere gains nothing. A DOCTYPE ends the reading where it
// begins.
#include "gateway/core/xml_security.hpp"

namespace tongqu {

class XmlSecSecurity final : public XmlSecurity {
 public:
  [[nodiscard]] std::string password_digest(std::string_view nonce, std::string_view created,
                                            std::string_view password) const override;
  [[nodiscard]] Result<Bytes> nonce() const override;
  [[nodiscard]] Result<std::unique_ptr<XmlVerifier>> make_verifier(std::string_view certificates_pem,
                                                                   std::int64_t max_clock_skew_ms) const override;
  [[nodiscard]] Result<std::unique_ptr<XmlSigner>> make_signer(std::string_view certificate_pem,
                                                               std::string_view key_pem) const override;
};

}  // namespace tongqu
