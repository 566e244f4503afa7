#pragma once
// Settings, schemas, mappings → the plan of the line.
#include "gateway/app/config_compile.hpp"
#include "gateway/app/privacy_keys.hpp"

namespace tongqu {

// `config` has everything but the plan; `keys` were opened for it. Fails with one fault per object that does not fit
// together; the fault's path is the file.
[[nodiscard]] Result<std::shared_ptr<const Plan>> make_plan(const CompiledConfig& config, const PrivacyKeys& keys);

}  // namespace tongqu
