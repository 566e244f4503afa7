#pragma once
// The certificate of the static proof of disclosure (docs/proof.md), and the second checker's verdict on it.
#include <string>

#include "gateway/app/config_proof.hpp"
#include "gateway/core/error.hpp"
#include "gateway/settings/config_image.hpp"

namespace tongqu {

// The claims as lines, in the one order that they have.
[[nodiscard]] std::string write_certificate(const ConfigProof& proof, const ConfigImage& image);
// Has the second checker hold the certificate against the files. proof.certificate.
[[nodiscard]] Status check_certificate(const ConfigImage& image, const std::string& certificate);

}  // namespace tongqu
