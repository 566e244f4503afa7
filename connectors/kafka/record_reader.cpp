#include "connectors/kafka/record_reader.hpp"

#include <algorithm>

#include "connectors/kafka/kafka_codes.hpp"
#include "connectors/support/message_key.hpp"

namespace tongqu::kafka {
namespace {

void poison(Taken& taken, const ErrorCode& code, std::string param = {}) {
  taken.poison = &code;
  taken.poison_param = std::move(param);
}

void read_cloud_event(Taken& taken, const InboundOptions& options, const TopicOptions& topic, const RawRecord& raw,
                      const Suite& suite, const Codec& json) {
  DecodeLimits limits;
  limits.max_bytes = options.max_message_bytes;
  auto event = read_event(raw.headers, raw.value, json, limits);
  if (event.has_error()) return poison(taken, *event.error().code, event.error().param);
  const bool expected =
      topic.types.empty() || std::find(topic.types.begin(), topic.types.end(), event->type) != topic.types.end();
  if (!expected) return poison(taken, codes::kCloudEventType);
  InboundMessage& message = taken.message;
  message.content_type = media_type_of(event->data_content_type);
  if (message.content_type.empty()) message.content_type = "application/json";  // CloudEvents JSON format, section 3.1
  // Source and id together are unique (CloudEvents 1.0, "id").
  message.idempotency_key = digest_key(suite, "ce:", {event->source, event->id});
  message.body = std::move(event->data);
}

std::string content_type_of(const RecordHeaders& headers, const std::string& otherwise) {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [](const auto& one) { return one.first == "content-type"; });
  const std::string media = found == headers.end() ? std::string() : media_type_of(found->second);
  return media.empty() ? otherwise : media;
}

}  // namespace

std::string place_of(const std::string& topic, std::int32_t partition, std::int64_t offset) {
  return topic + "/" + std::to_string(partition) + "/" + std::to_string(offset);
}

Taken read_record(const InboundOptions& options, const TopicOptions& topic, RawRecord raw, const Suite& suite,
                  const Codec& json, Instant now) {
  Taken taken;
  taken.message.service = topic.service;
  taken.message.identity.partner = options.partner;
  taken.message.identity.method = options.client.sasl_mechanism.empty() ? "kafka" : "kafka-sasl";
  taken.message.received_at = now;
  taken.message.source_address = topic.topic;
  const bool too_large = raw.value.size() > options.max_message_bytes;
  if (too_large) {
    poison(taken, codes::kKafkaSize, std::to_string(options.max_message_bytes));
  } else if (options.cloud_events) {
    read_cloud_event(taken, options, topic, raw, suite, json);
  } else {
    taken.message.content_type = content_type_of(raw.headers, options.content_type);
    taken.message.idempotency_key = message_key(suite, "kafka:", place_of(topic.topic, raw.partition, raw.offset));
    taken.message.body = raw.value;
  }
  // What is too large for us is not kept in memory; the dead letter says where it stands.
  if (!topic.dead_letter_topic.empty())
    taken.original = {std::move(raw.headers), too_large ? std::string() : std::string(raw.value)};
  taken.key = std::move(raw.key);
  return taken;
}

}  // namespace tongqu::kafka
