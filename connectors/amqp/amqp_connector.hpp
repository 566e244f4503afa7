#pragma once
// The protocol `amqp`: AMQP 0-9-1 as RabbitMQ speaks it, both directions (docs/connectors/amqp.md).
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kAmqpConnector;

}  // namespace tongqu
