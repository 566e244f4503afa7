#pragma once
// What both directions share of librdkafka: configuration, names of errors, records. Inside this folder only.
#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/kafka/cloud_event.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::kafka {

struct ClientOptions {
  std::string brokers;  // "host:port,host:port"
  bool tls = false;     // the brokers' certificates have to name their hosts
  std::string ca_pem;   // empty = the system's authorities
  std::string certificate_pem;
  std::string key_pem;
  std::string sasl_mechanism;  // "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"; empty = none
  std::string user;
  std::string password;
  std::vector<std::pair<std::string, std::string>> tuning;  // names of kTunable only
};

// Settings of librdkafka that a configuration may set; all others are this connector's, because delivery depends on
// them.
[[nodiscard]] bool is_tunable(std::string_view name);

using Properties = std::vector<std::pair<std::string, std::string>>;

struct ClientDeleter {
  void operator()(rd_kafka_t* client) const;
};
using Client = std::unique_ptr<rd_kafka_t, ClientDeleter>;
struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDeleter>;
struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
};
using List = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;

// Fails with kafka.setting, naming the setting and never its value.
[[nodiscard]] Result<Conf> make_conf(const ClientOptions& options, const Properties& own);
// Opens nothing yet; the library's threads connect by themselves. Fails with kafka.setting.
[[nodiscard]] Result<Client> make_client(rd_kafka_type_t type, Conf conf);

// The connection's trouble in our words; nullptr when it says nothing about the connection.
[[nodiscard]] const ErrorCode* trouble_of(rd_kafka_resp_err_t error);

// Turned back by the brokers in a way that repeating it as it is will not mend.
[[nodiscard]] bool is_refusal(rd_kafka_resp_err_t error);

// Ends what a producer has in hand: what waits as not written, what is under way as possibly written. Returns when each
// message had its report.
void purge(rd_kafka_t* producer);

// Leaves the group, serving callbacks, within `ms`. The library waits without end for a coordinator that went away
// while a commit was under way; then the client is given up with its threads (`client` is empty, no callback comes any
// more) and the brokers notice by the end of its session.
void close_consumer(Client& client, std::int64_t ms);

// The headers of a record; values that are null are left out.
[[nodiscard]] RecordHeaders headers_of(const rd_kafka_message_t& message);
// Hands a record to the producer, `opaque` comes back with the report. False: `error` says why, no report will come.
[[nodiscard]] bool produce(rd_kafka_t* producer, const std::string& topic, const std::string& key,
                           const EventRecord& record, void* opaque, rd_kafka_resp_err_t& error);

}  // namespace tongqu::kafka
