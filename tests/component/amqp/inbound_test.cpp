// Inbound AMQP against RabbitMQ.
#include <atomic>
#include <thread>

#include "connectors/amqp/amqp_codes.hpp"
#include "tests/component/amqp/amqp_house.hpp"
#include "tests/support/becomes.hpp"

namespace tongqu {
namespace {

using test::AmqpHouse;
using test::AmqpPeer;
using test::becomes;
using test::RecordingIntake;

const ErrorCode kPoison{"test.poison", ErrorKind::kInvalid, "", ""};
const ErrorCode kBusy{"test.busy", ErrorKind::kUnavailable, "", ""};
const ErrorCode kDefect{"test.defect", ErrorKind::kInternal, "", ""};

TEST(AmqpInbound, TakesAndAcknowledges) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-plain");
  peer.publish("in-plain", {.body = "<alert/>",
                            .message_id = "m-1",
                            .content_type = "Application/XML; charset=utf-8",
                            .content_encoding = "UTF-8"});
  peer.publish("in-plain", {.body = "second", .message_id = "", .content_type = ""});
  peer.confirm_all();
  RecordingIntake intake;
  amqp::AmqpInbound connector(house.inbound(house.tls_link(), "in-plain"), house.clock, *house.suite, intake);
  connector.start();
  ASSERT_TRUE(intake.wait_effects(2));
  ASSERT_TRUE(becomes([&] { return connector.health().accepted == 2; }));
  connector.stop(5000);
  const auto effects = intake.effects();
  EXPECT_EQ(effects[0].body, "<alert/>");
  EXPECT_EQ(effects[0].content_type, "application/xml");
  EXPECT_EQ(effects[0].idempotency_key, "amqp:m-1");
  EXPECT_EQ(effects[0].service.str(), "a.b");
  EXPECT_EQ(effects[0].identity.partner.str(), "peer");
  EXPECT_EQ(effects[0].identity.method, "amqp-plain");
  EXPECT_EQ(effects[1].content_type, "application/json");
  EXPECT_TRUE(effects[1].idempotency_key.starts_with("amqp:#"));
  EXPECT_EQ(connector.health().last_code, nullptr);
  EXPECT_GT(connector.health().last_success_ms, 0);
  EXPECT_EQ(peer.ready("in-plain"), 0U);
}

TEST(AmqpInbound, NotAnsweredMeansNotAcknowledged) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-held");
  for (int i = 0; i < 3; ++i) peer.publish("in-held", {.body = std::to_string(i), .message_id = std::to_string(i)});
  peer.confirm_all();
  RecordingIntake intake;
  intake.hold();
  {
    amqp::AmqpInbound connector(house.inbound(house.link(house.broker->port()), "in-held"), house.clock, *house.suite,
                                intake);
    connector.start();
    ASSERT_TRUE(intake.wait_effects(1));
    connector.stop(50);  // the answer does not come within the grace
  }
  ASSERT_TRUE(becomes([&] { return peer.ready("in-held") == 3; }));
  intake.release();
  amqp::AmqpInbound again(house.inbound(house.link(house.broker->port()), "in-held"), house.clock, *house.suite,
                          intake);
  again.start();
  ASSERT_TRUE(intake.wait_effects(3));
  again.stop(5000);
  EXPECT_EQ(intake.asked(), 4U) << "the first one twice, in effect once";
  EXPECT_EQ(intake.conflicts(), 0U);
}

TEST(AmqpInbound, BusyLineKeepsOrderAndLosesNothing) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-busy");
  for (int i = 0; i < 20; ++i) peer.publish("in-busy", {.body = std::to_string(i), .message_id = std::to_string(i)});
  peer.confirm_all();
  std::map<std::string, int> refusals;
  RecordingIntake intake([&refusals](const InboundMessage& message) -> std::optional<Error> {
    const int times = ++refusals[message.body];
    if (times <= 2 && (message.body == "0" || message.body == "7")) return make_error(times == 1 ? kBusy : kDefect);
    return std::nullopt;
  });
  amqp::AmqpInbound connector(house.inbound(house.link(house.broker->port()), "in-busy"), house.clock, *house.suite,
                              intake);
  connector.start();
  ASSERT_TRUE(intake.wait_effects(20));
  connector.stop(5000);
  const auto effects = intake.effects();
  for (std::size_t i = 0; i < effects.size(); ++i) EXPECT_EQ(effects[i].body, std::to_string(i));
  EXPECT_EQ(peer.ready("in-busy"), 0U);
}

TEST(AmqpInbound, HeldTooLongGoesBackAndComesAgainInOrder) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-back");
  for (int i = 0; i < 5; ++i) peer.publish("in-back", {.body = std::to_string(i), .message_id = std::to_string(i)});
  peer.confirm_all();
  std::atomic<bool> busy{true};
  RecordingIntake intake([&busy](const InboundMessage&) -> std::optional<Error> {
    if (busy) return make_error(kBusy);
    return std::nullopt;
  });
  amqp::InboundOptions options = house.inbound(house.link(house.broker->port()), "in-back");
  options.hold_ms = 100;
  amqp::AmqpInbound connector(options, house.clock, *house.suite, intake);
  connector.start();
  ASSERT_TRUE(intake.wait_for([](const RecordingIntake& self) { return self.asked_now() >= 15; }));
  busy = false;
  ASSERT_TRUE(intake.wait_effects(5));
  connector.stop(5000);
  const auto effects = intake.effects();
  for (std::size_t i = 0; i < effects.size(); ++i) EXPECT_EQ(effects[i].body, std::to_string(i));
}

TEST(AmqpInbound, PoisonGoesToTheDeadLetterExchange) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-dead");
  peer.exchange("dead", "in-dead", "in-poison");
  peer.queue("in-poison", {{"x-dead-letter-exchange", "dead"}});
  peer.publish("in-poison", {.body = "bad", .message_id = "1"});
  peer.publish("in-poison", {.body = std::string(65 * 1024, 'x'), .message_id = "2"});
  peer.publish("in-poison", {.body = "packed", .message_id = "3", .content_encoding = "gzip"});
  peer.publish("in-poison", {.body = "good", .message_id = "4"});
  peer.confirm_all();
  RecordingIntake intake([](const InboundMessage& message) -> std::optional<Error> {
    if (message.body == "bad") return make_error(kPoison);
    return std::nullopt;
  });
  amqp::InboundOptions options = house.inbound(house.link(house.broker->port()), "in-poison");
  options.queues[0].dead_letter = true;
  amqp::AmqpInbound connector(options, house.clock, *house.suite, intake);
  connector.start();
  ASSERT_TRUE(intake.wait_effects(1));
  ASSERT_TRUE(becomes([&] { return peer.ready("in-dead") == 3; }));
  connector.stop(5000);
  EXPECT_EQ(intake.effects()[0].body, "good");
  EXPECT_EQ(intake.reported(), (std::vector<const ErrorCode*>{&codes::kAmqpSize, &codes::kAmqpEncoding}));
  EXPECT_EQ(connector.health().turned_back, 3U);
  EXPECT_EQ(connector.health().accepted, 1U);
}

TEST(AmqpInbound, PoisonWithoutDeadLettersIsReportedAndGone) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-poison-2");
  peer.publish("in-poison-2", {.body = "bad", .message_id = "1"});
  peer.publish("in-poison-2", {.body = "packed", .message_id = "3", .content_encoding = "gzip"});
  peer.publish("in-poison-2", {.body = "good", .message_id = "4"});
  peer.confirm_all();
  RecordingIntake intake([](const InboundMessage& message) -> std::optional<Error> {
    if (message.body == "bad") return make_error(kPoison);
    return std::nullopt;
  });
  {
    amqp::AmqpInbound connector(house.inbound(house.link(house.broker->port()), "in-poison-2"), house.clock,
                                *house.suite, intake);
    connector.start();
    ASSERT_TRUE(intake.wait_effects(1));
    ASSERT_TRUE(becomes([&] { return connector.health().accepted == 1; }));
    connector.stop(5000);
    EXPECT_EQ(connector.health().turned_back, 2U);
  }
  EXPECT_EQ(peer.ready("in-poison-2"), 0U);
}

TEST(AmqpInbound, DeletedQueueIsNoticedAndFoundAgain) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-cancel");
  RecordingIntake intake;
  amqp::AmqpInbound connector(house.inbound(house.link(house.broker->port()), "in-cancel"), house.clock, *house.suite,
                              intake);
  connector.start();
  peer.publish("in-cancel", {.body = "1", .message_id = "1"});
  ASSERT_TRUE(intake.wait_effects(1));
  peer.remove("in-cancel");
  ASSERT_TRUE(becomes([&] { return connector.health().last_code == &codes::kAmqpSetUp; })) << "there is no such queue";
  peer.queue("in-cancel");
  peer.publish("in-cancel", {.body = "2", .message_id = "2"});
  ASSERT_TRUE(intake.wait_effects(2));
  EXPECT_TRUE(becomes([&] { return connector.health().last_code == nullptr; }));
  connector.stop(5000);
}

TEST(AmqpInbound, CutBeforeTheAnswerComesAgainAndIsKnown) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-cut");
  test::TcpProxy wire(house.broker->port());
  RecordingIntake intake;
  intake.hold();
  amqp::AmqpInbound connector(house.inbound(house.link(wire.port()), "in-cut"), house.clock, *house.suite, intake);
  connector.start();
  peer.publish("in-cut", {.body = "1", .message_id = "1"});
  ASSERT_TRUE(intake.wait_effects(1));
  wire.cut();
  ASSERT_TRUE(becomes([&] { return connector.health().last_code != nullptr; }));
  intake.release();  // an answer for a connection that is gone
  ASSERT_TRUE(intake.wait_for([](const RecordingIntake& self) { return self.asked_now() == 2; }));
  ASSERT_TRUE(becomes([&] { return connector.health().accepted == 2; }));
  connector.stop(5000);
  EXPECT_EQ(intake.effects().size(), 1U);
  EXPECT_EQ(peer.ready("in-cut"), 0U);
}

TEST(AmqpInbound, SlowAndRefusingBrokerIsTriedAgain) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("in-slow");
  test::TcpProxy wire(house.broker->port());
  wire.refuse(true);
  RecordingIntake intake;
  amqp::AmqpInbound connector(house.inbound(house.link(wire.port()), "in-slow"), house.clock, *house.suite, intake);
  connector.start();
  ASSERT_TRUE(becomes([&] { return wire.connections() >= 3; }));
  EXPECT_NE(connector.health().last_code, nullptr);
  EXPECT_EQ(connector.health().last_success_ms, 0);
  wire.refuse(false);
  peer.publish("in-slow", {.body = "1", .message_id = "1"});
  ASSERT_TRUE(intake.wait_effects(1));
  wire.hold(true);  // silent: the heartbeat finds it
  ASSERT_TRUE(becomes([&] { return connector.health().last_code == &codes::kAmqpLost; }));
  wire.hold(false);
  wire.cut();
  peer.publish("in-slow", {.body = "2", .message_id = "2"});
  ASSERT_TRUE(intake.wait_effects(2));
  connector.stop(5000);
}

TEST(AmqpInbound, StopsWhileTheBrokerIsOutOfReach) {
  AmqpHouse& house = AmqpHouse::get();
  RecordingIntake intake;
  amqp::AmqpInbound connector(house.inbound(house.link(test::free_port()), "x"), house.clock, *house.suite, intake);
  connector.start();
  ASSERT_TRUE(becomes([&] { return connector.health().last_code == &codes::kAmqpUnreachable; }));
  connector.stop(60'000);
  connector.stop(0);
  amqp::AmqpInbound never(house.inbound(house.link(test::free_port()), "x"), house.clock, *house.suite, intake);
}

}  // namespace
}  // namespace tongqu
