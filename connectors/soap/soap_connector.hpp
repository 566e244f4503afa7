#pragma once
// The protocol `soap`: serves a partner below /soap/{partner} and calls its service.
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kSoapConnector;

// soap_inbound_spec.cpp, soap_outbound_spec.cpp
extern const PluginSpec kSoapIntakeSpec;
extern const PluginSpec kSoapConnectorSpec;

}  // namespace tongqu
