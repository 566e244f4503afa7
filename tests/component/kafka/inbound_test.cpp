// Inbound Kafka against librdkafka's mock cluster.
#include <atomic>

#include "tests/component/kafka/kafka_house.hpp"

namespace tongqu {
namespace {

using test::becomes;
using test::event;
using test::KafkaHouse;
using test::KafkaPeer;
using test::RecordingIntake;

const ErrorCode kPoison{"test.poison", ErrorKind::kInvalid, "", ""};
const ErrorCode kBusy{"test.busy", ErrorKind::kUnavailable, "", ""};
const ErrorCode kDefect{"test.defect", ErrorKind::kInternal, "", ""};

TEST(KafkaInbound, TakesBothModesAndCommitsAfterwards) {
  KafkaHouse house;
  house.mock.topic("in");
  KafkaPeer peer(house.mock.address());
  peer.produce(event("in", "1", "RW1", R"({"a":1})"));
  peer.produce({"in",
                0,
                0,
                "RW2",
                R"({"specversion":"1.0","id":"2","source":"/daily","type":"t","data":{"a":2}})",
                {{"content-type", "application/cloudevents+json"}}});
  peer.flush();
  RecordingIntake intake;
  const auto connector = house.reader(house.in("in"), intake);
  connector->start();
  ASSERT_TRUE(intake.wait_effects(2));
  ASSERT_TRUE(becomes([&] { return connector->health().accepted == 2; }));
  connector->stop(5000);
  const auto effects = intake.effects();
  EXPECT_EQ(effects[0].body, R"({"a":1})");
  EXPECT_EQ(effects[1].body, R"({"a":2})");
  EXPECT_EQ(effects[1].content_type, "application/json");
  EXPECT_EQ(effects[0].service.str(), "a.b");
  EXPECT_EQ(peer.committed("gateway", "in", 0), 2);
  EXPECT_GT(connector->health().last_success_ms, 0);
}

TEST(KafkaInbound, NotAnsweredMeansNotCommitted) {
  KafkaHouse house;
  house.mock.topic("in");
  KafkaPeer peer(house.mock.address());
  for (int i = 0; i < 3; ++i) peer.produce(event("in", std::to_string(i), std::to_string(i)));
  peer.flush();
  RecordingIntake intake;
  intake.hold();
  {
    const auto connector = house.reader(house.in("in"), intake);
    connector->start();
    ASSERT_TRUE(intake.wait_effects(3));
    connector->stop(50);
  }
  EXPECT_LT(peer.committed("gateway", "in", 0), 0);
  intake.release();
  const auto again = house.reader(house.in("in"), intake);
  again->start();
  ASSERT_TRUE(becomes([&] { return again->health().accepted == 3; }));
  again->stop(5000);
  EXPECT_EQ(intake.effects().size(), 3U);
  EXPECT_EQ(intake.asked(), 6U);
  EXPECT_EQ(peer.committed("gateway", "in", 0), 3);
}

// What the library fetches while its reader leaves the group is nobody's: the group's next reader gets it. Each reader
// has a group of its own, so that all of them are fetching at the same time.
TEST(KafkaInbound, StopsWhileRecordsArrive) {
  constexpr int kReaders = 16;
  constexpr int kRecords = 20'000;
  KafkaHouse house;
  house.mock.topic("in", 4);
  KafkaPeer peer(house.mock.address());
  for (int i = 0; i < kRecords; ++i) peer.produce(event("in", std::to_string(i), std::to_string(i)));
  peer.flush();
  std::vector<std::unique_ptr<RecordingIntake>> intakes;
  std::vector<std::unique_ptr<kafka::KafkaInbound>> readers;
  const auto reader = [&](int i, RecordingIntake& intake) {
    auto options = house.in("in");
    options.group = "group-" + std::to_string(i);
    options.limits = {kRecords, kRecords, {20, 200}};  // never paused: there is always something on its way
    readers.push_back(house.reader(options, intake));
    readers.back()->start();
  };
  for (int i = 0; i < kReaders; ++i) reader(i, *intakes.emplace_back(std::make_unique<RecordingIntake>()));
  for (const auto& intake : intakes) ASSERT_TRUE(intake->wait_effects(1));
  for (const auto& one : readers) one->stop(0);
  readers.clear();
  ASSERT_LT(intakes[0]->effects().size(), static_cast<std::size_t>(kRecords)) << "stopped too late to show anything";
  reader(0, *intakes[0]);
  EXPECT_TRUE(intakes[0]->wait_effects(kRecords, 60));
  readers[0]->stop(2000);
}

TEST(KafkaInbound, SameEventTwiceTakesEffectOnce) {
  KafkaHouse house;
  house.mock.topic("in");
  KafkaPeer peer(house.mock.address());
  for (int i = 0; i < 4; ++i) peer.produce(event("in", "same", "RW1"));
  peer.flush();
  RecordingIntake intake;
  const auto connector = house.reader(house.in("in"), intake);
  connector->start();
  ASSERT_TRUE(becomes([&] { return connector->health().accepted == 4; }));
  connector->stop(5000);
  EXPECT_EQ(intake.effects().size(), 1U);
}

TEST(KafkaInbound, BusyLineKeepsOrderPerKeyAndPausesThePartition) {
  KafkaHouse house;
  house.mock.topic("in");
  KafkaPeer peer(house.mock.address());
  constexpr int kCount = 500;
  for (int i = 0; i < kCount; ++i)
    peer.produce(event("in", std::to_string(i), std::to_string(i % 5), std::to_string(i)));
  peer.flush();
  std::atomic<bool> busy{true};
  std::atomic<int> times{0};
  RecordingIntake intake([&busy, &times](const InboundMessage& message) -> std::optional<Error> {
    // One key is busy; the others run into the limit of what is held behind it.
    if (busy && std::stoi(message.body) % 5 == 0) return make_error(++times % 2 == 0 ? kBusy : kDefect);
    return std::nullopt;
  });
  const auto connector = house.reader(house.in("in"), intake);
  connector->start();
  ASSERT_TRUE(intake.wait_effects(40));
  EXPECT_LT(intake.effects().size(), 60U) << "bounded";
  busy = false;
  ASSERT_TRUE(intake.wait_effects(kCount));
  connector->stop(5000);
  std::map<int, int> last;
  for (const auto& effect : intake.effects()) {
    const int n = std::stoi(effect.body);
    EXPECT_TRUE(!last.contains(n % 5) || last[n % 5] < n);
    last[n % 5] = n;
  }
  EXPECT_EQ(peer.committed("gateway", "in", 0), kCount);
}

TEST(KafkaInbound, PoisonGoesToTheDeadLetterTopic) {
  KafkaHouse house;
  house.mock.topic("in");
  house.mock.topic("dead");
  KafkaPeer peer(house.mock.address());
  peer.produce(event("in", "1", "RW1", "bad"));
  peer.produce({"in", 0, 0, "RW1", "no event", {{"x", "y"}}});
  peer.produce(event("in", "3", "RW1", "good"));
  peer.flush();
  RecordingIntake intake([](const InboundMessage& message) -> std::optional<Error> {
    if (message.body == "bad") return make_error(kPoison);
    return std::nullopt;
  });
  auto options = house.in("in");
  options.topics[0].dead_letter_topic = "dead";
  house.mock.fail(test::kApiProduce, {RD_KAFKA_RESP_ERR__TRANSPORT});  // the dead-letter topic has its troubles too
  const auto connector = house.reader(options, intake);
  connector->start();
  ASSERT_TRUE(intake.wait_effects(1));
  ASSERT_TRUE(becomes([&] { return connector->health().accepted == 1; }));
  connector->stop(5000);
  EXPECT_EQ(connector->health().turned_back, 2U);
  const auto first = peer.next("dead");
  const auto second = peer.next("dead");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->value, "bad");
  EXPECT_EQ(first->key, "RW1");
  EXPECT_EQ(first->header("ce_id"), "1");
  EXPECT_EQ(first->header("tongqu-error"), "test.poison");
  EXPECT_EQ(first->header("tongqu-origin"), "in/0/0");
  EXPECT_EQ(second->header("tongqu-error"), "cloudevents.form");
  EXPECT_EQ(second->header("x"), "y");
  EXPECT_EQ(intake.reported(), std::vector<const ErrorCode*>{&codes::kCloudEventForm});
  EXPECT_EQ(peer.committed("gateway", "in", 0), 3);
}

TEST(KafkaInbound, RecordAboveTheLimitIsDeadLetteredWithoutItsValue) {
  KafkaHouse house;
  house.mock.topic("in");
  house.mock.topic("dead");
  KafkaPeer peer(house.mock.address());
  peer.produce(event("in", "1", "RW1", std::string(2000, 'x')));
  peer.flush();
  RecordingIntake intake;
  auto options = house.in("in");
  options.max_message_bytes = 1000;
  options.topics[0].dead_letter_topic = "dead";
  const auto connector = house.reader(options, intake);
  connector->start();
  ASSERT_TRUE(becomes([&] { return connector->health().turned_back == 1; }));
  const auto large = peer.next("dead");
  ASSERT_TRUE(large);
  EXPECT_EQ(large->value, "");
  EXPECT_EQ(large->header("ce_id"), "1");
  EXPECT_EQ(large->header("tongqu-error"), "kafka.size");
  connector->stop(5000);
  EXPECT_EQ(peer.committed("gateway", "in", 0), 1);
}

// Until the dead-letter topic takes it, the line is not asked again and the same fault is not told again.
TEST(KafkaInbound, DeadLetterThatHasToWaitIsTurnedBackOnce) {
  KafkaHouse house;
  house.mock.topic("in");
  house.mock.topic("dead");
  KafkaPeer peer(house.mock.address());
  peer.produce(event("in", "1", "RW1", "bad"));
  peer.produce({"in", 0, 0, "RW2", "no event", {{"x", "y"}}});
  peer.flush();
  RecordingIntake intake([](const InboundMessage&) -> std::optional<Error> { return make_error(kPoison); });
  auto options = house.in("in");
  options.topics[0].dead_letter_topic = "dead";
  house.mock.fail(test::kApiProduce, std::vector<rd_kafka_resp_err_t>(4, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED));
  const auto connector = house.reader(options, intake);
  connector->start();
  ASSERT_TRUE(becomes([&] { return connector->health().turned_back == 2; }));
  connector->stop(5000);
  EXPECT_EQ(intake.asked(), 1U);
  EXPECT_EQ(intake.reported(), std::vector<const ErrorCode*>{&codes::kCloudEventForm});
  EXPECT_EQ(peer.committed("gateway", "in", 0), 2);
}

// A dead letter that the brokers will not have stops nothing behind it.
TEST(KafkaInbound, DeadLetterThatIsRefusedGoesWithoutItsValue) {
  KafkaHouse house;
  house.mock.topic("in");
  house.mock.topic("dead");
  KafkaPeer peer(house.mock.address());
  peer.produce({"in", 0, 0, "RW1", "no event", {{"x", "y"}}});
  peer.produce(event("in", "2", "RW1"));
  peer.flush();
  house.mock.fail(test::kApiProduce, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  RecordingIntake intake;
  auto options = house.in("in");
  options.topics[0].dead_letter_topic = "dead";
  const auto connector = house.reader(options, intake);
  connector->start();
  ASSERT_TRUE(intake.wait_effects(1));
  const auto bare = peer.next("dead");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->value, "");
  EXPECT_EQ(bare->header("x"), "y");
  EXPECT_EQ(bare->header("tongqu-error"), "cloudevents.form");
  EXPECT_EQ(bare->header("tongqu-origin"), "in/0/0");
  connector->stop(5000);
  EXPECT_EQ(connector->health().turned_back, 1U);
}

TEST(KafkaInbound, StopsWithDeadLettersOpen) {
  KafkaHouse house;
  house.mock.topic("in");
  house.mock.topic("dead");
  KafkaPeer peer(house.mock.address());
  peer.produce({"in", 0, 0, "RW1", "no event", {}});
  peer.flush();
  house.mock.fail(test::kApiProduce, std::vector<rd_kafka_resp_err_t>(1000, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS));
  RecordingIntake intake;
  auto options = house.in("in");
  options.topics[0].dead_letter_topic = "dead";
  {
    const auto connector = house.reader(options, intake);
    connector->start();
    ASSERT_TRUE(becomes([&] { return !intake.reported().empty(); }));
    connector->stop(50);
    EXPECT_EQ(connector->health().turned_back, 0U);
  }
  EXPECT_LT(peer.committed("gateway", "in", 0), 0);
}

TEST(KafkaInbound, PoisonWithoutDeadLettersIsReportedAndPassedOver) {
  KafkaHouse house;
  house.mock.topic("in");
  KafkaPeer peer(house.mock.address());
  peer.produce({"in", 0, 0, "", "no event", {}});
  peer.produce(event("in", "2", ""));
  peer.flush();
  RecordingIntake intake;
  const auto connector = house.reader(house.in("in"), intake);
  connector->start();
  ASSERT_TRUE(intake.wait_effects(1));
  ASSERT_TRUE(becomes([&] { return connector->health().accepted == 1; }));
  connector->stop(5000);
  EXPECT_EQ(intake.reported(), std::vector<const ErrorCode*>{&codes::kCloudEventForm});
  EXPECT_EQ(connector->health().turned_back, 1U);
  EXPECT_EQ(peer.committed("gateway", "in", 0), 2);
}

TEST(KafkaInbound, BrokerDownSlowAndCutComesAgain) {
  KafkaHouse house;
  house.mock.topic("in");
  KafkaPeer peer(house.mock.address());
  RecordingIntake intake;
  const auto connector = house.reader(house.in("in"), intake);
  connector->start();
  peer.produce(event("in", "1", "a"));
  peer.flush();
  ASSERT_TRUE(intake.wait_effects(1));
  house.mock.down(true);
  ASSERT_TRUE(becomes([&] { return connector->health().last_code == &codes::kKafkaUnreachable; }));
  house.mock.down(false);
  ASSERT_TRUE(becomes([&] { return connector->health().last_code == nullptr; })) << "without any record";
  peer.produce(event("in", "2", "a"));
  peer.flush();
  ASSERT_TRUE(intake.wait_effects(2));
  house.mock.rtt(300);
  house.mock.fail(test::kApiFetch, {RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TRANSPORT,
                                    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION});
  house.mock.fail(test::kApiOffsetCommit, {RD_KAFKA_RESP_ERR__TRANSPORT});
  peer.produce(event("in", "3", "a"));
  peer.flush();
  ASSERT_TRUE(intake.wait_effects(3));
  house.mock.rtt(0);
  connector->stop(5000);
  EXPECT_EQ(intake.effects().size(), 3U);
}

TEST(KafkaInbound, StopsWhileBrokersAreDownWithOffsetsOpen) {
  KafkaHouse house;
  house.mock.topic("in");
  KafkaPeer peer(house.mock.address());
  for (int i = 0; i < 20; ++i) peer.produce(event("in", std::to_string(i), "a"));
  peer.flush();
  RecordingIntake intake;
  const auto begun = std::chrono::steady_clock::now();
  {
    const auto connector = house.reader(house.in("in"), intake);
    connector->start();
    ASSERT_TRUE(intake.wait_effects(1));
    house.mock.down(true);
    ASSERT_TRUE(becomes([&] { return connector->health().last_code == &codes::kKafkaUnreachable; }));
    connector->stop(100);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  house.mock.down(false);
}

// The brokers go at the moment of the stop: a commit may be under way, and nobody answers the leaving any more.
TEST(KafkaInbound, StopsWhileBrokersGo) {
  for (int round = 0; round < 5; ++round) {
    KafkaHouse house;
    house.mock.topic("in");
    KafkaPeer peer(house.mock.address());
    for (int i = 0; i < 20; ++i) peer.produce(event("in", std::to_string(i), "a"));
    peer.flush();
    RecordingIntake intake;
    {
      const auto connector = house.reader(house.in("in"), intake);
      connector->start();
      ASSERT_TRUE(intake.wait_effects(1 + static_cast<std::size_t>(round)));
      house.mock.down(true);
      const auto begun = std::chrono::steady_clock::now();
      connector->stop(100);
      EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
    }
    house.mock.down(false);
  }
}

TEST(KafkaInbound, StopsWhileBrokersAreOutOfReach) {
  KafkaHouse house;
  house.mock.topic("in");
  RecordingIntake intake;
  auto options = house.in("in");
  options.client.brokers = "127.0.0.1:1";
  const auto connector = house.reader(options, intake);
  connector->start();
  ASSERT_TRUE(becomes([&] { return connector->health().last_code == &codes::kKafkaUnreachable; }));
  connector->stop(0);
  connector->stop(0);
  const auto never = house.reader(options, intake);
}

}  // namespace
}  // namespace tongqu
