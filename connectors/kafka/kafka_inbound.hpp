#pragma once
// Inbound Kafka: a member of a consumer group that hands each record to the line and commits its offset after the
// line's answer, per partition in order.
//
//   stored                          decided
//   turned back, or no CloudEvent   to the dead-letter topic with the error's code, decided when it is written there;
//                                   without one passed over after it was reported
//   the line is busy                offered again after a growing wait; others of the partition with another key go on,
//                                   until `held` records are in memory: then the partition is paused
//   rebalance                       what is with the line is waited for a moment, offsets are committed, the rest is
//                                   read by the next member
//
// The idempotency key is a digest of the event's source and id; without CloudEvents it is topic/partition/offset. So a
// record that comes twice takes effect once. Records of one key go one after another.
#include <memory>
#include <string>
#include <vector>

#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/partition_ledger.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::kafka {

struct TopicOptions {
  std::string topic;
  ServiceId service;
  std::vector<std::string> types;  // event types that are expected; empty = any
  std::string dead_letter_topic;   // empty = none
};

struct InboundOptions {
  PartnerId partner;
  ClientOptions client;
  std::string group;
  bool from_the_end = false;  // where a group without offsets begins
  bool cloud_events = true;   // false: the record's value is the message
  std::string content_type;   // of messages that do not say theirs
  std::vector<TopicOptions> topics;
  std::size_t max_message_bytes = 1U << 20U;
  PartitionLimits limits;
};

// Thread-safe.
class KafkaInbound final : public InboundConnector {
 public:
  // Fails with kafka.setting. References outlive the object.
  [[nodiscard]] static Result<std::unique_ptr<KafkaInbound>> create(InboundOptions options, const Clock& clock,
                                                                    const Suite& suite, const Codec& json,
                                                                    Intake& intake);
  ~KafkaInbound() override;
  void start() override;
  void stop(std::int64_t grace_ms) override;
  [[nodiscard]] InboundHealth health() const override;

 private:
  class Worker;
  explicit KafkaInbound(std::unique_ptr<Worker> worker);
  std::unique_ptr<Worker> worker_;
};

}  // namespace tongqu::kafka
