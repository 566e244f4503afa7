#pragma once
// What the connector `amqp` can be told.
#include "gateway/settings/field_list.hpp"

namespace tongqu::amqp {

extern const PluginSpec kOutboundSpec;
extern const PluginSpec kInboundSpec;

}  // namespace tongqu::amqp
