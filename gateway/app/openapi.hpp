#pragma once
// The partner interface as OpenAPI 3.1, made from the active configuration.
#include <string>

#include "gateway/app/config_compile.hpp"

namespace tongqu::app {

// JSON text. Names the services of the configuration with their titles; no partner is named, as every partner reads it.
[[nodiscard]] std::string openapi_text(const CompiledConfig& config);

}  // namespace tongqu::app
