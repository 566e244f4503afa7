#pragma once
// SOAP envelopes on libxml2. Contract: gateway/core/soap.hpp.
#include "gateway/core/soap.hpp"

namespace tongqu {

class XmlSoapCodec final : public SoapCodec {
 public:
  [[nodiscard]] Result<SoapMessage> read(std::string_view bytes, const SoapReadOptions& options) const override;
  [[nodiscard]] Result<std::string> element(std::string_view document,
                                            const SoapElementOptions& options) const override;
  [[nodiscard]] Result<std::string> characters(std::string_view document) const override;
  [[nodiscard]] Result<std::string> text_of(std::string_view document, std::string_view local) const override;
  [[nodiscard]] Result<Bytes> encode(std::string_view utf8, std::string_view charset) const override;
  [[nodiscard]] bool knows_charset(std::string_view label) const override;
};

}  // namespace tongqu
