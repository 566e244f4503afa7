#pragma once
// The protocol `link`: another gateway of ours, in a zone that only files reach (网闸).
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kLinkConnector;

}  // namespace tongqu
