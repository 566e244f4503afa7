#include "tests/component/amqp/amqp_house.hpp"

#include <fstream>

namespace tongqu::test {

AmqpHouse::AmqpHouse() {
  const TestCertificate server = pki.issue();
  CertificateWish wish;
  wish.common_name = "tongqu client";
  client = pki.issue(wish);
  const RabbitTls tls{pki.ca_pem(), server.certificate_pem, server.key_pem};
  broker = std::make_unique<RabbitMq>(&tls);
  auto made = make_suite(SuiteId::kGm);
  suite = std::move(*made);
  ca_file = broker->folder() / "ca.crt";
  certificate_file = broker->folder() / "client.crt";
  std::ofstream(certificate_file) << client.certificate_pem;
  key_file = broker->folder() / "client.key";
  std::ofstream(key_file) << client.key_pem;
}

AmqpHouse& AmqpHouse::get() {
  static AmqpHouse house;
  return house;
}

amqp::LinkOptions AmqpHouse::link(int port) const {
  amqp::LinkOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.user = "tongqu";
  options.password = "demo";
  options.heartbeat_s = 2;
  options.connect_timeout_ms = 3000;
  options.max_body_bytes = 64 * 1024;
  return options;
}

amqp::LinkOptions AmqpHouse::tls_link() const {
  amqp::LinkOptions options = link(broker->tls_port());
  options.host = "localhost";
  options.tls = true;
  options.ca_file = ca_file;
  options.certificate_file = certificate_file;
  options.key_file = key_file;
  return options;
}

amqp::OutboundOptions AmqpHouse::outbound(const amqp::LinkOptions& link, const std::string& queue) const {
  amqp::OutboundOptions options;
  options.link = link;
  options.services["a.b"] = {"", queue, 0};
  options.reconnect = {50, 500};
  return options;
}

amqp::InboundOptions AmqpHouse::inbound(const amqp::LinkOptions& link, const std::string& queue) const {
  amqp::InboundOptions options;
  options.partner = PartnerId("peer");
  options.link = link;
  options.queues.push_back({queue, ServiceId("a.b"), false});
  options.content_type = "application/json";
  options.wait = {20, 200};
  options.reconnect = {50, 500};
  return options;
}

}  // namespace tongqu::test
