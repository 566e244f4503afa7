#pragma once
// Inbound AMQP: subscribes to queues and hands each delivery to the line; acknowledges after the line's answer.
//
//   stored                                   basic.ack
//   turned back                              basic.reject without requeue (the queue has a dead-letter exchange), else
//                                            basic.ack after it was reported
//   the line is busy                         the delivery stays open and is offered again after a growing wait; after
//                                            `hold_ms` it goes back to the broker
//   connection lost before the answer        the broker gives it again; the line knows the key and answers the same
//
// The idempotency key is the property `message-id`, else a digest of queue, content type and body. One connection, one
// channel for each queue, one thread.
#include <memory>
#include <string>
#include <vector>

#include "connectors/amqp/amqp_link.hpp"
#include "connectors/amqp/delivery_ledger.hpp"
#include "connectors/support/backoff.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::amqp {

struct QueueOptions {
  std::string queue;
  ServiceId service;
  bool dead_letter = false;  // the queue has a dead-letter exchange
};

struct InboundOptions {
  PartnerId partner;
  LinkOptions link;
  std::vector<QueueOptions> queues;  // at least one
  std::size_t prefetch = 16;         // of each queue
  bool in_order = true;              // of each queue
  std::string content_type;          // of messages that do not say theirs
  BackoffLimits wait;
  std::int64_t hold_ms = 600'000;
  BackoffLimits reconnect;
};

// Thread-safe.
class AmqpInbound final : public InboundConnector {
 public:
  // References outlive the object.
  AmqpInbound(InboundOptions options, const Clock& clock, const Suite& suite, Intake& intake);
  ~AmqpInbound() override;
  void start() override;
  void stop(std::int64_t grace_ms) override;
  [[nodiscard]] InboundHealth health() const override;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace tongqu::amqp
