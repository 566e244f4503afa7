#pragma once
// The protocol `kafka`: CloudEvents 1.0 over Apache Kafka, both directions (docs/connectors/kafka.md).
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kKafkaConnector;

}  // namespace tongqu
