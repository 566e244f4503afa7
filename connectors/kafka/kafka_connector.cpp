#include "connectors/kafka/kafka_connector.hpp"

#include <algorithm>

#include "connectors/kafka/kafka_codes.hpp"
#include "connectors/kafka/kafka_fields.hpp"
#include "connectors/kafka/kafka_inbound.hpp"
#include "connectors/kafka/kafka_outbound.hpp"
#include "connectors/support/queue_fields.hpp"

namespace tongqu {
namespace {

Status read_secret(const Setting& from, std::string_view name, const ConnectorContext& context, std::string& into) {
  auto text = context.secret(from.secret(name));
  if (text.has_error()) return error_at(from, text.error());
  into = std::move(*text);
  return {};
}

Status read_tls(const Setting& tls, const ConnectorContext& context, kafka::ClientOptions& client) {
  client.tls = tls.present();
  if (!client.tls) return {};
  if (auto got = read_secret(tls, "ca", context, client.ca_pem); got.has_error()) return got;
  if (auto got = read_secret(tls, "certificate", context, client.certificate_pem); got.has_error()) return got;
  return read_secret(tls, "key", context, client.key_pem);
}

Status read_sasl(const Setting& sasl, const ConnectorContext& context, kafka::ClientOptions& client) {
  if (!sasl.present()) return {};
  client.sasl_mechanism = sasl.text("mechanism");
  client.user = sasl.text("user");
  if (auto got = read_secret(sasl, "password", context, client.password); got.has_error()) return got;
  // The password would cross the network in clear.
  if (client.sasl_mechanism == "PLAIN" && !client.tls) return error_at(sasl, make_error(codes::kKafkaSetting, "sasl"));
  return {};
}

Result<kafka::ClientOptions> read_client(const Setting& from, const ConnectorContext& context) {
  kafka::ClientOptions client;
  client.brokers = from.text("brokers");
  if (auto tls = read_tls(from.object("tls"), context, client); tls.has_error()) return tls.error();
  if (auto sasl = read_sasl(from.object("sasl"), context, client); sasl.has_error()) return sasl.error();
  for (const Setting& entry : from.map("tuning")) {
    if (!kafka::is_tunable(entry.key())) return error_at(entry, make_error(codes::kKafkaSetting, entry.key()));
    client.tuning.emplace_back(entry.key(), entry.text());
  }
  return client;
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  auto client = read_client(outbound, context);
  if (client.has_error()) return client.error();
  kafka::OutboundOptions options;
  options.client = std::move(*client);
  options.source = outbound.text("source");
  options.mode = outbound.text("mode") == "structured" ? kafka::ContentMode::kStructured : kafka::ContentMode::kBinary;
  for (const Setting& one : outbound.list("topics"))
    options.services[one.text("service")] = {one.text("topic"), one.text("type"), one.text("key")};
  options.timeout_ms = outbound.duration_ms("timeout");
  options.max_message_bytes = static_cast<std::size_t>(outbound.size_bytes("max_message_bytes"));
  auto made = kafka::KafkaOutbound::create(std::move(options), context.json);
  if (made.has_error()) return error_at(outbound, made.error());
  // Shared: the lane and the attempts in flight (see LaneOptions).
  return std::shared_ptr<OutboundConnector>(std::move(*made));
}

kafka::TopicOptions read_topic(const Setting& from) {
  kafka::TopicOptions topic;
  topic.topic = from.text("topic");
  topic.service = ServiceId(from.text("service"));
  topic.types = from.texts("types");
  topic.dead_letter_topic = from.text("dead_letter_topic");
  return topic;
}

Result<std::shared_ptr<InboundConnector>> make_inbound(const Setting& inbound, const ConnectorContext& context,
                                                       Intake& intake) {
  auto client = read_client(inbound, context);
  if (client.has_error()) return client.error();
  kafka::InboundOptions options;
  options.partner = context.partner;
  options.client = std::move(*client);
  options.group = inbound.text("group");
  options.from_the_end = inbound.text("start") == "latest";
  options.cloud_events = inbound.text("envelope") == "cloudevents";
  options.content_type = inbound.text("content_type");
  for (const Setting& one : inbound.list("topics")) options.topics.push_back(read_topic(one));
  options.max_message_bytes = static_cast<std::size_t>(inbound.size_bytes("max_message_bytes"));
  options.limits.held = static_cast<std::size_t>(inbound.integer("held"));
  options.limits.parallel = static_cast<std::size_t>(inbound.integer("parallel"));
  options.limits.wait = read_waits(inbound, "wait_first", "wait_max");
  auto made = kafka::KafkaInbound::create(std::move(options), context.clock, context.suite, context.json, intake);
  if (made.has_error()) return error_at(inbound, made.error());
  // Shared: the set of inbound connectors and who looks at it (InboundSet).
  return std::shared_ptr<InboundConnector>(std::move(*made));
}

}  // namespace

constinit const ConnectorType kKafkaConnector{.name = "kafka",
                                              .outbound_spec = &kafka::kOutboundSpec,
                                              .make_outbound = make_outbound,
                                              .inbound_spec = &kafka::kInboundSpec,
                                              .make_inbound = make_inbound};

}  // namespace tongqu
