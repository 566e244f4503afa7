#pragma once
// The protocol `http`: calls the partner, and is called by it on the partner listener (partner_api.hpp).
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kHttpConnector;

}  // namespace tongqu
