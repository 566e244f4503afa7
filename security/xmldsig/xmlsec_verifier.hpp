#pragma once
// Checks envelopes with pinned certificates.
#include <vector>

#include "gateway/core/xml_security.hpp"
#include "security/xmldsig/xmlsec_tools.hpp"

namespace tongqu {

class XmlSecVerifier final : public XmlVerifier {
 public:
  XmlSecVerifier(std::vector<xmlsec::Key> keys, std::int64_t max_clock_skew_ms)
      : keys_(std::move(keys)), max_clock_skew_ms_(max_clock_skew_ms) {}
  [[nodiscard]] Result<XmlSignature> verify(std::string_view envelope, Instant now) const override;

 private:
  std::vector<xmlsec::Key> keys_;
  std::int64_t max_clock_skew_ms_;
};

}  // namespace tongqu
