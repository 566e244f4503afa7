#pragma once
// A mock cluster for one test, and connectors with what they need.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "connectors/kafka/kafka_codes.hpp"
#include "connectors/kafka/kafka_inbound.hpp"
#include "connectors/kafka/kafka_outbound.hpp"
#include "gateway/core/clock.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/becomes.hpp"
#include "tests/support/kafka_mock.hpp"
#include "tests/support/recording_intake.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::test {

struct KafkaHouse {
  KafkaHouse() {
    auto made = make_suite(SuiteId::kGm);
    suite = std::move(*made);
  }
  KafkaMock mock;
  SystemClock clock;
  std::unique_ptr<Suite> suite;
  JsonCodec json;

  [[nodiscard]] kafka::OutboundOptions out(const std::string& topic) const {
    kafka::OutboundOptions options;
    options.client = quick();
    options.source = "//12315/gateway";
    options.services["a.b"] = {topic, "cn.12315.event", "no"};
    options.timeout_ms = 8000;
    return options;
  }
  [[nodiscard]] kafka::InboundOptions in(const std::string& topic) const {
    kafka::InboundOptions options;
    options.partner = PartnerId("peer");
    options.client = quick();
    options.group = "gateway";
    options.content_type = "application/json";
    options.topics.push_back({topic, ServiceId("a.b"), {}, ""});
    options.limits = {50, 8, {20, 200}};
    return options;
  }
  std::unique_ptr<kafka::KafkaOutbound> sender(kafka::OutboundOptions options) {
    auto made = kafka::KafkaOutbound::create(std::move(options), json);
    EXPECT_TRUE(made.has_value());
    return std::move(*made);
  }
  std::unique_ptr<kafka::KafkaInbound> reader(kafka::InboundOptions options, Intake& intake) {
    auto made = kafka::KafkaInbound::create(std::move(options), clock, *suite, json, intake);
    EXPECT_TRUE(made.has_value());
    return std::move(*made);
  }

 private:
  [[nodiscard]] kafka::ClientOptions quick() const {
    kafka::ClientOptions client;
    client.brokers = mock.address();
    client.tuning = {{"session.timeout.ms", "6000"},
                     {"heartbeat.interval.ms", "300"},
                     {"reconnect.backoff.max.ms", "300"},
                     {"linger.ms", "1"}};
    return client;
  }
};

inline OutboundMessage order(const std::string& id, const std::string& no = "RW1") {
  return {id, ServiceId("a.b"), R"({"no":")" + no + R"(","n":")" + id + R"("})", "application/json", 1};
}

// A CloudEvent in binary mode.
inline KafkaRecord event(const std::string& topic, const std::string& id, const std::string& key,
                         const std::string& body = "{}") {
  return {topic,
          0,
          0,
          key,
          body,
          {{"ce_specversion", "1.0"},
           {"ce_id", id},
           {"ce_source", "/daily"},
           {"ce_type", "t"},
           {"content-type", "application/json"}}};
}

}  // namespace tongqu::test
