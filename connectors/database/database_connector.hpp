#pragma once
// The protocol `database` (前置库): reads rows of a partner's tables, writes rows into them.
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kDatabaseConnector;

}  // namespace tongqu
