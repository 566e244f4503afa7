#pragma once
// What a configuration may do, but should not: warnings beside the errors of the loader and the compiler.
#include <vector>

#include "gateway/settings/settings.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu {

// Appends warnings to `faults`: a shared key that travels as it is (scheme api-key, bearer) from anywhere and without a
// client certificate.
void advise(const Settings& settings, std::vector<SettingsFault>& faults);

}  // namespace tongqu
