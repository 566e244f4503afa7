#pragma once
// rules/ of a configuration → the calendar and the rule book of casework.
#include <memory>
#include <vector>

#include "gateway/casework/rule_book.hpp"
#include "gateway/casework/work_calendar.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu::app {

// rules/workdays/<year>.csv. Appends every fault with its file and line; what is faulty is left out. Never null.
[[nodiscard]] std::shared_ptr<const WorkCalendar> read_workdays(const ConfigImage& image,
                                                                std::vector<SettingsFault>& faults);

// rules/*.yaml and the gateway's `deadlines`. Appends a fault for each: a time that ends before it begins, two versions
// for one day or none for a day between two, a lead in the wrong unit, a preferred rule that is no alternative, tables
// that do not say which days are statutory while the last day depends on it. Never null.
[[nodiscard]] std::shared_ptr<const RuleBook> read_rules(const Settings& settings, const WorkCalendar& calendar,
                                                         std::vector<SettingsFault>& faults);

}  // namespace tongqu::app
