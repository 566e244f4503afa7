#pragma once
// Field lists of the database connector.
#include "gateway/settings/field_list.hpp"

namespace tongqu {

extern const PluginSpec kDatabaseConnectorSpec;  // outbound
extern const PluginSpec kDatabaseIntakeSpec;     // inbound

}  // namespace tongqu
