#include "connectors/kafka/kafka_client.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "connectors/kafka/kafka_codes.hpp"

namespace tongqu::kafka {
namespace {

constexpr int kClosePollMs = 20;
constexpr int kPurgePollMs = 100;  // reports end the wait earlier

constexpr std::array<std::string_view, 10> kTunable{"client.rack",
                                                    "compression.type",
                                                    "fetch.wait.max.ms",
                                                    "heartbeat.interval.ms",
                                                    "linger.ms",
                                                    "metadata.max.age.ms",
                                                    "reconnect.backoff.max.ms",
                                                    "session.timeout.ms",
                                                    "socket.timeout.ms",
                                                    "topic.metadata.refresh.interval.ms"};

std::string protocol_of(const ClientOptions& options) {
  if (options.sasl_mechanism.empty()) return options.tls ? "ssl" : "plaintext";
  return options.tls ? "sasl_ssl" : "sasl_plaintext";
}

Properties security_of(const ClientOptions& options) {
  Properties all{{"security.protocol", protocol_of(options)}};
  if (options.tls) {
    all.emplace_back("enable.ssl.certificate.verification", "true");
    all.emplace_back("ssl.endpoint.identification.algorithm", "https");
    if (!options.ca_pem.empty()) all.emplace_back("ssl.ca.pem", options.ca_pem);
    if (!options.certificate_pem.empty()) all.emplace_back("ssl.certificate.pem", options.certificate_pem);
    if (!options.key_pem.empty()) all.emplace_back("ssl.key.pem", options.key_pem);
  }
  if (!options.sasl_mechanism.empty()) {
    all.emplace_back("sasl.mechanisms", options.sasl_mechanism);
    all.emplace_back("sasl.username", options.user);
    all.emplace_back("sasl.password", options.password);
  }
  return all;
}

}  // namespace

bool is_tunable(std::string_view name) { return std::find(kTunable.begin(), kTunable.end(), name) != kTunable.end(); }

void ClientDeleter::operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }

Result<Conf> make_conf(const ClientOptions& options, const Properties& own) {
  Conf conf(rd_kafka_conf_new());
  Properties all{{"bootstrap.servers", options.brokers}, {"client.id", "tongqu"}};
  for (const Properties& part : {security_of(options), options.tuning, own})
    all.insert(all.end(), part.begin(), part.end());
  std::array<char, 512> reason{};
  for (const auto& [name, value] : all) {
    // The library's own words hold the value, which may be a secret.
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size()) != RD_KAFKA_CONF_OK)
      return make_error(codes::kKafkaSetting, name);
  }
  // Silent: what went wrong is told by codes. Its lines would hold names of hosts and topics at best.
  rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
  return conf;
}

Result<Client> make_client(rd_kafka_type_t type, Conf conf) {
  // Not optional: the library measures the text when TLS cannot be set up. It is not shown, for it may hold names.
  std::array<char, 512> reason{};
  rd_kafka_t* client = rd_kafka_new(type, conf.get(), reason.data(), reason.size());
  if (client == nullptr) {
    // Some values are refused only beside others; else it is TLS that cannot be set up.
    const std::string_view words = reason.data();
    const auto named = std::find_if(kTunable.begin(), kTunable.end(),
                                    [&](std::string_view name) { return words.find(name) != std::string_view::npos; });
    return make_error(codes::kKafkaSetting, named != kTunable.end() ? std::string(*named) : "tls");
  }
  [[maybe_unused]] rd_kafka_conf_t* const given = conf.release();  // it belongs to the client now
  return Client(client);
}

const ErrorCode* trouble_of(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT: return &codes::kKafkaUnreachable;
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return &codes::kKafkaLogin;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return &codes::kKafkaTopic;
    default: return nullptr;
  }
}

bool is_refusal(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION: return true;
    default: return false;
  }
}

void purge(rd_kafka_t* producer) {
  rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  while (rd_kafka_outq_len(producer) > 0) rd_kafka_poll(producer, kPurgePollMs);
}

void close_consumer(Client& client, std::int64_t ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client.get());
  if (rd_kafka_error_t* failure = rd_kafka_consumer_close_queue(client.get(), queue); failure != nullptr)
    rd_kafka_error_destroy(failure);
  // Records that were on their way come through this queue too; serving it for its callbacks only ends the process
  // at the first of them. They are not ours any more: nobody commits them, the next reader gets them.
  while (rd_kafka_consumer_closed(client.get()) == 0 && std::chrono::steady_clock::now() < end)
    if (rd_kafka_message_t* late = rd_kafka_consume_queue(queue, kClosePollMs); late != nullptr)
      rd_kafka_message_destroy(late);
  // Its own reference to the queue is the library's as long as it needs it; ours ends here, whichever way this goes.
  rd_kafka_queue_destroy(queue);
  if (rd_kafka_consumer_closed(client.get()) != 0) return;
  // Its threads shall not ring a descriptor that is somebody else's by then.
  rd_kafka_queue_t* events = rd_kafka_queue_get_consumer(client.get());
  rd_kafka_queue_io_event_enable(events, -1, nullptr, 0);
  rd_kafka_queue_destroy(events);
  [[maybe_unused]] rd_kafka_t* const given_up = client.release();
}

RecordHeaders headers_of(const rd_kafka_message_t& message) {
  RecordHeaders all;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return all;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    if (value != nullptr) all.emplace_back(name, std::string(static_cast<const char*>(value), size));
  }
  return all;
}

bool produce(rd_kafka_t* producer, const std::string& topic, const std::string& key, const EventRecord& record,
             void* opaque, rd_kafka_resp_err_t& error) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  std::array<rd_kafka_vu_t, 6> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_KEY;
  parts[1].u.mem = {key.empty() ? nullptr : const_cast<char*>(key.data()), key.size()};  // copied, not written
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem = {const_cast<char*>(record.body.data()), record.body.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[3].u.headers = headers;
  parts[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[4].u.i = RD_KAFKA_MSG_F_COPY;
  parts[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[5].u.ptr = opaque;
  error = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (rd_kafka_error_t* failure = rd_kafka_produceva(producer, parts.data(), parts.size()); failure != nullptr) {
    error = rd_kafka_error_code(failure);
    rd_kafka_error_destroy(failure);
  }
  // On failure the headers stay ours.
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace tongqu::kafka
