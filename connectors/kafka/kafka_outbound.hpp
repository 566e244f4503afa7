#pragma once
// Outbound Kafka: CloudEvents written by an idempotent producer with acks=all. The event's id is the message id, by
// which the partner de-duplicates (with the source).
//
//   report without error                                   delivered
//   report of an error, certainly not written               retry (topic unknown, queue full, brokers out of reach)
//   turned back by the brokers (too large, invalid)         refused
//   no report in time, possibly written                     no answer
//
// The library connects and repeats by itself within the time of an attempt; one thread takes its reports.
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "connectors/kafka/cloud_event.hpp"
#include "connectors/kafka/kafka_client.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::kafka {

struct TopicRoute {
  std::string topic;
  std::string type;      // of the event
  std::string key_path;  // field of a JSON body whose text is the record's key and the event's subject; empty = no key
};

struct OutboundOptions {
  ClientOptions client;
  std::string source;  // of the events, a URI reference
  ContentMode mode = ContentMode::kBinary;
  std::map<std::string, TopicRoute> services;
  std::int64_t timeout_ms = 10'000;  // of one attempt, the library's repeats included
  std::size_t max_message_bytes = 1U << 20U;
};

// The verdict of a delivery report; `persisted` as rd_kafka_message_status() says. For tests as well.
[[nodiscard]] DeliveryOutcome outcome_of(rd_kafka_resp_err_t error, rd_kafka_msg_status_t persisted);

// Thread-safe. What is open when it is destroyed is answered.
class KafkaOutbound final : public OutboundConnector {
 public:
  // Fails with kafka.setting. `json` outlives the object.
  [[nodiscard]] static Result<std::unique_ptr<KafkaOutbound>> create(OutboundOptions options, const Codec& json);
  ~KafkaOutbound() override;
  // `timeout_ms` is the one of the options: the library knows one for all messages.
  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override;

 private:
  class Worker;
  explicit KafkaOutbound(std::unique_ptr<Worker> worker);
  std::unique_ptr<Worker> worker_;
};

}  // namespace tongqu::kafka
