#pragma once
// Outbound AMQP: persistent, mandatory publishes with publisher confirms. The message id is the property `message-id`,
// by which the partner de-duplicates; the service is the property `type`.
//
//   confirmed                                          delivered
//   returned (no queue takes it)                        refused, status 312
//   nack; broker out of reach; blocked for too long     retry, certainly without effect
//   no confirm in time; connection lost meanwhile       no answer
//
// One connection and one thread, which connects anew with growing waits. While the broker is out of reach messages are
// answered at once.
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "connectors/amqp/amqp_link.hpp"
#include "connectors/support/backoff.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::amqp {

struct Routing {
  std::string exchange;
  std::string routing_key;
  int priority = 0;  // 0 to 255; the queue's x-max-priority bounds it
};

struct OutboundOptions {
  LinkOptions link;
  std::map<std::string, Routing> services;
  std::size_t max_message_bytes = 1U << 20U;
  std::size_t max_waiting = 1000;  // messages of this connector at a time
  BackoffLimits reconnect;
};

// Thread-safe. What waits when it is destroyed is answered: not sent = retry, sent = no answer.
class AmqpOutbound final : public OutboundConnector {
 public:
  // `clock` outlives the object.
  AmqpOutbound(OutboundOptions options, const Clock& clock);
  ~AmqpOutbound() override;
  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace tongqu::amqp
