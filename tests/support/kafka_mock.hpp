#pragma once
// Brokers of librdkafka's mock cluster in this process: Kafka's wire protocol on real sockets, with groups, idempotent
// producers and faults on demand. Ports are free ones. Not thread-safe but for the calls of librdkafka itself.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tongqu::test {

struct KafkaRecord {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;
  std::string value;
  std::vector<std::pair<std::string, std::string>> headers;

  [[nodiscard]] std::string header(const std::string& name) const;
};

class KafkaMock {
 public:
  explicit KafkaMock(int brokers = 1);
  ~KafkaMock();
  KafkaMock(const KafkaMock&) = delete;
  KafkaMock& operator=(const KafkaMock&) = delete;

  [[nodiscard]] std::string address() const;
  [[nodiscard]] rd_kafka_mock_cluster_t* cluster() { return cluster_; }
  void topic(const std::string& name, int partitions = 1);
  void down(bool on);
  void rtt(int ms);
  // The next `errors` answers to requests of this kind; TRANSPORT cuts the connection instead of answering.
  void fail(std::int16_t api, std::vector<rd_kafka_resp_err_t> errors);

 private:
  rd_kafka_t* owner_;
  rd_kafka_mock_cluster_t* cluster_;
};

inline constexpr std::int16_t kApiProduce = 0;
inline constexpr std::int16_t kApiFetch = 1;
inline constexpr std::int16_t kApiOffsetCommit = 8;

// The partner's side, on librdkafka alone.
class KafkaPeer {
 public:
  explicit KafkaPeer(const std::string& address);
  ~KafkaPeer();
  KafkaPeer(const KafkaPeer&) = delete;
  KafkaPeer& operator=(const KafkaPeer&) = delete;

  // Queued; flush() returns when all are written. partition -1 = by key.
  void produce(const KafkaRecord& record, std::int32_t partition = -1);
  void flush();
  // The next record of the topic from its beginning, all partitions; empty when none comes within `ms`.
  std::optional<KafkaRecord> next(const std::string& topic, int ms = 10'000);
  // Offset that the group has committed; -1001 = none.
  std::int64_t committed(const std::string& group, const std::string& topic, std::int32_t partition);

 private:
  std::string address_;
  rd_kafka_t* producer_;
  rd_kafka_t* consumer_ = nullptr;
};

}  // namespace tongqu::test
