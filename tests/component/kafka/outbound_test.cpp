// Outbound Kafka against librdkafka's mock cluster.
#include <atomic>

#include "tests/component/kafka/kafka_house.hpp"

namespace tongqu {
namespace {

using test::deliver_and_wait;
using test::KafkaHouse;
using test::KafkaPeer;
using test::order;

TEST(KafkaOutbound, WritesBinaryEvents) {
  KafkaHouse house;
  house.mock.topic("out", 3);
  const auto connector = house.sender(house.out("out"));
  const DeliveryOutcome outcome = deliver_and_wait(*connector, order("01J-1", "RW7"));
  ASSERT_EQ(outcome.verdict, DeliveryVerdict::kDelivered) << (outcome.code != nullptr ? outcome.code->id : "");
  KafkaPeer peer(house.mock.address());
  const auto got = peer.next("out");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->key, "RW7");
  EXPECT_EQ(got->value, R"({"no":"RW7","n":"01J-1"})");
  EXPECT_EQ(got->header("ce_specversion"), "1.0");
  EXPECT_EQ(got->header("ce_id"), "01J-1");
  EXPECT_EQ(got->header("ce_source"), "//12315/gateway");
  EXPECT_EQ(got->header("ce_type"), "cn.12315.event");
  EXPECT_EQ(got->header("ce_subject"), "RW7");
  EXPECT_EQ(got->header("content-type"), "application/json");
}

TEST(KafkaOutbound, WritesStructuredEvents) {
  KafkaHouse house;
  house.mock.topic("out");
  auto options = house.out("out");
  options.mode = kafka::ContentMode::kStructured;
  const auto connector = house.sender(options);
  ASSERT_EQ(deliver_and_wait(*connector, order("01J-1")).verdict, DeliveryVerdict::kDelivered);
  KafkaPeer peer(house.mock.address());
  const auto got = peer.next("out");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->header("content-type"), "application/cloudevents+json; charset=UTF-8");
  EXPECT_EQ(
      got->value,
      R"({"specversion":"1.0","id":"01J-1","source":"//12315/gateway","type":"cn.12315.event","subject":"RW1","datacontenttype":"application/json","data":{"no":"RW1","n":"01J-1"}})");
}

TEST(KafkaOutbound, WhatCannotBeWrittenIsRefused) {
  KafkaHouse house;
  house.mock.topic("out");
  const auto connector = house.sender(house.out("out"));
  OutboundMessage message = order("1");
  message.body = R"({"other":1})";
  EXPECT_EQ(deliver_and_wait(*connector, message).code, &codes::kKafkaKey);
  message = order("2", std::string(1U << 20U, 'x'));
  EXPECT_EQ(deliver_and_wait(*connector, message).code, &codes::kKafkaSize);
  message = order("3");
  message.service = ServiceId("x.y");
  EXPECT_EQ(deliver_and_wait(*connector, message).code, &codes::kKafkaService);
  house.mock.fail(test::kApiProduce, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  const DeliveryOutcome outcome = deliver_and_wait(*connector, order("4"));
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(outcome.status, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  EXPECT_EQ(deliver_and_wait(*connector, order("5")).verdict, DeliveryVerdict::kDelivered);
}

// The connection is cut instead of an answer, or the answer is an error that passes; the library asks again.
TEST(KafkaOutbound, LostRequestsAndPassingErrorsWriteOnceInOrder) {
  KafkaHouse house;
  house.mock.topic("out");
  const auto connector = house.sender(house.out("out"));
  for (int i = 0; i < 10; ++i) {
    if (i % 3 == 1) house.mock.fail(test::kApiProduce, {RD_KAFKA_RESP_ERR__TRANSPORT});
    if (i % 3 == 2)
      house.mock.fail(test::kApiProduce,
                      {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION});
    ASSERT_EQ(deliver_and_wait(*connector, order(std::to_string(i))).verdict, DeliveryVerdict::kDelivered) << i;
  }
  KafkaPeer peer(house.mock.address());
  for (int i = 0; i < 10; ++i) {
    const auto got = peer.next("out");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->header("ce_id"), std::to_string(i));
  }
  EXPECT_FALSE(peer.next("out", 500));
}

TEST(KafkaOutbound, BrokerDownIsRetriedAndComesBack) {
  KafkaHouse house;
  house.mock.topic("out");
  auto options = house.out("out");
  options.timeout_ms = 1000;
  const auto connector = house.sender(options);
  ASSERT_EQ(deliver_and_wait(*connector, order("1")).verdict, DeliveryVerdict::kDelivered);
  house.mock.down(true);
  const DeliveryOutcome outcome = deliver_and_wait(*connector, order("2"));
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(outcome.code, &codes::kKafkaUnreachable);
  house.mock.down(false);
  DeliveryOutcome later;
  EXPECT_TRUE(test::becomes([&] {
    later = deliver_and_wait(*connector, order("2"));
    return later.verdict == DeliveryVerdict::kDelivered;
  }));
}

TEST(KafkaOutbound, NoAnswerInTimeIsNoAnswer) {
  KafkaHouse house;
  house.mock.topic("out");
  auto options = house.out("out");
  options.timeout_ms = 1000;
  const auto connector = house.sender(options);
  // The first one waits for connection and producer id, too, and may not be in time on a busy machine.
  ASSERT_TRUE(
      test::becomes([&] { return deliver_and_wait(*connector, order("1")).verdict == DeliveryVerdict::kDelivered; }));
  house.mock.rtt(5000);
  const DeliveryOutcome outcome = deliver_and_wait(*connector, order("2"));
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kNoAnswer);
  EXPECT_EQ(outcome.code, &codes::kKafkaNoReport);
  house.mock.rtt(0);
}

TEST(KafkaOutbound, EverythingIsAnsweredOnceWhenItGoes) {
  KafkaHouse house;
  house.mock.topic("out");
  std::atomic<int> answers{0};
  {
    const auto connector = house.sender(house.out("out"));
    ASSERT_EQ(deliver_and_wait(*connector, order("1")).verdict, DeliveryVerdict::kDelivered);
    house.mock.down(true);
    for (int i = 0; i < 100; ++i)
      connector->deliver(order(std::to_string(i)), 60'000, [&](const DeliveryOutcome& outcome) {
        answers += outcome.verdict != DeliveryVerdict::kDelivered ? 1 : 0;
      });
  }
  EXPECT_EQ(answers, 100);
}

}  // namespace
}  // namespace tongqu
