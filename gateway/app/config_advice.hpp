#pragma once
// What a configuration may do, but should not: warnings beside the errors of the loader and the compiler.
#include <string_view>
#include <vector>

#include "gateway/casework/work_calendar.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu {

// Appends warnings to `faults`: a shared key that travels as it is (scheme api-key, bearer) from anywhere and without a
// client certificate; a window of working days when the year of `today` (YYYY-MM-DD) has no table.
void advise(const Settings& settings, const WorkCalendar& workdays, std::string_view today,
            std::vector<SettingsFault>& faults);

}  // namespace tongqu
