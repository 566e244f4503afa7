#pragma once
// The protocol `registry`: a base of the gateway's own, filled by messages and asked by queries (本地库).
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kRegistryConnector;

}  // namespace tongqu
