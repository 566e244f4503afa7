// Many records under faults: nothing lost, nothing twice in effect, order per key kept.
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <set>

#include "tests/component/kafka/kafka_house.hpp"
#include "tests/support/child_program.hpp"
#include "tests/support/data.hpp"
#include "tests/support/file_intake.hpp"

namespace tongqu {
namespace {

using test::becomes;
using test::event;
using test::KafkaHouse;
using test::KafkaPeer;
using test::RecordingIntake;

constexpr int kMessages = 10'000;
const ErrorCode kBusy{"test.busy", ErrorKind::kUnavailable, "", ""};

void expect_order_per_key(const std::vector<InboundMessage>& effects, int keys) {
  std::map<int, int> next;
  for (const InboundMessage& effect : effects) {
    const int n = std::stoi(effect.body);
    ASSERT_EQ(n / keys, next[n % keys]++) << "key " << n % keys;
  }
}

TEST(KafkaVolume, TenThousandInWithRebalancesTakeEffectOnceInOrder) {
  constexpr int kKeys = 40;
  KafkaHouse house;
  house.mock.topic("in", 4);
  KafkaPeer peer(house.mock.address());
  for (int i = 0; i < kMessages; ++i)
    peer.produce(event("in", std::to_string(i), std::to_string(i % kKeys), std::to_string(i)));
  peer.flush();
  std::atomic<int> asked{0};
  RecordingIntake intake([&](const InboundMessage&) -> std::optional<Error> {
    const int n = ++asked;
    if (n % 1501 == 0) house.mock.fail(test::kApiFetch, {RD_KAFKA_RESP_ERR__TRANSPORT});
    if (n % 1801 == 0) house.mock.fail(test::kApiOffsetCommit, {RD_KAFKA_RESP_ERR__TRANSPORT});
    if (n % 503 == 0) return make_error(kBusy);
    return std::nullopt;
  });
  const auto first = house.reader(house.in("in"), intake);
  first->start();
  ASSERT_TRUE(intake.wait_effects(1000));
  auto second = house.reader(house.in("in"), intake);  // a rebalance
  second->start();
  ASSERT_TRUE(intake.wait_effects(5000));
  second->stop(2000);  // another one
  second.reset();
  ASSERT_TRUE(intake.wait_effects(kMessages, 120));
  ASSERT_TRUE(becomes([&] {
    std::int64_t sum = 0;
    for (std::int32_t partition = 0; partition < 4; ++partition)
      sum += std::max<std::int64_t>(peer.committed("gateway", "in", partition), 0);
    return sum == kMessages;
  }));
  first->stop(5000);
  const auto effects = intake.effects();
  EXPECT_EQ(effects.size(), static_cast<std::size_t>(kMessages));
  EXPECT_EQ(intake.conflicts(), 0U);
  expect_order_per_key(effects, kKeys);
  std::printf("%zu asked for %d\n", intake.asked(), kMessages);
}

// As the delivery does it: the next message of a key goes when the one before is answered. The mock brokers do not look
// at sequence numbers, so that what was under way beside a cut may stand there twice; the id tells it.
TEST(KafkaVolume, TenThousandOutWithCutsAllArriveInOrderPerKey) {
  constexpr int kKeys = 200;
  KafkaHouse house;
  house.mock.topic("out", 4);
  const auto connector = house.sender(house.out("out"));
  std::array<std::atomic<bool>, kKeys> open{};
  std::atomic<int> answers{0};
  std::atomic<int> delivered{0};
  for (int i = 0; i < kMessages; ++i) {
    if (i % 997 == 500) house.mock.fail(test::kApiProduce, {RD_KAFKA_RESP_ERR__TRANSPORT});
    if (i % 1499 == 700) house.mock.fail(test::kApiProduce, {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION});
    std::atomic<bool>& mine = open[static_cast<std::size_t>(i % kKeys)];
    ASSERT_TRUE(becomes([&] { return !mine; }));
    mine = true;
    connector->deliver(test::order(std::to_string(i), "K" + std::to_string(i % kKeys)), 60'000,
                       [&](const DeliveryOutcome& outcome) {
                         delivered += outcome.verdict == DeliveryVerdict::kDelivered ? 1 : 0;
                         ++answers;
                         mine = false;
                       });
  }
  ASSERT_TRUE(becomes([&] { return answers == kMessages; }, 60));
  EXPECT_EQ(delivered, kMessages);
  KafkaPeer peer(house.mock.address());
  std::map<std::string, int> next;
  int distinct = 0;
  int copies = 0;
  const auto take = [&](const test::KafkaRecord& got) {
    const int n = std::stoi(got.header("ce_id")) / kKeys;
    int& expected = next[got.key];
    ASSERT_TRUE(n == expected || n + 1 == expected) << got.key << ": " << n << " instead of " << expected;
    ++(n == expected ? distinct : copies);
    if (n == expected) ++expected;
  };
  while (distinct < kMessages && !HasFatalFailure()) {
    const auto got = peer.next("out");
    ASSERT_TRUE(got) << distinct;
    take(*got);
  }
  while (const auto got = peer.next("out", 300)) take(*got);
  std::printf("%d copies beside %d\n", copies, distinct);
}

// ---- kill -9 between each two steps ------------------------------------------------------------------------------

// The child: started by the test below, not by the suite.
const test::ChildProgram kConsumer("kafka consumer", [] {
  SystemClock clock;
  const auto suite = make_suite(SuiteId::kIntl);
  const JsonCodec json;
  const std::string where = std::getenv("TONGQU_CHILD_WHERE");
  test::FileIntake intake(std::getenv("TONGQU_CHILD_FILE"), where, 3);
  kafka::InboundOptions options;
  options.partner = PartnerId("peer");
  options.client.brokers = std::getenv("TONGQU_CHILD_BROKERS");
  options.client.tuning = {{"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "300"}};
  options.group = "killed";
  options.topics.push_back({"killed", ServiceId("a.b"), {}, ""});
  auto connector = kafka::KafkaInbound::create(options, clock, **suite, json, intake);
  (*connector)->start();
  intake.wait_finished();
  if (where == "before-commit") ::kill(::getpid(), SIGKILL);
  (*connector)->stop(5000);
});

TEST(KafkaVolume, KilledBetweenEachTwoStepsLosesNothing) {
  KafkaHouse house;
  house.mock.topic("killed");
  KafkaPeer peer(house.mock.address());
  constexpr int kCount = 20;
  for (int i = 0; i < kCount; ++i)
    peer.produce(event("killed", std::to_string(i), "one", i + 1 == kCount ? "last" : std::to_string(i)));
  peer.flush();
  const std::string file = test::temporary_folder("killed") / "effects";
  const auto run = [&](const std::string& where) {
    const auto child = kConsumer.start(
        {{"TONGQU_CHILD_FILE", file}, {"TONGQU_CHILD_WHERE", where}, {"TONGQU_CHILD_BROKERS", house.mock.address()}},
        file + ".log");
    return child->wait();
  };
  // "behind": one key, so the next record comes after the offset was stored.
  for (const char* where : {"delivered", "stored", "answered", "behind", "before-commit"})
    EXPECT_EQ(run(where), 128 + SIGKILL) << where;
  EXPECT_EQ(run("never"), 0) << test::read_file(file + ".log");
  std::vector<std::string> bodies;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) bodies.push_back(line.substr(line.find(' ') + 1));
  ASSERT_EQ(bodies.size(), static_cast<std::size_t>(kCount));
  for (int i = 0; i + 1 < kCount; ++i) EXPECT_EQ(bodies[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_EQ(peer.committed("killed", "killed", 0), kCount);
}

}  // namespace
}  // namespace tongqu
