#pragma once
// One broker for all tests of the program, and connectors with what they need.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "connectors/amqp/amqp_inbound.hpp"
#include "connectors/amqp/amqp_outbound.hpp"
#include "gateway/core/clock.hpp"
#include "security/crypto/suites.hpp"
#include "tests/component/amqp/amqp_peer.hpp"
#include "tests/support/rabbitmq.hpp"
#include "tests/support/recording_intake.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/test_pki.hpp"

namespace tongqu::test {

struct AmqpHouse {
  AmqpHouse();
  static AmqpHouse& get();  // started by the first test that asks

  TestPki pki;
  TestCertificate client;
  std::unique_ptr<RabbitMq> broker;
  SystemClock clock;
  std::unique_ptr<Suite> suite;
  std::filesystem::path ca_file;
  std::filesystem::path certificate_file;
  std::filesystem::path key_file;

  [[nodiscard]] amqp::LinkOptions link(int port) const;
  [[nodiscard]] amqp::LinkOptions tls_link() const;
  // Service "a.b" to the queue `queue` through the default exchange.
  [[nodiscard]] amqp::OutboundOptions outbound(const amqp::LinkOptions& link, const std::string& queue) const;
  [[nodiscard]] amqp::InboundOptions inbound(const amqp::LinkOptions& link, const std::string& queue) const;
};

inline OutboundMessage order(const std::string& id, const std::string& body = "{}") {
  return {id, ServiceId("a.b"), body, "application/json", 1};
}

}  // namespace tongqu::test
