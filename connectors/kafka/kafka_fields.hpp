#pragma once
// What the connector `kafka` can be told.
#include "gateway/settings/field_list.hpp"

namespace tongqu::kafka {

extern const PluginSpec kOutboundSpec;
extern const PluginSpec kInboundSpec;

}  // namespace tongqu::kafka
