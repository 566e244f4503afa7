#include "tests/support/kafka_mock.hpp"

#include <cstdio>
#include <cstdlib>

namespace tongqu::test {
namespace {

rd_kafka_conf_t* conf(const std::map<std::string, std::string>& values) {
  rd_kafka_conf_t* made = rd_kafka_conf_new();
  char reason[512];
  for (const auto& [name, value] : values) {
    if (rd_kafka_conf_set(made, name.c_str(), value.c_str(), reason, sizeof reason) != RD_KAFKA_CONF_OK) {
      std::fprintf(stderr, "%s\n", reason);
      std::abort();
    }
  }
  rd_kafka_conf_set_log_cb(made, [](const rd_kafka_t*, int, const char*, const char*) {});
  return made;
}

rd_kafka_t* client(rd_kafka_type_t type, const std::map<std::string, std::string>& values) {
  char reason[512];
  rd_kafka_t* made = rd_kafka_new(type, conf(values), reason, sizeof reason);
  if (made == nullptr) {
    std::fprintf(stderr, "%s\n", reason);
    std::abort();
  }
  return made;
}

KafkaRecord read(const rd_kafka_message_t& message) {
  KafkaRecord record;
  record.topic = rd_kafka_topic_name(message.rkt);
  record.partition = message.partition;
  record.offset = message.offset;
  if (message.key != nullptr) record.key.assign(static_cast<const char*>(message.key), message.key_len);
  record.value.assign(static_cast<const char*>(message.payload), message.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return record;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    record.headers.emplace_back(name, std::string(static_cast<const char*>(value), size));
  return record;
}

}  // namespace

std::string KafkaRecord::header(const std::string& name) const {
  for (const auto& [key_of, value_of] : headers) {
    if (key_of == name) return value_of;
  }
  return {};
}

KafkaMock::KafkaMock(int brokers)
    : owner_(client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", "127.0.0.1:1"}})),
      cluster_(rd_kafka_mock_cluster_new(owner_, brokers)) {}

KafkaMock::~KafkaMock() {
  rd_kafka_mock_cluster_destroy(cluster_);
  rd_kafka_destroy(owner_);
}

std::string KafkaMock::address() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }

void KafkaMock::topic(const std::string& name, int partitions) {
  if (rd_kafka_mock_topic_create(cluster_, name.c_str(), partitions, 1) != RD_KAFKA_RESP_ERR_NO_ERROR) std::abort();
}

void KafkaMock::down(bool on) {
  if (on) {
    rd_kafka_mock_broker_set_down(cluster_, -1);
  } else {
    rd_kafka_mock_broker_set_up(cluster_, -1);
  }
}

void KafkaMock::rtt(int ms) { rd_kafka_mock_broker_set_rtt(cluster_, -1, ms); }

void KafkaMock::fail(std::int16_t api, std::vector<rd_kafka_resp_err_t> errors) {
  rd_kafka_mock_push_request_errors_array(cluster_, api, errors.size(), errors.data());
}

KafkaPeer::KafkaPeer(const std::string& address)
    : address_(address),
      producer_(
          client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", address}, {"queue.buffering.max.messages", "100000"}})) {}

KafkaPeer::~KafkaPeer() {
  if (consumer_ != nullptr) {
    rd_kafka_consumer_close(consumer_);
    rd_kafka_destroy(consumer_);
  }
  rd_kafka_destroy(producer_);
}

void KafkaPeer::produce(const KafkaRecord& record, std::int32_t partition) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const auto& [name, value] : record.headers)
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  rd_kafka_vu_t parts[6]{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = record.topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_KEY;
  parts[1].u.mem = {record.key.empty() ? nullptr : const_cast<char*>(record.key.data()), record.key.size()};
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem = {const_cast<char*>(record.value.data()), record.value.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[3].u.headers = headers;
  parts[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[4].u.i = RD_KAFKA_MSG_F_COPY;
  parts[5].vtype = RD_KAFKA_VTYPE_PARTITION;
  parts[5].u.i32 = partition;
  if (rd_kafka_produceva(producer_, parts, 6) != nullptr) std::abort();
}

void KafkaPeer::flush() {
  if (rd_kafka_flush(producer_, 60'000) != RD_KAFKA_RESP_ERR_NO_ERROR) std::abort();
}

std::optional<KafkaRecord> KafkaPeer::next(const std::string& topic, int ms) {
  if (consumer_ == nullptr) {
    consumer_ = client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", address_},
                                           {"group.id", "peer-" + topic},
                                           {"auto.offset.reset", "earliest"},
                                           {"enable.auto.commit", "false"}});
    rd_kafka_poll_set_consumer(consumer_);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(consumer_, list);
    rd_kafka_topic_partition_list_destroy(list);
  }
  for (int waited = 0; waited < ms; waited += 100) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer_, 100);
    if (message == nullptr) continue;
    std::optional<KafkaRecord> record;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) record = read(*message);
    rd_kafka_message_destroy(message);
    if (record) return record;
  }
  return std::nullopt;
}

std::int64_t KafkaPeer::committed(const std::string& group, const std::string& topic, std::int32_t partition) {
  rd_kafka_t* asks = client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", address_}, {"group.id", group}});
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
  if (rd_kafka_committed(asks, list, 20'000) != RD_KAFKA_RESP_ERR_NO_ERROR) std::abort();
  const std::int64_t offset = list->elems[0].offset;
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(asks);
  return offset;
}

}  // namespace tongqu::test
