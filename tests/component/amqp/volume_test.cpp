// Many messages under faults: nothing lost, nothing twice in effect, order kept.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <set>
#include <thread>

#include "tests/component/amqp/amqp_house.hpp"
#include "tests/support/child_program.hpp"
#include "tests/support/data.hpp"
#include "tests/support/file_intake.hpp"

namespace tongqu {
namespace {

using test::AmqpHouse;
using test::AmqpPeer;
using test::RecordingIntake;

constexpr int kMessages = 10'000;
const ErrorCode kBusy{"test.busy", ErrorKind::kUnavailable, "", ""};

// A lane in small: `keys` keys, one message of a key at a time, repeated with the same id until it is delivered.
class Sender {
 public:
  Sender(OutboundConnector& connector, int keys, int count)
      : connector_(connector), next_(static_cast<std::size_t>(keys)), keys_(keys), per_key_(count / keys) {}
  void start() {
    for (int key = 0; key < keys_; ++key) send(key);
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(200), [this] { return done_ == keys_; });
  }
  [[nodiscard]] int repeated() const { return repeated_; }
  [[nodiscard]] int delivered() const { return delivered_; }

 private:
  void send(int key) {
    const int n = next_[static_cast<std::size_t>(key)];
    const std::string id = std::to_string(key) + "-" + std::to_string(n);
    connector_.deliver(test::order(id, R"({"n":")" + id + "\"}"), 5000, [this, key](const DeliveryOutcome& outcome) {
      if (outcome.verdict == DeliveryVerdict::kDelivered) {
        ++delivered_;
        if (++next_[static_cast<std::size_t>(key)] == per_key_) {
          const std::lock_guard lock(mutex_);
          ++done_;
          changed_.notify_all();
          return;
        }
      } else {
        ++repeated_;
      }
      // As a lane does it: not before the connector's wish.
      std::thread([this, key, wait = outcome.retry_after_ms] {
        std::this_thread::sleep_for(std::chrono::milliseconds(wait));
        send(key);
      }).detach();
    });
  }
  OutboundConnector& connector_;
  std::vector<int> next_;
  const int keys_;
  const int per_key_;
  std::atomic<int> repeated_{0};
  std::atomic<int> delivered_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  int done_ = 0;
};

TEST(AmqpVolume, TenThousandOutWithCutsArriveInOrder) {
  AmqpHouse& house = AmqpHouse::get();
  {
    AmqpPeer peer(house.broker->port());
    peer.queue("volume-out");
  }
  test::TcpProxy wire(house.broker->port());
  auto options = house.outbound(house.link(wire.port()), "volume-out");
  options.reconnect = {5, 50};
  amqp::AmqpOutbound connector(options, house.clock);
  Sender sender(connector, 50, kMessages);
  sender.start();
  std::atomic<bool> over{false};
  std::thread faults([&] {
    int last = 0;
    bool killed = false;
    while (!over) {
      if (sender.delivered() < last + 1000) {
        std::this_thread::yield();
        continue;
      }
      last = sender.delivered();
      wire.cut();
      if (!killed && last > kMessages / 2) {
        killed = true;
        house.broker->kill();
        house.broker->start();
      }
    }
  });
  EXPECT_TRUE(sender.wait());
  over = true;
  faults.join();
  EXPECT_GT(sender.repeated(), 0) << "no fault struck";
  AmqpPeer peer(house.broker->port());
  std::map<std::string, int> next;
  std::set<std::string> seen;
  int copies = 0;
  while (auto got = peer.get("volume-out")) {
    ++copies;
    if (!seen.insert(got->message_id).second) continue;  // the partner knows the message id
    const auto dash = got->message_id.find('-');
    EXPECT_EQ(std::stoi(got->message_id.substr(dash + 1)), next[got->message_id.substr(0, dash)]++);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kMessages));
  std::printf("%d copies on the wire, %d repeats\n", copies, sender.repeated());
}

TEST(AmqpVolume, TenThousandInWithCutsTakeEffectOnceInOrder) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  peer.queue("volume-in");
  for (int i = 0; i < kMessages; ++i)
    peer.publish("volume-in", {.body = std::to_string(i), .message_id = std::to_string(i)});
  peer.confirm_all();
  test::TcpProxy wire(house.broker->port());
  std::atomic<std::size_t> asked{0};
  RecordingIntake intake([&](const InboundMessage&) -> std::optional<Error> {
    const std::size_t n = ++asked;
    if (n % 997 == 0) wire.cut();
    if (n % 501 == 0) wire.cut_after(5);
    if (n % 701 == 0) wire.cut_after_back(100);
    if (n % 1303 == 0) return make_error(kBusy);
    return std::nullopt;
  });
  auto options = house.inbound(house.link(wire.port()), "volume-in");
  options.reconnect = {5, 50};
  amqp::AmqpInbound connector(options, house.clock, *house.suite, intake);
  connector.start();
  ASSERT_TRUE(intake.wait_effects(kMessages, 200));
  connector.stop(5000);
  const auto effects = intake.effects();
  ASSERT_EQ(effects.size(), static_cast<std::size_t>(kMessages));
  for (std::size_t i = 0; i < effects.size(); ++i) ASSERT_EQ(effects[i].body, std::to_string(i));
  EXPECT_GT(intake.asked(), static_cast<std::size_t>(kMessages));
  EXPECT_EQ(intake.conflicts(), 0U);
  EXPECT_GT(wire.connections(), 10);
}

// ---- kill -9 between each two steps ------------------------------------------------------------------------------

// Ended by FileIntake where the test below says.
const test::ChildProgram kConsumer("amqp consumer", [] {
  SystemClock clock;
  const auto suite = make_suite(SuiteId::kIntl);
  test::FileIntake intake(std::getenv("TONGQU_CHILD_FILE"), std::getenv("TONGQU_CHILD_WHERE"), 3);
  amqp::InboundOptions options;
  options.partner = PartnerId("peer");
  options.link.host = "127.0.0.1";
  options.link.port = std::atoi(std::getenv("TONGQU_CHILD_PORT"));
  options.link.user = "tongqu";
  options.link.password = "demo";
  options.queues.push_back({"killed", ServiceId("a.b"), false});
  options.content_type = "application/json";
  amqp::AmqpInbound connector(options, clock, **suite, intake);
  connector.start();
  intake.wait_finished();
  connector.stop(5000);
});

TEST(AmqpVolume, KilledBetweenEachTwoStepsLosesNothing) {
  AmqpHouse& house = AmqpHouse::get();
  AmqpPeer peer(house.broker->port());
  const std::string file = test::temporary_folder("killed") / "effects";
  peer.queue("killed");
  constexpr int kCount = 30;
  for (int i = 0; i < kCount; ++i) {
    peer.publish("killed", {.body = i + 1 == kCount ? "last" : "x", .message_id = std::to_string(i)});
  }
  peer.confirm_all();
  const auto run = [&](const std::string& where) {
    const auto child = kConsumer.start({{"TONGQU_CHILD_FILE", file},
                                        {"TONGQU_CHILD_WHERE", where},
                                        {"TONGQU_CHILD_PORT", std::to_string(house.broker->port())}},
                                       file + ".log");
    return child->wait();
  };
  // "behind": in order, so the next one comes after the acknowledgement.
  for (const char* where : {"delivered", "stored", "answered", "behind"}) {
    EXPECT_EQ(run(where), 128 + SIGKILL) << where;
  }
  EXPECT_EQ(run("never"), 0) << test::read_file(file + ".log");
  std::vector<std::string> effects;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) effects.push_back(line.substr(0, line.find(' ')));
  ASSERT_EQ(effects.size(), static_cast<std::size_t>(kCount));
  for (int i = 0; i < kCount; ++i) EXPECT_EQ(effects[static_cast<std::size_t>(i)], "amqp:" + std::to_string(i));
  EXPECT_EQ(peer.ready("killed"), 0U);
}

}  // namespace
}  // namespace tongqu
