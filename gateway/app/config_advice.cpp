#include "gateway/app/config_advice.hpp"

#include "gateway/app/app_codes.hpp"

namespace tongqu {

void advise(const Settings& settings, std::vector<SettingsFault>& faults) {
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
