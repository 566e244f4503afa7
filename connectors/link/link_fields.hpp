#pragma once
#include "gateway/settings/field_list.hpp"

namespace tongqu {

extern const PluginSpec kLinkConnectorSpec;
extern const PluginSpec kLinkIntakeSpec;

}  // namespace tongqu
