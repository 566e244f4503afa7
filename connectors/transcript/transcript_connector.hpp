#pragma once
// The protocol `transcript`: a person copies each message into the partner's own pages and types its number back.
// Nothing is pushed, so there is no connector to make: the lane keeps the messages as a pull inbox does, and
// TranscriptDesk (gateway/delivery) hands them out. Inbound it is how the number comes in.
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kTranscriptConnector;

}  // namespace tongqu
