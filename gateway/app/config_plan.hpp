#pragma once
// Settings, schemas, mappings → the plan of the line.
#include "gateway/app/config_compile.hpp"

namespace tongqu {

// `config` has everything but the plan. Fails with one fault per object that does not fit together; the fault's path
// is the file.
[[nodiscard]] Result<std::shared_ptr<const Plan>> make_plan(const CompiledConfig& config);

}  // namespace tongqu
