// Outbound AMQP against RabbitMQ.
#include <atomic>
#include <fstream>
#include <thread>

#include "connectors/amqp/amqp_codes.hpp"
#include "tests/component/amqp/amqp_house.hpp"
#include "tests/support/data.hpp"

namespace tongqu {
namespace {

using test::AmqpHouse;
using test::AmqpPeer;
using test::deliver_and_wait;
using test::order;

// Until a delivery is answered with `verdict`; connecting anew takes its time.
DeliveryOutcome deliver_until(OutboundConnector& connector, const OutboundMessage& message, DeliveryVerdict verdict) {
  DeliveryOutcome outcome;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  do {
    outcome = deliver_and_wait(connector, message);
    if (outcome.verdict != verdict) std::this_thread::yield();
  } while (outcome.verdict != verdict && std::chrono::steady_clock::now() < end);
  return outcome;
}

TEST(AmqpOutbound, ConfirmedIsDeliveredWithAllProperties) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-tls", {{"x-max-priority", "10"}});
  peer.exchange("emergency", "out-tls", "warning");
  amqp::OutboundOptions options = house.outbound(house.tls_link(), "");
  options.services["a.b"] = {"emergency", "warning", 7};
  amqp::AmqpOutbound connector(options, house.clock);
  OutboundMessage message = order("01J-1", "<alert/>");
  message.content_type = "application/xml";
  const DeliveryOutcome outcome = deliver_and_wait(connector, message);
  ASSERT_EQ(outcome.verdict, DeliveryVerdict::kDelivered) << (outcome.code != nullptr ? outcome.code->id : "");
  const auto got = peer.get("out-tls");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "<alert/>");
  EXPECT_EQ(got->message_id, "01J-1");
  EXPECT_EQ(got->content_type, "application/xml");
  EXPECT_EQ(got->type, "a.b");
  EXPECT_EQ(got->priority, 7);
  EXPECT_EQ(got->delivery_mode, 2);
}

TEST(AmqpOutbound, HigherPriorityComesFirst) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-priority", {{"x-max-priority", "10"}});
  amqp::OutboundOptions options = house.outbound(house.link(house.broker->port()), "out-priority");
  options.services["a.warning"] = {"", "out-priority", 9};
  amqp::AmqpOutbound connector(options, house.clock);
  ASSERT_EQ(deliver_and_wait(connector, order("1")).verdict, DeliveryVerdict::kDelivered);
  ASSERT_EQ(deliver_and_wait(connector, order("2")).verdict, DeliveryVerdict::kDelivered);
  OutboundMessage urgent = order("3");
  urgent.service = ServiceId("a.warning");
  ASSERT_EQ(deliver_and_wait(connector, urgent).verdict, DeliveryVerdict::kDelivered);
  for (const char* id : {"3", "1", "2"}) EXPECT_EQ(peer.get("out-priority")->message_id, id);
}

TEST(AmqpOutbound, TlsAndLoginThatDoNotFitAreRetried) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-login");
  const test::TestPki stranger;
  const std::filesystem::path other_ca = house.broker->folder() / "other-ca.crt";
  std::ofstream(other_ca) << stranger.ca_pem();
  struct Case {
    const char* what;
    std::function<void(amqp::LinkOptions&)> change;
    const ErrorCode* code;
  };
  const Case cases[] = {
      {"other authority", [&](auto& link) { link.ca_file = other_ca; }, &codes::kAmqpTls},
      {"other name", [&](auto& link) { link.host = "127.0.0.2"; }, nullptr},
      {"no client certificate", [&](auto& link) { link.certificate_file.clear(); }, nullptr},
      {"other password", [&](auto& link) { link.password = "no"; }, &codes::kAmqpLogin},
      {"other virtual host", [&](auto& link) { link.virtual_host = "elsewhere"; }, nullptr},
  };
  for (const Case& one : cases) {
    amqp::LinkOptions link = house.tls_link();
    one.change(link);
    amqp::AmqpOutbound connector(house.outbound(link, "out-login"), house.clock);
    const DeliveryOutcome outcome = deliver_and_wait(connector, order("1"));
    EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry) << one.what;
    ASSERT_NE(outcome.code, nullptr) << one.what;
    if (one.code != nullptr) EXPECT_EQ(outcome.code, one.code) << one.what << " " << outcome.code->id;
    EXPECT_GT(outcome.retry_after_ms, 0) << one.what;
  }
  EXPECT_EQ(peer.ready("out-login"), 0U);
}

TEST(AmqpOutbound, UnroutableIsRefused) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-known");
  amqp::OutboundOptions options = house.outbound(house.link(house.broker->port()), "no-such-queue");
  options.services["a.known"] = {"", "out-known", 0};
  amqp::AmqpOutbound connector(options, house.clock);
  const DeliveryOutcome outcome = deliver_and_wait(connector, order("1"));
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRefused);
  EXPECT_EQ(outcome.status, 312);
  EXPECT_EQ(outcome.code, &codes::kAmqpUnroutable);
  OutboundMessage good = order("2");
  good.service = ServiceId("a.known");
  EXPECT_EQ(deliver_and_wait(connector, good).verdict, DeliveryVerdict::kDelivered);
  good.service = ServiceId("a.unknown");
  EXPECT_EQ(deliver_and_wait(connector, good).code, &codes::kAmqpService);
  good = order("3", std::string((1U << 20U) + 1, 'x'));
  EXPECT_EQ(deliver_and_wait(connector, good).code, &codes::kAmqpSize);
}

TEST(AmqpOutbound, MissingExchangeIsRetriedUntilItIsThere) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-late");
  amqp::OutboundOptions options = house.outbound(house.link(house.broker->port()), "");
  options.services["a.b"] = {"late-exchange", "key", 0};
  amqp::AmqpOutbound connector(options, house.clock);
  const DeliveryOutcome outcome = deliver_and_wait(connector, order("1"));
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(outcome.code, &codes::kAmqpSetUp);
  peer.exchange("late-exchange", "out-late", "key");
  EXPECT_EQ(deliver_until(connector, order("1"), DeliveryVerdict::kDelivered).verdict, DeliveryVerdict::kDelivered);
}

TEST(AmqpOutbound, NackIsRetried) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-full", {{"x-max-length", "1"}, {"x-overflow", "reject-publish"}});
  amqp::AmqpOutbound connector(house.outbound(house.link(house.broker->port()), "out-full"), house.clock);
  EXPECT_EQ(deliver_and_wait(connector, order("1")).verdict, DeliveryVerdict::kDelivered);
  const DeliveryOutcome outcome = deliver_and_wait(connector, order("2"));
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(outcome.code, &codes::kAmqpNacked);
  ASSERT_TRUE(peer.get("out-full"));
  EXPECT_EQ(deliver_until(connector, order("2"), DeliveryVerdict::kDelivered).verdict, DeliveryVerdict::kDelivered);
}

TEST(AmqpOutbound, NoConfirmInTimeIsNoAnswer) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-silent");
  test::TcpProxy wire(house.broker->port());
  amqp::AmqpOutbound connector(house.outbound(house.link(wire.port()), "out-silent"), house.clock);
  ASSERT_EQ(deliver_and_wait(connector, order("1")).verdict, DeliveryVerdict::kDelivered);
  wire.hold(true);
  const DeliveryOutcome outcome = deliver_and_wait(connector, order("2"), 300);
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kNoAnswer);
  EXPECT_EQ(outcome.code, &codes::kAmqpNoConfirm);
  wire.hold(false);
  EXPECT_EQ(deliver_until(connector, order("3"), DeliveryVerdict::kDelivered).verdict, DeliveryVerdict::kDelivered);
}

TEST(AmqpOutbound, SilentBrokerIsFoundByHeartbeats) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-dead");
  test::TcpProxy wire(house.broker->port());
  amqp::AmqpOutbound connector(house.outbound(house.link(wire.port()), "out-dead"), house.clock);
  ASSERT_EQ(deliver_and_wait(connector, order("1")).verdict, DeliveryVerdict::kDelivered);
  wire.hold(true);
  const DeliveryOutcome outcome = deliver_and_wait(connector, order("2"), 60'000);
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kNoAnswer);
  EXPECT_EQ(outcome.code, &codes::kAmqpLost);
}

// The connection is cut after each number of bytes of a publish: it never half arrives, and the next one does.
TEST(AmqpOutbound, CutInMidMessageIsNoAnswerOrRetry) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-cut");
  test::TcpProxy wire(house.broker->port());
  amqp::AmqpOutbound connector(house.outbound(house.link(wire.port()), "out-cut"), house.clock);
  const std::string body(30'000, 'x');
  for (const int bytes : {1, 10, 40, 120, 200, 8000, 29'000}) {
    ASSERT_EQ(deliver_until(connector, order("before"), DeliveryVerdict::kDelivered).verdict,
              DeliveryVerdict::kDelivered);
    ASSERT_TRUE(peer.get("out-cut"));
    wire.cut_after(bytes);
    const DeliveryOutcome outcome = deliver_and_wait(connector, order("cut", body));
    EXPECT_EQ(outcome.verdict, DeliveryVerdict::kNoAnswer) << bytes;
    wire.cut_after(-1);
    ASSERT_EQ(deliver_until(connector, order("after"), DeliveryVerdict::kDelivered).verdict,
              DeliveryVerdict::kDelivered);
    EXPECT_EQ(peer.get("out-cut")->message_id, "after") << bytes;
    EXPECT_FALSE(peer.get("out-cut")) << bytes;
  }
}

TEST(AmqpOutbound, BlockedConnectionWaitsAndThenRetries) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-blocked");
  amqp::AmqpOutbound connector(house.outbound(house.link(house.broker->port()), "out-blocked"), house.clock);
  ASSERT_EQ(deliver_and_wait(connector, order("1")).verdict, DeliveryVerdict::kDelivered);
  house.broker->control("set_vm_memory_high_watermark absolute 1MB");
  // The broker tells that it blocks on the first publish that it does not read any more.
  const DeliveryOutcome first = deliver_and_wait(connector, order("2"), 1500);
  EXPECT_EQ(first.verdict, DeliveryVerdict::kNoAnswer);
  const DeliveryOutcome second = deliver_and_wait(connector, order("3"), 500);
  EXPECT_EQ(second.verdict, DeliveryVerdict::kRetry);
  EXPECT_EQ(second.code, &codes::kAmqpBlocked);
  house.broker->control("set_vm_memory_high_watermark absolute 1GB");
  EXPECT_EQ(deliver_until(connector, order("3"), DeliveryVerdict::kDelivered).verdict, DeliveryVerdict::kDelivered);
}

TEST(AmqpOutbound, BrokerDownIsAnsweredAtOnceAndFoundAgain) {
  AmqpHouse& house = AmqpHouse::get();
  {
    AmqpPeer peer(house.broker->port());
    peer.queue("out-down");
  }
  amqp::AmqpOutbound connector(house.outbound(house.link(house.broker->port()), "out-down"), house.clock);
  ASSERT_EQ(deliver_and_wait(connector, order("1")).verdict, DeliveryVerdict::kDelivered);
  house.broker->kill();
  const DeliveryOutcome outcome = deliver_until(connector, order("2"), DeliveryVerdict::kRetry);
  EXPECT_EQ(outcome.verdict, DeliveryVerdict::kRetry);
  house.broker->start();
  const DeliveryOutcome again = deliver_until(connector, order("2"), DeliveryVerdict::kDelivered);
  ASSERT_EQ(again.verdict, DeliveryVerdict::kDelivered) << (again.code != nullptr ? again.code->id : "") << '\n'
                                                        << test::read_file(house.broker->folder() / "broker.log");
  AmqpPeer peer(house.broker->port());
  std::vector<std::string> ids;
  while (auto got = peer.get("out-down")) ids.push_back(got->message_id);
  EXPECT_EQ(ids.front(), "1") << "persistent messages outlive the broker's process";
  EXPECT_EQ(ids.back(), "2");
}

TEST(AmqpOutbound, EverythingIsAnsweredOnceWhenItGoes) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("out-gone");
  test::TcpProxy wire(house.broker->port());
  std::atomic<int> answers{0};
  std::atomic<int> delivered{0};
  {
    amqp::AmqpOutbound connector(house.outbound(house.link(wire.port()), "out-gone"), house.clock);
    ASSERT_EQ(deliver_and_wait(connector, order("1")).verdict, DeliveryVerdict::kDelivered);
    wire.hold(true);
    for (int i = 0; i < 100; ++i) {
      connector.deliver(order(std::to_string(i)), 60'000, [&](const DeliveryOutcome& outcome) {
        ++answers;
        if (outcome.verdict == DeliveryVerdict::kDelivered) ++delivered;
      });
    }
  }
  EXPECT_EQ(answers, 100);
  EXPECT_EQ(delivered, 0);
}

}  // namespace
}  // namespace tongqu
