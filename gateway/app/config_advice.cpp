#include "gateway/app/config_advice.hpp"

#include "gateway/app/app_codes.hpp"

namespace tongqu {

namespace {

// What counts working days, in a year without a table of them.
void advise_workdays(const Settings& settings, const WorkCalendar& workdays, const std::string& year,
                     std::vector<SettingsFault>& faults) {
  if (workdays.has_year(std::stoi(year))) return;
  for (const NamedSetting& partner : settings.all("partner")) {
    const Setting& outbound = partner.value.object("outbound");
    if (!outbound.present() || !outbound.boolean("workdays_only")) continue;
    SettingsFault fault;
    fault.code = &codes::kConfigWorkdays;
    fault.file = outbound.file();
    fault.position = outbound.position();
    fault.path = "outbound.workdays_only";
    fault.param = {year, year};
    fault.grade = Grade::kWarning;
    faults.push_back(std::move(fault));
  }
}

}  // namespace

void advise(const Settings& settings, const WorkCalendar& workdays, std::string_view today,
            std::vector<SettingsFault>& faults) {
  advise_workdays(settings, workdays, std::string(today.substr(0, 4)), faults);
  for (const NamedSetting& partner : settings.all("partner")) {
    const Setting& inbound = partner.value.object("inbound");
    if (!inbound.present() || inbound.text("connector") != "http") continue;
    const Setting& auth = inbound.object("auth");
    const std::string& scheme = auth.text("scheme");
    if (scheme != "api-key" && scheme != "bearer") continue;
    if (auth.has("certificate_sha256") || !inbound.list("networks").empty()) continue;
    SettingsFault fault;
    fault.code = &codes::kConfigStaticKey;
    fault.file = auth.file();
    fault.position = auth.position();
    fault.path = "inbound.auth";
    fault.grade = Grade::kWarning;
    faults.push_back(std::move(fault));
  }
}

}  // namespace tongqu
