#include <gtest/gtest.h>

#include "connectors/kafka/kafka_codes.hpp"
#include "connectors/kafka/kafka_outbound.hpp"
#include "connectors/kafka/record_reader.hpp"
#include "security/crypto/suites.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::kafka {
namespace {

TEST(DeliveryReport, EveryErrorHasItsVerdict) {
  struct Case {
    rd_kafka_resp_err_t error;
    rd_kafka_msg_status_t persisted;
    DeliveryVerdict verdict;
    const ErrorCode* code;
  };
  const Case cases[] = {
      {RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_MSG_STATUS_PERSISTED, DeliveryVerdict::kDelivered, nullptr},
      {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_MSG_STATUS_PERSISTED, DeliveryVerdict::kDelivered, nullptr},
      {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_MSG_STATUS_NOT_PERSISTED, DeliveryVerdict::kRetry,
       &codes::kKafkaUnreachable},
      {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED, DeliveryVerdict::kNoAnswer,
       &codes::kKafkaNoReport},
      {RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED, DeliveryVerdict::kNoAnswer,
       &codes::kKafkaNoReport},
      {RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_MSG_STATUS_NOT_PERSISTED, DeliveryVerdict::kRetry,
       &codes::kKafkaStopped},
      {RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_MSG_STATUS_NOT_PERSISTED, DeliveryVerdict::kRetry, &codes::kKafkaBusy},
      {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_MSG_STATUS_NOT_PERSISTED, DeliveryVerdict::kRetry,
       &codes::kKafkaTopic},
      {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_MSG_STATUS_NOT_PERSISTED, DeliveryVerdict::kRetry,
       &codes::kKafkaLogin},
      {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_MSG_STATUS_NOT_PERSISTED, DeliveryVerdict::kRefused,
       &codes::kKafkaRefused},
      {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_MSG_STATUS_NOT_PERSISTED, DeliveryVerdict::kRetry,
       &codes::kKafkaNotWritten},
  };
  for (const Case& one : cases) {
    const DeliveryOutcome outcome = outcome_of(one.error, one.persisted);
    EXPECT_EQ(outcome.verdict, one.verdict) << rd_kafka_err2name(one.error);
    EXPECT_EQ(outcome.code, one.code) << rd_kafka_err2name(one.error);
  }
}

class RecordReader : public testing::Test {
 protected:
  RecordReader() {
    options.partner = PartnerId("daily");
    options.content_type = "application/json";
    options.max_message_bytes = 1000;
    topic.topic = "events";
    topic.service = ServiceId("supervision.event");
    auto made = make_suite(SuiteId::kGm);
    suite = std::move(*made);
  }
  Taken read(RecordHeaders headers, std::string_view value, std::int64_t offset = 7) {
    return read_record(options, topic, {2, offset, "RW1", std::move(headers), value}, *suite, json, Instant{5});
  }
  InboundOptions options;
  TopicOptions topic;
  std::unique_ptr<Suite> suite;
  JsonCodec json;
  const RecordHeaders binary{{"ce_specversion", "1.0"},
                             {"ce_id", "7"},
                             {"ce_source", "/daily"},
                             {"ce_type", "t"},
                             {"content-type", "application/json"}};
};

TEST_F(RecordReader, SameEventSameKeyWhereverItStands) {
  const Taken one = read(binary, "{}", 7);
  const Taken two = read(binary, "{}", 8);
  const Taken structured = read({{"content-type", "application/cloudevents+json"}},
                                R"({"specversion":"1.0","id":"7","source":"/daily","type":"t","data":{}})");
  EXPECT_EQ(one.poison, nullptr);
  EXPECT_EQ(one.message.idempotency_key, two.message.idempotency_key);
  EXPECT_EQ(one.message.idempotency_key, structured.message.idempotency_key);
  EXPECT_EQ(structured.message.body, "{}");
  EXPECT_EQ(structured.message.content_type, "application/json");
  EXPECT_EQ(one.key, "RW1");
  EXPECT_EQ(one.message.identity.partner.str(), "daily");
  RecordHeaders other = binary;
  other[2].second = "/other";
  EXPECT_NE(one.message.idempotency_key, read(other, "{}").message.idempotency_key);
}

TEST_F(RecordReader, WithoutCloudEventsThePlaceIsTheKey) {
  options.cloud_events = false;
  const Taken taken = read({{"content-type", "Text/CSV; charset=gbk"}}, "a,b");
  EXPECT_EQ(taken.message.idempotency_key, "kafka:events/2/7");
  EXPECT_EQ(taken.message.content_type, "text/csv");
  EXPECT_EQ(read({}, "{}").message.content_type, "application/json");
}

TEST_F(RecordReader, PoisonComesOutWithItsCode) {
  EXPECT_EQ(read({}, "{}").poison, &codes::kCloudEventForm);
  EXPECT_EQ(read(binary, std::string(1001, 'x')).poison, &codes::kKafkaSize);
  topic.types = {"other"};
  EXPECT_EQ(read(binary, "{}").poison, &codes::kCloudEventType);
  topic.dead_letter_topic = "dead";
  const Taken kept = read(binary, "{}");
  EXPECT_EQ(kept.original.body, "{}");
  EXPECT_EQ(kept.original.headers, binary);
  const Taken large = read(binary, std::string(1001, 'x'));
  EXPECT_EQ(large.original.body, "") << "not kept in memory";
  EXPECT_EQ(large.original.headers, binary);
}

TEST(KafkaClient, TakesTheShortListOnly) {
  EXPECT_TRUE(is_tunable("linger.ms"));
  for (const char* name : {"enable.idempotence", "acks", "enable.auto.offset.store",
                           "ssl.endpoint.identification.algorithm", "plugin.library.paths", "ssl.ca.location"})
    EXPECT_FALSE(is_tunable(name)) << name;
  ClientOptions options;
  options.brokers = "127.0.0.1:1";
  options.tuning = {{"session.timeout.ms", "never"}};
  const auto conf = make_conf(options, {});
  ASSERT_FALSE(conf);
  EXPECT_EQ(conf.error().code, &codes::kKafkaSetting);
  EXPECT_EQ(conf.error().param, "session.timeout.ms");
  options.tuning = {{"session.timeout.ms", "3000000"}};  // refused beside others only
  auto odd = make_conf(options, {{"group.id", "g"}});
  ASSERT_TRUE(odd);
  const auto refused = make_client(RD_KAFKA_CONSUMER, std::move(*odd));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().param, "session.timeout.ms");
  options.tuning.clear();
  options.tls = true;
  options.ca_pem = "no certificate";
  auto made = make_conf(options, {});
  EXPECT_FALSE(made.has_value() && make_client(RD_KAFKA_PRODUCER, std::move(*made)).has_value());
}

}  // namespace
}  // namespace tongqu::kafka
