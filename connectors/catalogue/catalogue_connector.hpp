#pragma once
// The intake `catalogue`: the partner is the gateway itself, and what comes in are the code tables and units of its
// configuration that other partners are told (docs/directories.md). There is no connector to make: Publisher
// (gateway/app) hands the messages to the line.
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kCatalogueConnector;

}  // namespace tongqu
