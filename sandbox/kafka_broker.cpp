// Kafka brokers for the stand-ins: librdkafka's mock cluster on real sockets, for other processes. Says where it
// listens and takes one command a line on standard input; ends with it.
//
//   kafka_broker TOPIC:PARTITIONS…
//     down | up            brokers close their sockets and take no connection | take them again
//     rtt MS               every answer comes so much later
//     cut N                the next N produce requests are answered by closing the connection, without writing
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr std::int16_t kProduce = 0;

bool make_topics(rd_kafka_mock_cluster_t* cluster, int count, char** names) {
  for (int i = 0; i < count; ++i) {
    const std::string text = names[i];
    const auto colon = text.find(':');
    if (colon == std::string::npos) return false;
    const int partitions = std::atoi(text.c_str() + colon + 1);
    if (rd_kafka_mock_topic_create(cluster, text.substr(0, colon).c_str(), partitions, 1) != RD_KAFKA_RESP_ERR_NO_ERROR)
      return false;
  }
  return true;
}

void obey(rd_kafka_mock_cluster_t* cluster, const std::string& line) {
  std::istringstream words(line);
  std::string what;
  int number = 0;
  words >> what >> number;
  if (what == "down") rd_kafka_mock_broker_set_down(cluster, -1);
  if (what == "up") rd_kafka_mock_broker_set_up(cluster, -1);
  if (what == "rtt") rd_kafka_mock_broker_set_rtt(cluster, -1, number);
  if (what != "cut" || number <= 0) return;
  const std::vector<rd_kafka_resp_err_t> errors(static_cast<std::size_t>(number), RD_KAFKA_RESP_ERR__TRANSPORT);
  rd_kafka_mock_push_request_errors_array(cluster, kProduce, errors.size(), errors.data());
}

}  // namespace

int main(int argc, char** argv) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", "127.0.0.1:1", nullptr, 0);
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_t* owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  rd_kafka_mock_cluster_t* cluster = owner != nullptr ? rd_kafka_mock_cluster_new(owner, 1) : nullptr;
  if (cluster == nullptr || argc < 2 || !make_topics(cluster, argc - 1, argv + 1)) {
    std::fprintf(stderr, "usage: kafka_broker TOPIC:PARTITIONS...\n");
    return 2;
  }
  std::printf("kafka ready brokers=%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) obey(cluster, line);
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(owner);
  return 0;
}
